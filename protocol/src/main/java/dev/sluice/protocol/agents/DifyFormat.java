package dev.sluice.protocol.agents;

import dev.sluice.protocol.PathSegment;
import dev.sluice.protocol.UpstreamError;
import dev.sluice.protocol.Usage;
import dev.sluice.protocol.chat.ChatAnswer;
import dev.sluice.protocol.chat.ChatRequest;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.chat.Notes;
import dev.sluice.protocol.chat.Part;
import dev.sluice.protocol.chat.SseDecoder;
import dev.sluice.protocol.chat.StopReason;
import dev.sluice.protocol.chat.StreamDecoder;
import dev.sluice.protocol.chat.StreamDecoder.Stop;
import dev.sluice.protocol.chat.TokenCount;
import dev.sluice.protocol.chat.UpstreamFormat;
import dev.sluice.protocol.error.ErrorReader;
import dev.sluice.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Applications of Dify. They are always asked for a stream, because agents give nothing else; the gateway gathers it for a client that
 * wants a whole answer.
 *
 * @see <a href="https://docs.dify.ai/en/api-reference/chat/send-chat-message">Dify</a>
 */
final class DifyFormat implements UpstreamFormat {
    private static final String USER = "api-user";
    private static final String REFERENCES = "retriever_resources";

    private final Application application;
    /** The output of a workflow that is the answer; null for its first text. */
    private final @Nullable String outputVariable;

    enum Application {
        CHAT("/chat-messages/"),
        COMPLETION("/completion-messages/"),
        WORKFLOW("/workflows/tasks/");

        /** Below which the tasks are that can be stopped. */
        private final String tasks;

        Application(String tasks) {
            this.tasks = tasks;
        }

        /** Only the user of a call can stop it, and every call has one. */
        Stop stop(String task, @Nullable String user) {
            return new Stop(
                    tasks + PathSegment.encode(task) + "/stop",
                    Json.object().put("user", userOf(user)).build().toBytes());
        }
    }

    DifyFormat(Application application, @Nullable String outputVariable) {
        this.application = application;
        this.outputVariable = outputVariable;
    }

    @Override
    public byte[] writeRequest(ChatRequest request, Dialect dialect) {
        Conversations.require(request, "an application of Dify");
        String query = Conversations.query(request);
        Json.Builder inputs = Json.object();
        for (Map.Entry<String, Json> input : request.extensions()
                .getOrDefault("inputs", Json.none())
                .fields()
                .entrySet()) {
            inputs.put(input.getKey(), input.getValue());
        }
        Json.Builder body = Json.object();
        switch (application) {
            case CHAT -> body.put("query", query).put("conversation_id", request.conversationId());
            case COMPLETION, WORKFLOW -> inputs.put("query", query);
        }
        List<Json> files = new ArrayList<>();
        for (String url : Conversations.images(request)) {
            files.add(Json.object()
                    .put("type", "image")
                    .put("transfer_method", "remote_url")
                    .put("url", url)
                    .build());
        }
        return body.put("inputs", inputs.build())
                .put("user", userOf(request.user()))
                .put("response_mode", "streaming")
                .putUnlessEmpty("files", files)
                .build()
                .toBytes();
    }

    @Override
    public AnswerRead readAnswer(byte[] body, int from, int to) {
        Json json = Json.parse(body, from, to);
        if (json == null) return new AnswerRead.Malformed("the answer is not valid JSON");
        Json data = json.get("data");
        Output output = Output.of(data.get("outputs"), outputVariable);
        String text = json.has("answer") ? json.get("answer").text("") : output.text();
        boolean failed = data.get("status").text("").equals("failed");
        if (text == null || failed) {
            UpstreamError told = failed ? failure(data) : ErrorReader.find(body, from, to);
            return told == null ? new AnswerRead.Malformed("the answer has no answer") : new AnswerRead.Failed(told);
        }
        return new AnswerRead.Read(new ChatAnswer(
                json.any("message_id", "workflow_run_id", "id").text(""),
                "",
                json.get("created_at").integer(0),
                List.of(new Part.Text(text)),
                StopReason.END,
                null,
                usage(json.get("metadata").get("usage"), data),
                json.get("conversation_id").text(),
                references(json.get("metadata")).plus(output.notes())));
    }

    @Override
    public StreamDecoder decoder(int maxEventBytes) {
        return new SseDecoder(maxEventBytes, new DifyStream(application, outputVariable));
    }

    private static String userOf(@Nullable String user) {
        return user == null ? USER : user;
    }

    /** Why a workflow failed; it has no code. */
    static UpstreamError failure(Json workflow) {
        return new UpstreamError(workflow.get("error").text(""), "workflow_failed", "server_error", null);
    }

    /**
     * What a workflow gives out.
     *
     * @param text the variable that was chosen; else its only text, the first of several, or all as JSON; null if it tells nothing
     * @param notes all variables, if there are others
     */
    record Output(@Nullable String text, Notes notes) {
        /** @param variable that is the answer; null for the first text */
        static Output of(Json outputs, @Nullable String variable) {
            if (!outputs.isObject()) return new Output(null, Notes.NONE);
            Map<String, Json> all = outputs.fields();
            Notes notes = all.size() > 1 ? new Notes(List.of(), Map.of("outputs", outputs)) : Notes.NONE;
            if (variable != null) {
                Json chosen = outputs.get(variable);
                return new Output(chosen.isPresent() ? chosen.text(chosen.toJson()) : "", notes);
            }
            for (Json output : all.values()) {
                if (output.isText()) return new Output(output.text(""), notes);
            }
            return new Output(all.isEmpty() ? "" : outputs.toJson(), Notes.NONE);
        }
    }

    /** The pieces of documents that an answer rests on; they are in Dify's own store, so they have no address. */
    static Notes references(Json metadata) {
        Json resources = metadata.get(REFERENCES);
        return resources.items().isEmpty() ? Notes.NONE : new Notes(List.of(), Map.of(REFERENCES, resources));
    }

    static @Nullable Usage usage(Json usage, Json workflow) {
        if (usage.isObject())
            return Usage.of(TokenCount.of(usage.get("prompt_tokens")), TokenCount.of(usage.get("completion_tokens")));
        // A workflow tells one number for all.
        long total = TokenCount.of(workflow.get("total_tokens"));
        return total == 0 ? null : Usage.of(0, total);
    }
}
