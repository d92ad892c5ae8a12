/**
 * Model providers played on this machine: for the demo, for tests, for benchmarks, and for the tests of whoever uses a gateway. Answers
 * are exact and repeatable, every fault that a provider can have comes on demand, and everything received is in a journal.
 *
 * <p>Start at {@link dev.sluice.simulator.Simulator}; a call goes through {@code Stage}, {@code Staging} and {@code Performance}.
 */
@NullMarked
package dev.sluice.simulator;

import org.jspecify.annotations.NullMarked;
