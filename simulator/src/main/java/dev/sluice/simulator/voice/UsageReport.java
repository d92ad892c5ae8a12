package dev.sluice.simulator.voice;

/** When an answer tells its usage. */
public enum UsageReport {
    /** As the wire format and the request want it. */
    AS_ASKED,
    /** Never, even when asked. */
    NEVER,
    /** In every event of a stream, as running totals. */
    EVERY_EVENT
}
