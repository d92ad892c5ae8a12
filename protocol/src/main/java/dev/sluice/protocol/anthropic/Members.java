package dev.sluice.protocol.anthropic;

import dev.sluice.protocol.Usage;
import dev.sluice.protocol.chat.ChatRequest.CacheHint;
import dev.sluice.protocol.chat.StopReason;
import dev.sluice.protocol.chat.TokenCount;
import dev.sluice.protocol.json.Json;
import org.jspecify.annotations.Nullable;

/** Members that requests, answers and streams share. */
final class Members {

    private static final String CACHE = "cache_control";

    private Members() {}

    static @Nullable CacheHint cache(Json block) {
        Json hint = block.get(CACHE);
        return hint.isObject() ? new CacheHint(hint.get("ttl").text()) : null;
    }

    static Json.Builder cached(Json.Builder block, @Nullable CacheHint cache) {
        if (cache == null) return block;
        return block.put(
                CACHE,
                Json.object().put("type", "ephemeral").put("ttl", cache.ttl()).build());
    }

    static Json text(String text) {
        return Json.object().put("type", "text").put("text", text).build();
    }

    /** An unknown word is an end. */
    static StopReason stopReason(String word) {
        return switch (word) {
            case "max_tokens" -> StopReason.MAX_TOKENS;
            case "model_context_window_exceeded" -> StopReason.CONTEXT_FULL;
            case "stop_sequence" -> StopReason.STOP_SEQUENCE;
            case "tool_use" -> StopReason.TOOL_CALLS;
            case "refusal" -> StopReason.CONTENT_FILTER;
            case "pause_turn" -> StopReason.PAUSED;
            default -> StopReason.END;
        };
    }

    static String word(StopReason reason) {
        return switch (reason) {
            case END -> "end_turn";
            case STOP_SEQUENCE -> "stop_sequence";
            case MAX_TOKENS -> "max_tokens";
            case CONTEXT_FULL -> "model_context_window_exceeded";
            case TOOL_CALLS -> "tool_use";
            case CONTENT_FILTER -> "refusal";
            case PAUSED -> "pause_turn";
        };
    }

    /** Anthropic counts what its cache read and wrote outside of the input; the conversation counts it inside. */
    static @Nullable Usage usage(Json usage) {
        if (!usage.isObject()) return null;
        long read = TokenCount.of(usage.get("cache_read_input_tokens"));
        long written = TokenCount.of(usage.get("cache_creation_input_tokens"));
        long output = TokenCount.of(usage.get("output_tokens"));
        long thinking = TokenCount.of(usage.get("output_tokens_details").get("thinking_tokens"));
        return new Usage(
                TokenCount.of(usage.get("input_tokens")) + read + written,
                read,
                written,
                output,
                Math.min(thinking, output));
    }

    static Json usage(@Nullable Usage usage) {
        Usage told = usage == null ? Usage.ZERO : usage;
        long fresh = told.inputTokens() - told.cachedInputTokens() - told.cacheWrittenTokens();
        return Json.object()
                .put("input_tokens", Math.max(0, fresh))
                .put("cache_creation_input_tokens", told.cacheWrittenTokens())
                .put("cache_read_input_tokens", told.cachedInputTokens())
                .put("output_tokens", told.outputTokens())
                .build();
    }
}
