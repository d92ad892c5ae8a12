package dev.sluice.simulator.anthropic;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Complaint;
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
import java.util.Set;

/** {@code POST /v1/messages}. */
final class MessagesVoice implements MessageVoice {
    /** The header that names the version of the format. */
    static final String VERSION = "anthropic-version";

    private static final int LEAST_BUDGET = 1024;
    private static final Set<String> THINKING = Set.of("enabled", "adaptive");

    private final Door door;

    MessagesVoice(Door door) {
        this.door = door;
    }

    @Override
    public String model(Heard heard) {
        return door.model(heard);
    }

    @Override
    public Script reply(Heard heard, Wishes wishes) throws Rejection {
        Fields body = Fields.of(heard);
        door.check(heard, body);
        Prompt prompt = MessagesPrompt.read(body, true);
        boolean thinks = thinks(body);
        Wishes wished = Thinking.asked(wishes, thinks);
        Reply reply = Reply.to(prompt, wished, heard, 0);
        Usage usage = Reply.usage(prompt.tokens(), List.of(reply), wished);
        List<String> thoughts = thinks ? Thinking.of(wished) : List.of();
        if (door.isStream(body)) {
            MessageStream stream = new MessageStream(message(heard, new JsonArray()), usage, wished.report());
            return Script.events(stream.frames(heard, reply, thoughts), usage, Wire.requestId(heard));
        }
        JsonObject message = message(heard, content(heard, reply, thoughts));
        message.put("stop_reason", Wire.finish(reply.finish())).put("stop_sequence", null);
        if (wished.tellsUsage()) {
            message.put("usage", Wire.usage(usage, usage.outputTokens()));
        }
        return Script.whole(message, usage, wished.tellsUsage(), Wire.requestId(heard));
    }

    private static boolean thinks(Fields body) throws Rejection {
        Fields thinking = body.object("thinking");
        String type = thinking.text("type", "disabled");
        if (type.equals("enabled")) {
            int budget = thinking.count("budget_tokens", 0);
            if (budget < LEAST_BUDGET) {
                throw new Rejection(Complaint.invalid(
                        "thinking.budget_tokens",
                        "thinking.enabled.budget_tokens: Input should be greater than or equal to " + LEAST_BUDGET));
            }
            if (budget >= body.count("max_tokens", 1)) {
                throw new Rejection(
                        Complaint.invalid("max_tokens", "`max_tokens` must be greater than `thinking.budget_tokens`."));
            }
        }
        return THINKING.contains(type);
    }

    private static JsonObject message(Heard heard, JsonArray content) {
        return new JsonObject()
                .put("id", "msg_" + heard.id("message"))
                .put("type", "message")
                .put("role", "assistant")
                .put("model", heard.model())
                .put("content", content);
    }

    private static JsonArray content(Heard heard, Reply reply, List<String> thoughts) {
        JsonArray content = new JsonArray();
        if (!thoughts.isEmpty()) {
            content.add(new JsonObject()
                    .put("type", "thinking")
                    .put("thinking", String.join("", thoughts))
                    .put("signature", Thinking.signature(heard)));
        }
        if (reply.calls().isEmpty()) {
            content.add(new JsonObject().put("type", "text").put("text", reply.joinedText()));
        }
        for (ToolCall call : reply.calls()) {
            content.add(toolUse(call).put("input", new JsonObject(call.input())));
        }
        return content;
    }

    static JsonObject toolUse(ToolCall call) {
        return new JsonObject()
                .put("type", "tool_use")
                .put("id", "toolu_" + call.id())
                .put("name", call.tool().name());
    }
}
