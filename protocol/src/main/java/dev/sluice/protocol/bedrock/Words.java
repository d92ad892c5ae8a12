package dev.sluice.protocol.bedrock;

import dev.sluice.protocol.Usage;
import dev.sluice.protocol.chat.StopReason;
import dev.sluice.protocol.chat.TokenCount;
import dev.sluice.protocol.json.Json;
import org.jspecify.annotations.Nullable;

/** What Converse calls things. */
final class Words {
    private Words() {}

    /** An unknown reason is an end like any other. */
    static StopReason stopReason(String word) {
        return switch (word) {
            case "tool_use" -> StopReason.TOOL_CALLS;
            case "max_tokens" -> StopReason.MAX_TOKENS;
            case "model_context_window_exceeded" -> StopReason.CONTEXT_FULL;
            case "stop_sequence" -> StopReason.STOP_SEQUENCE;
            case "guardrail_intervened", "content_filtered" -> StopReason.CONTENT_FILTER;
            default -> StopReason.END;
        };
    }

    static String word(StopReason reason) {
        return switch (reason) {
            case END, PAUSED -> "end_turn";
            case TOOL_CALLS -> "tool_use";
            case MAX_TOKENS -> "max_tokens";
            case CONTEXT_FULL -> "model_context_window_exceeded";
            case STOP_SEQUENCE -> "stop_sequence";
            case CONTENT_FILTER -> "content_filtered";
        };
    }

    /** Bedrock counts cached tokens outside of the input, as Anthropic does. */
    static @Nullable Usage usage(Json usage) {
        if (!usage.isObject()) return null;
        long read = TokenCount.of(usage.get("cacheReadInputTokens"));
        long written = TokenCount.of(usage.get("cacheWriteInputTokens"));
        long input = TokenCount.of(usage.get("inputTokens")) + read + written;
        return new Usage(input, read, written, TokenCount.of(usage.get("outputTokens")), 0);
    }
}
