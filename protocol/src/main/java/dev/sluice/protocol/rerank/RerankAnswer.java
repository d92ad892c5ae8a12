package dev.sluice.protocol.rerank;

import dev.sluice.protocol.Usage;
import dev.sluice.protocol.json.Json;
import dev.sluice.protocol.whole.WholeAnswer;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Ranks of documents.
 *
 * @param id as the upstream gave it; empty for none
 * @param model as the upstream gave it; empty for none
 * @param usage what the upstream reported; null if it did not
 */
public record RerankAnswer(
        String id, String model, List<Rank> ranks, @Nullable Usage usage) implements WholeAnswer<RerankRequest> {
    public RerankAnswer {
        ranks = List.copyOf(ranks);
    }

    /**
     * What a document is worth.
     *
     * @param index its place in the request, from 0
     * @param score the number as it was spelled
     */
    public record Rank(long index, Json.Num score) {}

    /** The ranks in objects of which each has an index and a score; null if one has not. */
    public static @Nullable List<Rank> ranks(List<Json> objects) {
        List<Rank> ranks = objects.stream()
                .flatMap(object -> object.get("index").isNumber()
                                && object.any("relevance_score", "score") instanceof Json.Num score
                        ? Stream.of(new Rank(object.get("index").integer(-1), score))
                        : Stream.empty())
                .toList();
        return ranks.size() == objects.size() ? ranks : null;
    }

    /** The best first, as many as are wanted. */
    public List<Rank> best(RerankRequest request) {
        Long most = request.most();
        return ranks.stream()
                .sorted(Comparator.comparingDouble((Rank rank) -> rank.score().decimal(0))
                        .reversed())
                .limit(most == null ? ranks.size() : Math.max(0, most))
                .toList();
    }

    /** The best as objects with index, score and, for a client that wants it, the document. */
    public List<Json> results(RerankRequest request, String score) {
        return best(request).stream()
                .<Json>map(rank -> Json.object()
                        .put("index", rank.index())
                        .put(score, rank.score())
                        .put(
                                "document",
                                request.showsDocuments()
                                        ? request.documents()
                                                .get((int) rank.index())
                                                .shown()
                                        : null)
                        .build())
                .toList();
    }

    /** The tokens that were reported; 0 if none were. */
    public long tokens() {
        return usage == null ? 0 : usage.totalTokens();
    }

    @Override
    public @Nullable String flaw(RerankRequest request) {
        int documents = request.documents().size();
        if (ranks.isEmpty()) return "it ranks none of " + documents + " documents";
        boolean strays = ranks.stream().anyMatch(rank -> rank.index() < 0 || rank.index() >= documents);
        if (strays) return "it ranks a document that was not sent";
        boolean twice = ranks.stream().map(Rank::index).distinct().count() < ranks.size();
        return twice ? "it ranks a document twice" : null;
    }
}
