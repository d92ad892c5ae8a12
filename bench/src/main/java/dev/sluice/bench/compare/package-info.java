/**
 * The comparison of a gateway with nginx as a plain proxy and with no proxy at all, side by side in one run.
 *
 * <p>Start at {@link dev.sluice.bench.compare.Comparison}.
 */
@NullMarked
package dev.sluice.bench.compare;

import org.jspecify.annotations.NullMarked;
