package dev.sluice.simulator.voice;

/** How the frames of an answer are told apart on the wire, and so what may be put between them. */
public enum Framing {
    /** One body. */
    WHOLE,
    /** Server-sent events; comments may stand before each. */
    EVENTS,
    /** A JSON array that grows; white space may stand before each element. */
    ARRAY,
    /** Binary messages with lengths and checksums; nothing may stand between. */
    BINARY
}
