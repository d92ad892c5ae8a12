package dev.sluice.simulator.fault;

import dev.sluice.simulator.voice.Complaint;
import org.jspecify.annotations.Nullable;

/**
 * An error answer.
 *
 * @param body replaces the error body of the wire format; null to keep it
 * @param contentType of the replaced body; null for the usual one
 */
public record Refusal(
        Complaint complaint,
        @Nullable String body,
        @Nullable String contentType) {}
