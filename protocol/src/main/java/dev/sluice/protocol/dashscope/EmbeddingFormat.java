package dev.sluice.protocol.dashscope;

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
import dev.sluice.protocol.embed.EmbedRequest.Piece;
import dev.sluice.protocol.embed.Vector;
import dev.sluice.protocol.embed.VectorDocument;
import dev.sluice.protocol.json.Json;
import dev.sluice.protocol.json.JsonWriter;
import dev.sluice.protocol.request.BodyPeek;
import dev.sluice.protocol.whole.WholeRead;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Embeddings of texts, and of texts, pictures and films at a path of their own. */
final class EmbeddingFormat implements EmbedFormat {
    private static final BodyPeek.Shape SHAPE = new BodyPeek.Shape("model", null, null, null, Set.of("input"));

    @Override
    public Peek peek(byte[] body, Asked asked) {
        return BodyPeek.read(body, SHAPE, asked);
    }

    @Override
    public EmbedRequest readRequest(byte[] body, Asked asked) {
        return EmbeddingRequest.read(body);
    }

    @Override
    public byte[] writeRequest(EmbedRequest request, String model, Dialect dialect) {
        return EmbeddingRequest.write(request, model).toBytes();
    }

    @Override
    public WholeRead<EmbedAnswer> readAnswer(byte[] body, int from, int to) {
        return VectorDocument.read(body, from, to, document -> {
            Json json = document.json();
            List<Json> embeddings = json.get("output").get("embeddings").items();
            if (embeddings.isEmpty()) return WholeRead.none(body, from, to, "the answer has no embeddings");
            String place = embeddings.getFirst().has("text_index") ? "text_index" : "index";
            // Sparse vectors alone, for a client that asked for them.
            boolean sparse = embeddings.stream().noneMatch(embedding -> embedding.has("embedding"))
                    && embeddings.getFirst().has("sparse_embedding");
            List<Vector> vectors = sparse ? List.of() : document.vectors(embeddings, place, "embedding");
            return VectorDocument.answerOf(json.get("request_id").text(""), vectors, usage(json.get("usage")));
        });
    }

    /** Texts count in one number; of several media the texts and the pictures have one each. */
    private static @Nullable Usage usage(Json usage) {
        Json texts = usage.any("total_tokens", "input_tokens");
        if (!texts.isNumber()) return null;
        long pictures = usage.has("total_tokens") ? 0 : TokenCount.of(usage.get("image_tokens"));
        return Usage.of(TokenCount.of(texts) + pictures, 0);
    }

    @Override
    public byte[] writeAnswer(EmbedAnswer answer, EmbedRequest request, View view) {
        boolean media = request.layout() == Layout.CONTENTS;
        JsonWriter out = new JsonWriter().raw("{\"output\":{\"embeddings\":[");
        int index = 0;
        for (Vector vector : answer.vectors()) {
            out.raw(index == 0 ? "{\"" : ",{\"")
                    .raw(media ? "index" : "text_index")
                    .raw("\":")
                    .number(index);
            vector.writeNumbers(out.raw(",\"embedding\":"));
            if (media) out.raw(",\"type\":").string(type(request.inputs().get(index)));
            out.raw("}");
            index++;
        }
        return out.raw("]},\"usage\":{\"")
                .raw(media ? "input_tokens" : "total_tokens")
                .raw("\":")
                .number(answer.tokens())
                .raw("},\"request_id\":")
                .string(answer.id().isEmpty() ? view.id() : answer.id())
                .raw("}")
                .toBytes();
    }

    private static String type(EmbedRequest.Input input) {
        if (input.pieces().size() > 1) return "fusion";
        return switch (input.pieces().getFirst()) {
            case Piece.Text _, Piece.Tokens _ -> "text";
            case Piece.Image _ -> "image";
            case Piece.Video _ -> "video";
        };
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
