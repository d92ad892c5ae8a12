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

/**
 * Things that hold others: uploads their parts, vector stores and containers their files; fine-tuning jobs hold nothing. A place and what it
 * holds belong to the key that made them, and whatever a request names must be there.
 */
final class PlaceVoice implements JsonVoice {
    private final Shelf shelf;
    private final Kind kind;

    /** What holds, where it is called, and how its ids begin. */
    enum Kind {
        UPLOAD("/uploads", "upload", "upload_"),
        CONTAINER("/containers", "container", "cntr_"),
        VECTOR_STORE("/vector_stores", "vector_store", "vs_"),
        FINE_TUNING_JOB("/fine_tuning/jobs", "fine_tuning.job", "ftjob-");

        private final String mark;
        private final String object;
        private final String prefix;

        Kind(String mark, String object, String prefix) {
            this.mark = mark;
            this.object = object;
            this.prefix = prefix;
        }
    }

    PlaceVoice(Shelf shelf, Kind kind) {
        this.shelf = shelf;
        this.kind = kind;
    }

    boolean serves(String path) {
        return path.endsWith(kind.mark) || path.contains(kind.mark + "/");
    }

    @Override
    public List<String> cues() {
        return List.of(KeptVoice.OWNER);
    }

    @Override
    public boolean isPure() {
        return false;
    }

    @Override
    public Script reply(Heard heard, Wishes wishes) throws Rejection {
        String below = heard.path().substring(heard.path().indexOf(kind.mark) + kind.mark.length());
        String[] parts = (below + "////").split("/", -1);
        boolean posts = heard.method().equals("POST");
        JsonObject sent = heard.json() == null ? new JsonObject() : heard.json();
        if (parts[1].isEmpty()) {
            return whole(heard, posts ? made(heard, sent) : list(shelf.all(heard.cue(KeptVoice.OWNER), kind.object)));
        }
        JsonObject place = kept(heard, kind.object, parts[1]);
        return switch (parts[2]) {
            case "" -> whole(heard, heard.method().equals("DELETE") ? removed(heard, kind.object, parts[1]) : place);
            case "cancel" -> whole(heard, put(heard, kind.object, place.put("status", "cancelled")));
            case "complete" -> whole(heard, completed(heard, place, sent));
            case "search" -> whole(heard, found(heard, parts[1]));
            default -> {
                if (parts[4].equals("content") && kind == Kind.CONTAINER) {
                    kept(heard, held(parts[1]), parts[3]);
                    yield new Script(
                            200,
                            "application/octet-stream",
                            List.of(),
                            false,
                            List.of(Frame.content("content of " + parts[3], 0)),
                            Usage.ZERO);
                }
                if (!parts[3].isEmpty()) yield whole(heard, kept(heard, held(parts[1]), parts[3]));
                yield whole(
                        heard,
                        posts
                                ? added(heard, parts[1], parts[2], sent)
                                : list(shelf.all(heard.cue(KeptVoice.OWNER), held(parts[1]))));
            }
        };
    }

    private JsonObject made(Heard heard, JsonObject sent) throws Rejection {
        JsonObject thing = new JsonObject()
                .put("id", kind.prefix + heard.id(kind.mark))
                .put("object", kind.object)
                .put("created_at", heard.createdAt());
        switch (kind) {
            case UPLOAD ->
                thing.put("status", "pending")
                        .put("purpose", sent.getString("purpose"))
                        .put("filename", sent.getString("filename"))
                        .put("bytes", sent.getInteger("bytes"));
            case CONTAINER -> thing.put("status", "running").put("name", sent.getString("name"));
            case VECTOR_STORE -> thing.put("status", "completed").put("name", sent.getString("name"));
            case FINE_TUNING_JOB -> {
                kept(heard, "file", sent.getString("training_file", ""));
                thing.put("status", "queued")
                        .put("model", heard.model())
                        .put("training_file", sent.getString("training_file"))
                        .put("result_files", new JsonArray());
            }
        }
        for (Object file : sent.getJsonArray("file_ids", new JsonArray())) {
            hold(heard, thing.getString("id"), String.valueOf(file));
        }
        return put(heard, kind.object, thing);
    }

    private JsonObject added(Heard heard, String place, String what, JsonObject sent) throws Rejection {
        JsonObject thing = new JsonObject().put("created_at", heard.createdAt());
        if (what.equals("file_batches")) {
            for (Object file : sent.getJsonArray("file_ids")) hold(heard, place, String.valueOf(file));
            thing.put("id", "vsfb_" + heard.id(what))
                    .put("object", "vector_store.file_batch")
                    .put("vector_store_id", place)
                    .put("status", "in_progress");
            return put(heard, held(place), thing);
        }
        if (kind == Kind.VECTOR_STORE) return hold(heard, place, sent.getString("file_id", ""));
        if (kind == Kind.CONTAINER) {
            thing.put("id", "cfile_" + heard.id(what))
                    .put("object", "container.file")
                    .put("container_id", place)
                    .put("bytes", sent.getInteger("form_bytes", 0))
                    .put("path", "/mnt/data/file")
                    .put("source", "user");
        } else {
            thing.put("id", "part_" + heard.id(what))
                    .put("object", "upload.part")
                    .put("upload_id", place);
        }
        return put(heard, held(place), thing);
    }

    private JsonObject completed(Heard heard, JsonObject upload, JsonObject sent) throws Rejection {
        for (Object part : sent.getJsonArray("part_ids")) {
            kept(heard, held(upload.getString("id")), String.valueOf(part));
        }
        JsonObject file = new JsonObject()
                .put("id", "file-" + heard.id("file"))
                .put("object", "file")
                .put("bytes", upload.getInteger("bytes"))
                .put("created_at", heard.createdAt())
                .put("filename", upload.getString("filename"))
                .put("purpose", upload.getString("purpose"))
                .put("status", "processed");
        put(heard, "file", file);
        return put(heard, kind.object, upload.put("status", "completed").put("file", file));
    }

    private JsonObject hold(Heard heard, String place, String file) throws Rejection {
        kept(heard, "file", file);
        JsonObject thing = new JsonObject()
                .put("id", file)
                .put("object", "vector_store.file")
                .put("created_at", heard.createdAt())
                .put("vector_store_id", place)
                .put("status", "completed");
        return put(heard, held(place), thing);
    }

    private JsonObject found(Heard heard, String place) {
        JsonArray data = new JsonArray();
        for (JsonObject thing : shelf.all(heard.cue(KeptVoice.OWNER), held(place))) {
            if (!thing.getString("object").equals("vector_store.file")) continue;
            data.add(new JsonObject()
                    .put("file_id", thing.getString("id"))
                    .put("filename", "file")
                    .put("score", 0.5)
                    .put(
                            "content",
                            new JsonArray()
                                    .add(new JsonObject().put("type", "text").put("text", "found"))));
        }
        return new JsonObject()
                .put("object", "vector_store.search_results.page")
                .put("data", data)
                .put("has_more", false);
    }

    private JsonObject removed(Heard heard, String what, String id) {
        shelf.remove(heard.cue(KeptVoice.OWNER), what, id);
        return new JsonObject().put("id", id).put("object", what + ".deleted").put("deleted", true);
    }

    private static JsonObject list(List<JsonObject> things) {
        JsonObject list = new JsonObject().put("object", "list").put("data", new JsonArray(things));
        if (!things.isEmpty()) {
            list.put("first_id", things.getFirst().getString("id"))
                    .put("last_id", things.getLast().getString("id"));
        }
        return list.put("has_more", false);
    }

    private static String held(String place) {
        return "in " + place;
    }

    private JsonObject put(Heard heard, String what, JsonObject thing) {
        shelf.put(heard.cue(KeptVoice.OWNER), what, thing);
        return thing;
    }

    private JsonObject kept(Heard heard, String what, String id) throws Rejection {
        JsonObject thing = shelf.find(heard.cue(KeptVoice.OWNER), what, id);
        if (thing == null) {
            throw new Rejection(new Complaint(404, "No such " + what + " object: " + id, null, null, "id"));
        }
        return thing;
    }

    private static Script whole(Heard heard, JsonObject body) {
        return Wire.whole(heard, body, Usage.ZERO, false);
    }
}
