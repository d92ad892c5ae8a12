/**
 * How fast and how much: reserve at admission, settle with the truth.
 *
 * <p>Start at {@link dev.sluice.traffic.limits.Limiter}.
 */
@NullMarked
package dev.sluice.traffic.limits;

import org.jspecify.annotations.NullMarked;
