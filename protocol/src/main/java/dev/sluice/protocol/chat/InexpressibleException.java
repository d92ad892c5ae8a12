package dev.sluice.protocol.chat;

import org.jspecify.annotations.Nullable;

/**
 * A request cannot be read or said in another format. Thrown deep inside of a format, caught once, where a call is translated; the
 * client gets a 400.
 */
public final class InexpressibleException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final @Nullable String param;

    /**
     * @param message what cannot be said, and what to do instead; never quotes the body
     * @param param the field at fault, in the client's spelling where it is known
     */
    public InexpressibleException(String message, @Nullable String param) {
        super(message, null, false, false);
        this.param = param;
    }

    public @Nullable String param() {
        return param;
    }

    /** What is wrong, for the client. */
    public String reason() {
        String message = getMessage();
        return message == null ? "" : message;
    }
}
