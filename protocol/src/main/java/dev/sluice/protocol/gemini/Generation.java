package dev.sluice.protocol.gemini;

import dev.sluice.protocol.chat.ChatRequest.Effort;
import dev.sluice.protocol.chat.ChatRequest.Reasoning;
import dev.sluice.protocol.json.Json;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a generation of models takes, by the name of the model.
 *
 * @param major 0 where the name does not tell
 */
record Generation(int major, int minor, boolean isPro) {
    private static final Pattern NAME = Pattern.compile("gemini-(\\d{1,3})(?:\\.(\\d{1,3}))?");
    private static final long LEAST_OF_PRO = 128;
    private static final long MOST_OF_PRO = 32768;
    private static final long MOST = 24576;

    static Generation of(String model) {
        Matcher name = NAME.matcher(model);
        if (!name.find()) return new Generation(0, 0, false);
        int minor = name.group(2) == null ? 0 : Integer.parseInt(name.group(2));
        return new Generation(Integer.parseInt(name.group(1)), minor, model.contains("-pro"));
    }

    /** Whether calls of earlier turns must be sealed. */
    boolean wantsSignatures() {
        return major >= 3;
    }

    /** Whether it takes a schema as JSON schema has it; the older ones take a part of OpenAPI's. A name that does not tell is a new one. */
    boolean takesJsonSchema() {
        return major == 0 || major > 2 || major == 2 && minor >= 5;
    }

    /** Null where nothing is wished, or the model does not think. */
    @Nullable
    Json thinking(@Nullable Reasoning reasoning) {
        boolean budgets = major == 2 && minor >= 5;
        if (reasoning == null || !budgets && major < 3) return null;
        Effort effort = reasoning.effort() == null ? effort(reasoning.budgetTokens()) : reasoning.effort();
        Json.Builder config = Json.object();
        boolean shown = reasoning.shown() == null ? effort != Effort.NONE : reasoning.shown();
        if (shown) config.put("includeThoughts", true);
        if (budgets) config.put("thinkingBudget", budget(reasoning, effort));
        else if (effort != null) config.put("thinkingLevel", level(effort));
        return config.isEmpty() ? null : config.build();
    }

    private static @Nullable Effort effort(@Nullable Long budget) {
        if (budget == null) return null;
        if (budget <= 0) return Effort.NONE;
        if (budget < 4096) return Effort.LOW;
        return budget < 16384 ? Effort.MEDIUM : Effort.HIGH;
    }

    private long budget(Reasoning reasoning, @Nullable Effort effort) {
        long wanted = reasoning.effort() == null && reasoning.budgetTokens() != null
                ? reasoning.budgetTokens()
                : switch (effort) {
                    case null -> -1;
                    case NONE -> 0;
                    case MINIMAL, LOW -> 1024;
                    case MEDIUM -> 8192;
                    case HIGH, XHIGH, MAX -> MOST;
                };
        if (wanted < 0) return -1;
        return isPro ? Math.clamp(wanted, LEAST_OF_PRO, MOST_OF_PRO) : Math.min(wanted, MOST);
    }

    /** Pro models know no level below LOW and none between it and HIGH. */
    private String level(Effort effort) {
        return switch (effort) {
            case NONE, MINIMAL -> isPro ? "LOW" : "MINIMAL";
            case LOW -> "LOW";
            case MEDIUM -> isPro ? "HIGH" : "MEDIUM";
            case HIGH, XHIGH, MAX -> "HIGH";
        };
    }
}
