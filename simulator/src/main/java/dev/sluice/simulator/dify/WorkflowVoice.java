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
import dev.sluice.simulator.voice.Wishes;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /v1/workflows/run}: what goes in as {@code query}, or else as the first text of all inputs, comes out as {@code text}. Of the
 * usage only one sum is told.
 */
final class WorkflowVoice implements DifyVoice {
    private static final double ELAPSED_SECONDS = 0.321;
    private static final int STEPS = 3;

    @Override
    public String model(Heard heard) {
        return "dify-workflow";
    }

    @Override
    public Script reply(Heard heard, Wishes wishes) throws Rejection {
        Fields body = Fields.of(heard);
        boolean stream = DifyVoice.isStream(body);
        Conversation conversation = new Conversation();
        conversation.user(query(body.object("inputs")));
        Reply reply = Reply.to(conversation.prompt(), wishes, heard, 0);
        Usage usage = Wire.tellable(Reply.usage(conversation.tokens(), List.of(reply), wishes));
        JsonObject head =
                new JsonObject().put("workflow_run_id", heard.uuid("run")).put("task_id", heard.uuid("task"));
        JsonObject run = new JsonObject()
                .put("id", heard.uuid("run"))
                .put("workflow_id", heard.uuid("workflow"))
                .put("status", "succeeded")
                .put("outputs", new JsonObject().put("text", reply.joinedText()))
                .put("error", null)
                .put("elapsed_time", ELAPSED_SECONDS)
                .put("total_steps", STEPS)
                .put("created_at", heard.createdAt())
                .put("finished_at", heard.createdAt() + 1);
        if (wishes.tellsUsage()) {
            run.put("total_tokens", usage.totalTokens());
        }
        return stream
                ? Script.events(frames(head, run, reply, wishes.tellsUsage() ? usage : null), usage)
                : Script.whole(head.copy().put("data", run), usage, wishes.tellsUsage());
    }

    private static String query(Fields inputs) throws Rejection {
        String query = inputs.text("query");
        if (query != null) {
            return query;
        }
        for (String name : inputs.json().fieldNames()) {
            if (inputs.value(name) instanceof String text) {
                return text;
            }
        }
        throw new Rejection(Complaint.invalid("inputs", "query is required in input form"));
    }

    private static List<Frame> frames(JsonObject head, JsonObject run, Reply reply, @Nullable Usage told) {
        List<Frame> frames = new ArrayList<>();
        JsonObject started = new JsonObject()
                .put("id", run.getValue("id"))
                .put("workflow_id", run.getValue("workflow_id"))
                .put("inputs", new JsonObject())
                .put("created_at", run.getValue("created_at"));
        frames.add(Frame.opening(Wire.PING));
        frames.add(Frame.opening(event("workflow_started", head, started)));
        JsonObject node = new JsonObject()
                .put("id", head.getValue("task_id"))
                .put("node_id", "llm")
                .put("node_type", "llm")
                .put("title", "LLM")
                .put("index", 2);
        frames.add(Frame.opening(event("node_started", head, node)));
        for (Reply.Piece piece : reply.text()) {
            JsonObject chunk = new JsonObject()
                    .put("text", piece.text())
                    .put("from_variable_selector", new JsonArray().add("llm").add("text"));
            Buffer bytes = Buffer.buffer(event("text_chunk", head, chunk));
            frames.add(new Frame(Frame.Kind.CONTENT, bytes, piece.tokens(), null));
        }
        frames.add(Frame.closing(event("node_finished", head, node.copy().put("status", "succeeded"))));
        frames.add(Frame.terminator(event("workflow_finished", head, run)).reporting(told));
        return frames;
    }

    private static String event(String type, JsonObject head, JsonObject data) {
        return Wire.event(type, head.copy().put("data", data));
    }

    /** A run that has begun fails as a whole. */
    @Override
    public Buffer errorEvent(Complaint complaint, int eventsBefore) {
        JsonObject data = new JsonObject()
                .put("status", "failed")
                .put("outputs", null)
                .put("error", Wire.message(complaint))
                .put("total_tokens", 0);
        return Buffer.buffer(Wire.event("workflow_finished", new JsonObject().put("data", data)));
    }
}
