package dev.sluice.protocol.rerank;

import dev.sluice.protocol.Usage;
import dev.sluice.protocol.chat.Fields;
import dev.sluice.protocol.chat.TokenCount;
import dev.sluice.protocol.json.Json;
import dev.sluice.protocol.whole.WholeRead;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The members that Cohere's, Jina's, vLLM's, Voyage's and other rerank services share: query, documents and wishes side by side, results
 * in a list. Text Embeddings Inference calls the documents {@code texts} and answers with the list alone.
 */
public final class FlatRerank {
    private static final Set<String> KNOWN = Set.of(
            "model",
            "query",
            "documents",
            "texts",
            "top_n",
            "top_k",
            "return_documents",
            "return_text",
            "rank_fields",
            "max_tokens_per_doc",
            "instruct",
            "instruction",
            "raw_scores",
            "truncate",
            "priority",
            "user");

    private FlatRerank() {}

    public static RerankRequest read(byte[] bytes) {
        Json body = Fields.body(bytes);
        Fields.only(body, KNOWN);
        for (String flag : List.of("raw_scores", "truncate")) {
            if (body.get(flag).isPresent() && !body.get(flag).isFalse()) throw Fields.untranslatable(flag);
        }
        List<String> fields = Fields.texts(body, "rank_fields");
        if (!fields.isEmpty() && !fields.equals(List.of("text"))) throw Fields.untranslatable("rank_fields");
        boolean bare = body.has("texts");
        List<RerankRequest.Document> documents = new ArrayList<>();
        for (Json document : Fields.list(body, bare ? "texts" : "documents"))
            documents.add(RerankRequest.Document.of(document));
        Long most = Fields.integer(body, "top_n");
        Boolean shows = Fields.flag(body, bare ? "return_text" : "return_documents");
        String instruction = Fields.text(body, "instruct");
        return new RerankRequest(
                query(body),
                documents,
                most == null ? Fields.integer(body, "top_k") : most,
                shows != null && shows,
                Fields.tokens(body, "max_tokens_per_doc"),
                instruction == null ? Fields.text(body, "instruction") : instruction,
                bare);
    }

    private static String query(Json body) {
        String query = Fields.text(body, "query");
        if (query == null) throw Fields.wrong("query", "a string");
        return query;
    }

    /** Model, query, documents and how many of them are wanted. */
    public static Json.Builder write(RerankRequest request, String model) {
        return Json.object()
                .put("model", model.isEmpty() ? null : model)
                .put("query", request.query())
                .put("documents", Json.texts(request.texts()))
                .put("top_n", Fields.number(request.most()));
    }

    public static WholeRead<RerankAnswer> readAnswer(byte[] body, int from, int to) {
        Json json = Json.parse(body, from, to);
        if (json == null) return new WholeRead.Malformed<>("the answer is not valid JSON");
        Json results = json.isArray() ? json : json.any("results", "data");
        List<RerankAnswer.Rank> ranks = RerankAnswer.ranks(results.items());
        if (!results.isArray() || ranks == null) return WholeRead.none(body, from, to, "the answer has no results");
        return new WholeRead.Read<>(
                new RerankAnswer(json.get("id").text(""), json.get("model").text(""), ranks, usage(json)));
    }

    /** Jina and vLLM tell one number; Cohere tells tokens beside the units that it charges. */
    private static @Nullable Usage usage(Json json) {
        Json told = json.get("usage").any("total_tokens", "prompt_tokens", "input_tokens");
        if (!told.isNumber()) told = json.get("meta").get("tokens").get("input_tokens");
        return told.isNumber() ? Usage.of(TokenCount.of(told), 0) : null;
    }
}
