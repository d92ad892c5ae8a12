package dev.sluice.simulator;

/** What a call has come to. */
public enum Outcome {
    /** Still being answered, or silent. */
    OPEN,
    /** Answered in full. */
    ANSWERED,
    /** Answered with an error, as a status or inside the answer. */
    REFUSED,
    /** Broken off by a fault, or by the simulator being closed. */
    CUT,
    /** The client closed the connection or reset the request before the answer was complete. */
    CANCELLED
}
