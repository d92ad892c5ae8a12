package dev.sluice.protocol.voyage;

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
 * Rerank. The number of results is called {@code top_k}, and the results are the {@code data} of the answer. The documents are never
 * asked for: a client that wants to see them gets its own.
 *
 * @see <a href="https://docs.voyageai.com/reference/reranker-api">Voyage AI</a>
 */
final class VoyageRerankFormat implements RerankFormat {
    private static final String VENDOR = "Voyage AI";
    private static final BodyPeek.Shape SHAPE =
            new BodyPeek.Shape("model", null, null, null, Set.of("query", "documents"));

    @Override
    public Peek peek(byte[] body, Asked asked) {
        return BodyPeek.read(body, SHAPE, asked);
    }

    @Override
    public RerankRequest readRequest(byte[] body, Asked asked) {
        throw VoyageEmbedFormat.upstreamOnly();
    }

    @Override
    public byte[] writeRequest(RerankRequest request, String model, Dialect dialect) {
        request.requireNoLimit(VENDOR);
        request.requireNoInstruction(VENDOR);
        return Json.object()
                .put("model", model)
                .put("query", request.query())
                .put("documents", Json.texts(request.texts()))
                .put("top_k", Fields.number(request.most()))
                .build()
                .toBytes();
    }

    @Override
    public WholeRead<RerankAnswer> readAnswer(byte[] body, int from, int to) {
        return FlatRerank.readAnswer(body, from, to);
    }

    @Override
    public byte[] writeAnswer(RerankAnswer answer, RerankRequest request, View view) {
        throw VoyageEmbedFormat.upstreamOnly();
    }

    @Override
    public byte[] errorBody(ClientError error) {
        throw VoyageEmbedFormat.upstreamOnly();
    }

    @Override
    public byte[] errorEvent(ClientError error) {
        throw VoyageEmbedFormat.upstreamOnly();
    }
}
