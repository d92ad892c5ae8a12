package dev.sluice.protocol.gemini;

import dev.sluice.protocol.Asked;
import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.Peek;
import dev.sluice.protocol.chat.Fields;
import dev.sluice.protocol.chat.InexpressibleException;
import dev.sluice.protocol.embed.EmbedAnswer;
import dev.sluice.protocol.embed.EmbedFormat;
import dev.sluice.protocol.embed.EmbedRequest;
import dev.sluice.protocol.embed.EmbedRequest.Truncation;
import dev.sluice.protocol.json.Json;

/** Embeddings of Vertex AI, which are spoken with upstreams only. */
sealed interface VertexFormat extends EmbedFormat permits VertexEmbedFormat, VertexEmbedContentFormat {
    /** What all models are told of the vectors. */
    static Json.Builder parameters(EmbedRequest request) {
        Json.Builder parameters = Json.object().put("outputDimensionality", Fields.number(request.dimensions()));
        switch (request.truncation()) {
            case null -> {}
            case NONE -> parameters.put("autoTruncate", false);
            case END -> parameters.put("autoTruncate", true);
            case START -> request.requireTruncation("Vertex AI", Truncation.END);
        }
        return parameters;
    }

    @Override
    default Peek peek(byte[] body, Asked asked) {
        return new Peek.Malformed("no client speaks this format", null);
    }

    @Override
    default EmbedRequest readRequest(byte[] body, Asked asked) {
        throw new InexpressibleException("embeddings in the form of Vertex AI are not served to clients", null);
    }

    @Override
    default byte[] writeAnswer(EmbedAnswer answer, EmbedRequest request, View view) {
        throw new IllegalStateException("embeddings in the form of Vertex AI are not served to clients");
    }

    @Override
    default byte[] errorBody(ClientError error) {
        return ErrorForm.body(error);
    }

    @Override
    default byte[] errorEvent(ClientError error) {
        return ErrorForm.event(error);
    }
}
