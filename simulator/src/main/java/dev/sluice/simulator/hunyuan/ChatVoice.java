package dev.sluice.simulator.hunyuan;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Complaint;
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
import dev.sluice.simulator.voice.Voice;
import dev.sluice.simulator.voice.Wishes;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Action {@code ChatCompletions} of version 2023-09-01. What it refuses itself comes with status 200, as all errors of the vendor do. */
final class ChatVoice implements Voice {
    static final String ACTION = "x-tc-action";

    /** Tencent's clients compare it letter by letter. */
    private static final String EVENTS = "text/event-stream";

    private static final String VERSION = "x-tc-version";
    private static final String THINKER = "hunyuan-t1";

    @Override
    public String model(Heard heard) {
        return heard.member("Model");
    }

    @Override
    public List<String> cues() {
        return List.of(ACTION, VERSION, Signature.AUTHORIZATION, Signature.TIMESTAMP);
    }

    @Override
    public Script answer(Heard heard, Wishes wishes) {
        try {
            return reply(heard, wishes);
        } catch (Rejection rejection) {
            return Script.error(200, Wire.error(rejection.complaint()));
        }
    }

    @Override
    public Script refusal(Complaint complaint) {
        return Script.error(complaint.status(), Wire.error(complaint));
    }

    @Override
    public Buffer errorEvent(Complaint complaint, int eventsBefore) {
        return Buffer.buffer(Wire.event(Wire.errorInStream(complaint)));
    }

    private static Script reply(Heard heard, Wishes wishes) throws Rejection {
        Signature.check(heard);
        named(ACTION, heard, "InvalidAction", "ChatCompletions");
        named(VERSION, heard, "NoSuchVersion", "2023-09-01");
        Fields body = Fields.of(heard);
        body.needed("Model");
        Prompt prompt = ChatPrompt.read(body);
        boolean thinks = body.flag("EnableThinking", heard.model().startsWith(THINKER));
        Wishes wished = Thinking.asked(wishes, thinks);
        Reply reply = Reply.to(prompt, wished, heard, 0);
        Usage usage = Wire.tellable(Reply.usage(prompt.tokens(), List.of(reply), wished));
        Delivery delivery = new Delivery(heard, usage, wished.tellsUsage());
        List<String> thoughts = thinks ? Thinking.of(wished) : List.of();
        return body.flag("Stream", false)
                ? Script.events(delivery.frames(reply, thoughts), usage).as(EVENTS)
                : Script.whole(
                        Wire.enveloped(delivery.whole(reply, String.join("", thoughts))), usage, wished.tellsUsage());
    }

    private static void named(String header, Heard heard, String code, String expected) throws Rejection {
        if (!heard.cue(header).equals(expected)) {
            String message = header + ": \"" + heard.cue(header) + "\" (expected: " + expected + ")";
            throw new Rejection(new Complaint(400, message, null, code, null));
        }
    }

    /** One answer, whole or in events; each event tells the usage so far. */
    private static final class Delivery {
        private final List<Frame> frames = new ArrayList<>();
        private final Heard heard;
        private final Usage usage;
        private final boolean told;
        private int visibleTokens;

        Delivery(Heard heard, Usage usage, boolean told) {
            this.heard = heard;
            this.usage = usage;
            this.told = told;
        }

        JsonObject whole(Reply reply, String thoughts) {
            JsonObject message = new JsonObject().put("Role", "assistant").put("Content", reply.joinedText());
            if (!thoughts.isEmpty()) {
                message.put("ReasoningContent", thoughts);
            }
            JsonArray calls = new JsonArray();
            for (int index = 0; index < reply.calls().size(); index++) {
                ToolCall call = reply.calls().get(index);
                calls.add(call(index, call, call.tool().name(), call.input()));
            }
            if (!calls.isEmpty()) {
                message.put("ToolCalls", calls);
            }
            return answer("Message", message, Wire.finish(reply.finish()), usage)
                    .put("RequestId", heard.uuid("request"));
        }

        List<Frame> frames(Reply reply, List<String> thoughts) {
            add(Kind.OPENING, new JsonObject().put("Content", ""), "", 0);
            for (String thought : thoughts) {
                add(Kind.CONTENT, new JsonObject().put("ReasoningContent", thought), "", 0);
            }
            for (Reply.Piece piece : reply.text()) {
                add(Kind.CONTENT, new JsonObject().put("Content", piece.text()), "", piece.tokens());
            }
            for (int index = 0; index < reply.calls().size(); index++) {
                ToolCall call = reply.calls().get(index);
                String name = call.tool().name();
                add(Kind.CONTENT, calls(call(index, call, name, "")), "", Tokens.count(name));
                for (String fragment : Tokens.split(call.input())) {
                    add(Kind.CONTENT, calls(call(index, call, "", fragment)), "", 1);
                }
            }
            add(Kind.TERMINATOR, new JsonObject().put("Content", ""), Wire.finish(reply.finish()), 0);
            return frames;
        }

        private static JsonObject calls(JsonObject call) {
            return new JsonObject().put("ToolCalls", new JsonArray().add(call));
        }

        private static JsonObject call(int index, ToolCall call, String name, String arguments) {
            return new JsonObject()
                    .put("Id", "call_" + call.id())
                    .put("Type", "function")
                    .put("Index", index)
                    .put("Function", new JsonObject().put("Name", name).put("Arguments", arguments));
        }

        private void add(Kind kind, JsonObject delta, String finish, int tokens) {
            visibleTokens += tokens;
            Usage running = kind == Kind.TERMINATOR ? usage : Reply.runningUsage(usage, visibleTokens);
            JsonObject said = new JsonObject().put("Role", "assistant").mergeIn(delta);
            Buffer bytes = Buffer.buffer(Wire.event(answer("Delta", said, finish, running)));
            frames.add(new Frame(kind, bytes, tokens, told ? running : null));
        }

        private JsonObject answer(String member, JsonObject said, String finish, Usage running) {
            JsonObject choice =
                    new JsonObject().put("Index", 0).put("FinishReason", finish).put(member, said);
            JsonObject answer = new JsonObject()
                    .put("Note", Wire.NOTE)
                    .put("Choices", new JsonArray().add(choice))
                    .put("Created", heard.createdAt())
                    .put("Id", heard.uuid("chat"));
            return told ? answer.put("Usage", Wire.usage(running)) : answer;
        }
    }
}
