package dev.sluice.simulator.openai;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Frame;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Script;
import dev.sluice.simulator.voice.Shelf;
import dev.sluice.simulator.voice.Wishes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Files, batches, videos and what is below {@code /responses/}. What is made is kept for its key; a batch or a video goes on each time it
 * is asked after: first it is queued, then it runs, then it is done.
 */
final class KeptVoice implements JsonVoice {
    static final String OWNER = "authorization";

    private static final String AFTER = "?after";
    private static final String LIMIT = "?limit";
    private static final int LONGEST_LIST = 100;

    private final Shelf shelf;
    private final String mark;
    private final String object;
    private final String prefix;

    /**
     * @param mark the part of the path that names the kind, e.g. {@code /files}
     * @param object how an object of the kind calls itself
     * @param prefix of its ids
     */
    KeptVoice(Shelf shelf, String mark, String object, String prefix) {
        this.shelf = shelf;
        this.mark = mark;
        this.object = object;
        this.prefix = prefix;
    }

    boolean serves(String path) {
        return path.endsWith(mark) || path.contains(mark + "/");
    }

    @Override
    public List<String> cues() {
        return List.of(OWNER, AFTER, LIMIT);
    }

    @Override
    public boolean isPure() {
        return false;
    }

    @Override
    public Script reply(Heard heard, Wishes wishes) throws Rejection {
        String below = heard.path().substring(heard.path().indexOf(mark) + mark.length());
        String[] parts = below.split("/", -1);
        String id = parts.length > 1 ? parts[1] : "";
        String action = parts.length > 2 ? parts[2] : "";
        if (id.isEmpty()) {
            return whole(heard, heard.method().equals("GET") ? list(heard) : made(heard, new JsonObject()));
        }
        JsonObject thing = kept(heard, object, id);
        return switch (action) {
            case "content" -> {
                String type = object.equals("video") ? "video/mp4" : "application/octet-stream";
                yield new Script(
                        200, type, List.of(), false, List.of(Frame.content("content of " + id, 0)), Usage.ZERO);
            }
            case "remix" -> whole(heard, made(heard, new JsonObject().put("remixed_from_video_id", id)));
            case "cancel" ->
                whole(heard, put(heard, thing.put("status", object.equals("batch") ? "cancelling" : "cancelled")));
            case "input_items" ->
                whole(
                        heard,
                        new JsonObject()
                                .put("object", "list")
                                .put(
                                        "data",
                                        new JsonArray()
                                                .add(new JsonObject()
                                                        .put("id", "msg_1")
                                                        .put("type", "message")))
                                .put("first_id", "msg_1")
                                .put("last_id", "msg_1")
                                .put("has_more", false));
            default -> {
                if (!heard.method().equals("DELETE")) {
                    yield whole(heard, put(heard, goneOn(heard, thing)));
                }
                shelf.remove(heard.cue(OWNER), object, id);
                yield whole(
                        heard,
                        new JsonObject().put("id", id).put("object", object).put("deleted", true));
            }
        };
    }

    private JsonObject list(Heard heard) {
        List<JsonObject> all = shelf.all(heard.cue(OWNER), object).reversed();
        String after = heard.cue(AFTER);
        int from = 0;
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).getString("id").equals(after)) {
                from = i + 1;
            }
        }
        int limit = heard.cue(LIMIT).isEmpty() ? LONGEST_LIST : Integer.parseInt(heard.cue(LIMIT));
        List<JsonObject> page = all.subList(from, Math.min(all.size(), from + limit));
        JsonObject list = new JsonObject().put("object", "list").put("data", new JsonArray(page));
        if (!page.isEmpty()) {
            list.put("first_id", page.getFirst().getString("id"))
                    .put("last_id", page.getLast().getString("id"));
        }
        return list.put("has_more", from + page.size() < all.size());
    }

    private JsonObject made(Heard heard, JsonObject more) throws Rejection {
        JsonObject sent = heard.json() == null ? new JsonObject() : heard.json();
        JsonObject thing = new JsonObject()
                .put("id", prefix + heard.id(mark))
                .put("object", object)
                .put("created_at", heard.createdAt());
        switch (object) {
            case "file" ->
                thing.put("bytes", sent.getInteger("form_bytes", 0))
                        .put("filename", "file")
                        .put("purpose", sent.getString("purpose", "batch"))
                        .put("status", "processed");
            case "batch" -> {
                String input = sent.getString("input_file_id");
                if (input != null) {
                    kept(heard, "file", input);
                }
                thing.put("input_file_id", input == null ? "file-in" : input)
                        .put("endpoint", sent.getString("endpoint", "/v1/chat/completions"))
                        .put("completion_window", "24h")
                        .put("status", "validating")
                        .putNull("errors");
            }
            default ->
                thing.put("model", heard.model().isEmpty() ? "sora-2" : heard.model())
                        .put("status", "queued")
                        .put("progress", 0)
                        .put("seconds", String.valueOf(sent.getValue("seconds", "4")))
                        .put("size", "720x1280")
                        .putNull("error");
        }
        return put(heard, thing.mergeIn(more));
    }

    /** A thing as it is when it is asked after once more. */
    private JsonObject goneOn(Heard heard, JsonObject thing) {
        String next = switch (thing.getString("status", "")) {
            case "validating", "queued" -> "in_progress";
            case "in_progress" -> "completed";
            case "cancelling" -> "cancelled";
            default -> null;
        };
        if (next == null) {
            return thing;
        }
        thing.put("status", next);
        if (object.equals("video")) {
            thing.put("progress", next.equals("completed") ? 100 : 50);
        } else if (object.equals("batch") && next.equals("completed")) {
            JsonObject output = new JsonObject()
                    .put("id", "file-" + heard.id("output"))
                    .put("object", "file")
                    .put("bytes", 0)
                    .put("created_at", heard.createdAt())
                    .put("filename", "output.jsonl")
                    .put("purpose", "batch_output")
                    .put("status", "processed");
            shelf.put(heard.cue(OWNER), "file", output);
            thing.put("output_file_id", output.getString("id"));
        }
        return thing;
    }

    private JsonObject put(Heard heard, JsonObject thing) {
        shelf.put(heard.cue(OWNER), object, thing);
        return thing;
    }

    private JsonObject kept(Heard heard, String kind, String id) throws Rejection {
        @Nullable JsonObject thing = shelf.find(heard.cue(OWNER), kind, id);
        if (thing == null) {
            throw new Rejection(new Complaint(404, "No such " + kind + " object: " + id, null, null, "id"));
        }
        return thing;
    }

    private static Script whole(Heard heard, JsonObject body) {
        return Wire.whole(heard, body, Usage.ZERO, false);
    }
}
