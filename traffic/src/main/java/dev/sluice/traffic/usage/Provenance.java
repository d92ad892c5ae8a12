package dev.sluice.traffic.usage;

/** Where the token counts of a usage record come from. */
public enum Provenance {
    /** The upstream said so. */
    REPORTED,
    /** Counted by the gateway from what was sent and delivered. */
    ESTIMATED,
    /** Nothing was consumed, or nothing is known. */
    NONE
}
