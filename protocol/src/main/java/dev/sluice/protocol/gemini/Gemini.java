package dev.sluice.protocol.gemini;

import dev.sluice.protocol.Splice;
import dev.sluice.protocol.chat.ChatFormat;
import dev.sluice.protocol.count.CountFormat;
import dev.sluice.protocol.embed.EmbedFormat;
import dev.sluice.protocol.json.Json;
import java.util.List;

/** The operations of the Gemini wire format. */
public final class Gemini {
    private static final ChatFormat CONTENT = new ContentFormat();
    private static final CountFormat COUNT_TOKENS = new CountTokensFormat();
    private static final EmbedFormat EMBED_CONTENTS = new EmbedContentsFormat();
    private static final EmbedFormat VERTEX_EMBEDDINGS = new VertexEmbedFormat();
    private static final EmbedFormat VERTEX_EMBED_CONTENT = new VertexEmbedContentFormat();

    private Gemini() {}

    /** {@code POST /v1beta/models/MODEL:generateContent} and {@code :streamGenerateContent}. */
    public static ChatFormat generateContent() {
        return CONTENT;
    }

    /** {@code POST /v1beta/models/MODEL:countTokens}. */
    public static CountFormat countTokens() {
        return COUNT_TOKENS;
    }

    /** {@code POST /v1beta/models/MODEL:embedContent} and {@code :batchEmbedContents}. */
    public static EmbedFormat embedContents() {
        return EMBED_CONTENTS;
    }

    /** {@code POST …/publishers/google/models/MODEL:predict} of an embedding model on Vertex AI, spoken with upstreams. */
    public static EmbedFormat vertexEmbeddings() {
        return VERTEX_EMBEDDINGS;
    }

    /** {@code …/publishers/google/models/MODEL:embedContent} on Vertex AI, of models that take one input, spoken with upstreams. */
    public static EmbedFormat vertexEmbedContent() {
        return VERTEX_EMBED_CONTENT;
    }

    /** The edits that make a body for embeddings name another model, wherever it names one. */
    public static List<Splice> renaming(byte[] body, String model) {
        return EmbedContents.renaming(body, model);
    }

    /** The body of {@code GET /v1beta/models}, all on one page. */
    public static byte[] modelList(List<String> ids) {
        return Json.object()
                .put("models", Json.array(ids.stream().map(Gemini::describe).toList()))
                .build()
                .toBytes();
    }

    /** The body of {@code GET /v1beta/models/ID}. */
    public static byte[] model(String id) {
        return describe(id).toBytes();
    }

    private static Json describe(String id) {
        return Json.object()
                .put("name", "models/" + id)
                .put("displayName", id)
                .put("supportedGenerationMethods", Json.texts(List.of("generateContent", "countTokens")))
                .build();
    }
}
