package dev.sluice.upstreams;

import java.io.IOException;

/** A request has headers that cannot be sent; its node has nothing to do with that. */
public final class UnsendableException extends IOException {
    private static final long serialVersionUID = 1L;

    UnsendableException() {
        super(
                "a header of the request cannot be sent: its name or its value holds a character that is not allowed there");
    }
}
