package dev.sluice.simulator.dashscope;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Fields;
import dev.sluice.simulator.voice.Finish;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Script;
import dev.sluice.simulator.voice.Wishes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** Models that draw while the caller waits. With the wish for a content filter nothing is drawn. */
final class DrawVoice implements DashScopeVoice {
    @Override
    public Script reply(Heard heard, Wishes wishes) throws Rejection {
        Fields body = Fields.of(heard);
        body.needed("model");
        List<Fields> messages = body.object("input").objects("messages");
        if (messages.size() != 1) {
            throw body.wrong("input.messages", "one message");
        }
        String prompt = "";
        for (Fields part : messages.getFirst().objects("content")) {
            prompt += part.text("text", "");
        }
        if (prompt.isEmpty()) {
            throw messages.getFirst().missing("content");
        }
        Fields parameters = body.object("parameters");
        TaskStartVoice.size(parameters);
        if (wishes.finish() == Finish.CONTENT_FILTER) {
            throw new Rejection(new Complaint(
                    400, "Input data may contain inappropriate content.", null, "DataInspectionFailed", null));
        }
        int number = parameters.count("n", 1);
        JsonArray content = new JsonArray();
        for (int index = 0; index < number; index++) {
            String url = MultimodalVoice.origin(heard) + heard.uuid("picture") + "-" + index + ".png";
            content.add(new JsonObject().put("image", url));
        }
        JsonObject message = new JsonObject().put("role", "assistant").put("content", content);
        JsonObject choice = new JsonObject().put("finish_reason", "stop").put("message", message);
        JsonObject answer = new JsonObject()
                .put("output", new JsonObject().put("choices", new JsonArray().add(choice)))
                .put("usage", new JsonObject().put("image_count", number))
                .put("request_id", Wire.requestId(heard));
        return Script.whole(answer, Usage.ZERO, false);
    }
}
