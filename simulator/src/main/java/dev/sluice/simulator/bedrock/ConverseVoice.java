package dev.sluice.simulator.bedrock;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Fields;
import dev.sluice.simulator.voice.Frame;
import dev.sluice.simulator.voice.Frame.Kind;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Prompt;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Reply;
import dev.sluice.simulator.voice.Script;
import dev.sluice.simulator.voice.Thinking;
import dev.sluice.simulator.voice.Tokens;
import dev.sluice.simulator.voice.ToolCall;
import dev.sluice.simulator.voice.Wishes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** {@code POST /model/{id}/converse} and {@code /converse-stream}. */
final class ConverseVoice implements RuntimeVoice {
    private static final Set<String> THINKING = Set.of("enabled", "adaptive");
    private static final int LATENCY_MILLIS = 321;

    private final boolean stream;

    ConverseVoice(boolean stream) {
        this.stream = stream;
    }

    @Override
    public Script reply(Heard heard, Wishes wishes) throws Rejection {
        Fields body = Fields.of(heard);
        Prompt prompt = ConversePrompt.read(body);
        Fields extra = body.object("additionalModelRequestFields");
        boolean thinks =
                THINKING.contains(extra.object("thinking").text("type", "disabled")) || extra.has("reasoning_config");
        Wishes wished = Thinking.asked(wishes, thinks);
        Reply reply = Reply.to(prompt, wished, heard, 0);
        Usage usage = Reply.usage(prompt.tokens(), List.of(reply), wished);
        List<String> thoughts = thinks ? Thinking.of(wished) : List.of();
        return stream
                ? Wire.stream(heard, frames(heard, reply, thoughts, usage, wished.tellsUsage()), usage)
                : whole(heard, reply, thoughts, usage, wished.tellsUsage());
    }

    private static Script whole(Heard heard, Reply reply, List<String> thoughts, Usage usage, boolean told) {
        JsonArray content = new JsonArray();
        if (!thoughts.isEmpty()) {
            JsonObject thought =
                    new JsonObject().put("text", String.join("", thoughts)).put("signature", Thinking.signature(heard));
            content.add(new JsonObject().put("reasoningContent", new JsonObject().put("reasoningText", thought)));
        }
        if (reply.calls().isEmpty()) {
            content.add(new JsonObject().put("text", reply.joinedText()));
        }
        for (ToolCall call : reply.calls()) {
            content.add(new JsonObject().put("toolUse", toolUse(call).put("input", new JsonObject(call.input()))));
        }
        JsonObject message = new JsonObject().put("role", "assistant").put("content", content);
        JsonObject body = new JsonObject()
                .put("output", new JsonObject().put("message", message))
                .put("stopReason", Wire.finish(reply.finish()));
        if (told) {
            body.put("usage", Wire.usage(usage));
        }
        body.put("metrics", new JsonObject().put("latencyMs", LATENCY_MILLIS));
        return Script.whole(body, usage, told, Wire.requestId(heard));
    }

    private static JsonObject toolUse(ToolCall call) {
        return new JsonObject()
                .put("toolUseId", "tooluse_" + call.id())
                .put("name", call.tool().name());
    }

    private static List<Frame> frames(Heard heard, Reply reply, List<String> thoughts, Usage usage, boolean told) {
        List<Frame> frames = new ArrayList<>();
        add(frames, Kind.OPENING, "messageStart", new JsonObject().put("role", "assistant"), 0);
        int block = 0;
        if (!thoughts.isEmpty()) {
            for (String thought : thoughts) {
                delta(frames, block, "reasoningContent", new JsonObject().put("text", thought), 0);
            }
            JsonObject signature = new JsonObject().put("signature", Thinking.signature(heard));
            delta(frames, block, "reasoningContent", signature, 0);
            stop(frames, block++);
        }
        // A block of text has no start of its own.
        for (Reply.Piece piece : reply.text()) {
            delta(frames, block, "text", piece.text(), piece.tokens());
        }
        if (!reply.text().isEmpty()) {
            stop(frames, block++);
        }
        for (ToolCall call : reply.calls()) {
            JsonObject start = new JsonObject().put("toolUse", toolUse(call));
            add(
                    frames,
                    Kind.CONTENT,
                    "contentBlockStart",
                    new JsonObject().put("contentBlockIndex", block).put("start", start),
                    Tokens.count(call.tool().name()));
            for (String fragment : Tokens.split(call.input())) {
                delta(frames, block, "toolUse", new JsonObject().put("input", fragment), 1);
            }
            stop(frames, block++);
        }
        JsonObject end = new JsonObject().put("stopReason", Wire.finish(reply.finish()));
        add(frames, Kind.TERMINATOR, "messageStop", end, 0);
        if (told) {
            JsonObject metadata = new JsonObject()
                    .put("usage", Wire.usage(usage))
                    .put("metrics", new JsonObject().put("latencyMs", LATENCY_MILLIS));
            add(frames, Kind.TERMINATOR, "metadata", metadata, 0);
            frames.set(frames.size() - 1, frames.getLast().reporting(usage));
        }
        return frames;
    }

    private static void delta(List<Frame> frames, int block, String kind, Object value, int tokens) {
        JsonObject delta = new JsonObject().put(kind, value);
        JsonObject payload = new JsonObject().put("contentBlockIndex", block).put("delta", delta);
        add(frames, Kind.CONTENT, "contentBlockDelta", payload, tokens);
    }

    private static void stop(List<Frame> frames, int block) {
        add(frames, Kind.CLOSING, "contentBlockStop", new JsonObject().put("contentBlockIndex", block), 0);
    }

    private static void add(List<Frame> frames, Kind kind, String type, JsonObject payload, int tokens) {
        frames.add(new Frame(kind, EventMessage.event(type, payload.encode()).bytes(), tokens, null));
    }
}
