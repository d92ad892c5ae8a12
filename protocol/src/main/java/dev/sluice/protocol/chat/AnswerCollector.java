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
                return new Part.ToolCall(call.id(), call.name(), text.toString(), call.signature(), null);
            }
            if (type == Part.Thinking.class) return new Part.Thinking(text.toString(), signature);
            if (type == Part.Refusal.class) return new Part.Refusal(text.toString());
            return new Part.Text(text.toString());
        }
    }

    /** What a part takes that says nothing. */
    private static final int PART_LENGTH = 64;

    private final List<Growing> parts = new ArrayList<>();
    private final List<Growing> calls = new ArrayList<>();
    private int length;
    private ChatEvent.Started started = new ChatEvent.Started("", "", 0);
    private ChatEvent.@Nullable Finished finished;
    private @Nullable Usage usage;
    private @Nullable String conversation;
    private Notes notes = Notes.NONE;
    private @Nullable UpstreamError error;

    /** How long all is that was gathered, as far as it grows with the answer. */
    public int length() {
        return length;
    }

    public void add(ChatEvent event) {
        length += length(event);
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
            case ChatEvent.Noted(Notes told) -> notes = notes.plus(told);
            case ChatEvent.Finished end -> finished = end;
            case ChatEvent.UsageReport(Usage reported) -> usage = reported;
            case ChatEvent.Conversation(String id) -> conversation = id;
            case ChatEvent.Failed(UpstreamError told) -> error = told;
            case ChatEvent.Ping _, ChatEvent.Ended _ -> {}
        }
    }

    private static int length(ChatEvent event) {
        return switch (event) {
            case ChatEvent.TextDelta(String text) -> text.length();
            case ChatEvent.ThinkingDelta(String text) -> text.length();
            case ChatEvent.ThinkingSignature(String signature) -> signature.length();
            case ChatEvent.RedactedThinking(String encrypted) -> encrypted.length();
            case ChatEvent.RefusalDelta(String text) -> text.length();
            case ChatEvent.ToolCallDelta(int _, String fragment) -> fragment.length();
            case ChatEvent.MediaPart(Part part) -> length(part);
            case ChatEvent.Noted(Notes told) -> told.length();
            case ChatEvent.ToolCallStarted call -> PART_LENGTH + call.name().length();
            case ChatEvent.Started _,
                    ChatEvent.Finished _,
                    ChatEvent.UsageReport _,
                    ChatEvent.Conversation _,
                    ChatEvent.Failed _,
                    ChatEvent.Ping _,
                    ChatEvent.Ended _ -> 0;
        };
    }

    private static int length(Part part) {
        Part.@Nullable Media media = switch (part) {
            case Part.Image image -> image.media();
            case Part.Document document -> document.media();
            case Part.Audio audio -> audio.media();
            case Part.Video video -> video.media();
            case Part.Text _,
                    Part.ToolCall _,
                    Part.ToolResult _,
                    Part.Thinking _,
                    Part.RedactedThinking _,
                    Part.Refusal _ -> null;
        };
        return PART_LENGTH
                + (media instanceof Part.Media.Inline inline ? inline.base64().length() : 0);
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
                conversation,
                notes));
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
