package dev.sluice.simulator.dify;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Conversation;
import dev.sluice.simulator.voice.Fields;
import dev.sluice.simulator.voice.Frame;
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
import java.util.Locale;

/** {@code POST /v1/chat-messages} and {@code /v1/completion-messages}. Thoughts are shown when reasoning is wished. */
final class MessageVoice implements DifyVoice {
    /** What is behind the key. */
    enum Kind {
        CHAT,
        /** A chat over a workflow. */
        FLOW,
        AGENT,
        COMPLETION
    }

    private final Kind kind;

    MessageVoice(Kind kind) {
        this.kind = kind;
    }

    /** No request names a model, so that the kind of the application stands for it. */
    @Override
    public String model(Heard heard) {
        return "dify-" + kind.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public Script reply(Heard heard, Wishes wishes) throws Rejection {
        Fields body = Fields.of(heard);
        boolean stream = DifyVoice.isStream(body);
        if (kind == Kind.AGENT && !stream) {
            throw new Rejection(
                    new Complaint(400, "Agent Chat App does not support blocking mode", null, "invalid_param", null));
        }
        Conversation conversation = new Conversation();
        conversation.user(query(body));
        JsonObject head = new JsonObject();
        if (kind != Kind.COMPLETION) {
            head.put("conversation_id", ConversationId.of(heard, body));
        }
        String message = heard.uuid("message");
        head.put("message_id", message)
                .put("created_at", heard.createdAt())
                .put("task_id", heard.uuid("task"))
                .put("id", message);
        Reply reply = Reply.to(conversation.prompt(), wishes, heard, 0);
        Usage usage = Wire.tellable(Reply.usage(conversation.tokens(), List.of(reply), wishes));
        JsonObject metadata = Wire.metadata(usage, wishes.tellsUsage());
        if (stream) {
            Frame end = Frame.terminator(Wire.event(
                            "message_end", head.copy().put("metadata", metadata).put("files", new JsonArray())))
                    .reporting(wishes.tellsUsage() ? usage : null);
            return Script.events(frames(head, reply, Thinking.of(wishes), end), usage);
        }
        JsonObject answer = new JsonObject()
                .put("event", "message")
                .mergeIn(head)
                .put("mode", kind.name().toLowerCase(Locale.ROOT))
                .put("answer", reply.joinedText())
                .put("metadata", metadata);
        return Script.whole(answer, usage, wishes.tellsUsage());
    }

    private String query(Fields body) throws Rejection {
        return kind == Kind.COMPLETION ? body.object("inputs").needed("query") : body.needed("query");
    }

    private List<Frame> frames(JsonObject head, Reply reply, List<String> thoughts, Frame end) {
        List<Frame> frames = new ArrayList<>();
        frames.add(Frame.opening(Wire.PING));
        JsonObject run = new JsonObject().put("id", head.getValue("task_id")).put("status", "running");
        switch (kind) {
            case FLOW -> frames.add(Frame.opening(step("workflow_started", head, run)));
            case AGENT -> {
                frames.add(Frame.opening(thought(head, "", 1)));
                if (!thoughts.isEmpty()) {
                    frames.add(Frame.opening(thought(head, String.join("", thoughts), 1)));
                }
            }
            case CHAT, COMPLETION -> {}
        }
        for (String thought : kind == Kind.CHAT || kind == Kind.FLOW ? thoughts : List.<String>of()) {
            JsonObject data = new JsonObject().put("reasoning", thought).put("is_final", false);
            frames.add(Frame.content(step("reasoning_chunk", head, data), 0));
        }
        String type = kind == Kind.AGENT ? "agent_message" : "message";
        for (Reply.Piece piece : reply.text()) {
            Buffer event = Buffer.buffer(Wire.event(type, head.copy().put("answer", piece.text())));
            frames.add(new Frame(Frame.Kind.CONTENT, event, piece.tokens(), null));
        }
        switch (kind) {
            // The workflow ends before the message does.
            case FLOW ->
                frames.add(Frame.closing(step(
                        "workflow_finished",
                        head,
                        run.copy()
                                .put("status", "succeeded")
                                .put("outputs", new JsonObject().put("answer", reply.joinedText())))));
            // What an agent has said is told once more as its last thought.
            case AGENT -> frames.add(Frame.closing(thought(head, reply.joinedText(), 2)));
            case CHAT, COMPLETION -> {}
        }
        frames.add(end);
        return frames;
    }

    private static String step(String type, JsonObject head, JsonObject data) {
        return Wire.event(
                type,
                head.copy().put("workflow_run_id", head.getValue("task_id")).put("data", data));
    }

    /** A step of an agent; told again with more in it as it goes on. */
    private static String thought(JsonObject head, String thought, int position) {
        return Wire.event(
                "agent_thought",
                head.copy()
                        .put("id", head.getString("id") + position)
                        .put("position", position)
                        .put("thought", thought)
                        .put("observation", "")
                        .put("tool", "")
                        .put("tool_input", "")
                        .put("message_files", new JsonArray()));
    }
}
