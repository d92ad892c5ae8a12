package dev.sluice.protocol.bedrock;

import dev.sluice.protocol.chat.ChatRequest.CacheHint;
import dev.sluice.protocol.json.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the models of a family take cache points; all others refuse a request with one (AWS, "Prompt caching for faster model inference"). */
enum CachePoints {
    NONE,
    /** Nova: behind what is said, and all for the same time. */
    OF_TEXTS,
    /** Claude: also behind tools, their calls and their results, and with a time. */
    OF_ALL;

    private static final String MEMBER = "cachePoint";

    static CachePoints of(String model) {
        if (model.contains("anthropic.claude")) return OF_ALL;
        return model.contains("amazon.nova") ? OF_TEXTS : NONE;
    }

    void behindText(@Nullable CacheHint hint, List<Json> blocks) {
        if (this != NONE) behind(hint, blocks);
    }

    void behindTool(@Nullable CacheHint hint, List<Json> blocks) {
        if (this == OF_ALL) behind(hint, blocks);
    }

    private void behind(@Nullable CacheHint hint, List<Json> blocks) {
        if (hint == null || blocks.isEmpty() || blocks.getLast().has(MEMBER)) return;
        blocks.add(Json.object()
                .put(
                        MEMBER,
                        Json.object()
                                .put("type", "default")
                                .put("ttl", this == OF_ALL ? hint.ttl() : null)
                                .build())
                .build());
    }
}
