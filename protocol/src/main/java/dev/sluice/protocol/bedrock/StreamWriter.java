package dev.sluice.protocol.bedrock;

import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.Usage;
import dev.sluice.protocol.chat.CallQueue;
import dev.sluice.protocol.chat.ChatEvent;
import dev.sluice.protocol.chat.StopReason;
import dev.sluice.protocol.chat.StreamEncoder;
import dev.sluice.protocol.eventstream.AwsErrors;
import dev.sluice.protocol.eventstream.EventMessage;
import dev.sluice.protocol.json.Json;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/** Writes a streamed answer as messages of AWS's event stream. Blocks follow one another; only calls of tools have a start. */
final class StreamWriter implements StreamEncoder, CallQueue.Sink {
    private enum Open {
        NONE,
        TEXT,
        THINKING
    }

    private final CallQueue calls = new CallQueue(this);
    private Open open = Open.NONE;
    private int block = -1;
    private StopReason reason = StopReason.END;
    private @Nullable Usage usage;

    @Override
    public void write(ChatEvent event, ByteArrayOutputStream out) {
        switch (event) {
            case ChatEvent.Started _ ->
                event("messageStart", Json.object().put("role", "assistant").build(), out);
            case ChatEvent.TextDelta(String text) -> text(text, out);
            case ChatEvent.RefusalDelta(String text) -> text(text, out);
            case ChatEvent.ThinkingDelta(String text) -> {
                enter(Open.THINKING, out);
                thought("text", text, out);
            }
            case ChatEvent.ThinkingSignature(String signature) -> {
                enter(Open.THINKING, out);
                thought("signature", signature, out);
                close(out);
            }
            case ChatEvent.RedactedThinking(String encrypted) -> {
                closeAll(out);
                block++;
                thought("redactedContent", encrypted, out);
                stop(out);
            }
            case ChatEvent.ToolCallStarted call -> calls.start(call, out);
            case ChatEvent.ToolCallDelta(int index, String fragment) -> calls.arguments(index, fragment, out);
            case ChatEvent.Finished finished -> reason = finished.reason();
            case ChatEvent.UsageReport(Usage told) -> usage = told;
            case ChatEvent.Ended _ -> complete(out);
            case ChatEvent.MediaPart _,
                    ChatEvent.Conversation _,
                    ChatEvent.Noted _,
                    ChatEvent.Ping _,
                    ChatEvent.Failed _ -> {}
        }
    }

    @Override
    public void begin(ChatEvent.ToolCallStarted call, ByteArrayOutputStream out) {
        close(out);
        block++;
        Json tool = Json.object()
                .put("toolUseId", call.id())
                .put("name", call.name())
                .build();
        event(
                "contentBlockStart",
                Json.object()
                        .put("contentBlockIndex", block)
                        .put("start", Json.object().put("toolUse", tool).build())
                        .build(),
                out);
    }

    @Override
    public void arguments(String fragment, ByteArrayOutputStream out) {
        delta("toolUse", Json.object().put("input", fragment).build(), out);
    }

    @Override
    public void end(ByteArrayOutputStream out) {
        stop(out);
    }

    private void text(String text, ByteArrayOutputStream out) {
        enter(Open.TEXT, out);
        delta("text", Json.of(text), out);
    }

    private void thought(String kind, String text, ByteArrayOutputStream out) {
        delta("reasoningContent", Json.object().put(kind, text).build(), out);
    }

    private void enter(Open kind, ByteArrayOutputStream out) {
        if (open == kind) return;
        closeAll(out);
        open = kind;
        block++;
    }

    private void closeAll(ByteArrayOutputStream out) {
        calls.close(out);
        close(out);
    }

    private void close(ByteArrayOutputStream out) {
        if (open != Open.NONE) stop(out);
        open = Open.NONE;
    }

    private void delta(String kind, Json content, ByteArrayOutputStream out) {
        event(
                "contentBlockDelta",
                Json.object()
                        .put("contentBlockIndex", block)
                        .put("delta", Json.object().put(kind, content).build())
                        .build(),
                out);
    }

    private void stop(ByteArrayOutputStream out) {
        event("contentBlockStop", Json.object().put("contentBlockIndex", block).build(), out);
    }

    private void complete(ByteArrayOutputStream out) {
        closeAll(out);
        event("messageStop", Json.object().put("stopReason", Words.word(reason)).build(), out);
        event(
                "metadata",
                Json.object()
                        .put("usage", AnswerWriter.usage(usage))
                        .put("metrics", AnswerWriter.unmeasured())
                        .build(),
                out);
    }

    private static void event(String type, Json payload, ByteArrayOutputStream out) {
        out.writeBytes(EventMessage.event(type, payload));
    }

    @Override
    public void fail(ClientError error, ByteArrayOutputStream out) {
        out.writeBytes(AwsErrors.event(error));
    }

    @Override
    public String contentType() {
        return EventMessage.STREAM_TYPE;
    }
}
