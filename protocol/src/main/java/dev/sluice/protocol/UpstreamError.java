package dev.sluice.protocol;

import org.jspecify.annotations.Nullable;

/**
 * An error as an upstream told it, read leniently from any vendor's envelope.
 *
 * @param message the upstream's words with secrets masked, at most 512 characters; empty if it said nothing
 * @param code the machine-readable code (a number is kept as its digits), e.g. {@code model_not_found}
 * @param type the class of the error, e.g. {@code invalid_request_error}
 * @param param the request field at fault
 */
public record UpstreamError(
        String message,
        @Nullable String code,
        @Nullable String type,
        @Nullable String param) {
    public static final UpstreamError NONE = new UpstreamError("", null, null, null);
}
