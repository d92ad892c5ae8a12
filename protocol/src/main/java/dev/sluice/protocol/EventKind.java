package dev.sluice.protocol;

/** What one event of a streamed answer means for the gateway. */
public enum EventKind {
    /** Nothing that a reader would see: a role, a ping, a comment, an opened item. Does not commit the answer. */
    LIFECYCLE,
    /** Generated content, or the reason why generation ended. Commits the answer. */
    CONTENT,
    /** Carries usage and nothing else; hidden from a client that did not ask for it. */
    USAGE_ONLY,
    /** An error told inside the stream. */
    ERROR,
    /** The end of the stream in the format's own words, e.g. {@code [DONE]}. */
    END
}
