package dev.sluice.simulator.voice;

import org.jspecify.annotations.Nullable;

/**
 * An error to report. What is null is chosen by the voice to fit the status.
 *
 * @param status the HTTP status that the error would have
 * @param param the request field at fault
 */
public record Complaint(
        int status,
        @Nullable String message,
        @Nullable String type,
        @Nullable String code,
        @Nullable String param) {

    public static Complaint of(int status) {
        return new Complaint(status, null, null, null, null);
    }

    /** A request that breaks the rules of the format. */
    public static Complaint invalid(@Nullable String param, String message) {
        return new Complaint(400, message, null, null, param);
    }
}
