package dev.sluice.protocol.agents;

import dev.sluice.protocol.UpstreamError;
import dev.sluice.protocol.chat.SseDecoder;
import dev.sluice.protocol.chat.Steps;
import dev.sluice.protocol.chat.StopReason;
import dev.sluice.protocol.chat.StreamDecoder.Stop;
import dev.sluice.protocol.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * Reads the events of an application of Dify. In a chat flow the end of its workflow comes before the end of the message, and may come before
 * its words.
 */
final class DifyStream implements SseDecoder.Reader {
    /** Longer words of an agent are not compared with its thoughts. */
    private static final int MOST_COMPARED = 64 << 10;

    private final DifyFormat.Application application;
    private final @Nullable String outputVariable;
    /** What an agent has said since its last thought. */
    private final StringBuilder said = new StringBuilder();

    private @Nullable String task;
    private String thoughtId = "";
    private String thought = "";
    private boolean agent;
    private boolean text;
    private boolean conversation;

    DifyStream(DifyFormat.Application application, @Nullable String outputVariable) {
        this.application = application;
        this.outputVariable = outputVariable;
    }

    @Override
    public void event(String name, Json data, Steps steps) {
        String type = data.get("event").text(name);
        String id = data.get("task_id").text("");
        if (!id.isEmpty()) task = id;
        if (!type.isEmpty() && !type.equals("ping") && !type.equals("error")) start(data, steps);
        switch (type) {
            case "message" -> {
                // An agent repeats its whole answer at the end.
                if (!agent) say(data.get("answer").text(""), steps);
            }
            case "agent_message" -> {
                agent = true;
                say(data.get("answer").text(""), steps);
            }
            case "agent_thought" ->
                thought(data.get("id").text(""), data.get("thought").text(""), steps);
            case "message_file" -> file(data, steps);
            case "workflow_paused" ->
                steps.fail(new UpstreamError(
                        "the workflow waits for a person, whom this call cannot ask",
                        "workflow_paused",
                        "invalid_request_error",
                        null));
            case "reasoning_chunk" ->
                steps.thinking(data.get("data").get("reasoning").text(""));
            // A piece does not say which output it belongs to.
            case "text_chunk" -> {
                if (outputVariable == null) say(data.get("data").get("text").text(""), steps);
            }
            case "message_end" -> {
                steps.usage(DifyFormat.usage(data.get("metadata").get("usage"), Json.none()));
                steps.notes(DifyFormat.references(data.get("metadata")));
                steps.finish(StopReason.END, null);
                steps.end();
            }
            case "message_replace" -> steps.finish(StopReason.CONTENT_FILTER, null);
            case "workflow_finished" -> ended(data.get("data"), steps);
            case "error" ->
                steps.fail(new UpstreamError(
                        data.get("message").text(""),
                        data.get("code").text(),
                        type(data.get("status").integer(0)),
                        null));
            case "ping" -> steps.ping();
            default -> {}
        }
    }

    /** An application works on when its connection is closed. */
    @Override
    public @Nullable Stop stop(@Nullable String user) {
        return task == null ? null : application.stop(task, user);
    }

    /** The status that the answer would have had, in a word that is known everywhere. */
    private static String type(long status) {
        if (status == 401 || status == 403) return "authentication_error";
        if (status == 429) return "rate_limit_error";
        return status >= 400 && status < 500 ? "invalid_request_error" : "server_error";
    }

    private void start(Json data, Steps steps) {
        steps.start(
                data.any("message_id", "workflow_run_id", "task_id").text(""),
                "",
                data.get("created_at").integer(0));
        String id = data.get("conversation_id").text("");
        if (conversation || id.isEmpty()) return;
        conversation = true;
        steps.conversation(id);
    }

    private void say(String words, Steps steps) {
        text |= !words.isEmpty();
        if (agent && said.length() + words.length() <= MOST_COMPARED) said.append(words);
        steps.text(words);
    }

    /** A step of an agent is told again whenever there is more of it, and once more with what the agent has just said. */
    private void thought(String id, String whole, Steps steps) {
        boolean goesOn = id.equals(thoughtId) && whole.startsWith(thought);
        String more = goesOn ? whole.substring(thought.length()) : whole;
        thoughtId = id;
        thought = whole;
        if (!whole.contentEquals(said)) steps.thinking(more);
        said.setLength(0);
    }

    /** A file that the application has made. */
    private void file(Json data, Steps steps) {
        String url = data.get("url").text("");
        if (url.isEmpty() || data.get("belongs_to").text("assistant").equals("user")) return;
        boolean image = data.get("type").text("").equals("image");
        say((image ? "![image](" : "[file](") + url + ")", steps);
    }

    private void ended(Json data, Steps steps) {
        if (data.get("status").text("").equals("failed")) {
            steps.fail(DifyFormat.failure(data));
            return;
        }
        // In a chat the message goes on.
        if (application != DifyFormat.Application.WORKFLOW) return;
        DifyFormat.Output output = DifyFormat.Output.of(data.get("outputs"), outputVariable);
        if (!text && output.text() != null) say(output.text(), steps);
        steps.notes(output.notes());
        steps.usage(DifyFormat.usage(Json.none(), data));
        steps.finish(StopReason.END, null);
        steps.end();
    }
}
