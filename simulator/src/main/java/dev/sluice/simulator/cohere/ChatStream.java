package dev.sluice.simulator.cohere;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Frame;
import dev.sluice.simulator.voice.Frame.Kind;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Reply;
import dev.sluice.simulator.voice.Tokens;
import dev.sluice.simulator.voice.ToolCall;
import dev.sluice.simulator.voice.UsageReport;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** The events of one streamed chat. */
final class ChatStream {
    private final List<Frame> frames = new ArrayList<>();
    private final UsageReport report;
    private final Usage usage;

    ChatStream(UsageReport report, Usage usage) {
        this.report = report;
        this.usage = usage;
    }

    List<Frame> frames(Heard heard, Reply reply, List<String> thoughts) {
        JsonObject message = new JsonObject()
                .put("role", "assistant")
                .put("content", new JsonArray())
                .put("tool_plan", "")
                .put("tool_calls", new JsonArray());
        add(Kind.OPENING, "message-start", new JsonObject().put("id", heard.uuid("chat")), message, 0);
        if (reply.calls().isEmpty()) {
            int block = 0;
            if (!thoughts.isEmpty()) {
                block(
                        "thinking",
                        block++,
                        thoughts.stream()
                                .map(thought -> new Reply.Piece(thought, 0))
                                .toList());
            }
            block("text", block, reply.text());
        } else {
            for (String thought : thoughts) {
                add(Kind.CONTENT, "tool-plan-delta", new JsonObject(), new JsonObject().put("tool_plan", thought), 0);
            }
            for (int index = 0; index < reply.calls().size(); index++) {
                call(index, reply.calls().get(index));
            }
        }
        JsonObject end = new JsonObject().put("finish_reason", Wire.finish(reply.finish()));
        boolean told = report != UsageReport.NEVER;
        if (told) {
            end.put("usage", Wire.usage(usage));
        }
        String event = Wire.event("message-end", new JsonObject().put("delta", end));
        frames.add(Frame.terminator(event).reporting(told ? usage : null));
        return frames;
    }

    private void block(String type, int index, List<Reply.Piece> pieces) {
        JsonObject place = new JsonObject().put("index", index);
        content(
                Kind.OPENING,
                "content-start",
                place,
                new JsonObject().put("type", type).put(type, ""),
                0);
        for (Reply.Piece piece : pieces) {
            content(Kind.CONTENT, "content-delta", place, new JsonObject().put(type, piece.text()), piece.tokens());
        }
        closing("content-end", place);
    }

    private void content(Kind kind, String type, JsonObject place, JsonObject content, int tokens) {
        add(kind, type, place, new JsonObject().put("content", content), tokens);
    }

    private void call(int index, ToolCall call) {
        JsonObject place = new JsonObject().put("index", index);
        JsonObject start = new JsonObject().put("tool_calls", ChatVoice.call(call, ""));
        add(
                Kind.CONTENT,
                "tool-call-start",
                place,
                start,
                Tokens.count(call.tool().name()));
        for (String fragment : Tokens.split(call.input())) {
            JsonObject function = new JsonObject().put("function", new JsonObject().put("arguments", fragment));
            add(Kind.CONTENT, "tool-call-delta", place, new JsonObject().put("tool_calls", function), 1);
        }
        closing("tool-call-end", place);
    }

    private void add(Kind kind, String type, JsonObject place, JsonObject message, int tokens) {
        JsonObject data = place.copy().put("delta", new JsonObject().put("message", message));
        frames.add(new Frame(kind, Buffer.buffer(Wire.event(type, data)), tokens, null));
    }

    private void closing(String type, JsonObject place) {
        frames.add(Frame.closing(Wire.event(type, place)));
    }
}
