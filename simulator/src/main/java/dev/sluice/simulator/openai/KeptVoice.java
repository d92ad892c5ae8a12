package dev.sluice.simulator.openai;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Frame;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Script;
import dev.sluice.simulator.voice.Wishes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * Files, batches and videos. Nothing is kept: whatever id is asked for is answered for, and what is made has an id that follows from
 * the request.
 */
final class KeptVoice implements JsonVoice {
    private final String mark;
    private final String object;
    private final String prefix;

    /**
     * @param mark the part of the path that names the kind, e.g. {@code /files}
     * @param object how an object of the kind calls itself
     * @param prefix of its ids
     */
    KeptVoice(String mark, String object, String prefix) {
        this.mark = mark;
        this.object = object;
        this.prefix = prefix;
    }

    boolean serves(String path) {
        return path.endsWith(mark) || path.contains(mark + "/");
    }

    @Override
    public Script reply(Heard heard, Wishes wishes) {
        String below = heard.path().substring(heard.path().indexOf(mark) + mark.length());
        String[] parts = below.split("/", -1);
        String id = parts.length > 1 ? parts[1] : "";
        if (below.endsWith("/content")) {
            Frame content = Frame.content("content of " + id, 0);
            return new Script(200, "application/octet-stream", List.of(), false, List.of(content), Usage.ZERO);
        }
        if (heard.method().equals("DELETE")) {
            return whole(
                    heard, new JsonObject().put("id", id).put("object", object).put("deleted", true));
        }
        if (heard.method().equals("GET") && id.isEmpty()) {
            JsonArray data = new JsonArray().add(thing(heard, prefix + "listed"));
            return whole(
                    heard,
                    new JsonObject().put("object", "list").put("data", data).put("has_more", false));
        }
        boolean made = id.isEmpty() || below.endsWith("/remix");
        return whole(heard, thing(heard, made ? prefix + heard.id(mark) : id));
    }

    private JsonObject thing(Heard heard, String id) {
        JsonObject sent = heard.json() == null ? new JsonObject() : heard.json();
        JsonObject thing = new JsonObject().put("id", id).put("object", object).put("created_at", heard.createdAt());
        return switch (mark) {
            case "/files" ->
                thing.put("bytes", sent.getInteger("form_bytes", 0))
                        .put("filename", "file")
                        .put("purpose", sent.getString("purpose", "batch"))
                        .put("status", "processed");
            case "/batches" ->
                thing.put("input_file_id", sent.getString("input_file_id", "file-in"))
                        .put("endpoint", sent.getString("endpoint", "/v1/chat/completions"))
                        .put("completion_window", "24h")
                        .put("status", heard.path().endsWith("/cancel") ? "cancelling" : "validating")
                        .putNull("errors");
            default ->
                thing.put("model", heard.model().isEmpty() ? "sora-2" : heard.model())
                        .put("status", "queued")
                        .put("progress", 0)
                        .put("seconds", "4")
                        .put("size", "720x1280")
                        .putNull("error");
        };
    }

    private static Script whole(Heard heard, JsonObject body) {
        return Wire.whole(heard, body, Usage.ZERO, false);
    }
}
