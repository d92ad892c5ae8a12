package dev.sluice.traffic.health;

import java.util.function.LongUnaryOperator;

/**
 * How a node fares.
 *
 * @param host the name that the node was declared with
 * @param address host:port that it is connected at
 * @param ejectedUntilMillis epoch time, 0 if it is not ejected
 */
public record NodeState(String host, String address, Status status, int callsInFlight, long ejectedUntilMillis) {
    /** The same with times of another clock. */
    NodeState on(LongUnaryOperator clock) {
        return ejectedUntilMillis == 0
                ? this
                : new NodeState(host, address, status, callsInFlight, clock.applyAsLong(ejectedUntilMillis));
    }

    public enum Status {
        ACTIVE,
        /** Out of use for a while, because calls have failed there. */
        EJECTED,
        /** Out of use until checks find it living again. */
        DOWN
    }
}
