package dev.sluice.protocol.gemini;

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
import dev.sluice.protocol.embed.EmbedRequest.Truncation;
import dev.sluice.protocol.embed.Purpose;
import dev.sluice.protocol.embed.Vector;
import dev.sluice.protocol.embed.VectorDocument;
import dev.sluice.protocol.json.Json;
import dev.sluice.protocol.request.BodyPeek;
import dev.sluice.protocol.whole.WholeRead;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code :predict} of embedding models on Vertex AI. Spoken with upstreams only. */
final class VertexEmbedFormat implements EmbedFormat {
    private static final BodyPeek.Shape SHAPE = new BodyPeek.Shape(null, null, null, null, Set.of("instances"));

    @Override
    public Peek peek(byte[] body, Asked asked) {
        return BodyPeek.read(body, SHAPE, asked);
    }

    @Override
    public EmbedRequest readRequest(byte[] body, Asked asked) {
        throw new InexpressibleException("embeddings in the form of Vertex AI are not served to clients", null);
    }

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
        Json.Builder parameters = Json.object().put("outputDimensionality", Fields.number(request.dimensions()));
        switch (request.truncation()) {
            case null -> {}
            case NONE -> parameters.put("autoTruncate", false);
            case END -> parameters.put("autoTruncate", true);
            case START -> request.requireTruncation("Vertex AI", Truncation.END);
        }
        Json.Builder body = Json.object().put("instances", Json.array(instances));
        if (!parameters.isEmpty()) body.put("parameters", parameters.build());
        return body.build().toBytes();
    }

    @Override
    public WholeRead<EmbedAnswer> readAnswer(byte[] body, int from, int to) {
        VectorDocument document = VectorDocument.parse(body, from, to);
        if (document == null)
            return new WholeRead.Malformed<>("the answer is not valid JSON, or a vector of it is none");
        List<Json> predictions = document.json().get("predictions").items();
        if (predictions.isEmpty()) return WholeRead.none(body, from, to, "the answer has no predictions");
        List<Vector> vectors = document.vectors(predictions.stream()
                .map(prediction -> prediction.get("embeddings").get("values"))
                .toList());
        return vectors == null
                ? new WholeRead.Malformed<>("the answer lacks a vector")
                : new WholeRead.Read<>(new EmbedAnswer("", "", vectors, usage(predictions)));
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

    @Override
    public byte[] writeAnswer(EmbedAnswer answer, EmbedRequest request, View view) {
        throw new IllegalStateException("embeddings in the form of Vertex AI are not served to clients");
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
