package dev.sluice.traffic.health;

import java.util.function.LongUnaryOperator;

/**
 * How the circuit of a key and a model stands.
 *
 * @param key name of the provider key, empty for a service without keys
 * @param calls in the window
 * @param failures of these
 * @param openUntilMillis epoch time, 0 if it is not open
 */
public record CircuitState(String key, String model, Status status, int calls, int failures, long openUntilMillis) {
    /** The same with times of another clock. */
    CircuitState on(LongUnaryOperator clock) {
        return openUntilMillis == 0
                ? this
                : new CircuitState(key, model, status, calls, failures, clock.applyAsLong(openUntilMillis));
    }

    public enum Status {
        CLOSED,
        OPEN,
        HALF_OPEN
    }
}
