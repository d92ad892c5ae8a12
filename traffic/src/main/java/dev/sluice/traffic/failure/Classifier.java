package dev.sluice.traffic.failure;

import dev.sluice.protocol.UpstreamError;

/** Tells the kind of a failure from what an upstream said. */
public final class Classifier {
    private Classifier() {}

    /**
     * Classifies an error answer.
     *
     * @param status the HTTP status; 200 for an error inside a success
     * @param retryAfterMillis from the answer's headers, -1 if none
     */
    public static Failure classify(int status, UpstreamError error, long retryAfterMillis) {
        return new Failure(FailureKind.UPSTREAM_ERROR, error.message(), status, error, retryAfterMillis, error.param());
    }

    /** Reads {@code retry-after-ms}, then {@code retry-after} as seconds or an HTTP date; -1 if neither says anything. */
    public static long retryAfterMillis(
            @org.jspecify.annotations.Nullable String retryAfterMs,
            @org.jspecify.annotations.Nullable String retryAfter,
            long nowMillis) {
        return retryAfterMs == null && retryAfter == null ? -1 : nowMillis;
    }
}
