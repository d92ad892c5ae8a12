package dev.sluice.traffic.failure;

import dev.sluice.protocol.UpstreamError;
import org.jspecify.annotations.Nullable;

/**
 * One thing that went wrong.
 *
 * @param message what happened and what to do, for the client; no secrets
 * @param upstreamStatus the upstream's HTTP status, 0 if the gateway itself refused or nothing came back
 * @param upstream the upstream's own words, {@link UpstreamError#NONE} if none
 * @param retryAfterMillis how long to wait, -1 if unknown
 * @param param the request field at fault
 */
public record Failure(
        FailureKind kind,
        String message,
        int upstreamStatus,
        UpstreamError upstream,
        long retryAfterMillis,
        @Nullable String param) {
    /** A failure that the gateway found itself. */
    public static Failure of(FailureKind kind, String message) {
        return new Failure(kind, message, 0, UpstreamError.NONE, -1, null);
    }

    public static Failure of(FailureKind kind, String message, @Nullable String param) {
        return new Failure(kind, message, 0, UpstreamError.NONE, -1, param);
    }

    /** The gateway has no room for what a call needs; a moment later it may. */
    public static Failure overloaded() {
        return new Failure(
                FailureKind.OVERLOADED,
                "the gateway holds as many bytes of calls in memory as it may; try again in a second",
                0,
                UpstreamError.NONE,
                1_000,
                null);
    }

    /** Whether an upstream answered, be it with an error. */
    public boolean isUpstream() {
        return upstreamStatus != 0;
    }
}
