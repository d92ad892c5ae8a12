package dev.sluice.protocol.gemini;

import dev.sluice.protocol.Asked;
import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.Peek;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.chat.Fields;
import dev.sluice.protocol.count.CountFormat;
import dev.sluice.protocol.count.CountRequest;
import dev.sluice.protocol.json.Json;
import dev.sluice.protocol.request.BodyPeek;
import dev.sluice.protocol.whole.WholeRead;
import java.util.Set;

/**
 * {@code :countTokens}. Google's API for developers counts contents alone, or a whole request of content within a member of its own; Vertex AI
 * has no such member and takes the members of the request as they are.
 *
 * @see <a href="https://ai.google.dev/api/tokens">Gemini</a>
 * @see <a href="https://docs.cloud.google.com/vertex-ai/generative-ai/docs/model-reference/count-tokens">Vertex AI</a>
 */
final class CountTokensFormat implements CountFormat {
    private static final String WHOLE = "generateContentRequest";
    private static final String VERTEX_AI = "vertex-ai";
    private static final Set<String> ON_VERTEX = Set.of("contents", "systemInstruction", "tools", "generationConfig");

    @Override
    public Peek peek(byte[] body, Asked asked) {
        return BodyPeek.read(body, ContentFormat.SHAPE, asked);
    }

    @Override
    public CountRequest readRequest(byte[] body, Asked asked) {
        Json whole = Members.camel(Fields.body(body)).get(WHOLE);
        return new CountRequest(Gemini.generateContent(), whole.isObject() ? whole.toBytes() : body, asked);
    }

    @Override
    public byte[] writeRequest(CountRequest request, String model, Dialect dialect) {
        Json content = request.in(Gemini.generateContent(), model, dialect);
        if (dialect.provider().equals(VERTEX_AI))
            return CountFormat.only(ON_VERTEX, content).toBytes();
        return Json.object()
                .put(WHOLE, content.with("model", Json.of("models/" + model)))
                .build()
                .toBytes();
    }

    @Override
    public WholeRead<Counted> readAnswer(byte[] body, int from, int to) {
        return CountFormat.read("totalTokens", body, from, to);
    }

    @Override
    public byte[] written(long tokens) {
        return Json.object().put("totalTokens", tokens).build().toBytes();
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
