package dev.sluice.protocol.dashscope;

import dev.sluice.protocol.Usage;
import dev.sluice.protocol.chat.StopReason;
import dev.sluice.protocol.chat.TokenCount;
import dev.sluice.protocol.json.Json;
import org.jspecify.annotations.Nullable;

/** Members that answers and streams share. */
final class Members {
    private Members() {}

    /** The text {@code null} stands for no reason, and an unknown word for an end. */
    static @Nullable StopReason stopReason(String word, boolean calls) {
        return switch (word) {
            case "", "null" -> null;
            case "length" -> StopReason.MAX_TOKENS;
            case "content_filter" -> StopReason.CONTENT_FILTER;
            default -> calls ? StopReason.TOOL_CALLS : StopReason.END;
        };
    }

    static String word(StopReason reason) {
        return switch (reason) {
            case END, STOP_SEQUENCE, PAUSED -> "stop";
            case MAX_TOKENS, CONTEXT_FULL -> "length";
            case TOOL_CALLS -> "tool_calls";
            case CONTENT_FILTER -> "content_filter";
        };
    }

    static @Nullable Usage usage(Json usage) {
        if (!usage.isObject()) return null;
        long input = TokenCount.of(usage.get("input_tokens"));
        long output = TokenCount.of(usage.get("output_tokens"));
        Json cached = usage.get("prompt_tokens_details").get("cached_tokens");
        Json reasoning = usage.get("output_tokens_details").get("reasoning_tokens");
        return new Usage(
                input, Math.min(input, TokenCount.of(cached)), 0, output, Math.min(output, TokenCount.of(reasoning)));
    }

    static @Nullable Json usage(@Nullable Usage usage) {
        if (usage == null) return null;
        Json.Builder told = Json.object()
                .put("input_tokens", usage.inputTokens())
                .put("output_tokens", usage.outputTokens())
                .put("total_tokens", usage.totalTokens());
        if (usage.reasoningTokens() > 0)
            told.put(
                    "output_tokens_details",
                    Json.object()
                            .put("reasoning_tokens", usage.reasoningTokens())
                            .build());
        if (usage.cachedInputTokens() > 0)
            told.put(
                    "prompt_tokens_details",
                    Json.object()
                            .put("cached_tokens", usage.cachedInputTokens())
                            .build());
        return told.build();
    }

    static Json call(int index, String id, String name, String arguments) {
        return Json.object()
                .put("index", index)
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
}
