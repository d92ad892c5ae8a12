package dev.sluice.protocol.chat;

import dev.sluice.protocol.UpstreamError;
import dev.sluice.protocol.Usage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes a whole answer of a streamed one, for upstreams that only stream. Its owner bounds what is fed. */
public final class AnswerCollector {
    /** A part whose text still grows. */
    private static final class Growing {
        private final Class<? extends Part> type;
        private final StringBuilder text = new StringBuilder();
        private @Nullable String signature;
        private ChatEvent.@Nullable ToolCallStarted call;
        private @Nullable Part whole;

        private Growing(Class<? extends Part> type) {
            this.type = type;
        }

        private Part part() {
            if (whole != null) return whole;
            if (call != null) {
                String arguments = text.isEmpty() ? "{}" : text.toString();
                return new Part.ToolCall(call.id(), call.name(), arguments, call.signature(), null);
            }
            if (type == Part.Thinking.class) return new Part.Thinking(text.toString(), signature);
            if (type == Part.Refusal.class) return new Part.Refusal(text.toString());
            return new Part.Text(text.toString());
        }
    }

    private final List<Growing> parts = new ArrayList<>();
    private final List<Growing> calls = new ArrayList<>();
    private ChatEvent.Started started = new ChatEvent.Started("", "", 0);
    private ChatEvent.@Nullable Finished finished;
    private @Nullable Usage usage;
    private @Nullable String conversation;
    private @Nullable UpstreamError error;

    public void add(ChatEvent event) {
        switch (event) {
            case ChatEvent.Started begun -> started = begun;
            case ChatEvent.TextDelta(String text) -> last(Part.Text.class).text.append(text);
            case ChatEvent.ThinkingDelta(String text) ->
                last(Part.Thinking.class).text.append(text);
            case ChatEvent.ThinkingSignature(String signature) -> last(Part.Thinking.class).signature = signature;
            case ChatEvent.RedactedThinking(String encrypted) -> whole(new Part.RedactedThinking(encrypted));
            case ChatEvent.RefusalDelta(String text) ->
                last(Part.Refusal.class).text.append(text);
            case ChatEvent.MediaPart(Part part) -> whole(part);
            case ChatEvent.ToolCallStarted call -> {
                Growing growing = new Growing(Part.ToolCall.class);
                growing.call = call;
                parts.add(growing);
                calls.add(growing);
            }
            case ChatEvent.ToolCallDelta(int index, String fragment) -> {
                if (index < calls.size()) calls.get(index).text.append(fragment);
            }
            case ChatEvent.Finished end -> finished = end;
            case ChatEvent.UsageReport(Usage reported) -> usage = reported;
            case ChatEvent.Conversation(String id) -> conversation = id;
            case ChatEvent.Failed(UpstreamError told) -> error = told;
            case ChatEvent.Ping _, ChatEvent.Ended _ -> {}
        }
    }

    public ChatFormat.AnswerRead result() {
        if (error != null) return new ChatFormat.AnswerRead.Failed(error);
        if (finished == null) return new ChatFormat.AnswerRead.Malformed("the stream ended before the answer");
        return new ChatFormat.AnswerRead.Read(new ChatAnswer(
                started.id(),
                started.model(),
                started.createdSeconds(),
                parts.stream().map(Growing::part).toList(),
                finished.reason(),
                finished.stopSequence(),
                usage,
                conversation));
    }

    /** A seal ends the thoughts before it: what follows are others. */
    private Growing last(Class<? extends Part> type) {
        if (!parts.isEmpty()) {
            Growing last = parts.getLast();
            if (last.type == type && last.signature == null && last.whole == null) return last;
        }
        Growing growing = new Growing(type);
        parts.add(growing);
        return growing;
    }

    private void whole(Part part) {
        Growing growing = new Growing(part.getClass());
        growing.whole = part;
        parts.add(growing);
    }
}
