package dev.sluice.protocol.anthropic;

import dev.sluice.protocol.chat.ChatRequest;
import dev.sluice.protocol.chat.ChatRequest.Effort;
import dev.sluice.protocol.chat.ChatRequest.Message;
import dev.sluice.protocol.chat.ChatRequest.Reasoning;
import dev.sluice.protocol.chat.ChatRequest.Role;
import dev.sluice.protocol.chat.Part;
import dev.sluice.protocol.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * How a model is told to think.
 *
 * @param budget tokens to think with; 0 where the model decides or does not think
 * @param limit the tokens of the whole answer, which a request must name
 */
record Thinking(boolean isOn, boolean adaptive, boolean disabled, long budget, long limit) {
    private static final long LEAST_BUDGET = 1024;
    private static final long USUAL_LIMIT = 4096;

    /** @param limit null where neither the client nor the catalogue names one */
    static Thinking of(ChatRequest request, Generation generation, @Nullable Long limit) {
        long known = limit == null ? USUAL_LIMIT : limit;
        Thinking unsaid = new Thinking(false, false, false, 0, known);
        Reasoning reasoning = request.reasoning();
        if (reasoning == null) return unsaid;
        if (reasoning.effort() == Effort.NONE) return new Thinking(false, false, true, 0, known);
        Long budget = reasoning.budgetTokens();
        if (generation.thinksAdaptively() && (budget == null || !generation.takesBudget()))
            return new Thinking(true, true, false, 0, known);
        if (startsInTheMiddle(request)) return unsaid;
        long wanted = Math.max(LEAST_BUDGET, budget == null ? budgetFor(reasoning.effort()) : budget);
        if (limit == null) return new Thinking(true, false, false, wanted, known + wanted);
        // The budget is a part of the limit; below the least budget there is none.
        if (limit <= LEAST_BUDGET) return unsaid;
        return new Thinking(true, false, false, Math.min(wanted, limit - 1), known);
    }

    /** While tools run the model must find its own thoughts again; if they are lost it may not think in this turn. */
    private static boolean startsInTheMiddle(ChatRequest request) {
        if (request.messages().isEmpty()) return false;
        boolean results =
                request.messages().getLast().parts().stream().anyMatch(part -> part instanceof Part.ToolResult);
        if (!results) return false;
        for (Message message : request.messages().reversed()) {
            if (message.role() != Role.ASSISTANT) continue;
            return message.parts().stream()
                    .noneMatch(part -> part instanceof Part.RedactedThinking
                            || part instanceof Part.Thinking thought && thought.signature() != null);
        }
        return false;
    }

    private static long budgetFor(@Nullable Effort effort) {
        return switch (effort) {
            case NONE, MINIMAL, LOW -> LEAST_BUDGET;
            case null -> 8192;
            case MEDIUM -> 8192;
            case HIGH -> 16384;
            case XHIGH, MAX -> 32768;
        };
    }

    @Nullable
    Json json() {
        if (disabled) return Json.object().put("type", "disabled").build();
        if (!isOn) return null;
        if (adaptive) return Json.object().put("type", "adaptive").build();
        return Json.object().put("type", "enabled").put("budget_tokens", budget).build();
    }
}
