package dev.sluice.simulator.dashscope;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Script;
import dev.sluice.simulator.voice.Wishes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** {@code GET /api/v1/tasks/{id}} and {@code POST /api/v1/tasks/{id}/cancel}. */
final class TaskVoice implements DashScopeVoice {
    static final String MARK = "/api/v1/tasks/";

    private static final String CANCEL = "/cancel";
    private static final int SECONDS_OF_A_FILE = 9;
    private static final String TIME = "2024-01-01 00:00:00.000";

    private final Tasks tasks;

    TaskVoice(Tasks tasks) {
        this.tasks = tasks;
    }

    @Override
    public String model(Heard heard) {
        return "";
    }

    @Override
    public boolean isPure() {
        return false;
    }

    @Override
    public Script reply(Heard heard, Wishes wishes) throws Rejection {
        String id = heard.path().substring(heard.path().indexOf(MARK) + MARK.length());
        JsonObject answer = new JsonObject().put("request_id", Wire.requestId(heard));
        if (id.endsWith(CANCEL)) {
            if (!tasks.cancel(id.substring(0, id.length() - CANCEL.length()))) {
                throw new Rejection(new Complaint(
                        400,
                        "Failed to cancel the task, please confirm if the task is in PENDING status.",
                        null,
                        "UnsupportedOperation",
                        null));
            }
            return Script.whole(answer, Usage.ZERO, false);
        }
        Tasks.Task task = tasks.ask(id);
        JsonObject output = new JsonObject()
                .put("task_id", id)
                .put("task_status", task == null ? "UNKNOWN" : task.status().name());
        answer.put("output", output);
        if (task != null) {
            switch (task.status()) {
                case SUCCEEDED -> succeeded(id, task, output, answer);
                case FAILED ->
                    output.put("code", "DataInspectionFailed")
                            .put("message", "Output data may contain inappropriate content.");
                case PENDING, RUNNING, CANCELED -> {}
            }
        }
        return Script.whole(answer, Usage.ZERO, false);
    }

    private static void succeeded(String id, Tasks.Task task, JsonObject output, JsonObject answer) {
        output.put("submit_time", TIME).put("scheduled_time", TIME).put("end_time", TIME);
        String product = task.origin() + ProductVoice.MARK + id;
        switch (task.product()) {
            case VIDEO -> {
                output.put("orig_prompt", task.prompt()).put("video_url", product + ".mp4");
                answer.put(
                        "usage",
                        new JsonObject()
                                .put("video_count", 1)
                                .put("video_duration", task.seconds())
                                .put("video_ratio", "1280*720"));
            }
            case IMAGES -> {
                JsonArray results = new JsonArray();
                for (int number = 0; number < task.number(); number++) {
                    results.add(new JsonObject()
                            .put("orig_prompt", task.prompt())
                            .put("url", product + "-" + number + ".png"));
                }
                output.put("results", results).put("task_metrics", metrics(task));
                answer.put("usage", new JsonObject().put("image_count", task.number()));
            }
            case TRANSCRIPTS -> {
                JsonArray results = new JsonArray();
                for (String file : task.prompt().split("\n", -1)) {
                    results.add(new JsonObject()
                            .put("file_url", file)
                            .put("transcription_url", product + "-" + results.size() + ".json")
                            .put("subtask_status", "SUCCEEDED"));
                }
                output.put("results", results).put("task_metrics", metrics(task));
                answer.put("usage", new JsonObject().put("duration", task.number() * SECONDS_OF_A_FILE));
            }
        }
    }

    private static JsonObject metrics(Tasks.Task task) {
        return new JsonObject()
                .put("TOTAL", task.number())
                .put("SUCCEEDED", task.number())
                .put("FAILED", 0);
    }
}
