package dev.sluice.protocol;

import org.jspecify.annotations.Nullable;

/** What one pass over a request body found: its head, or why it is refused. */
public sealed interface Peek permits RequestHead, Peek.Malformed {
    /**
     * The body is not a request of this wire format.
     *
     * @param message what is wrong and what was expected; never quotes the body
     * @param param the field at fault, if one is
     */
    record Malformed(String message, @Nullable String param) implements Peek {}
}
