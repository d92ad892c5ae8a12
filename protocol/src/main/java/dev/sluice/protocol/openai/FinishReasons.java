package dev.sluice.protocol.openai;

import dev.sluice.protocol.chat.StopReason;

/** Why a choice ended, in the words of chat completions. */
final class FinishReasons {
    private FinishReasons() {}

    /** An unknown word is an end; several vendors say {@code stop} where tools are called. */
    static StopReason read(String word, boolean calls) {
        StopReason reason = switch (word) {
            case "length", "max_tokens" -> StopReason.MAX_TOKENS;
            case "model_context_window_exceeded" -> StopReason.CONTEXT_FULL;
            case "tool_calls", "function_call", "tool_use" -> StopReason.TOOL_CALLS;
            case "content_filter", "sensitive", "refusal" -> StopReason.CONTENT_FILTER;
            default -> StopReason.END;
        };
        return reason == StopReason.END && calls ? StopReason.TOOL_CALLS : reason;
    }

    static String word(StopReason reason) {
        return switch (reason) {
            case END, STOP_SEQUENCE, PAUSED -> "stop";
            case MAX_TOKENS, CONTEXT_FULL -> "length";
            case TOOL_CALLS -> "tool_calls";
            case CONTENT_FILTER -> "content_filter";
        };
    }
}
