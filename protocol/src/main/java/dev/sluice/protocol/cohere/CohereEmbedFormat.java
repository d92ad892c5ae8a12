package dev.sluice.protocol.cohere;

import dev.sluice.protocol.Asked;
import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.Peek;
import dev.sluice.protocol.Usage;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.chat.TokenCount;
import dev.sluice.protocol.embed.EmbedAnswer;
import dev.sluice.protocol.embed.EmbedFormat;
import dev.sluice.protocol.embed.EmbedRequest;
import dev.sluice.protocol.embed.EmbedRequest.Encoding;
import dev.sluice.protocol.embed.Vector;
import dev.sluice.protocol.embed.VectorDocument;
import dev.sluice.protocol.json.Json;
import dev.sluice.protocol.json.JsonWriter;
import dev.sluice.protocol.request.BodyPeek;
import dev.sluice.protocol.whole.WholeRead;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Embeddings, version 2.
 *
 * @see <a href="https://docs.cohere.com/reference/embed">Cohere</a>
 */
final class CohereEmbedFormat implements EmbedFormat {
    private static final BodyPeek.Shape SHAPE =
            new BodyPeek.Shape("model", null, null, null, Set.of("texts", "images", "inputs"));

    @Override
    public Peek peek(byte[] body, Asked asked) {
        return BodyPeek.read(body, SHAPE, asked);
    }

    @Override
    public EmbedRequest readRequest(byte[] body, Asked asked) {
        return CohereEmbedRequest.read(body);
    }

    @Override
    public byte[] writeRequest(EmbedRequest request, String model, Dialect dialect) {
        return CohereEmbedRequest.write(request, model).toBytes();
    }

    @Override
    public WholeRead<EmbedAnswer> readAnswer(byte[] body, int from, int to) {
        return VectorDocument.read(body, from, to, document -> {
            Json json = document.json();
            Json embeddings = json.get("embeddings");
            String id = json.get("id").text("");
            List<Json> places = (embeddings.isObject() ? embeddings.any("float", "base64") : embeddings).items();
            if (!places.isEmpty()) return document.answer(id, places, usage(json));
            // An answer of bytes or bits alone, for a client that asked for them.
            boolean others = embeddings.fields().values().stream()
                    .anyMatch(list -> !list.items().isEmpty());
            return others
                    ? document.answer(id, List.of(), usage(json))
                    : WholeRead.none(body, from, to, "the answer has no embeddings");
        });
    }

    private static @Nullable Usage usage(Json json) {
        Json units = json.get("meta").any("billed_units", "tokens");
        Json pictures = units.get("image_tokens");
        if (!units.get("input_tokens").isNumber() && !pictures.isNumber()) return null;
        return Usage.of(TokenCount.of(units.get("input_tokens")) + TokenCount.of(pictures), 0);
    }

    @Override
    public byte[] writeAnswer(EmbedAnswer answer, EmbedRequest request, View view) {
        JsonWriter out = new JsonWriter().raw("{\"id\":").string(answer.id().isEmpty() ? view.id() : answer.id());
        String separator = ",\"embeddings\":{\"";
        for (Encoding encoding : request.encodings()) {
            out.raw(separator).raw(CohereEmbedRequest.word(encoding)).raw("\":");
            vectors(answer, encoding, out);
            separator = ",\"";
        }
        out.raw("}");
        if (request.isText()) Json.texts(request.texts("")).writeTo(out.raw(",\"texts\":"));
        return out.raw(",\"meta\":{\"api_version\":{\"version\":\"2\"},\"billed_units\":{\"input_tokens\":")
                .number(answer.tokens())
                .raw("}},\"response_type\":\"embeddings_by_type\"}")
                .toBytes();
    }

    private static void vectors(EmbedAnswer answer, Encoding encoding, JsonWriter out) {
        String separator = "[";
        for (Vector vector : answer.vectors()) {
            vector.write(encoding, out.raw(separator));
            separator = ",";
        }
        out.raw("]");
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
