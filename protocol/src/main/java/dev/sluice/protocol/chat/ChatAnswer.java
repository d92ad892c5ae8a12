package dev.sluice.protocol.chat;

import dev.sluice.protocol.Usage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A whole answer of a model: one choice. Requests for several choices are never translated.
 *
 * @param id the vendor's id of the answer; empty if it gives none
 * @param model the model that answered, in the vendor's words; empty if it says nothing
 * @param createdSeconds Unix time; 0 if the vendor does not say
 * @param parts text, thinking, calls of tools …, in the order of the vendor
 * @param stopSequence the sequence that ended the output, where the vendor says it
 * @param usage null if the vendor reported none
 * @param conversationId the conversation of an agent service, to continue it
 * @param notes what it tells beside its parts
 */
public record ChatAnswer(
        String id,
        String model,
        long createdSeconds,
        List<Part> parts,
        StopReason stopReason,
        @Nullable String stopSequence,
        @Nullable Usage usage,
        @Nullable String conversationId,
        Notes notes) {
    public ChatAnswer {
        parts = List.copyOf(parts);
    }

    public ChatAnswer(
            String id,
            String model,
            long createdSeconds,
            List<Part> parts,
            StopReason stopReason,
            @Nullable String stopSequence,
            @Nullable Usage usage,
            @Nullable String conversationId) {
        this(id, model, createdSeconds, parts, stopReason, stopSequence, usage, conversationId, Notes.NONE);
    }
}
