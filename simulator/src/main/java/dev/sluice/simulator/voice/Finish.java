package dev.sluice.simulator.voice;

/** Why an answer ended. */
public enum Finish {
    STOP,
    LENGTH,
    TOOL_CALLS,
    CONTENT_FILTER
}
