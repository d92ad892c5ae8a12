/**
 * What the gateway costs: a load generator, a mock provider, the comparison with nginx in one run, and micro-benchmarks.
 *
 * <p>Start at {@link dev.sluice.bench.Main}.
 */
@NullMarked
package dev.sluice.bench;

import org.jspecify.annotations.NullMarked;
