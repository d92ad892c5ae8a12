package dev.sluice.protocol.voyage;

import dev.sluice.protocol.Asked;
import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.Peek;
import dev.sluice.protocol.Usage;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.chat.Fields;
import dev.sluice.protocol.chat.InexpressibleException;
import dev.sluice.protocol.chat.TokenCount;
import dev.sluice.protocol.embed.EmbedAnswer;
import dev.sluice.protocol.embed.EmbedFormat;
import dev.sluice.protocol.embed.EmbedRequest;
import dev.sluice.protocol.embed.Purpose;
import dev.sluice.protocol.embed.Vector;
import dev.sluice.protocol.embed.VectorDocument;
import dev.sluice.protocol.json.Json;
import dev.sluice.protocol.request.BodyPeek;
import dev.sluice.protocol.whole.WholeRead;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Embeddings. Like OpenAI's, but for the names of the dimension and of what the vectors are for, and a flag that says whether long
 * inputs are cut.
 *
 * @see <a href="https://docs.voyageai.com/reference/embeddings-api">Voyage AI</a>
 */
final class VoyageEmbedFormat implements EmbedFormat {
    private static final String VENDOR = "Voyage AI";
    private static final BodyPeek.Shape SHAPE = new BodyPeek.Shape("model", null, null, null, Set.of("input"));

    @Override
    public Peek peek(byte[] body, Asked asked) {
        return BodyPeek.read(body, SHAPE, asked);
    }

    @Override
    public EmbedRequest readRequest(byte[] body, Asked asked) {
        throw upstreamOnly();
    }

    @Override
    public byte[] writeRequest(EmbedRequest request, String model, Dialect dialect) {
        request.requireNoTitles(VENDOR);
        Purpose purpose = request.purpose();
        Boolean cuts = switch (request.truncation()) {
            case null -> null;
            case NONE -> false;
            case END -> true;
            case START ->
                throw new InexpressibleException(
                        "Voyage AI cuts inputs that are too long at their end; leave it out", "truncate");
        };
        return Json.object()
                .put("model", model)
                .put("input", Json.texts(request.texts(VENDOR)))
                .put("input_type", purpose == null ? null : type(purpose))
                .put("truncation", Fields.flag(cuts))
                .put("output_dimension", Fields.number(request.dimensions()))
                .build()
                .toBytes();
    }

    /** There are words for the two sides of a search; vectors for anything else are those without a type. */
    private static @Nullable String type(Purpose purpose) {
        return switch (purpose) {
            case QUERY, QUESTION, CLAIM, CODE_QUERY -> "query";
            case DOCUMENT -> "document";
            case SIMILARITY, CLASSIFICATION, CLUSTERING -> null;
        };
    }

    @Override
    public WholeRead<EmbedAnswer> readAnswer(byte[] body, int from, int to) {
        VectorDocument document = VectorDocument.parse(body, from, to);
        if (document == null)
            return new WholeRead.Malformed<>("the answer is not valid JSON, or a vector of it is none");
        Json json = document.json();
        List<Json> data = json.get("data").items();
        if (data.isEmpty()) return WholeRead.none(body, from, to, "the answer has no data");
        List<Vector> vectors = document.vectors(data, "index", "embedding");
        return vectors == null
                ? new WholeRead.Malformed<>("the answer lacks a vector")
                : new WholeRead.Read<>(new EmbedAnswer("", json.get("model").text(""), vectors, usage(json)));
    }

    private static @Nullable Usage usage(Json json) {
        Json told = json.get("usage").get("total_tokens");
        return told.isNumber() ? Usage.of(TokenCount.of(told), 0) : null;
    }

    @Override
    public byte[] writeAnswer(EmbedAnswer answer, EmbedRequest request, View view) {
        throw upstreamOnly();
    }

    @Override
    public byte[] errorBody(ClientError error) {
        throw upstreamOnly();
    }

    @Override
    public byte[] errorEvent(ClientError error) {
        throw upstreamOnly();
    }

    static InexpressibleException upstreamOnly() {
        return new InexpressibleException("the form of Voyage AI is not served to clients", null);
    }
}
