package dev.sluice.simulator.openai;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Script;
import dev.sluice.simulator.voice.Wishes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** {@code GET /v1/models} and {@code GET /v1/models/{id}}. */
final class ModelsVoice implements JsonVoice {
    private static final String MARK = "/models/";
    private static final long CREATED = 1_700_000_000L;

    private final List<String> ids;

    ModelsVoice(List<String> ids) {
        this.ids = List.copyOf(ids);
    }

    @Override
    public String model(Heard heard) {
        int at = heard.path().indexOf(MARK);
        return at < 0 ? "" : decode(heard.path().substring(at + MARK.length()));
    }

    private static String decode(String id) {
        try {
            return URLDecoder.decode(id.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            return id;
        }
    }

    @Override
    public Script reply(Heard heard, Wishes wishes) throws Rejection {
        if (!heard.method().equals("GET")) {
            throw new Rejection(new Complaint(
                    405,
                    "Not allowed to " + heard.method() + " on " + heard.path() + ". (HINT: use GET)",
                    null,
                    "method_not_supported",
                    null));
        }
        if (heard.model().isEmpty()) {
            JsonArray data = new JsonArray();
            ids.forEach(id -> data.add(entry(id)));
            return Wire.whole(heard, new JsonObject().put("object", "list").put("data", data), Usage.ZERO, false);
        }
        if (!ids.contains(heard.model())) {
            throw new Rejection(new Complaint(
                    404,
                    "The model '" + heard.model() + "' does not exist",
                    "invalid_request_error",
                    "model_not_found",
                    "model"));
        }
        return Wire.whole(heard, entry(heard.model()), Usage.ZERO, false);
    }

    private static JsonObject entry(String id) {
        return new JsonObject()
                .put("id", id)
                .put("object", "model")
                .put("created", CREATED)
                .put("owned_by", "simulator");
    }
}
