package dev.sluice.settings.catalogue;

import java.util.List;

/**
 * How many inputs a provider turns into vectors in one call. What the gateway translates is sent in several calls if it has more; a client's own
 * bytes stay as they are.
 *
 * @param models names or patterns with {@code *}; empty = all
 * @param inputs the most inputs of one call
 */
public record EmbeddingBatch(List<String> models, int inputs) implements OfModels {
    public EmbeddingBatch {
        models = List.copyOf(models);
        if (inputs < 1) throw new IllegalArgumentException("inputs: " + inputs + " (expected: >= 1)");
    }
}
