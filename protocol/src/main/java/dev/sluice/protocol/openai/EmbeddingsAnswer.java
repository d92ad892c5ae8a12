package dev.sluice.protocol.openai;

import dev.sluice.protocol.Usage;
import dev.sluice.protocol.embed.EmbedAnswer;
import dev.sluice.protocol.embed.EmbedRequest;
import dev.sluice.protocol.embed.Vector;
import dev.sluice.protocol.embed.VectorDocument;
import dev.sluice.protocol.json.Json;
import dev.sluice.protocol.json.JsonWriter;
import dev.sluice.protocol.whole.WholeFormat.View;
import dev.sluice.protocol.whole.WholeRead;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers of embeddings. */
final class EmbeddingsAnswer {
    private EmbeddingsAnswer() {}

    static WholeRead<EmbedAnswer> read(byte[] body, int from, int to, @Nullable Usage usage) {
        VectorDocument document = VectorDocument.parse(body, from, to);
        if (document == null) return new WholeRead.Malformed<>("a vector of it is none");
        Json json = document.json();
        Json data = json.get("data");
        // Ark tells the one vector of several media without a list.
        List<Json> objects = data.isObject() ? List.of(data) : data.items();
        List<Vector> vectors = document.vectors(objects, "index", "embedding");
        return vectors == null
                ? new WholeRead.Malformed<>("the answer lacks a vector")
                : new WholeRead.Read<>(new EmbedAnswer(
                        json.get("id").text(""), json.get("model").text(""), vectors, usage));
    }

    static byte[] write(EmbedAnswer answer, EmbedRequest request, View view) {
        EmbedRequest.Encoding encoding = request.encodings().getFirst();
        JsonWriter out = new JsonWriter().raw("{\"object\":\"list\",\"data\":[");
        int index = 0;
        for (Vector vector : answer.vectors()) {
            out.raw(index == 0 ? "" : ",")
                    .raw("{\"object\":\"embedding\",\"index\":")
                    .number(index++);
            vector.write(encoding, out.raw(",\"embedding\":"));
            out.raw("}");
        }
        return out.raw("],\"model\":")
                .string(answer.model().isEmpty() ? view.model() : answer.model())
                .raw(",\"usage\":{\"prompt_tokens\":")
                .number(answer.tokens())
                .raw(",\"total_tokens\":")
                .number(answer.tokens())
                .raw("}}")
                .toBytes();
    }
}
