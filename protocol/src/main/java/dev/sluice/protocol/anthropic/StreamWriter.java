package dev.sluice.protocol.anthropic;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.Usage;
import dev.sluice.protocol.chat.CallQueue;
import dev.sluice.protocol.chat.ChatEvent;
import dev.sluice.protocol.chat.ChatFormat.ClientView;
import dev.sluice.protocol.chat.StopReason;
import dev.sluice.protocol.chat.StreamEncoder;
import dev.sluice.protocol.json.Json;
import dev.sluice.protocol.json.JsonWriter;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a streamed answer as events of messages. Blocks follow one another. */
final class StreamWriter implements StreamEncoder, CallQueue.Sink {
    private enum Open {
        NONE,
        TEXT,
        THINKING
    }

    private final ClientView view;
    private final CallQueue calls = new CallQueue(this);
    private Open open = Open.NONE;
    private int block = -1;
    private ChatEvent.Finished finished = new ChatEvent.Finished(StopReason.END, null);
    private @Nullable Usage usage;

    StreamWriter(ClientView view) {
        this.view = view;
    }

    @Override
    public void write(ChatEvent event, ByteArrayOutputStream out) {
        switch (event) {
            case ChatEvent.Started started -> start(started, out);
            case ChatEvent.TextDelta(String text) -> text(text, out);
            case ChatEvent.RefusalDelta(String text) -> text(text, out);
            case ChatEvent.ThinkingDelta(String text) -> {
                thinking(out);
                delta("thinking_delta", "thinking", text, out);
            }
            case ChatEvent.ThinkingSignature(String signature) -> {
                thinking(out);
                delta("signature_delta", "signature", signature, out);
                close(out);
            }
            case ChatEvent.RedactedThinking(String encrypted) -> {
                closeAll(out);
                open(
                        Open.NONE,
                        Json.object()
                                .put("type", "redacted_thinking")
                                .put("data", encrypted)
                                .build(),
                        out);
                stop(out);
            }
            case ChatEvent.ToolCallStarted call -> calls.start(call, out);
            case ChatEvent.ToolCallDelta(int index, String fragment) -> calls.arguments(index, fragment, out);
            case ChatEvent.Finished end -> finished = end;
            case ChatEvent.UsageReport(Usage told) -> usage = told;
            case ChatEvent.Ping _ ->
                event("ping", Json.object().put("type", "ping").build(), out);
            case ChatEvent.Ended _ -> complete(out);
            case ChatEvent.MediaPart _, ChatEvent.Conversation _, ChatEvent.Noted _, ChatEvent.Failed _ -> {}
        }
    }

    private void start(ChatEvent.Started started, ByteArrayOutputStream out) {
        Json message = AnswerWriter.envelope(started.id(), started.model(), view)
                .put("content", Json.array(List.of()))
                .put("stop_reason", Json.none())
                .put("stop_sequence", Json.none())
                .put("usage", Members.usage(Usage.ZERO))
                .build();
        event(
                "message_start",
                Json.object()
                        .put("type", "message_start")
                        .put("message", message)
                        .build(),
                out);
    }

    private void text(String text, ByteArrayOutputStream out) {
        if (open != Open.TEXT) {
            closeAll(out);
            open(Open.TEXT, Members.text(""), out);
        }
        delta("text_delta", "text", text, out);
    }

    private void thinking(ByteArrayOutputStream out) {
        if (open == Open.THINKING) return;
        closeAll(out);
        open(
                Open.THINKING,
                Json.object()
                        .put("type", "thinking")
                        .put("thinking", "")
                        .put("signature", "")
                        .build(),
                out);
    }

    @Override
    public void begin(ChatEvent.ToolCallStarted call, ByteArrayOutputStream out) {
        close(out);
        open(
                Open.NONE,
                Json.object()
                        .put("type", "tool_use")
                        .put("id", call.id())
                        .put("name", call.name())
                        .put("input", Json.object().build())
                        .build(),
                out);
    }

    @Override
    public void arguments(String fragment, ByteArrayOutputStream out) {
        delta("input_json_delta", "partial_json", fragment, out);
    }

    @Override
    public void end(ByteArrayOutputStream out) {
        stop(out);
    }

    private void closeAll(ByteArrayOutputStream out) {
        calls.close(out);
        close(out);
    }

    private void close(ByteArrayOutputStream out) {
        if (open != Open.NONE) stop(out);
        open = Open.NONE;
    }

    private void open(Open kind, Json content, ByteArrayOutputStream out) {
        open = kind;
        block++;
        event(
                "content_block_start",
                Json.object()
                        .put("type", "content_block_start")
                        .put("index", block)
                        .put("content_block", content)
                        .build(),
                out);
    }

    private void stop(ByteArrayOutputStream out) {
        event(
                "content_block_stop",
                Json.object()
                        .put("type", "content_block_stop")
                        .put("index", block)
                        .build(),
                out);
    }

    private void delta(String type, String member, String text, ByteArrayOutputStream out) {
        out.writeBytes(new JsonWriter()
                .raw("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":")
                .number(block)
                .raw(",\"delta\":{\"type\":\"")
                .raw(type)
                .raw("\",\"")
                .raw(member)
                .raw("\":")
                .string(text)
                .raw("}}\n\n")
                .toBytes());
    }

    private void complete(ByteArrayOutputStream out) {
        closeAll(out);
        if (block < 0) {
            open(Open.TEXT, Members.text(""), out);
            close(out);
        }
        event(
                "message_delta",
                Json.object()
                        .put("type", "message_delta")
                        .put(
                                "delta",
                                Json.object()
                                        .put("stop_reason", Members.word(finished.reason()))
                                        .put("stop_sequence", Json.of(finished.stopSequence()))
                                        .build())
                        .put("usage", Members.usage(usage))
                        .build(),
                out);
        event("message_stop", Json.object().put("type", "message_stop").build(), out);
    }

    private static void event(String name, Json data, ByteArrayOutputStream out) {
        out.writeBytes(("event: " + name + "\ndata: ").getBytes(US_ASCII));
        out.writeBytes(data.toBytes());
        out.writeBytes("\n\n".getBytes(US_ASCII));
    }

    @Override
    public void fail(ClientError error, ByteArrayOutputStream out) {
        out.writeBytes(ErrorForm.event(error));
    }
}
