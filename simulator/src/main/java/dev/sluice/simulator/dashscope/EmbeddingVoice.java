package dev.sluice.simulator.dashscope;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Fields;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Script;
import dev.sluice.simulator.voice.Tokens;
import dev.sluice.simulator.voice.Vector;
import dev.sluice.simulator.voice.Wishes;
import io.vertx.core.json.Json;
import java.util.ArrayList;
import java.util.List;

/** {@code POST .../text-embedding/text-embedding}. */
final class EmbeddingVoice implements DashScopeVoice {
    private static final int USUAL_DIMENSIONS = 1_024;
    private static final int MOST_INPUTS = 10;
    private static final int MOST_OF_OLD_MODELS = 25;

    @Override
    public Script reply(Heard heard, Wishes wishes) throws Rejection {
        Fields body = Fields.of(heard);
        body.needed("model");
        List<String> texts = body.object("input").texts("texts");
        if (texts.isEmpty()) {
            throw body.object("input").missing("texts");
        }
        if (heard.model().startsWith("text-embedding-v")) {
            boolean old = heard.model().endsWith("-v1") || heard.model().endsWith("-v2");
            body.object("input").atMost(old ? MOST_OF_OLD_MODELS : MOST_INPUTS, texts.size(), "texts");
        }
        int dimensions = body.object("parameters").count("dimension", USUAL_DIMENSIONS);
        int tokens = 0;
        List<String> embeddings = new ArrayList<>();
        for (String text : texts) {
            tokens += Tokens.count(text);
            embeddings.add("{\"text_index\":" + embeddings.size() + ",\"embedding\":"
                    + Vector.of(text, dimensions).json() + "}");
        }
        boolean told = wishes.tellsUsage();
        String json = "{\"output\":{\"embeddings\":[" + String.join(",", embeddings) + "]}"
                + (told ? ",\"usage\":{\"total_tokens\":" + tokens + "}" : "")
                + ",\"request_id\":" + Json.encode(Wire.requestId(heard)) + "}";
        return Script.whole(json, Usage.of(tokens, 0), told);
    }
}
