package dev.sluice.protocol.openai;

import dev.sluice.protocol.chat.ChatRequest;
import dev.sluice.protocol.chat.ChatRequest.Reasoning;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How the efforts of OpenAI and budgets of thinking stand for each other. */
final class Effort {
    private static final long LOW_BELOW = 4096;
    private static final long MEDIUM_BELOW = 16384;

    private Effort() {}

    /** Null if it is none of the known words. */
    static ChatRequest.@Nullable Effort of(String word) {
        for (ChatRequest.Effort effort : ChatRequest.Effort.values()) {
            if (word(effort).equals(word)) return effort;
        }
        return null;
    }

    static String word(ChatRequest.Effort effort) {
        return effort.name().toLowerCase(Locale.ROOT);
    }

    /** The effort of a wish that may only name a budget; medium if it names neither. */
    static ChatRequest.Effort of(Reasoning reasoning) {
        if (reasoning.effort() != null) return reasoning.effort();
        Long budget = reasoning.budgetTokens();
        if (budget == null) return ChatRequest.Effort.MEDIUM;
        if (budget <= 0) return ChatRequest.Effort.NONE;
        if (budget < LOW_BELOW) return ChatRequest.Effort.LOW;
        return budget < MEDIUM_BELOW ? ChatRequest.Effort.MEDIUM : ChatRequest.Effort.HIGH;
    }

    /** The word that OpenAI's own models know; they do not know the highest of others. */
    static String wordFor(Reasoning reasoning) {
        ChatRequest.Effort effort = of(reasoning);
        return word(effort == ChatRequest.Effort.MAX ? ChatRequest.Effort.XHIGH : effort);
    }
}
