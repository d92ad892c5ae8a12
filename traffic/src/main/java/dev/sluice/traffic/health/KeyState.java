package dev.sluice.traffic.health;

/**
 * How a provider key fares.
 *
 * @param lastError why it failed last, without secrets; empty if never
 * @param restingUntilMillis epoch time, 0 if not resting
 */
public record KeyState(
        String keyId, Status status, long calls, long failures, String lastError, long restingUntilMillis) {
    public enum Status {
        ACTIVE,
        RESTING,
        REJECTED
    }
}
