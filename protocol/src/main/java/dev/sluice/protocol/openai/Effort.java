package dev.sluice.protocol.openai;

import dev.sluice.protocol.chat.ChatRequest;
import dev.sluice.protocol.chat.ChatRequest.Reasoning;
import dev.sluice.protocol.chat.Dialect;
import java.util.Comparator;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How the efforts of OpenAI and budgets of thinking stand for each other. */
final class Effort {
    private static final Set<ChatRequest.Effort> USUAL =
            Set.of(ChatRequest.Effort.LOW, ChatRequest.Effort.MEDIUM, ChatRequest.Effort.HIGH);
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

    /**
     * The nearest word that a model knows, of two the higher one; a wish to think never turns thinking off. Null where the model cannot be told:
     * of one that nothing is known about it is not known how to turn thinking off either.
     */
    static @Nullable String wordFor(Reasoning reasoning, Dialect dialect) {
        ChatRequest.Effort wanted = of(reasoning);
        Set<ChatRequest.Effort> known = dialect.efforts();
        boolean off = wanted == ChatRequest.Effort.NONE;
        if (known.isEmpty() && off) return null;
        return (known.isEmpty() ? USUAL : known)
                .stream()
                        .filter(effort -> off || effort != ChatRequest.Effort.NONE)
                        .min(Comparator.<ChatRequest.Effort>comparingInt(effort -> Math.abs(effort.compareTo(wanted)))
                                .thenComparing(Comparator.reverseOrder()))
                        .map(Effort::word)
                        .orElse(null);
    }
}
