package dev.sluice.simulator.dashscope;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Conversation;
import dev.sluice.simulator.voice.Fields;
import dev.sluice.simulator.voice.Frame;
import dev.sluice.simulator.voice.Frame.Kind;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Reply;
import dev.sluice.simulator.voice.Script;
import dev.sluice.simulator.voice.Thinking;
import dev.sluice.simulator.voice.Wishes;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code POST /api/v1/apps/{id}/completion}: an application of Bailian, which is what answers in place of a model. */
final class ApplicationVoice implements DashScopeVoice {
    static final String MARK = "/api/v1/apps/";

    private static final String USUAL_MODEL = "qwen-plus";

    @Override
    public String model(Heard heard) {
        String path = Heard.decoded(heard.path());
        return path.substring(path.indexOf(MARK) + MARK.length(), path.lastIndexOf('/'));
    }

    @Override
    public Script reply(Heard heard, Wishes wishes) throws Rejection {
        Fields body = Fields.of(heard);
        Fields input = body.object("input");
        Fields parameters = body.object("parameters");
        Conversation conversation = conversation(input);
        boolean thinks = parameters.flag("has_thoughts", false);
        Wishes wished = Thinking.asked(wishes, parameters.flag("enable_thinking", false));
        Reply reply = Reply.to(conversation.prompt(), wished, heard, 0);
        Usage usage = Reply.usage(conversation.tokens(), List.of(reply), wished);
        Answer answer = new Answer(
                heard,
                input.text("session_id", heard.id("session")),
                parameters.text("model_id", USUAL_MODEL),
                thinks ? String.join("", Thinking.of(Thinking.asked(wishes, true))) : "");
        if (!DashScopeVoice.isStream(heard)) {
            boolean told = wished.tellsUsage();
            String finish = Wire.finish(reply.finish());
            return Script.whole(answer.json(reply.joinedText(), finish, told ? usage : null), usage, told);
        }
        boolean incremental = parameters.flag("incremental_output", false);
        return Script.events(frames(answer, reply, incremental, usage, wished.tellsUsage()), usage);
    }

    private static Conversation conversation(Fields input) throws Rejection {
        Conversation conversation = new Conversation();
        for (Fields message : input.objects("messages")) {
            String text = message.text("content", "");
            if (message.text("role", "user").equals("user")) {
                conversation.user(text);
            } else {
                conversation.heard(text);
            }
        }
        if (input.has("prompt")) {
            conversation.user(input.needed("prompt"));
        } else if (!input.has("messages")) {
            throw input.missing("prompt");
        }
        return conversation;
    }

    private static List<Frame> frames(Answer answer, Reply reply, boolean incremental, Usage usage, boolean told) {
        List<Frame> frames = new ArrayList<>();
        StringBuilder all = new StringBuilder();
        int tokens = 0;
        add(frames, Kind.OPENING, answer.json("", "null", null), 0, null);
        for (Reply.Piece piece : reply.text()) {
            all.append(piece.text());
            tokens += piece.tokens();
            Usage running = told ? Reply.runningUsage(usage, tokens) : null;
            String text = incremental ? piece.text() : all.toString();
            add(frames, Kind.CONTENT, answer.json(text, "null", running), piece.tokens(), running);
        }
        Usage whole = told ? usage : null;
        String text = incremental ? "" : all.toString();
        add(frames, Kind.TERMINATOR, answer.json(text, Wire.finish(reply.finish()), whole), 0, whole);
        return frames;
    }

    private static void add(List<Frame> frames, Kind kind, JsonObject json, int tokens, @Nullable Usage told) {
        String event = Wire.event(frames.size() + 1, "result", 200, json.encode());
        frames.add(new Frame(kind, Buffer.buffer(event), tokens, told));
    }

    /** What all pieces of an answer share. */
    private record Answer(Heard heard, String session, String modelId, String thoughts) {
        JsonObject json(String text, String finish, @Nullable Usage usage) {
            JsonObject output = new JsonObject()
                    .put("finish_reason", finish)
                    .put("session_id", session)
                    .put("text", text);
            if (!thoughts.isEmpty()) {
                output.put(
                        "thoughts",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("thought", thoughts)
                                        .put("action_type", "response")
                                        .put("action_name", "answer")));
            }
            JsonObject answer = new JsonObject().put("output", output);
            if (usage != null) {
                JsonObject model = new JsonObject()
                        .put("model_id", modelId)
                        .put("input_tokens", usage.inputTokens())
                        .put("output_tokens", usage.outputTokens());
                answer.put("usage", new JsonObject().put("models", new JsonArray().add(model)));
            }
            return answer.put("request_id", Wire.requestId(heard));
        }
    }
}
