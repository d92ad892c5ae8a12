package dev.sluice.simulator.dashscope;

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
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code POST .../text-generation/generation} and {@code .../multimodal-generation/generation}. */
final class GenerationVoice implements DashScopeVoice {
    private final boolean multimodal;

    GenerationVoice(boolean multimodal) {
        this.multimodal = multimodal;
    }

    @Override
    public Script reply(Heard heard, Wishes wishes) throws Rejection {
        Fields body = Fields.of(heard);
        body.needed("model");
        Prompt prompt = GenerationPrompt.read(body);
        Fields parameters = body.object("parameters");
        boolean thinks = parameters.flag("enable_thinking", false);
        Wishes wished = Thinking.asked(wishes, thinks);
        Reply reply = Reply.to(prompt, wished, heard, 0);
        Usage usage = Reply.usage(prompt.tokens(), List.of(reply), wished);
        boolean flat = !multimodal
                && parameters
                        .text("result_format", prompt.tools().isEmpty() ? "text" : "message")
                        .equals("text");
        Delivery delivery =
                new Delivery(heard, usage, wished.tellsUsage(), flat, parameters.flag("incremental_output", false));
        List<String> thoughts = thinks ? Thinking.of(wished) : List.of();
        if (DashScopeVoice.isStream(heard)) {
            return Script.events(delivery.frames(reply, thoughts), usage);
        }
        JsonArray calls = new JsonArray();
        for (int index = 0; index < reply.calls().size(); index++) {
            ToolCall call = reply.calls().get(index);
            calls.add(call(index, call, call.tool().name(), call.input()));
        }
        JsonObject answer = delivery.answer(
                reply.joinedText(),
                String.join("", thoughts),
                calls,
                Wire.finish(reply.finish()),
                wished.tellsUsage() ? usage : null);
        return Script.whole(answer, usage, wished.tellsUsage());
    }

    private static JsonObject call(int index, ToolCall call, String name, String arguments) {
        return new JsonObject()
                .put("index", index)
                .put("id", "call_" + call.id())
                .put("type", "function")
                .put("function", new JsonObject().put("name", name).put("arguments", arguments));
    }

    /** One answer in the shape that its request wants. */
    private final class Delivery {
        private final List<Frame> frames = new ArrayList<>();
        private final Heard heard;
        private final Usage usage;
        private final boolean told;
        private final boolean flat;
        private final boolean incremental;
        private final StringBuilder text = new StringBuilder();
        private final StringBuilder thought = new StringBuilder();
        private final List<JsonObject> calls = new ArrayList<>();
        private int visibleTokens;

        Delivery(Heard heard, Usage usage, boolean told, boolean flat, boolean incremental) {
            this.heard = heard;
            this.usage = usage;
            this.told = told;
            this.flat = flat;
            this.incremental = incremental;
        }

        JsonObject answer(String said, String thinking, JsonArray toolCalls, String finish, @Nullable Usage running) {
            JsonObject output = new JsonObject();
            if (flat) {
                output.put("text", said).put("finish_reason", finish);
            } else {
                Object content = multimodal ? parts(said) : said;
                JsonObject message = new JsonObject().put("role", "assistant").put("content", content);
                if (!thinking.isEmpty()) {
                    message.put("reasoning_content", thinking);
                }
                if (!toolCalls.isEmpty()) {
                    message.put("tool_calls", toolCalls);
                }
                JsonObject choice =
                        new JsonObject().put("finish_reason", finish).put("message", message);
                output.put("choices", new JsonArray().add(choice));
            }
            JsonObject answer = new JsonObject().put("output", output);
            if (running != null) {
                answer.put("usage", Wire.usage(running));
            }
            return answer.put("request_id", Wire.requestId(heard));
        }

        private static JsonArray parts(String said) {
            return said.isEmpty() ? new JsonArray() : new JsonArray().add(new JsonObject().put("text", said));
        }

        List<Frame> frames(Reply reply, List<String> thoughts) {
            add(Kind.OPENING, "", "", new JsonArray(), "null", 0);
            for (String piece : thoughts) {
                thought.append(piece);
                add(Kind.CONTENT, "", piece, new JsonArray(), "null", 0);
            }
            for (Reply.Piece piece : reply.text()) {
                text.append(piece.text());
                add(Kind.CONTENT, piece.text(), "", new JsonArray(), "null", piece.tokens());
            }
            for (int index = 0; index < reply.calls().size(); index++) {
                calls(index, reply.calls().get(index));
            }
            add(Kind.TERMINATOR, "", "", new JsonArray(), Wire.finish(reply.finish()), 0);
            return frames;
        }

        private void calls(int index, ToolCall call) {
            StringBuilder arguments = new StringBuilder();
            calls.add(call(index, call, call.tool().name(), ""));
            JsonArray first = new JsonArray().add(call(index, call, call.tool().name(), ""));
            add(Kind.CONTENT, "", "", first, "null", Tokens.count(call.tool().name()));
            for (String fragment : Tokens.split(call.input())) {
                arguments.append(fragment);
                calls.set(index, call(index, call, call.tool().name(), arguments.toString()));
                JsonArray piece = new JsonArray().add(call(index, call, "", fragment));
                add(Kind.CONTENT, "", "", piece, "null", 1);
            }
        }

        /** Adds a frame with what is new, or with all that was said so far. */
        private void add(Kind kind, String said, String thinking, JsonArray called, String finish, int tokens) {
            visibleTokens += tokens;
            Usage running = !told ? null : kind == Kind.TERMINATOR ? usage : Reply.runningUsage(usage, visibleTokens);
            JsonObject answer = incremental
                    ? answer(said, thinking, called, finish, running)
                    : answer(text.toString(), thought.toString(), new JsonArray(List.copyOf(calls)), finish, running);
            String event = Wire.event(frames.size() + 1, "result", 200, answer.encode());
            frames.add(new Frame(kind, Buffer.buffer(event), tokens, running));
        }
    }
}
