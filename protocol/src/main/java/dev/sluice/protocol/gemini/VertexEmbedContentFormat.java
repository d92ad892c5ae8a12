package dev.sluice.protocol.gemini;

import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.chat.InexpressibleException;
import dev.sluice.protocol.embed.EmbedAnswer;
import dev.sluice.protocol.embed.EmbedRequest;
import dev.sluice.protocol.embed.EmbedRequest.Input;
import dev.sluice.protocol.embed.Purpose;
import dev.sluice.protocol.json.Json;
import dev.sluice.protocol.whole.WholeRead;

/** {@code :embedContent} of embedding models on Vertex AI, which takes one input; wishes have an object of their own there. */
final class VertexEmbedContentFormat implements VertexFormat {
    @Override
    public byte[] writeRequest(EmbedRequest request, String model, Dialect dialect) {
        if (request.inputs().size() > 1)
            throw new InexpressibleException("model \"" + model + "\" of Vertex AI takes one input in a call", "input");
        Purpose purpose = request.purpose();
        Input input = request.inputs().getFirst();
        Json.Builder wishes = VertexFormat.parameters(request)
                .put("taskType", purpose == null ? null : EmbedContents.word(purpose))
                .put("title", input.title());
        Json.Builder body = Json.object().put("content", EmbedContents.content(input));
        if (!wishes.isEmpty()) body.put("embedContentConfig", wishes.build());
        return body.build().toBytes();
    }

    @Override
    public WholeRead<EmbedAnswer> readAnswer(byte[] body, int from, int to) {
        return EmbedContents.readAnswer(body, from, to);
    }
}
