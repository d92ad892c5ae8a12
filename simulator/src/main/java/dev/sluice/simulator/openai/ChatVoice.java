package dev.sluice.simulator.openai;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Finish;
import dev.sluice.simulator.voice.Frame;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Prompt;
import dev.sluice.simulator.voice.Quirk;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Reply;
import dev.sluice.simulator.voice.Script;
import dev.sluice.simulator.voice.Thinking;
import dev.sluice.simulator.voice.Tokens;
import dev.sluice.simulator.voice.ToolCall;
import dev.sluice.simulator.voice.UsageReport;
import dev.sluice.simulator.voice.Wishes;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/chat/completions}. */
final class ChatVoice implements JsonVoice {
    private static final int MOST_CHOICES = 128;
    private static final String THINK = "<think>\n";
    private static final String THOUGHT = "\n</think>\n\n";

    @Override
    public Script reply(Heard heard, Wishes wishes) throws Rejection {
        Body body = Body.of(heard);
        Prompt prompt = ChatPrompt.read(body);
        boolean stream = body.flag("stream", false);
        boolean usageAsked = body.includesUsage(stream);
        int choices = body.number("n", 1, 1, MOST_CHOICES);
        boolean thinks = wishes.has(Quirk.REASONING_CONTENT) || wishes.has(Quirk.THINK);
        Wishes wished = Thinking.asked(wishes, thinks);
        List<Reply> replies = new ArrayList<>();
        for (int choice = 0; choice < choices; choice++) {
            replies.add(Reply.to(prompt, wished, heard, choice));
        }
        Usage usage = Reply.usage(prompt.tokens(), replies, wished);
        List<String> thoughts = thinks ? Thinking.of(wished) : List.of();
        if (stream) {
            JsonObject head = head(heard, "chat.completion.chunk")
                    .put("service_tier", "default")
                    .put("system_fingerprint", Wire.FINGERPRINT);
            ChunkStream chunks = new ChunkStream(head, wishes, usageAsked, usage);
            return Wire.stream(heard, frames(replies, thoughts, wished, chunks), usage);
        }
        boolean told = wishes.report() != UsageReport.NEVER;
        JsonObject whole = whole(heard, replies, usage, told);
        if (thinks) {
            think(whole, String.join("", thoughts), wished.has(Quirk.THINK));
        }
        return Wire.whole(heard, whole, usage, told);
    }

    /** Shows the thoughts in each message: in a field of their own, or before the text. */
    private static void think(JsonObject whole, String thoughts, boolean inText) {
        for (Object item : whole.getJsonArray("choices")) {
            if (item instanceof JsonObject choice) {
                JsonObject message = choice.getJsonObject("message");
                if (inText) {
                    String text = message.getString("content");
                    message.put("content", THINK + thoughts + THOUGHT + (text == null ? "" : text));
                } else {
                    message.put("reasoning_content", thoughts);
                }
            }
        }
    }

    private static JsonObject whole(Heard heard, List<Reply> replies, Usage usage, boolean told) {
        JsonArray choices = new JsonArray();
        for (int index = 0; index < replies.size(); index++) {
            choices.add(new JsonObject()
                    .put("index", index)
                    .put("message", message(replies.get(index)))
                    .put("logprobs", null)
                    .put("finish_reason", Wire.finish(replies.get(index).finish())));
        }
        JsonObject body = head(heard, "chat.completion").put("choices", choices);
        if (told) {
            body.put("usage", Wire.usage(usage));
        }
        return body.put("service_tier", "default").put("system_fingerprint", Wire.FINGERPRINT);
    }

    private static JsonObject head(Heard heard, String object) {
        return new JsonObject()
                .put("id", "chatcmpl-" + heard.id("chat"))
                .put("object", object)
                .put("created", heard.createdAt())
                .put("model", heard.model());
    }

    private static JsonObject message(Reply reply) {
        JsonObject message = new JsonObject()
                .put("role", "assistant")
                .put("content", reply.calls().isEmpty() ? reply.joinedText() : null)
                .put("refusal", null)
                .put("annotations", new JsonArray());
        if (!reply.calls().isEmpty()) {
            JsonArray calls = new JsonArray();
            reply.calls().forEach(call -> calls.add(call(call, call.input())));
            message.put("tool_calls", calls);
        }
        return message;
    }

    private static JsonObject call(ToolCall call, String input) {
        boolean freeform = call.tool().freeform();
        return new JsonObject()
                .put("id", "call_" + call.id())
                .put("type", freeform ? "custom" : "function")
                .put(
                        freeform ? "custom" : "function",
                        new JsonObject().put("name", call.tool().name()).put(freeform ? "input" : "arguments", input));
    }

    private static List<Frame> frames(List<Reply> replies, List<String> thoughts, Wishes wishes, ChunkStream chunks) {
        if (wishes.has(Quirk.AZURE)) {
            chunks.addFirst(filterResults());
        }
        for (int index = 0; index < replies.size(); index++) {
            String content = replies.get(index).calls().isEmpty() ? "\"\"" : "null";
            String delta = "{\"role\":\"assistant\",\"content\":" + content + ",\"refusal\":null}";
            chunks.add(Frame.Kind.OPENING, choice(index, delta, null), 0);
        }
        for (int index = 0; index < replies.size() && !thoughts.isEmpty(); index++) {
            addThoughts(index, thoughts, wishes.has(Quirk.THINK), chunks);
        }
        addText(replies, chunks);
        for (int index = 0; index < replies.size(); index++) {
            addCalls(index, replies.get(index).calls(), chunks);
        }
        for (int index = 0; index < replies.size(); index++) {
            chunks.add(
                    Frame.Kind.CLOSING, choice(index, "{}", replies.get(index).finish()), 0);
        }
        return chunks.complete();
    }

    /** Azure begins with what its filter thinks of the prompt, before it knows id and model. */
    private static String filterResults() {
        JsonObject harmless = new JsonObject().put("filtered", false).put("severity", "safe");
        JsonObject results = new JsonObject();
        List.of("hate", "self_harm", "sexual", "violence").forEach(kind -> results.put(kind, harmless));
        return new JsonObject()
                .put("choices", new JsonArray())
                .put("created", 0)
                .put("id", "")
                .put("model", "")
                .put("object", "")
                .put(
                        "prompt_filter_results",
                        new JsonArray()
                                .add(new JsonObject().put("prompt_index", 0).put("content_filter_results", results)))
                .encode();
    }

    private static void addThoughts(int index, List<String> thoughts, boolean inText, ChunkStream chunks) {
        String field = inText ? "{\"content\":" : "{\"reasoning_content\":";
        if (inText) {
            chunks.add(Frame.Kind.CONTENT, choice(index, field + Json.encode(THINK) + "}", null), 0);
        }
        for (String thought : thoughts) {
            chunks.add(Frame.Kind.CONTENT, choice(index, field + Json.encode(thought) + "}", null), 0);
        }
        if (inText) {
            chunks.add(Frame.Kind.CONTENT, choice(index, field + Json.encode(THOUGHT) + "}", null), 0);
        }
    }

    /** Alternatives come at the same time, one piece of each in turn. */
    private static void addText(List<Reply> replies, ChunkStream chunks) {
        int longest =
                replies.stream().mapToInt(reply -> reply.text().size()).max().orElse(0);
        for (int piece = 0; piece < longest; piece++) {
            for (int index = 0; index < replies.size(); index++) {
                List<Reply.Piece> pieces = replies.get(index).text();
                if (piece < pieces.size()) {
                    String delta =
                            "{\"content\":" + Json.encode(pieces.get(piece).text()) + "}";
                    chunks.add(
                            Frame.Kind.CONTENT,
                            choice(index, delta, null),
                            pieces.get(piece).tokens());
                }
            }
        }
    }

    private static void addCalls(int index, List<ToolCall> calls, ChunkStream chunks) {
        for (int number = 0; number < calls.size(); number++) {
            ToolCall call = calls.get(number);
            JsonObject first = new JsonObject().put("index", number).mergeIn(call(call, ""));
            String delta = "{\"tool_calls\":[" + first.encode() + "]}";
            chunks.add(
                    Frame.Kind.CONTENT,
                    choice(index, delta, null),
                    Tokens.count(call.tool().name()));
            String opening = "{\"tool_calls\":[{\"index\":" + number
                    + (call.tool().freeform() ? ",\"custom\":{\"input\":" : ",\"function\":{\"arguments\":");
            for (String fragment : Tokens.split(call.input())) {
                chunks.add(Frame.Kind.CONTENT, choice(index, opening + Json.encode(fragment) + "}}]}", null), 1);
            }
        }
    }

    private static String choice(int index, String delta, @Nullable Finish finish) {
        String reason = finish == null ? "null" : "\"" + Wire.finish(finish) + "\"";
        return "{\"index\":" + index + ",\"delta\":" + delta + ",\"logprobs\":null,\"finish_reason\":" + reason + "}";
    }
}
