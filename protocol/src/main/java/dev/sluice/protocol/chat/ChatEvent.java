package dev.sluice.protocol.chat;

import dev.sluice.protocol.UpstreamError;
import dev.sluice.protocol.Usage;
import org.jspecify.annotations.Nullable;

/**
 * One step of a streamed answer. A stream is {@link Started}, then content in the order of the vendor, then {@link Finished},
 * {@link UsageReport} and {@link Ended}; a decoder emits them in this order whatever the vendor's is, holding back what comes too
 * early. After {@link Failed} nothing follows.
 */
public sealed interface ChatEvent {
    /**
     * The first event, once.
     *
     * @param id empty if the vendor gives none
     * @param model empty if the vendor says nothing
     */
    record Started(String id, String model, long createdSeconds) implements ChatEvent {}

    record TextDelta(String text) implements ChatEvent {}

    record ThinkingDelta(String text) implements ChatEvent {}

    /** The seal on the thoughts before it. */
    record ThinkingSignature(String signature) implements ChatEvent {}

    record RedactedThinking(String data) implements ChatEvent {}

    record RefusalDelta(String text) implements ChatEvent {}

    /** An image or a sound that the model made, whole. */
    record MediaPart(Part part) implements ChatEvent {}

    /**
     * A call of a tool begins.
     *
     * @param index counts the calls of this answer from 0
     */
    record ToolCallStarted(
            int index, String id, String name, @Nullable String signature) implements ChatEvent {}

    /** A fragment of the arguments of a call that has begun; fragments of several calls may alternate. */
    record ToolCallDelta(int index, String fragment) implements ChatEvent {}

    /** What the answer tells beside its content. */
    record Noted(Notes notes) implements ChatEvent {}

    record Finished(StopReason reason, @Nullable String stopSequence) implements ChatEvent {}

    /** The usage of the whole call; totals, never increments. */
    record UsageReport(Usage usage) implements ChatEvent {}

    /** The conversation of an agent service. */
    record Conversation(String id) implements ChatEvent {}

    /** The vendor keeps the connection alive; nothing for a reader. */
    record Ping() implements ChatEvent {}

    /** The vendor told an error inside its stream, or sent what is none of its format. */
    record Failed(UpstreamError error) implements ChatEvent {}

    /** The stream is complete in the vendor's own terms. */
    record Ended() implements ChatEvent {}
}
