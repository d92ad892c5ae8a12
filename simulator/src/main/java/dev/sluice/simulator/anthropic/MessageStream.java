package dev.sluice.simulator.anthropic;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Frame;
import dev.sluice.simulator.voice.Frame.Kind;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Reply;
import dev.sluice.simulator.voice.Thinking;
import dev.sluice.simulator.voice.Tokens;
import dev.sluice.simulator.voice.ToolCall;
import dev.sluice.simulator.voice.UsageReport;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** The events of one streamed message. */
final class MessageStream {
    private final List<Frame> frames = new ArrayList<>();
    private final JsonObject message;
    private final Usage usage;
    private final UsageReport report;
    private int visibleTokens;
    private int block;

    /** @param message the message before it has any content */
    MessageStream(JsonObject message, Usage usage, UsageReport report) {
        this.message = message;
        this.usage = usage;
        this.report = report;
    }

    List<Frame> frames(Heard heard, Reply reply, List<String> thoughts) {
        start();
        add(Kind.OPENING, "ping", new JsonObject(), 0);
        if (!thoughts.isEmpty()) {
            thinking(heard, thoughts);
        }
        if (reply.calls().isEmpty()) {
            open(new JsonObject().put("type", "text").put("text", ""), Kind.OPENING, 0);
            for (Reply.Piece piece : reply.text()) {
                delta(new JsonObject().put("type", "text_delta").put("text", piece.text()), piece.tokens());
            }
            close();
        }
        for (ToolCall call : reply.calls()) {
            open(
                    MessagesVoice.toolUse(call).put("input", new JsonObject()),
                    Kind.CONTENT,
                    Tokens.count(call.tool().name()));
            for (String fragment : Tokens.split(call.input())) {
                delta(new JsonObject().put("type", "input_json_delta").put("partial_json", fragment), 1);
            }
            close();
        }
        end(reply);
        return frames;
    }

    private void start() {
        message.put("stop_reason", null).put("stop_sequence", null);
        if (report == UsageReport.NEVER) {
            add(Kind.OPENING, "message_start", new JsonObject().put("message", message), 0);
            return;
        }
        // Output is counted on from here; one token is what the vendor says before there is any.
        message.put("usage", Wire.usage(usage, 1));
        add(Kind.OPENING, "message_start", new JsonObject().put("message", message), 0);
        frames.set(0, frames.getFirst().reporting(Reply.runningUsage(usage, 0)));
    }

    private void thinking(Heard heard, List<String> thoughts) {
        open(new JsonObject().put("type", "thinking").put("thinking", "").put("signature", ""), Kind.OPENING, 0);
        for (String thought : thoughts) {
            delta(new JsonObject().put("type", "thinking_delta").put("thinking", thought), 0);
        }
        delta(new JsonObject().put("type", "signature_delta").put("signature", Thinking.signature(heard)), 0);
        close();
    }

    private void end(Reply reply) {
        JsonObject last = new JsonObject()
                .put(
                        "delta",
                        new JsonObject()
                                .put("stop_reason", Wire.finish(reply.finish()))
                                .put("stop_sequence", null));
        boolean told = report != UsageReport.NEVER;
        if (told) {
            last.put("usage", cumulative(usage));
        }
        add(Kind.CLOSING, "message_delta", last, 0);
        if (told) {
            frames.set(frames.size() - 1, frames.getLast().reporting(usage));
        }
        frames.add(Frame.terminator(Wire.event("message_stop", new JsonObject())));
    }

    private static JsonObject cumulative(Usage usage) {
        JsonObject all = Wire.usage(usage, usage.outputTokens());
        all.remove("service_tier");
        all.remove("cache_creation");
        return all;
    }

    private void open(JsonObject content, Kind kind, int tokens) {
        add(kind, "content_block_start", new JsonObject().put("index", block).put("content_block", content), tokens);
    }

    private void delta(JsonObject delta, int tokens) {
        add(
                Kind.CONTENT,
                "content_block_delta",
                new JsonObject().put("index", block).put("delta", delta),
                tokens);
        if (report == UsageReport.EVERY_EVENT) {
            // The format tells running totals in events of this type only.
            Usage running = Reply.runningUsage(usage, visibleTokens);
            JsonObject told = new JsonObject()
                    .put("delta", new JsonObject().put("stop_reason", null).put("stop_sequence", null))
                    .put("usage", cumulative(running));
            frames.add(new Frame(Kind.CLOSING, Buffer.buffer(Wire.event("message_delta", told)), 0, running));
        }
    }

    private void close() {
        add(Kind.CLOSING, "content_block_stop", new JsonObject().put("index", block), 0);
        block++;
    }

    private void add(Kind kind, String type, JsonObject content, int tokens) {
        visibleTokens += tokens;
        frames.add(new Frame(kind, Buffer.buffer(Wire.event(type, content)), tokens, null));
    }
}
