package dev.sluice.protocol.agents;

import dev.sluice.protocol.UpstreamError;
import dev.sluice.protocol.Usage;
import dev.sluice.protocol.chat.ChatRequest;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.chat.SseDecoder;
import dev.sluice.protocol.chat.Steps;
import dev.sluice.protocol.chat.StopReason;
import dev.sluice.protocol.chat.StreamDecoder;
import dev.sluice.protocol.chat.StreamDecoder.Stop;
import dev.sluice.protocol.chat.TokenCount;
import dev.sluice.protocol.chat.UpstreamFormat;
import dev.sluice.protocol.error.ErrorReader;
import dev.sluice.protocol.json.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Bots of Coze; the model of a call is the id of the bot. They are always asked for a stream, because without one the answer would have
 * to be asked for again and again; the gateway gathers it for a client that wants a whole answer.
 *
 * @see <a href="https://www.coze.cn/docs/developer_guides/chat_v3">Coze</a>
 */
final class CozeFormat implements UpstreamFormat {
    private static final String USER = "api-user";

    @Override
    public byte[] writeRequest(ChatRequest request, Dialect dialect) {
        Conversations.require(request, "a bot of Coze");
        return Json.object()
                .put("bot_id", request.model())
                .put("user_id", request.user() == null ? USER : request.user())
                .put("stream", true)
                .put("additional_messages", Json.array(List.of(message(request))))
                .build()
                .toBytes();
    }

    /** What is asked: words, or words and pictures in a list that is told as a string. */
    private static Json message(ChatRequest request) {
        String words = Conversations.query(request);
        List<String> images = Conversations.images(request);
        Json.Builder message = Json.object().put("role", "user").put("type", "question");
        if (images.isEmpty())
            return message.put("content", words).put("content_type", "text").build();
        List<Json> items = new ArrayList<>();
        items.add(Json.object().put("type", "text").put("text", words).build());
        for (String url : images)
            items.add(Json.object().put("type", "image").put("file_url", url).build());
        return message.put("content", Json.array(items).toJson())
                .put("content_type", "object_string")
                .build();
    }

    @Override
    public String query(ChatRequest request) {
        String conversation = request.conversationId();
        return conversation == null ? "" : "conversation_id=" + URLEncoder.encode(conversation, StandardCharsets.UTF_8);
    }

    @Override
    public AnswerRead readAnswer(byte[] body, int from, int to) {
        Json json = Json.parse(body, from, to);
        if (json == null) return new AnswerRead.Malformed("the answer is not valid JSON");
        return json.get("code").integer(0) == 0
                ? new AnswerRead.Malformed("the answer is no stream")
                : new AnswerRead.Failed(ErrorReader.explain(body, from, to));
    }

    @Override
    public StreamDecoder decoder(int maxEventBytes) {
        return new SseDecoder(maxEventBytes, new Events());
    }

    /** Reads one stream. What the bot did to find its answer, and what it would be asked next, are messages as well. */
    private static final class Events implements SseDecoder.Reader {
        /** Messages of which parts have come: the whole of them comes once more at their end. */
        private final Set<String> begun = new HashSet<>();

        private String chat = "";
        private String conversation = "";

        @Override
        public void event(String name, Json data, Steps steps) {
            switch (name) {
                case "conversation.chat.created", "conversation.chat.in_progress" -> start(data, steps);
                case "conversation.message.delta" -> {
                    start(data, steps);
                    if (!isAnswer(data)) return;
                    begun.add(data.get("id").text(""));
                    steps.text(data.get("content").text(""));
                }
                case "conversation.message.completed" -> {
                    start(data, steps);
                    if (isAnswer(data) && begun.add(data.get("id").text("")))
                        steps.text(data.get("content").text(""));
                }
                case "conversation.chat.completed" -> {
                    start(data, steps);
                    Json usage = data.get("usage");
                    if (usage.isObject())
                        steps.usage(Usage.of(
                                TokenCount.of(usage.get("input_count")), TokenCount.of(usage.get("output_count"))));
                    steps.finish(StopReason.END, null);
                    steps.end();
                }
                case "conversation.chat.failed" -> {
                    Json error = data.get("last_error");
                    steps.fail(new UpstreamError(
                            error.get("msg").text(""),
                            Long.toString(error.get("code").integer(0)),
                            null,
                            null));
                }
                case "conversation.chat.requires_action" ->
                    steps.fail(new UpstreamError(
                            "the bot waits for the result of a tool, which this call cannot give",
                            "requires_action",
                            "invalid_request_error",
                            null));
                // Without a name: an error in place of an answer.
                case "" -> {
                    byte[] bytes = data.toBytes();
                    steps.fail(ErrorReader.explain(bytes, 0, bytes.length));
                }
                default -> {}
            }
        }

        /**
         * A conversation takes no new chat while one goes on in it.
         *
         * @see <a href="https://docs.coze.cn/developer_guides/chat_cancel">Coze</a>
         */
        @Override
        public @Nullable Stop stop(@Nullable String user) {
            if (chat.isEmpty() || conversation.isEmpty()) return null;
            return new Stop(
                    "/v3/chat/cancel",
                    Json.object()
                            .put("chat_id", chat)
                            .put("conversation_id", conversation)
                            .build()
                            .toBytes());
        }

        private static boolean isAnswer(Json message) {
            return message.get("type").text("").equals("answer")
                    && message.get("content_type").text("text").equals("text");
        }

        private void start(Json data, Steps steps) {
            if (chat.isEmpty()) chat = data.any("chat_id", "id").text("");
            steps.start(chat, "", data.get("created_at").integer(0));
            if (!conversation.isEmpty()) return;
            conversation = data.get("conversation_id").text("");
            if (!conversation.isEmpty()) steps.conversation(conversation);
        }
    }
}
