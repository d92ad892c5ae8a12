package dev.sluice.simulator.cohere;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Fields;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Prompt;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Reply;
import dev.sluice.simulator.voice.Script;
import dev.sluice.simulator.voice.Thinking;
import dev.sluice.simulator.voice.ToolCall;
import dev.sluice.simulator.voice.Wishes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** {@code POST /v2/chat}. Before calls of tools the thoughts are told as the plan. */
final class ChatVoice implements CohereVoice {
    @Override
    public Script reply(Heard heard, Wishes wishes) throws Rejection {
        Fields body = Fields.of(heard);
        body.needed("model");
        Prompt prompt = ChatPrompt.read(body);
        boolean thinks = body.object("thinking").text("type", "disabled").equals("enabled");
        Wishes wished = Thinking.asked(wishes, thinks);
        Reply reply = Reply.to(prompt, wished, heard, 0);
        Usage usage = Wire.tellable(Reply.usage(prompt.tokens(), List.of(reply), wished));
        List<String> thoughts = thinks ? Thinking.of(wished) : List.of();
        if (body.flag("stream", false)) {
            return Script.events(new ChatStream(wished.report(), usage).frames(heard, reply, thoughts), usage);
        }
        JsonObject answer = new JsonObject()
                .put("id", heard.uuid("chat"))
                .put("message", message(reply, String.join("", thoughts)))
                .put("finish_reason", Wire.finish(reply.finish()));
        if (wished.tellsUsage()) {
            answer.put("usage", Wire.usage(usage));
        }
        return Script.whole(answer, usage, wished.tellsUsage());
    }

    private static JsonObject message(Reply reply, String thoughts) {
        JsonObject message = new JsonObject().put("role", "assistant");
        if (!reply.calls().isEmpty()) {
            JsonArray calls = new JsonArray();
            for (ToolCall call : reply.calls()) {
                calls.add(call(call, call.input()));
            }
            if (!thoughts.isEmpty()) {
                message.put("tool_plan", thoughts);
            }
            return message.put("tool_calls", calls);
        }
        JsonArray content = new JsonArray();
        if (!thoughts.isEmpty()) {
            content.add(new JsonObject().put("type", "thinking").put("thinking", thoughts));
        }
        return message.put(
                "content", content.add(new JsonObject().put("type", "text").put("text", reply.joinedText())));
    }

    static JsonObject call(ToolCall call, String arguments) {
        return new JsonObject()
                .put("id", call.tool().name() + "_" + call.id())
                .put("type", "function")
                .put(
                        "function",
                        new JsonObject().put("name", call.tool().name()).put("arguments", arguments));
    }
}
