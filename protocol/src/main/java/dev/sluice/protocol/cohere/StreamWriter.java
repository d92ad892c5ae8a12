package dev.sluice.protocol.cohere;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.Usage;
import dev.sluice.protocol.chat.CallQueue;
import dev.sluice.protocol.chat.ChatEvent;
import dev.sluice.protocol.chat.ChatFormat.ClientView;
import dev.sluice.protocol.chat.StopReason;
import dev.sluice.protocol.chat.StreamEncoder;
import dev.sluice.protocol.json.Json;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a streamed answer of chat. Parts of the content and calls of tools follow one another, each counted from 0. */
final class StreamWriter implements StreamEncoder, CallQueue.Sink {
    private final ClientView view;
    private final CallQueue queue = new CallQueue(this);
    /** The kind of the open part of the content: {@code text}, {@code thinking}, or nothing. */
    private String open = "";

    private int part = -1;
    private int call = -1;
    private StopReason reason = StopReason.END;
    private @Nullable Usage usage;

    StreamWriter(ClientView view) {
        this.view = view;
    }

    @Override
    public void write(ChatEvent event, ByteArrayOutputStream out) {
        switch (event) {
            case ChatEvent.Started started -> start(started, out);
            case ChatEvent.TextDelta(String text) -> content("text", text, out);
            case ChatEvent.RefusalDelta(String text) -> content("text", text, out);
            case ChatEvent.ThinkingDelta(String text) -> content("thinking", text, out);
            case ChatEvent.ToolCallStarted started -> queue.start(started, out);
            case ChatEvent.ToolCallDelta(int index, String fragment) -> queue.arguments(index, fragment, out);
            case ChatEvent.Finished finished -> reason = finished.reason();
            case ChatEvent.UsageReport(Usage told) -> usage = told;
            case ChatEvent.Ping _ -> StreamEncoder.ping(out);
            case ChatEvent.Ended _ -> complete(out);
            case ChatEvent.ThinkingSignature _,
                    ChatEvent.RedactedThinking _,
                    ChatEvent.MediaPart _,
                    ChatEvent.Conversation _,
                    ChatEvent.Noted _,
                    ChatEvent.Failed _ -> {}
        }
    }

    @Override
    public void begin(ChatEvent.ToolCallStarted started, ByteArrayOutputStream out) {
        close(out);
        call++;
        event("tool-call-start", call, message("tool_calls", AnswerWriter.call(started.id(), started.name(), "")), out);
    }

    @Override
    public void arguments(String fragment, ByteArrayOutputStream out) {
        Json function = Json.object().put("arguments", fragment).build();
        event(
                "tool-call-delta",
                call,
                message("tool_calls", Json.object().put("function", function).build()),
                out);
    }

    @Override
    public void end(ByteArrayOutputStream out) {
        event("tool-call-end", call, null, out);
    }

    private void start(ChatEvent.Started started, ByteArrayOutputStream out) {
        Json message = Json.object()
                .put("role", "assistant")
                .put("content", Json.array(List.of()))
                .put("tool_plan", "")
                .put("tool_calls", Json.array(List.of()))
                .put("citations", Json.array(List.of()))
                .build();
        frame(
                "message-start",
                Json.object()
                        .put("id", AnswerWriter.id(started.id(), view))
                        .put("type", "message-start")
                        .put("delta", Json.object().put("message", message).build())
                        .build(),
                out);
    }

    private void content(String kind, String text, ByteArrayOutputStream out) {
        if (!open.equals(kind)) {
            queue.close(out);
            close(out);
            open = kind;
            part++;
            event("content-start", part, message("content", AnswerWriter.block(kind, "")), out);
        }
        event(
                "content-delta",
                part,
                message("content", Json.object().put(kind, text).build()),
                out);
    }

    private void close(ByteArrayOutputStream out) {
        if (!open.isEmpty()) event("content-end", part, null, out);
        open = "";
    }

    private void complete(ByteArrayOutputStream out) {
        queue.close(out);
        close(out);
        Json end = Json.object()
                .put("finish_reason", AnswerWriter.word(reason))
                .put("usage", AnswerWriter.usage(usage))
                .build();
        frame(
                "message-end",
                Json.object().put("type", "message-end").put("delta", end).build(),
                out);
    }

    private static Json message(String member, Json value) {
        return Json.object()
                .put("message", Json.object().put(member, value).build())
                .build();
    }

    private static void event(String type, int index, @Nullable Json delta, ByteArrayOutputStream out) {
        frame(
                type,
                Json.object()
                        .put("type", type)
                        .put("index", index)
                        .put("delta", delta)
                        .build(),
                out);
    }

    static void frame(String type, Json data, ByteArrayOutputStream out) {
        out.writeBytes(("event: " + type + "\ndata: ").getBytes(US_ASCII));
        out.writeBytes(data.toBytes());
        out.writeBytes("\n\n".getBytes(US_ASCII));
    }

    @Override
    public void fail(ClientError error, ByteArrayOutputStream out) {
        out.writeBytes(ErrorForm.event(error));
    }
}
