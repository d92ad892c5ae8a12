package dev.sluice.simulator.anthropic;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Script;
import dev.sluice.simulator.voice.Wishes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** {@code GET /v1/models} and {@code GET /v1/models/{id}} for clients that name a version of this format. */
final class ModelsVoice implements MessageVoice {
    private static final String MARK = "/v1/models/";

    private final List<String> ids;

    ModelsVoice(List<String> ids) {
        this.ids = List.copyOf(ids);
    }

    @Override
    public String model(Heard heard) {
        int at = heard.path().indexOf(MARK);
        return at < 0 ? "" : Heard.decoded(heard.path().substring(at + MARK.length()));
    }

    @Override
    public Script reply(Heard heard, Wishes wishes) throws Rejection {
        if (heard.model().isEmpty()) {
            JsonArray data = new JsonArray();
            ids.forEach(id -> data.add(entry(id)));
            JsonObject list = new JsonObject()
                    .put("data", data)
                    .put("first_id", ids.isEmpty() ? null : ids.getFirst())
                    .put("last_id", ids.isEmpty() ? null : ids.getLast())
                    .put("has_more", false);
            return Script.whole(list, Usage.ZERO, false, Wire.requestId(heard));
        }
        if (!ids.contains(heard.model())) {
            throw new Rejection(new Complaint(404, "model: " + heard.model(), null, null, null));
        }
        return Script.whole(entry(heard.model()), Usage.ZERO, false, Wire.requestId(heard));
    }

    private static JsonObject entry(String id) {
        return new JsonObject()
                .put("type", "model")
                .put("id", id)
                .put("display_name", id)
                .put("created_at", "2025-02-19T00:00:00Z");
    }
}
