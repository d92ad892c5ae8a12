package dev.sluice.protocol.openai;

import dev.sluice.protocol.Answer;
import dev.sluice.protocol.Asked;
import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.Peek;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.json.Json;
import dev.sluice.protocol.request.BodyPeek;
import dev.sluice.protocol.rerank.FlatRerank;
import dev.sluice.protocol.rerank.RerankAnswer;
import dev.sluice.protocol.rerank.RerankFormat;
import dev.sluice.protocol.rerank.RerankRequest;
import dev.sluice.protocol.whole.WholeRead;
import java.util.Set;

/**
 * {@code POST /v1/rerank} as Jina, vLLM and other OpenAI-compatible providers have it. Answers to clients have what Jina and what version 1 of
 * Cohere tell, since both are called there. A request may name no model where the provider has a usual one.
 */
final class RerankForm implements RerankFormat {
    private static final BodyPeek.Shape SHAPE =
            new BodyPeek.Shape("model", null, null, null, Set.of("query", "documents", "texts"));
    private static final String VENDOR = "a provider of this form";

    @Override
    public Peek peek(byte[] body, Asked asked) {
        return BodyPeek.readWithoutModel(body, SHAPE, asked);
    }

    /** Vendors differ in what they tell; of an answer that is passed on only an error and the usage matter. */
    @Override
    public Answer inspect(byte[] body, int from, int to) {
        int begin = WholeAnswer.start(body, from, to);
        boolean bare = begin < to && body[begin] == '[';
        return bare
                ? RerankFormat.super.inspect(body, from, to)
                : OpenAi.plain().inspect(body, from, to);
    }

    @Override
    public RerankRequest readRequest(byte[] body, Asked asked) {
        return FlatRerank.read(body);
    }

    @Override
    public byte[] writeRequest(RerankRequest request, String model, Dialect dialect) {
        request.requireNoLimit(VENDOR);
        request.requireNoInstruction(VENDOR);
        return FlatRerank.write(request, model).build().toBytes();
    }

    @Override
    public WholeRead<RerankAnswer> readAnswer(byte[] body, int from, int to) {
        return FlatRerank.readAnswer(body, WholeAnswer.start(body, from, to), to);
    }

    @Override
    public byte[] writeAnswer(RerankAnswer answer, RerankRequest request, View view) {
        if (request.bare()) return bare(answer, request);
        Json tokens = Json.object()
                .put("prompt_tokens", answer.tokens())
                .put("total_tokens", answer.tokens())
                .build();
        Json input = Json.object().put("input_tokens", answer.tokens()).build();
        return Json.object()
                .put("id", answer.id().isEmpty() ? view.id() : answer.id())
                .put("model", answer.model().isEmpty() ? view.model() : answer.model())
                .put("results", Json.array(answer.results(request, "relevance_score")))
                .put("usage", tokens)
                .put("meta", Json.object().put("tokens", input).build())
                .build()
                .toBytes();
    }

    private static byte[] bare(RerankAnswer answer, RerankRequest request) {
        return Json.array(answer.results(request, "score").stream()
                        .map(result -> result.with("document", null)
                                .with(
                                        "text",
                                        result.has("document")
                                                ? result.get("document").get("text")
                                                : null))
                        .toList())
                .toBytes();
    }

    @Override
    public byte[] errorBody(ClientError error) {
        return ErrorForm.body(error);
    }

    @Override
    public byte[] errorEvent(ClientError error) {
        return ErrorForm.chunk(error);
    }
}
