/**
 * A long run: mixed calls over one gateway, which is looked at between its parts and must not grow. Start at {@link
 * dev.sluice.bench.soak.SoakCommand}.
 */
@NullMarked
package dev.sluice.bench.soak;

import org.jspecify.annotations.NullMarked;
