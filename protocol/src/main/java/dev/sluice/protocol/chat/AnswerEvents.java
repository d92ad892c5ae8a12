package dev.sluice.protocol.chat;

import dev.sluice.protocol.chat.ChatEvent.Conversation;
import dev.sluice.protocol.chat.ChatEvent.Ended;
import dev.sluice.protocol.chat.ChatEvent.Finished;
import dev.sluice.protocol.chat.ChatEvent.MediaPart;
import dev.sluice.protocol.chat.ChatEvent.Noted;
import dev.sluice.protocol.chat.ChatEvent.RedactedThinking;
import dev.sluice.protocol.chat.ChatEvent.RefusalDelta;
import dev.sluice.protocol.chat.ChatEvent.Started;
import dev.sluice.protocol.chat.ChatEvent.TextDelta;
import dev.sluice.protocol.chat.ChatEvent.ThinkingDelta;
import dev.sluice.protocol.chat.ChatEvent.ThinkingSignature;
import dev.sluice.protocol.chat.ChatEvent.ToolCallDelta;
import dev.sluice.protocol.chat.ChatEvent.ToolCallStarted;
import dev.sluice.protocol.chat.ChatEvent.UsageReport;
import java.util.function.Consumer;

/** Tells a whole answer as events, for a client that asked for a stream and an upstream that gave none. */
public final class AnswerEvents {
    private AnswerEvents() {}

    public static void of(ChatAnswer answer, Consumer<ChatEvent> sink) {
        sink.accept(new Started(answer.id(), answer.model(), answer.createdSeconds()));
        if (answer.conversationId() != null) sink.accept(new Conversation(answer.conversationId()));
        int calls = 0;
        for (Part part : answer.parts()) {
            switch (part) {
                case Part.Text text -> sink.accept(new TextDelta(text.text()));
                case Part.Thinking thinking -> {
                    if (!thinking.text().isEmpty()) sink.accept(new ThinkingDelta(thinking.text()));
                    if (thinking.signature() != null) sink.accept(new ThinkingSignature(thinking.signature()));
                }
                case Part.RedactedThinking redacted -> sink.accept(new RedactedThinking(redacted.data()));
                case Part.Refusal refusal -> sink.accept(new RefusalDelta(refusal.text()));
                case Part.ToolCall call -> {
                    sink.accept(new ToolCallStarted(calls, call.id(), call.name(), call.signature()));
                    sink.accept(new ToolCallDelta(calls, call.arguments()));
                    calls++;
                }
                case Part.Image _, Part.Audio _, Part.Video _, Part.Document _ -> sink.accept(new MediaPart(part));
                // No model answers with the result of a tool.
                case Part.ToolResult _ -> {}
            }
        }
        if (!answer.notes().isEmpty()) sink.accept(new Noted(answer.notes()));
        sink.accept(new Finished(answer.stopReason(), answer.stopSequence()));
        if (answer.usage() != null) sink.accept(new UsageReport(answer.usage()));
        sink.accept(new Ended());
    }
}
