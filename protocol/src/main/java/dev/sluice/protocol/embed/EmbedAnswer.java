package dev.sluice.protocol.embed;

import dev.sluice.protocol.Usage;
import dev.sluice.protocol.whole.WholeAnswer;
import java.util.ArrayList;
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

    /**
     * The answer to a request that was sent in parts.
     *
     * @param parts in the order of the inputs, at least one; the usage is known if each part told its own
     */
    static EmbedAnswer joined(List<EmbedAnswer> parts) {
        EmbedAnswer first = parts.getFirst();
        if (parts.size() == 1) return first;
        List<Vector> vectors = new ArrayList<>();
        Usage sum = Usage.ZERO;
        boolean told = true;
        for (EmbedAnswer part : parts) {
            vectors.addAll(part.vectors);
            if (part.usage == null) told = false;
            else sum = sum.plus(part.usage);
        }
        return new EmbedAnswer(first.id, first.model, vectors, told ? sum : null);
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
