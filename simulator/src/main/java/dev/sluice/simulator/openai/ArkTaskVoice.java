package dev.sluice.simulator.openai;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Complaint;
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
 * {@code /contents/generations/tasks} of Volcengine Ark. A task goes on each time it is asked after: first it is queued, then it runs, then it
 * has succeeded. One that is queued can be cancelled, one that has ended can be deleted.
 */
final class ArkTaskVoice implements JsonVoice {
    private static final String MARK = "/contents/generations/tasks";
    private static final String KIND = "ark task";
    private static final int TOKENS = 10_800;

    private final Shelf shelf;

    ArkTaskVoice(Shelf shelf) {
        this.shelf = shelf;
    }

    boolean serves(String path) {
        return path.endsWith(MARK) || path.contains(MARK + "/");
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
        String id = heard.path().substring(heard.path().indexOf(MARK) + MARK.length());
        if (!id.isEmpty()) return whole(heard, kept(heard, id.substring(1)));
        if (heard.method().equals("GET")) {
            List<JsonObject> all = shelf.all(heard.cue(KeptVoice.OWNER), KIND).reversed();
            return whole(heard, new JsonObject().put("total", all.size()).put("items", new JsonArray(all)));
        }
        JsonObject task = new JsonObject()
                .put("id", "cgt-" + heard.id(MARK))
                .put("model", heard.model())
                .put("status", "queued")
                .putNull("error")
                .put("created_at", heard.createdAt())
                .put("updated_at", heard.createdAt());
        shelf.put(heard.cue(KeptVoice.OWNER), KIND, task);
        return whole(heard, new JsonObject().put("id", task.getString("id")));
    }

    private JsonObject kept(Heard heard, String id) throws Rejection {
        @Nullable JsonObject task = shelf.find(heard.cue(KeptVoice.OWNER), KIND, id);
        if (task == null) {
            throw new Rejection(new Complaint(
                    404, "The specified resource is not found: " + id, "NotFound", "ResourceNotFound", "id"));
        }
        return heard.method().equals("DELETE") ? ended(heard, task) : goneOn(heard, task);
    }

    private JsonObject ended(Heard heard, JsonObject task) throws Rejection {
        switch (task.getString("status")) {
            case "queued" -> shelf.put(heard.cue(KeptVoice.OWNER), KIND, task.put("status", "cancelled"));
            case "running" ->
                throw new Rejection(new Complaint(
                        409, "The task is running.", "Conflict", "InvalidAction.RunningTaskDeletion", "id"));
            default -> shelf.remove(heard.cue(KeptVoice.OWNER), KIND, task.getString("id"));
        }
        return new JsonObject();
    }

    private JsonObject goneOn(Heard heard, JsonObject task) {
        switch (task.getString("status")) {
            case "queued" -> task.put("status", "running");
            case "running" ->
                task.put("status", "succeeded")
                        .put("content", new JsonObject().put("video_url", "https://films.example.com/film.mp4"))
                        .put(
                                "usage",
                                new JsonObject()
                                        .put("completion_tokens", TOKENS)
                                        .put("total_tokens", TOKENS));
            default -> {}
        }
        shelf.put(heard.cue(KeptVoice.OWNER), KIND, task);
        return task;
    }

    private static Script whole(Heard heard, JsonObject body) {
        return Wire.whole(heard, body, Usage.ZERO, false);
    }
}
