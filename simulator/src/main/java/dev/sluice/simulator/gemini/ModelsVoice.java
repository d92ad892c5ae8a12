package dev.sluice.simulator.gemini;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Script;
import dev.sluice.simulator.voice.Wishes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** {@code GET /v1beta/models} and {@code GET /v1beta/models/{id}}. */
final class ModelsVoice implements GoogleVoice {
    private final List<String> ids;

    ModelsVoice(List<String> ids) {
        this.ids = List.copyOf(ids);
    }

    @Override
    public Script reply(Heard heard, Wishes wishes) throws Rejection {
        if (heard.model().isEmpty()) {
            JsonArray models = new JsonArray();
            ids.forEach(id -> models.add(entry(id)));
            return Script.whole(new JsonObject().put("models", models), Usage.ZERO, false);
        }
        if (!ids.contains(heard.model())) {
            throw new Rejection(new Complaint(
                    404, "models/" + heard.model() + " is not found for API version v1beta.", null, null, null));
        }
        return Script.whole(entry(heard.model()), Usage.ZERO, false);
    }

    private static JsonObject entry(String id) {
        boolean embeds = id.contains("embedding");
        return new JsonObject()
                .put("name", "models/" + id)
                .put("displayName", id)
                .put("inputTokenLimit", 1_048_576)
                .put("outputTokenLimit", 65_536)
                .put(
                        "supportedGenerationMethods",
                        new JsonArray(
                                embeds
                                        ? List.of("embedContent", "batchEmbedContents")
                                        : List.of("generateContent", "streamGenerateContent", "countTokens")));
    }
}
