package dev.sluice.simulator.dashscope;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Fields;
import dev.sluice.simulator.voice.Finish;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Script;
import dev.sluice.simulator.voice.Wishes;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** {@code POST .../image-synthesis} and {@code .../video-synthesis}, which only start tasks. With the wish for a content filter the task will fail. */
final class TaskStartVoice implements DashScopeVoice {
    private static final String HOST = "host";

    private final Tasks tasks;
    private final boolean video;

    TaskStartVoice(Tasks tasks, boolean video) {
        this.tasks = tasks;
        this.video = video;
    }

    @Override
    public List<String> cues() {
        return List.of(ASYNC, HOST);
    }

    @Override
    public boolean isPure() {
        return false;
    }

    @Override
    public Script reply(Heard heard, Wishes wishes) throws Rejection {
        Fields body = Fields.of(heard);
        if (!heard.cue(ASYNC).equals("enable")) {
            throw new Rejection(new Complaint(
                    403, "current user api does not support synchronous calls.", null, "AccessDenied", null));
        }
        body.needed("model");
        Fields input = body.object("input");
        Fields parameters = body.object("parameters");
        String size = parameters.text("size", "1024*1024");
        if (!size.matches("\\d+\\*\\d+")) {
            throw parameters.wrong("size", "width*height, but it is " + size);
        }
        String prompt = video ? input.text("prompt", "") : input.needed("prompt");
        String id = heard.uuid("task");
        String host = heard.cue(HOST);
        tasks.start(
                id,
                new Tasks.Task(
                        heard.model(),
                        prompt,
                        video,
                        parameters.count("n", 1),
                        parameters.count("duration", 5),
                        wishes.finish() == Finish.CONTENT_FILTER,
                        "http://" + (host.isEmpty() ? "simulator.invalid" : host),
                        0,
                        false));
        JsonObject output = new JsonObject().put("task_status", "PENDING").put("task_id", id);
        return Script.whole(
                new JsonObject().put("output", output).put("request_id", Wire.requestId(heard)), Usage.ZERO, false);
    }
}
