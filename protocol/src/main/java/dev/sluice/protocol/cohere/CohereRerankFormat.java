package dev.sluice.protocol.cohere;

import dev.sluice.protocol.Asked;
import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.Peek;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.chat.Fields;
import dev.sluice.protocol.json.Json;
import dev.sluice.protocol.request.BodyPeek;
import dev.sluice.protocol.rerank.FlatRerank;
import dev.sluice.protocol.rerank.RerankAnswer;
import dev.sluice.protocol.rerank.RerankFormat;
import dev.sluice.protocol.rerank.RerankRequest;
import dev.sluice.protocol.whole.WholeRead;
import java.util.Set;

/**
 * Rerank, version 2. Documents are strings there and are never shown; a client that asks for them all the same gets them.
 *
 * @see <a href="https://docs.cohere.com/reference/rerank">Cohere</a>
 */
final class CohereRerankFormat implements RerankFormat {
    private static final BodyPeek.Shape SHAPE =
            new BodyPeek.Shape("model", null, null, null, Set.of("query", "documents"));

    @Override
    public Peek peek(byte[] body, Asked asked) {
        return BodyPeek.readWithoutModel(body, SHAPE, asked);
    }

    @Override
    public RerankRequest readRequest(byte[] body, Asked asked) {
        return FlatRerank.read(body);
    }

    @Override
    public byte[] writeRequest(RerankRequest request, String model, Dialect dialect) {
        request.requireNoInstruction("Cohere");
        return FlatRerank.write(request, model)
                .put("max_tokens_per_doc", Fields.number(request.tokensPerDocument()))
                .build()
                .toBytes();
    }

    @Override
    public WholeRead<RerankAnswer> readAnswer(byte[] body, int from, int to) {
        return FlatRerank.readAnswer(body, from, to);
    }

    @Override
    public byte[] writeAnswer(RerankAnswer answer, RerankRequest request, View view) {
        Json meta = Json.object()
                .put("api_version", Json.object().put("version", "2").build())
                .put(
                        "tokens",
                        Json.object().put("input_tokens", answer.tokens()).build())
                .build();
        return Json.object()
                .put("id", answer.id().isEmpty() ? view.id() : answer.id())
                .put("results", Json.array(answer.results(request, "relevance_score")))
                .put("meta", meta)
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
