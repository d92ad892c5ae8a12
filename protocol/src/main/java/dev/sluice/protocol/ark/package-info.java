/**
 * Tasks of Volcengine Ark, which pass through as they are: what they tell of themselves.
 *
 * <p>Start at {@link dev.sluice.protocol.ark.Ark}.
 */
@NullMarked
package dev.sluice.protocol.ark;

import org.jspecify.annotations.NullMarked;
