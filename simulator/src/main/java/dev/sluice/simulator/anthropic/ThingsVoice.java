package dev.sluice.simulator.anthropic;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Frame;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Script;
import dev.sluice.simulator.voice.Wishes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Files and batches of messages. What is made is kept for its key, and no other key finds it; a batch has ended when it is asked after once.
 * Each request of a batch has used four tokens and made five.
 */
final class ThingsVoice implements MessageVoice {
    private static final String OWNER = "x-api-key";
    private static final int MOST_THINGS = 1_000;

    private final String mark;
    private final String prefix;
    private final String type;
    private final ConcurrentSkipListMap<String, JsonObject> things = new ConcurrentSkipListMap<>();

    /**
     * @param mark the part of the path that names the kind, e.g. {@code /v1/files}
     * @param type how an object of the kind calls itself
     * @param prefix of its ids
     */
    ThingsVoice(String mark, String type, String prefix) {
        this.mark = mark;
        this.type = type;
        this.prefix = prefix;
    }

    boolean serves(String path) {
        return path.endsWith(mark) || path.contains(mark + "/");
    }

    @Override
    public List<String> cues() {
        return List.of(MessagesVoice.VERSION, OWNER);
    }

    @Override
    public boolean isPure() {
        return false;
    }

    @Override
    public Script reply(Heard heard, Wishes wishes) throws Rejection {
        String[] parts = heard.path()
                .substring(heard.path().indexOf(mark) + mark.length())
                .split("/", -1);
        if (parts.length < 2 || parts[1].isEmpty())
            return whole(heard, heard.method().equals("GET") ? list(heard) : made(heard));
        String id = parts[1];
        JsonObject thing = things.get(place(heard, id));
        if (thing == null) throw new Rejection(new Complaint(404, "No such " + type + ": " + id, null, null, null));
        if (heard.method().equals("DELETE")) {
            things.remove(place(heard, id));
            return whole(heard, new JsonObject().put("id", id).put("type", type + "_deleted"));
        }
        return switch (parts.length > 2 ? parts[2] : "") {
            case "content" -> bytes("application/octet-stream", "content of " + id);
            case "results" -> bytes("application/x-jsonl", results(thing));
            case "cancel" -> whole(heard, shown(thing.copy().put("processing_status", "canceling")));
            default -> {
                if (thing.containsKey("processing_status")) ended(heard, thing);
                yield whole(heard, shown(thing));
            }
        };
    }

    private JsonObject made(Heard heard) {
        String id = prefix + heard.id(mark);
        JsonObject sent = heard.json() == null ? new JsonObject() : heard.json();
        JsonObject thing = new JsonObject().put("id", id).put("type", type);
        if (type.equals("message_batch")) {
            thing.put("processing_status", "in_progress").putNull("results_url");
            thing.put("requests", sent.getJsonArray("requests", new JsonArray()));
        } else {
            thing.put("filename", "file").put("size_bytes", sent.getInteger("form_bytes", 0));
        }
        if (things.size() >= MOST_THINGS) things.pollFirstEntry();
        things.put(place(heard, id), thing);
        return shown(thing);
    }

    private void ended(Heard heard, JsonObject thing) {
        JsonObject ended = thing.copy();
        ended.put("processing_status", "ended")
                .put("results_url", "https://api.anthropic.com" + mark + "/" + thing.getString("id") + "/results");
        things.put(place(heard, thing.getString("id")), ended);
        thing.mergeIn(ended);
    }

    /** What its requests were is not told again. */
    private static JsonObject shown(JsonObject thing) {
        JsonObject shown = thing.copy();
        shown.remove("requests");
        return shown;
    }

    private static String results(JsonObject batch) {
        StringBuilder lines = new StringBuilder();
        for (Object item : batch.getJsonArray("requests", new JsonArray())) {
            JsonObject request = (JsonObject) item;
            JsonObject message = new JsonObject()
                    .put("id", "msg_1")
                    .put("type", "message")
                    .put("role", "assistant")
                    .put("model", request.getJsonObject("params").getString("model"))
                    .put(
                            "content",
                            new JsonArray()
                                    .add(new JsonObject().put("type", "text").put("text", "done")))
                    .put("stop_reason", "end_turn")
                    .put("usage", Wire.usage(Usage.of(4, 5), 5));
            JsonObject result = new JsonObject().put("type", "succeeded").put("message", message);
            lines.append(new JsonObject()
                            .put("custom_id", request.getString("custom_id"))
                            .put("result", result)
                            .encode())
                    .append('\n');
        }
        return lines.toString();
    }

    private JsonObject list(Heard heard) {
        List<JsonObject> all = new ArrayList<>();
        for (Map.Entry<String, JsonObject> entry : things.entrySet()) {
            if (entry.getKey().startsWith(heard.cue(OWNER) + ' ')) all.add(shown(entry.getValue()));
        }
        return new JsonObject()
                .put("data", new JsonArray(all))
                .put("has_more", false)
                .put("first_id", all.isEmpty() ? null : all.getFirst().getString("id"))
                .put("last_id", all.isEmpty() ? null : all.getLast().getString("id"));
    }

    private static String place(Heard heard, String id) {
        return heard.cue(OWNER) + ' ' + id;
    }

    private static Script bytes(String contentType, String content) {
        return new Script(200, contentType, List.of(), false, List.of(Frame.content(content, 0)), Usage.ZERO);
    }

    private static Script whole(Heard heard, JsonObject body) {
        return Script.whole(body, Usage.ZERO, false, Wire.requestId(heard));
    }
}
