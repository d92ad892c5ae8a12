package dev.sluice.protocol.anthropic;

import dev.sluice.protocol.chat.ChatAnswer;
import dev.sluice.protocol.chat.ChatFormat.ClientView;
import dev.sluice.protocol.chat.Part;
import dev.sluice.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;

/** Writes a whole answer of messages. */
final class AnswerWriter {
    private AnswerWriter() {}

    static byte[] write(ChatAnswer answer, ClientView view) {
        List<Json> blocks = new ArrayList<>();
        for (Part part : answer.parts()) block(part, blocks);
        // Clients look at the first block without asking whether there is one.
        if (blocks.isEmpty()) blocks.add(Members.text(""));
        return envelope(answer.id(), answer.model(), view)
                .put("content", Json.array(blocks))
                .put("stop_reason", Members.word(answer.stopReason()))
                .put("stop_sequence", Json.of(answer.stopSequence()))
                .put("usage", Members.usage(answer.usage()))
                .build()
                .toBytes();
    }

    static Json.Builder envelope(String id, String model, ClientView view) {
        return Json.object()
                .put("id", id.isEmpty() ? "msg_" + view.id() : id)
                .put("type", "message")
                .put("role", "assistant")
                .put("model", model.isEmpty() ? view.model() : model);
    }

    private static void block(Part part, List<Json> blocks) {
        switch (part) {
            case Part.Text(String text, var _) -> blocks.add(Members.text(text));
            case Part.Refusal(String text) -> blocks.add(Members.text(text));
            case Part.Thinking(String text, String signature) ->
                blocks.add(Json.object()
                        .put("type", "thinking")
                        .put("thinking", text)
                        .put("signature", signature == null ? "" : signature)
                        .build());
            case Part.RedactedThinking(String encrypted) ->
                blocks.add(Json.object()
                        .put("type", "redacted_thinking")
                        .put("data", encrypted)
                        .build());
            case Part.ToolCall call ->
                blocks.add(Json.object()
                        .put("type", "tool_use")
                        .put("id", call.id())
                        .put("name", call.name())
                        .put("input", input(call.arguments()))
                        .build());
            // Messages have no media in answers.
            case Part.Image _, Part.Audio _, Part.Video _, Part.Document _, Part.ToolResult _ -> {}
        }
    }

    /** The object that arguments are; what a model wrote otherwise is kept as it is, under a name of its own. */
    static Json input(String arguments) {
        Json parsed = Json.parse(arguments);
        if (parsed != null && parsed.isObject()) return parsed;
        if (arguments.isBlank() || arguments.strip().equals("null"))
            return Json.object().build();
        return Json.object().put("_raw", arguments).build();
    }
}
