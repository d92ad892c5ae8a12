package dev.sluice.protocol.embed;

import dev.sluice.protocol.Usage;
import dev.sluice.protocol.whole.WholeAnswer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Vectors in the order of their inputs.
 *
 * @param id as the upstream gave it; empty for none
 * @param model as the upstream gave it; empty for none
 * @param usage what the upstream reported; null if it did not
 */
public record EmbedAnswer(
        String id,
        String model,
        List<Vector> vectors,
        @Nullable Usage usage) implements WholeAnswer<EmbedRequest> {
    public EmbedAnswer {
        vectors = List.copyOf(vectors);
    }

    /** The input tokens that were reported; 0 if none were. */
    public long tokens() {
        return usage == null ? 0 : usage.inputTokens();
    }

    @Override
    public @Nullable String flaw(EmbedRequest request) {
        int wanted = request.inputs().size();
        if (vectors.size() != wanted) return "it has " + vectors.size() + " vectors for " + wanted + " inputs";
        return vectors.stream().allMatch(Vector::isUsable) ? null : "a vector of it is none";
    }
}
