package dev.sluice.traffic.health;

/**
 * How a node fares.
 *
 * @param host the name that the node was declared with
 * @param address host:port that it is connected at
 * @param ejectedUntilMillis epoch time, 0 if it is not ejected
 */
public record NodeState(String host, String address, Status status, int callsInFlight, long ejectedUntilMillis) {
    public enum Status {
        ACTIVE,
        /** Out of use for a while, because calls have failed there. */
        EJECTED,
        /** Out of use until checks find it living again. */
        DOWN
    }
}
