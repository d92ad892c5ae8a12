package dev.sluice.protocol.openai;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.Usage;
import dev.sluice.protocol.chat.ChatEvent;
import dev.sluice.protocol.chat.ChatFormat.ClientView;
import dev.sluice.protocol.chat.Notes;
import dev.sluice.protocol.chat.Part;
import dev.sluice.protocol.chat.StreamEncoder;
import dev.sluice.protocol.json.Json;
import dev.sluice.protocol.json.JsonWriter;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a streamed answer as chunks of chat completions. */
final class ChatStreamWriter implements StreamEncoder {
    private static final byte[] DONE = "data: [DONE]\n\n".getBytes(US_ASCII);
    private static final byte[] EMPTY_DELTA = "{}".getBytes(US_ASCII);

    private final ClientView view;
    private byte[] head = new byte[0];
    private final byte[] tail;
    private final List<Boolean> argued = new ArrayList<>();
    private @Nullable Usage usage;

    ChatStreamWriter(ClientView view) {
        this.view = view;
        tail = (view.usageInStream() ? "}],\"usage\":null}\n\n" : "}]}\n\n").getBytes(US_ASCII);
        start(new ChatEvent.Started("", "", 0));
    }

    @Override
    public void write(ChatEvent event, ByteArrayOutputStream out) {
        switch (event) {
            case ChatEvent.Started started -> {
                start(started);
                delta(Json.object().put("role", "assistant").put("content", "").build(), out);
            }
            case ChatEvent.TextDelta(String text) -> text("content", text, out);
            case ChatEvent.ThinkingDelta(String text) -> text("reasoning_content", text, out);
            case ChatEvent.ThinkingSignature(String signature) ->
                block(ChatAnswerWriter.thinkingBlock("", signature), out);
            case ChatEvent.RedactedThinking(String encrypted) -> block(ChatAnswerWriter.redactedBlock(encrypted), out);
            case ChatEvent.RefusalDelta(String text) -> text("refusal", text, out);
            case ChatEvent.MediaPart(Part part) -> media(part, out);
            case ChatEvent.ToolCallStarted call -> call(call, out);
            case ChatEvent.ToolCallDelta(int index, String fragment) -> {
                if (index < argued.size()) argued.set(index, true);
                arguments(index, fragment, out);
            }
            case ChatEvent.Noted(Notes notes) ->
                delta(Annotations.write(notes, Json.object()).build(), out);
            case ChatEvent.Finished finished -> finish(finished, out);
            case ChatEvent.UsageReport(Usage told) -> usage = told;
            case ChatEvent.Conversation _, ChatEvent.Failed _ -> {}
            case ChatEvent.Ping _ -> StreamEncoder.ping(out);
            case ChatEvent.Ended _ -> end(out);
        }
    }

    private void start(ChatEvent.Started started) {
        head = new JsonWriter()
                .raw("data: {\"id\":")
                .string(ChatAnswerWriter.id(started.id(), view, "chatcmpl-"))
                .raw(",\"object\":\"chat.completion.chunk\",\"created\":")
                .number(ChatAnswerWriter.created(started.createdSeconds(), view))
                .raw(",\"model\":")
                .string(ChatAnswerWriter.model(started.model(), view))
                .raw(",\"choices\":[")
                .toBytes();
    }

    private void text(String member, String text, ByteArrayOutputStream out) {
        choice(
                new JsonWriter()
                        .raw("{\"")
                        .raw(member)
                        .raw("\":")
                        .string(text)
                        .raw("}")
                        .toBytes(),
                null,
                out);
    }

    private void delta(Json delta, ByteArrayOutputStream out) {
        choice(delta.toBytes(), null, out);
    }

    private void choice(byte[] delta, @Nullable String finish, ByteArrayOutputStream out) {
        out.writeBytes(head);
        out.writeBytes("{\"index\":0,\"delta\":".getBytes(US_ASCII));
        out.writeBytes(delta);
        out.writeBytes(",\"finish_reason\":".getBytes(US_ASCII));
        out.writeBytes((finish == null ? "null" : "\"" + finish + "\"").getBytes(US_ASCII));
        out.writeBytes(tail);
    }

    private void block(Json block, ByteArrayOutputStream out) {
        delta(Json.object().put("thinking_blocks", Json.array(List.of(block))).build(), out);
    }

    private void media(Part part, ByteArrayOutputStream out) {
        Json.Builder delta = Json.object();
        if (part instanceof Part.Image image) delta.putUnlessEmpty("images", List.of(ChatAnswerWriter.image(image)));
        if (part instanceof Part.Audio sound) delta.put("audio", ChatAnswerWriter.audio(sound));
        if (!delta.isEmpty()) delta(delta.build(), out);
    }

    private void call(ChatEvent.ToolCallStarted call, ByteArrayOutputStream out) {
        argued.add(false);
        Json.Builder json = Json.object()
                .put("index", call.index())
                .put("id", call.id())
                .put("type", "function")
                .put(
                        "function",
                        Json.object()
                                .put("name", call.name())
                                .put("arguments", "")
                                .build());
        if (call.signature() != null) json.put("extra_content", ChatAnswerWriter.seal(call.signature()));
        delta(Json.object().put("tool_calls", Json.array(List.of(json.build()))).build(), out);
    }

    private void arguments(int index, String fragment, ByteArrayOutputStream out) {
        choice(
                new JsonWriter()
                        .raw("{\"tool_calls\":[{\"index\":")
                        .number(index)
                        .raw(",\"function\":{\"arguments\":")
                        .string(fragment)
                        .raw("}}]}")
                        .toBytes(),
                null,
                out);
    }

    /** A call without arguments is a call with an empty object. */
    private void finish(ChatEvent.Finished finished, ByteArrayOutputStream out) {
        for (int i = 0; i < argued.size(); i++) {
            if (!argued.get(i)) arguments(i, "{}", out);
        }
        choice(EMPTY_DELTA, FinishReasons.word(finished.reason()), out);
    }

    private void end(ByteArrayOutputStream out) {
        if (view.usageInStream() && usage != null) {
            out.writeBytes(head);
            out.writeBytes("],\"usage\":".getBytes(US_ASCII));
            out.writeBytes(ChatAnswerWriter.usage(usage).toBytes());
            out.writeBytes("}\n\n".getBytes(US_ASCII));
        }
        out.writeBytes(DONE);
    }

    @Override
    public void fail(ClientError error, ByteArrayOutputStream out) {
        out.writeBytes(ErrorForm.chunk(error));
    }
}
