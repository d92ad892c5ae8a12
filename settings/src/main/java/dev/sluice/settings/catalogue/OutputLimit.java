package dev.sluice.settings.catalogue;

import java.util.List;

/**
 * How much a model can say in one answer. What the gateway translates for a format that must name a limit gets this one if the client named
 * none or a higher one.
 *
 * @param models names or patterns with {@code *}
 * @param tokens the most tokens of one answer, thoughts included
 */
public record OutputLimit(List<String> models, int tokens) implements OfModels {
    public OutputLimit {
        models = List.copyOf(models);
        if (tokens < 1) throw new IllegalArgumentException("tokens: " + tokens + " (expected: >= 1)");
    }
}
