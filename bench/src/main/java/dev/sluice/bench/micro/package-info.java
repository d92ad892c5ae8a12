/**
 * What the wire formats cost by themselves: JMH benchmarks of what a call passes when nothing is translated. Public, because
 * JMH generates classes beside them.
 *
 * <p>Start at {@link dev.sluice.bench.micro.RequestBenchmark}.
 */
@NullMarked
package dev.sluice.bench.micro;

import org.jspecify.annotations.NullMarked;
