package dev.sluice.protocol.gemini;

import dev.sluice.protocol.WireFormat;
import dev.sluice.protocol.chat.ChatFormat;
import dev.sluice.protocol.json.Json;
import java.util.List;

/** The operations of the Gemini wire format. */
public final class Gemini {
    private static final ChatFormat CONTENT = new ContentFormat();
    private static final WireFormat COUNT_TOKENS = new CountTokensFormat();

    private Gemini() {}

    /** {@code POST /v1beta/models/MODEL:generateContent} and {@code :streamGenerateContent}. */
    public static ChatFormat generateContent() {
        return CONTENT;
    }

    /** {@code POST /v1beta/models/MODEL:countTokens}. */
    public static WireFormat countTokens() {
        return COUNT_TOKENS;
    }

    /** The answer to a count of tokens. */
    public static byte[] tokenCount(long tokens) {
        return Json.object().put("totalTokens", tokens).build().toBytes();
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
