package dev.sluice.upstreams.media;

/** A URL was not fetched; the message is for the client and never quotes what an address inside answered. */
public final class MediaRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MediaRefusal(String message) {
        super(message, null, false, false);
    }

    public String reason() {
        String message = getMessage();
        return message == null ? "" : message;
    }
}
