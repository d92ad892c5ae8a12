package dev.sluice.simulator.openai;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Frame;
import dev.sluice.simulator.voice.Reply;
import dev.sluice.simulator.voice.Tokens;
import dev.sluice.simulator.voice.ToolCall;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The events of one streamed response: the whole response taken apart in the order in which OpenAI streams it. */
final class ResponseEvents {
    private final List<Frame> frames = new ArrayList<>();
    private final JsonObject response;
    private final Reply reply;
    private int sequence;

    /** @param response the whole response at its end */
    ResponseEvents(JsonObject response, Reply reply) {
        this.response = response;
        this.reply = reply;
    }

    static JsonObject textPart(String text) {
        return new JsonObject()
                .put("type", "output_text")
                .put("text", text)
                .put("annotations", new JsonArray())
                .put("logprobs", new JsonArray());
    }

    static String event(JsonObject event) {
        return "event: " + event.getString("type") + "\ndata: " + event.encode() + "\n\n";
    }

    List<Frame> frames(@Nullable Usage told) {
        JsonObject begun = response.copy()
                .put("status", "in_progress")
                .put("incomplete_details", null)
                .put("output", new JsonArray())
                .put("usage", null);
        add(Frame.Kind.OPENING, numbered("response.created").put("response", begun), 0);
        add(Frame.Kind.OPENING, numbered("response.in_progress").put("response", begun), 0);
        JsonArray output = response.getJsonArray("output");
        int calls = 0;
        for (int index = 0; index < output.size(); index++) {
            JsonObject item = output.getJsonObject(index);
            switch (item.getString("type")) {
                case "reasoning" -> reasoning(item, index);
                case "message" -> message(item, index);
                default -> call(item, index, reply.calls().get(calls++));
            }
        }
        JsonObject last = numbered("response." + response.getString("status")).put("response", response);
        frames.add(Frame.terminator(event(last)).reporting(told));
        return frames;
    }

    private void reasoning(JsonObject item, int index) {
        add(Frame.Kind.OPENING, item("response.output_item.added", item, index), 0);
        add(Frame.Kind.OPENING, item("response.output_item.done", item, index), 0);
    }

    private void message(JsonObject item, int index) {
        String id = item.getString("id");
        String text = reply.joinedText();
        JsonObject begun = item.copy().put("status", "in_progress").put("content", new JsonArray());
        add(Frame.Kind.OPENING, item("response.output_item.added", begun, index), 0);
        add(Frame.Kind.OPENING, part("response.content_part.added", id, index).put("part", textPart("")), 0);
        for (Reply.Piece piece : reply.text()) {
            delta(
                    "response.output_text.delta",
                    id,
                    index,
                    ",\"content_index\":0",
                    piece.text(),
                    ",\"logprobs\":[]",
                    piece.tokens());
        }
        add(
                Frame.Kind.CLOSING,
                part("response.output_text.done", id, index).put("text", text).put("logprobs", new JsonArray()),
                0);
        add(Frame.Kind.CLOSING, part("response.content_part.done", id, index).put("part", textPart(text)), 0);
        add(Frame.Kind.CLOSING, item("response.output_item.done", item, index), 0);
    }

    private void call(JsonObject item, int index, ToolCall call) {
        boolean freeform = call.tool().freeform();
        String member = freeform ? "input" : "arguments";
        String family = freeform ? "response.custom_tool_call_input" : "response.function_call_arguments";
        String id = item.getString("id");
        JsonObject begun = item.copy().put("status", "in_progress").put(member, "");
        add(
                Frame.Kind.CONTENT,
                item("response.output_item.added", begun, index),
                Tokens.count(call.tool().name()));
        for (String fragment : Tokens.split(call.input())) {
            delta(family + ".delta", id, index, "", fragment, "", 1);
        }
        JsonObject done = numbered(family + ".done")
                .put("item_id", id)
                .put("output_index", index)
                .put(member, call.input());
        add(Frame.Kind.CLOSING, freeform ? done : done.put("name", call.tool().name()), 0);
        add(Frame.Kind.CLOSING, item("response.output_item.done", item, index), 0);
    }

    private JsonObject numbered(String type) {
        return new JsonObject().put("type", type).put("sequence_number", sequence++);
    }

    private JsonObject item(String type, JsonObject item, int index) {
        return numbered(type).put("output_index", index).put("item", item);
    }

    private JsonObject part(String type, String id, int index) {
        return numbered(type).put("item_id", id).put("output_index", index).put("content_index", 0);
    }

    /** The frequent event, written without an intermediate object. */
    private void delta(String type, String id, int index, String before, String delta, String after, int tokens) {
        String event = "event: " + type + "\ndata: {\"type\":\"" + type + "\",\"sequence_number\":" + sequence++
                + ",\"item_id\":\"" + id + "\",\"output_index\":" + index + before + ",\"delta\":" + Json.encode(delta)
                + after + "}\n\n";
        frames.add(new Frame(Frame.Kind.CONTENT, Buffer.buffer(event), tokens, null));
    }

    private void add(Frame.Kind kind, JsonObject event, int tokens) {
        frames.add(new Frame(kind, Buffer.buffer(event(event)), tokens, null));
    }
}
