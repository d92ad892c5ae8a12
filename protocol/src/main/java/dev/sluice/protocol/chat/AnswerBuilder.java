package dev.sluice.protocol.chat;

import dev.sluice.protocol.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Gathers the events of a stream into a whole answer, for a client that asked for no stream and an upstream that only streams. */
public final class AnswerBuilder implements Consumer<ChatEvent> {
    private String id = "";
    private String model = "";
    private long createdSeconds;
    private final List<Part> parts = new ArrayList<>();
    private final StringBuilder run = new StringBuilder();
    private Run kind = Run.NONE;
    private final Map<Integer, Call> calls = new TreeMap<>();
    private StopReason stopReason = StopReason.END;
    private @Nullable String stopSequence;
    private @Nullable Usage usage;
    private @Nullable String conversationId;

    private enum Run {
        NONE,
        TEXT,
        THINKING,
        REFUSAL
    }

    /** @param at where the call stands among the parts */
    private record Call(
            int at, String id, String name, @Nullable String signature, StringBuilder arguments) {}

    @Override
    public void accept(ChatEvent event) {
        switch (event) {
            case ChatEvent.Started started -> {
                id = started.id();
                model = started.model();
                createdSeconds = started.createdSeconds();
            }
            case ChatEvent.TextDelta(String text) -> append(Run.TEXT, text);
            case ChatEvent.ThinkingDelta(String text) -> append(Run.THINKING, text);
            case ChatEvent.RefusalDelta(String text) -> append(Run.REFUSAL, text);
            case ChatEvent.ThinkingSignature(String signature) -> {
                String thought = kind == Run.THINKING ? run.toString() : "";
                if (kind == Run.THINKING) run.setLength(0);
                else close();
                kind = Run.NONE;
                parts.add(new Part.Thinking(thought, signature));
            }
            case ChatEvent.RedactedThinking(String data) -> {
                close();
                parts.add(new Part.RedactedThinking(data));
            }
            case ChatEvent.MediaPart(Part part) -> {
                close();
                parts.add(part);
            }
            case ChatEvent.ToolCallStarted call -> {
                close();
                calls.put(
                        call.index(),
                        new Call(parts.size(), call.id(), call.name(), call.signature(), new StringBuilder()));
                parts.add(new Part.ToolCall(call.id(), call.name(), "{}", call.signature(), null));
            }
            case ChatEvent.ToolCallDelta(int index, String fragment) -> {
                Call call = calls.get(index);
                if (call != null) call.arguments().append(fragment);
            }
            case ChatEvent.Finished finished -> {
                stopReason = finished.reason();
                stopSequence = finished.stopSequence();
            }
            case ChatEvent.UsageReport(Usage reported) -> usage = reported;
            case ChatEvent.Conversation(String conversation) -> conversationId = conversation;
            case ChatEvent.Ping _, ChatEvent.Failed _, ChatEvent.Ended _ -> {}
        }
    }

    /** What has been said so far. */
    public ChatAnswer answer() {
        close();
        for (Call call : calls.values()) {
            String arguments =
                    call.arguments().isEmpty() ? "{}" : call.arguments().toString();
            parts.set(call.at(), new Part.ToolCall(call.id(), call.name(), arguments, call.signature(), null));
        }
        return new ChatAnswer(id, model, createdSeconds, parts, stopReason, stopSequence, usage, conversationId);
    }

    private void append(Run of, String text) {
        if (kind != of) close();
        kind = of;
        run.append(text);
    }

    private void close() {
        String text = run.toString();
        run.setLength(0);
        Run was = kind;
        kind = Run.NONE;
        if (text.isEmpty()) return;
        switch (was) {
            case TEXT -> parts.add(new Part.Text(text));
            case THINKING -> parts.add(new Part.Thinking(text, null));
            case REFUSAL -> parts.add(new Part.Refusal(text));
            case NONE -> {}
        }
    }
}
