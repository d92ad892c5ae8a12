package dev.sluice.simulator.dashscope;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.dashscope.Tasks.Product;
import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Fields;
import dev.sluice.simulator.voice.Finish;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Script;
import dev.sluice.simulator.voice.Wishes;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** {@code POST .../image-synthesis}, {@code .../video-synthesis} and {@code .../asr/transcription}, which only start tasks. With the wish for a content filter the task will fail. */
final class TaskStartVoice implements DashScopeVoice {
    private final Tasks tasks;
    private final Product product;

    TaskStartVoice(Tasks tasks, Product product) {
        this.tasks = tasks;
        this.product = product;
    }

    @Override
    public List<String> cues() {
        return List.of(ASYNC, MultimodalVoice.HOST);
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
        size(parameters);
        String prompt = switch (product) {
            case IMAGES -> input.needed("prompt");
            case VIDEO -> input.text("prompt", "");
            case TRANSCRIPTS -> files(input);
        };
        String id = heard.uuid("task");
        String host = heard.cue(MultimodalVoice.HOST);
        tasks.start(
                id,
                new Tasks.Task(
                        heard.model(),
                        prompt,
                        product,
                        product == Product.TRANSCRIPTS ? prompt.split("\n", -1).length : parameters.count("n", 1),
                        parameters.count("duration", 5),
                        wishes.finish() == Finish.CONTENT_FILTER,
                        "http://" + (host.isEmpty() ? "simulator.invalid" : host),
                        0,
                        false));
        JsonObject output = new JsonObject().put("task_status", "PENDING").put("task_id", id);
        return Script.whole(
                new JsonObject().put("output", output).put("request_id", Wire.requestId(heard)), Usage.ZERO, false);
    }

    /** Rejects a size that is not told with a star. */
    static void size(Fields parameters) throws Rejection {
        String size = parameters.text("size", "1024*1024");
        if (!size.matches("\\d+\\*\\d+")) {
            throw parameters.wrong("size", "width*height, but it is " + size);
        }
    }

    private static String files(Fields input) throws Rejection {
        List<String> files = input.texts("file_urls");
        if (files.isEmpty()) {
            throw input.missing("file_urls");
        }
        return String.join("\n", files);
    }
}
