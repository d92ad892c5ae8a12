package dev.sluice.protocol.dashscope;

import dev.sluice.protocol.Asked;
import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.Peek;
import dev.sluice.protocol.Usage;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.chat.Fields;
import dev.sluice.protocol.chat.TokenCount;
import dev.sluice.protocol.json.Json;
import dev.sluice.protocol.request.BodyPeek;
import dev.sluice.protocol.rerank.RerankAnswer;
import dev.sluice.protocol.rerank.RerankFormat;
import dev.sluice.protocol.rerank.RerankRequest;
import dev.sluice.protocol.whole.WholeRead;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** {@code POST …/rerank/text-rerank/text-rerank}. */
final class TextRerankFormat implements RerankFormat {
    private static final BodyPeek.Shape SHAPE = new BodyPeek.Shape("model", null, null, null, Set.of("input"));

    @Override
    public Peek peek(byte[] body, Asked asked) {
        return BodyPeek.read(body, SHAPE, asked);
    }

    @Override
    public RerankRequest readRequest(byte[] bytes, Asked asked) {
        Json body = Fields.body(bytes);
        Fields.only(body, Set.of("model", "input", "parameters"));
        Json input = body.get("input");
        Json parameters = body.get("parameters");
        Fields.only(input, Set.of("query", "documents"));
        Fields.only(parameters, Set.of("top_n", "return_documents", "instruct"));
        List<RerankRequest.Document> documents = new ArrayList<>();
        for (Json document : Fields.list(input, "documents")) documents.add(RerankRequest.Document.of(document));
        String query = Fields.text(input, "query");
        if (query == null) throw Fields.wrong("query", "a string in \"input\"");
        return new RerankRequest(
                query,
                documents,
                Fields.integer(parameters, "top_n"),
                parameters.get("return_documents").isTrue(),
                null,
                Fields.text(parameters, "instruct"),
                false);
    }

    @Override
    public byte[] writeRequest(RerankRequest request, String model, Dialect dialect) {
        request.requireNoLimit("DashScope");
        Json.Builder parameters =
                Json.object().put("top_n", Fields.number(request.most())).put("instruct", request.instruction());
        Json input = Json.object()
                .put("query", request.query())
                .put("documents", Json.texts(request.texts()))
                .build();
        Json.Builder body =
                Json.object().put("model", model.isEmpty() ? null : model).put("input", input);
        if (!parameters.isEmpty()) body.put("parameters", parameters.build());
        return body.build().toBytes();
    }

    @Override
    public WholeRead<RerankAnswer> readAnswer(byte[] body, int from, int to) {
        Json json = Json.parse(body, from, to);
        if (json == null) return new WholeRead.Malformed<>("the answer is not valid JSON");
        Json results = json.get("output").get("results");
        List<RerankAnswer.Rank> ranks = RerankAnswer.ranks(results.items());
        if (!results.isArray() || ranks == null) return WholeRead.none(body, from, to, "the answer has no results");
        Json told = json.get("usage").any("total_tokens", "input_tokens");
        return new WholeRead.Read<>(new RerankAnswer(
                json.get("request_id").text(""), "", ranks, told.isNumber() ? Usage.of(TokenCount.of(told), 0) : null));
    }

    @Override
    public byte[] writeAnswer(RerankAnswer answer, RerankRequest request, View view) {
        Json results = Json.array(answer.results(request, "relevance_score"));
        return Json.object()
                .put("output", Json.object().put("results", results).build())
                .put("usage", Json.object().put("total_tokens", answer.tokens()).build())
                .put("request_id", answer.id().isEmpty() ? view.id() : answer.id())
                .build()
                .toBytes();
    }

    @Override
    public byte[] errorBody(ClientError error) {
        return ErrorForm.body(error);
    }

    @Override
    public byte[] errorEvent(ClientError error) {
        return ErrorForm.event(error);
    }
}
