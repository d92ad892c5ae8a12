/**
 * What recent outcomes say about provider keys and nodes.
 *
 * <p>Start at {@link dev.sluice.traffic.health.KeyPool}.
 */
@NullMarked
package dev.sluice.traffic.health;

import org.jspecify.annotations.NullMarked;
