package dev.sluice.traffic.usage;

/** How a call ended. */
public enum Outcome {
    /** The whole answer was delivered. */
    COMPLETED,
    /** The client left before the answer was complete. */
    CLIENT_LEFT,
    /** No answer, or one that broke off: an upstream failed. */
    UPSTREAM_FAILED,
    /** The gateway refused: credentials, limits, routing, a bad request. */
    REFUSED
}
