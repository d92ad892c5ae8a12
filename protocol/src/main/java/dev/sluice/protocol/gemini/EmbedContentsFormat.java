package dev.sluice.protocol.gemini;

import dev.sluice.protocol.Asked;
import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.Peek;
import dev.sluice.protocol.Usage;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.chat.TokenCount;
import dev.sluice.protocol.embed.EmbedAnswer;
import dev.sluice.protocol.embed.EmbedFormat;
import dev.sluice.protocol.embed.EmbedRequest;
import dev.sluice.protocol.embed.EmbedRequest.Layout;
import dev.sluice.protocol.embed.Vector;
import dev.sluice.protocol.embed.VectorDocument;
import dev.sluice.protocol.json.Json;
import dev.sluice.protocol.json.JsonWriter;
import dev.sluice.protocol.request.BodyPeek;
import dev.sluice.protocol.whole.WholeRead;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code :embedContent} and {@code :batchEmbedContents}; upstreams are always asked for a batch. */
final class EmbedContentsFormat implements EmbedFormat {
    private static final BodyPeek.Shape SHAPE =
            new BodyPeek.Shape(null, null, null, null, Set.of("content", "requests"));

    @Override
    public Peek peek(byte[] body, Asked asked) {
        return BodyPeek.read(body, SHAPE, asked);
    }

    @Override
    public EmbedRequest readRequest(byte[] body, Asked asked) {
        return EmbedContents.read(body);
    }

    @Override
    public byte[] writeRequest(EmbedRequest request, String model, Dialect dialect) {
        return EmbedContents.write(request, model).toBytes();
    }

    @Override
    public WholeRead<EmbedAnswer> readAnswer(byte[] body, int from, int to) {
        VectorDocument document = VectorDocument.parse(body, from, to);
        if (document == null)
            return new WholeRead.Malformed<>("the answer is not valid JSON, or a vector of it is none");
        Json json = document.json();
        List<Json> embeddings = json.get("embedding").isObject()
                ? List.of(json.get("embedding"))
                : json.get("embeddings").items();
        if (embeddings.isEmpty()) return WholeRead.none(body, from, to, "the answer has no embeddings");
        List<Vector> vectors = document.vectors(
                embeddings.stream().map(embedding -> embedding.get("values")).toList());
        return vectors == null
                ? new WholeRead.Malformed<>("the answer lacks a vector")
                : new WholeRead.Read<>(new EmbedAnswer("", "", vectors, usage(json)));
    }

    private static @Nullable Usage usage(Json json) {
        Json told = json.get("usageMetadata").any("promptTokenCount", "totalTokenCount");
        return told.isNumber() ? Usage.of(TokenCount.of(told), 0) : null;
    }

    @Override
    public byte[] writeAnswer(EmbedAnswer answer, EmbedRequest request, View view) {
        boolean single = request.layout() == Layout.SINGLE;
        JsonWriter out = new JsonWriter().raw(single ? "{\"embedding\":" : "{\"embeddings\":[");
        String separator = "";
        for (Vector vector : answer.vectors()) {
            vector.writeNumbers(out.raw(separator).raw("{\"values\":"));
            out.raw("}");
            separator = ",";
        }
        return out.raw(single ? "}" : "]}").toBytes();
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
