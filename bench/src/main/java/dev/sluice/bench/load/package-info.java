/**
 * The load generator: a schedule or a closed loop of calls over keep-alive connections, one thread, latency counted from the
 * moment a call was meant to start.
 *
 * <p>Start at {@link dev.sluice.bench.load.Load}.
 */
@NullMarked
package dev.sluice.bench.load;

import org.jspecify.annotations.NullMarked;
