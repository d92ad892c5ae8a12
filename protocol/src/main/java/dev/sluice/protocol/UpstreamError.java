package dev.sluice.protocol;

import org.jspecify.annotations.Nullable;

/**
 * An error as an upstream told it, read leniently from any vendor's envelope.
 *
 * @param message the upstream's words with secrets masked, at most 512 characters; empty if it said nothing
 * @param code the machine-readable code (a number is kept as its digits), e.g. {@code model_not_found}
 * @param type the class of the error, e.g. {@code invalid_request_error}
 * @param param the request field at fault
 * @param retryAfterMillis how long to wait as far as the body says it; -1 if it does not
 */
public record UpstreamError(
        String message,
        @Nullable String code,
        @Nullable String type,
        @Nullable String param,
        long retryAfterMillis) {
    public static final UpstreamError NONE = new UpstreamError("", null, null, null);

    /** An error that does not say how long to wait. */
    public UpstreamError(String message, @Nullable String code, @Nullable String type, @Nullable String param) {
        this(message, code, type, param, -1);
    }

    /**
     * This error with a code that came beside the body, if the body has none.
     *
     * @param header of AWS's {@code x-amzn-errortype}: a class name, perhaps with a URL behind a colon
     */
    public UpstreamError orCode(@Nullable String header) {
        if (header == null || code != null) return this;
        int colon = header.indexOf(':');
        String name = colon < 0 ? header : header.substring(0, colon);
        name = name.substring(name.indexOf('#') + 1).strip();
        return name.isEmpty() ? this : new UpstreamError(message, name, type, param, retryAfterMillis);
    }
}
