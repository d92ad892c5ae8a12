package dev.sluice.protocol.bedrock;

import dev.sluice.protocol.Usage;
import dev.sluice.protocol.chat.ChatAnswer;
import dev.sluice.protocol.chat.Part;
import dev.sluice.protocol.chat.Part.Media;
import dev.sluice.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a whole answer of Converse. */
final class AnswerWriter {
    private AnswerWriter() {}

    static byte[] write(ChatAnswer answer) {
        List<Json> blocks = new ArrayList<>();
        for (Part part : answer.parts()) block(part, blocks);
        // Clients look at the first block without asking whether there is one.
        if (blocks.isEmpty()) blocks.add(Json.object().put("text", "").build());
        Json message = Json.object()
                .put("role", "assistant")
                .put("content", Json.array(blocks))
                .build();
        return Json.object()
                .put("output", Json.object().put("message", message).build())
                .put("stopReason", Words.word(answer.stopReason()))
                .put("usage", usage(answer.usage()))
                .put("metrics", unmeasured())
                .build()
                .toBytes();
    }

    static Json usage(@Nullable Usage usage) {
        Usage told = usage == null ? Usage.ZERO : usage;
        long fresh = told.inputTokens() - told.cachedInputTokens() - told.cacheWrittenTokens();
        return Json.object()
                .put("inputTokens", Math.max(0, fresh))
                .put("outputTokens", told.outputTokens())
                .put("totalTokens", told.totalTokens())
                .put("cacheReadInputTokens", told.cachedInputTokens())
                .put("cacheWriteInputTokens", told.cacheWrittenTokens())
                .build();
    }

    /** Clients expect the member; what it holds is Bedrock's own measure, which no other provider tells. */
    static Json unmeasured() {
        return Json.object().put("latencyMs", 0).build();
    }

    private static void block(Part part, List<Json> blocks) {
        switch (part) {
            case Part.Text(String text, var _) -> blocks.add(named("text", Json.of(text)));
            case Part.Refusal(String text) -> blocks.add(named("text", Json.of(text)));
            case Part.Thinking(String text, String signature) ->
                blocks.add(named(
                        "reasoningContent",
                        named(
                                "reasoningText",
                                Json.object()
                                        .put("text", text)
                                        .put("signature", signature)
                                        .build())));
            case Part.RedactedThinking(String encrypted) ->
                blocks.add(named("reasoningContent", named("redactedContent", Json.of(encrypted))));
            case Part.ToolCall call ->
                blocks.add(named(
                        "toolUse",
                        Json.object()
                                .put("toolUseId", call.id())
                                .put("name", call.name())
                                .put("input", input(call.arguments()))
                                .build()));
            case Part.Image(Media.Inline(String type, String base64), var _, var _) ->
                blocks.add(named(
                        "image",
                        Json.object()
                                .put("format", type.substring(type.indexOf('/') + 1))
                                .put("source", named("bytes", Json.of(base64)))
                                .build()));
            // Converse has no other media in answers.
            case Part.Image _, Part.Audio _, Part.Video _, Part.Document _, Part.ToolResult _ -> {}
        }
    }

    private static Json named(String name, Json value) {
        return Json.object().put(name, value).build();
    }

    /** The object that arguments are; what a model wrote otherwise is kept as it is, under a name of its own. */
    private static Json input(String arguments) {
        Json parsed = Json.parse(arguments);
        if (parsed != null && parsed.isObject()) return parsed;
        if (arguments.isBlank() || arguments.strip().equals("null"))
            return Json.object().build();
        return Json.object().put("_raw", arguments).build();
    }
}
