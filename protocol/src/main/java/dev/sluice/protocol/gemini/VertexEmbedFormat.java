package dev.sluice.protocol.gemini;

import dev.sluice.protocol.Usage;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.chat.TokenCount;
import dev.sluice.protocol.embed.EmbedAnswer;
import dev.sluice.protocol.embed.EmbedRequest;
import dev.sluice.protocol.embed.Purpose;
import dev.sluice.protocol.embed.VectorDocument;
import dev.sluice.protocol.json.Json;
import dev.sluice.protocol.whole.WholeRead;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code :predict} of embedding models on Vertex AI. */
final class VertexEmbedFormat implements VertexFormat {
    @Override
    public byte[] writeRequest(EmbedRequest request, String model, Dialect dialect) {
        Purpose purpose = request.purpose();
        List<String> texts = request.texts("Vertex AI");
        List<Json> instances = new ArrayList<>(texts.size());
        for (int i = 0; i < texts.size(); i++) {
            instances.add(Json.object()
                    .put("content", texts.get(i))
                    .put("task_type", purpose == null ? null : EmbedContents.word(purpose))
                    .put("title", request.inputs().get(i).title())
                    .build());
        }
        Json.Builder parameters = VertexFormat.parameters(request);
        Json.Builder body = Json.object().put("instances", Json.array(instances));
        if (!parameters.isEmpty()) body.put("parameters", parameters.build());
        return body.build().toBytes();
    }

    @Override
    public WholeRead<EmbedAnswer> readAnswer(byte[] body, int from, int to) {
        return VectorDocument.read(body, from, to, document -> {
            List<Json> predictions = document.json().get("predictions").items();
            if (predictions.isEmpty()) return WholeRead.none(body, from, to, "the answer has no predictions");
            return document.answer(
                    "",
                    predictions.stream()
                            .map(prediction -> prediction.get("embeddings").get("values"))
                            .toList(),
                    usage(predictions));
        });
    }

    private static @Nullable Usage usage(List<Json> predictions) {
        long tokens = 0;
        for (Json prediction : predictions) {
            Json count = prediction.get("embeddings").get("statistics").get("token_count");
            if (!count.isNumber()) return null;
            tokens += TokenCount.of(count);
        }
        return Usage.of(tokens, 0);
    }
}
