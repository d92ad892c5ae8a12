package dev.sluice.traffic.health;

import java.util.function.LongUnaryOperator;

/**
 * How a provider key fares.
 *
 * @param lastError why it failed last, without secrets; empty if never
 * @param restingUntilMillis epoch time, 0 if not resting
 */
public record KeyState(
        String keyId, Status status, long calls, long failures, String lastError, long restingUntilMillis) {
    /** The same with times of another clock. */
    public KeyState on(LongUnaryOperator clock) {
        return restingUntilMillis == 0
                ? this
                : new KeyState(keyId, status, calls, failures, lastError, clock.applyAsLong(restingUntilMillis));
    }

    public enum Status {
        ACTIVE,
        RESTING,
        REJECTED
    }
}
