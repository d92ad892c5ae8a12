package dev.sluice.protocol.cohere;

import dev.sluice.protocol.Usage;
import dev.sluice.protocol.chat.ChatAnswer;
import dev.sluice.protocol.chat.ChatFormat.ClientView;
import dev.sluice.protocol.chat.Part;
import dev.sluice.protocol.chat.StopReason;
import dev.sluice.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a whole answer of chat. */
final class AnswerWriter {
    private AnswerWriter() {}

    static byte[] write(ChatAnswer answer, ClientView view) {
        List<Json> content = new ArrayList<>();
        List<Json> calls = new ArrayList<>();
        for (Part part : answer.parts()) {
            switch (part) {
                case Part.Text(String text, var _) -> content.add(block("text", text));
                case Part.Refusal(String text) -> content.add(block("text", text));
                case Part.Thinking(String text, var _) -> content.add(block("thinking", text));
                case Part.ToolCall call -> calls.add(call(call.id(), call.name(), call.arguments()));
                // Chat has no media in answers, and no thoughts that nobody can read.
                case Part.Image _,
                        Part.Audio _,
                        Part.Video _,
                        Part.Document _,
                        Part.RedactedThinking _,
                        Part.ToolResult _ -> {}
            }
        }
        Json message = Json.object()
                .put("role", "assistant")
                .putUnlessEmpty("content", content)
                .putUnlessEmpty("tool_calls", calls)
                .build();
        return Json.object()
                .put("id", id(answer.id(), view))
                .put("finish_reason", word(answer.stopReason()))
                .put("message", message)
                .put("usage", usage(answer.usage()))
                .build()
                .toBytes();
    }

    static String id(String given, ClientView view) {
        return given.isEmpty() ? view.id() : given;
    }

    static Json block(String type, String text) {
        return Json.object().put("type", type).put(type, text).build();
    }

    static Json call(String id, String name, String arguments) {
        return Json.object()
                .put("id", id)
                .put("type", "function")
                .put(
                        "function",
                        Json.object()
                                .put("name", name)
                                .put("arguments", arguments)
                                .build())
                .build();
    }

    static String word(StopReason reason) {
        return switch (reason) {
            case END, PAUSED -> "COMPLETE";
            case STOP_SEQUENCE -> "STOP_SEQUENCE";
            case MAX_TOKENS, CONTEXT_FULL -> "MAX_TOKENS";
            case TOOL_CALLS -> "TOOL_CALL";
            case CONTENT_FILTER -> "ERROR_TOXIC";
        };
    }

    /** What was counted and what is billed is the same here. */
    static Json usage(@Nullable Usage usage) {
        Usage told = usage == null ? Usage.ZERO : usage;
        Json tokens = Json.object()
                .put("input_tokens", told.inputTokens())
                .put("output_tokens", told.outputTokens())
                .build();
        return Json.object()
                .put("billed_units", tokens)
                .put("tokens", tokens)
                .put("cached_tokens", told.cachedInputTokens())
                .build();
    }
}
