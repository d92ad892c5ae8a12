package dev.sluice.protocol.hunyuan;

import dev.sluice.protocol.Asked;
import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.Peek;
import dev.sluice.protocol.UpstreamError;
import dev.sluice.protocol.Usage;
import dev.sluice.protocol.chat.ChatAnswer;
import dev.sluice.protocol.chat.ChatFormat;
import dev.sluice.protocol.chat.ChatRequest;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.chat.Part;
import dev.sluice.protocol.chat.SseDecoder;
import dev.sluice.protocol.chat.Steps;
import dev.sluice.protocol.chat.StopReason;
import dev.sluice.protocol.chat.StreamDecoder;
import dev.sluice.protocol.chat.StreamEncoder;
import dev.sluice.protocol.chat.TokenCount;
import dev.sluice.protocol.error.ErrorReader;
import dev.sluice.protocol.json.Json;
import dev.sluice.protocol.request.BodyPeek;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Chat of Hunyuan. Errors come with status 200 in the same envelope as answers; events of a stream have no envelope, and no event ends
 * the stream but the last reason.
 *
 * @see <a href="https://cloud.tencent.com/document/product/1729/105701">Tencent Cloud</a>
 */
final class HunyuanChatFormat implements ChatFormat {
    private static final BodyPeek.Shape SHAPE =
            new BodyPeek.Shape("Model", "Stream", "MaxTokens", null, Set.of("Messages", "Tools"));

    @Override
    public Peek peek(byte[] body, Asked asked) {
        return BodyPeek.read(body, SHAPE, asked);
    }

    @Override
    public byte[] errorBody(ClientError error) {
        return AnswerWriter.error(error);
    }

    @Override
    public byte[] errorEvent(ClientError error) {
        return AnswerWriter.errorEvent(error);
    }

    @Override
    public ChatRequest readRequest(byte[] body, Asked asked) {
        return RequestReader.read(body, asked);
    }

    @Override
    public byte[] writeAnswer(ChatAnswer answer, ClientView view) {
        return AnswerWriter.whole(answer, view);
    }

    @Override
    public StreamEncoder encoder(ClientView view) {
        return new AnswerWriter(view);
    }

    /** Tencent tells errors inside of a success; its clients read no other. */
    @Override
    public int errorStatus(ClientError error) {
        return 200;
    }

    @Override
    public byte[] writeRequest(ChatRequest request, Dialect dialect) {
        return HunyuanRequest.write(request).toBytes();
    }

    @Override
    public AnswerRead readAnswer(byte[] body, int from, int to) {
        Json json = Json.parse(body, from, to);
        if (json == null) return new AnswerRead.Malformed("the answer is not valid JSON");
        Json response = json.get("Response").isObject() ? json.get("Response") : json;
        if (response.get("Error").isObject() || response.get("ErrorMsg").isObject()) {
            return new AnswerRead.Failed(ErrorReader.explain(body, from, to));
        }
        Json choice = first(response.get("Choices"));
        if (!choice.isObject()) return new AnswerRead.Malformed("the answer has no choices");
        List<Part> parts = new ArrayList<>();
        Json message = choice.get("Message");
        String thought = message.get("ReasoningContent").text("");
        if (!thought.isEmpty()) parts.add(new Part.Thinking(thought, null));
        String text = message.get("Content").text("");
        if (!text.isEmpty()) parts.add(new Part.Text(text));
        for (Json call : message.get("ToolCalls").items()) {
            Json function = call.get("Function");
            parts.add(new Part.ToolCall(
                    call.get("Id").text(""),
                    function.get("Name").text(""),
                    function.get("Arguments").text("")));
        }
        return new AnswerRead.Read(new ChatAnswer(
                response.get("Id").text(""),
                "",
                response.get("Created").integer(0),
                parts,
                stopReason(choice.get("FinishReason").text("")),
                null,
                usage(response.get("Usage")),
                null));
    }

    @Override
    public StreamDecoder decoder(int maxEventBytes) {
        return new SseDecoder(maxEventBytes, new Events());
    }

    private static Json first(Json choices) {
        return choices.items().isEmpty() ? Json.none() : choices.items().getFirst();
    }

    private static StopReason stopReason(String word) {
        return switch (word) {
            case "tool_calls" -> StopReason.TOOL_CALLS;
            case "length" -> StopReason.MAX_TOKENS;
            case "sensitive" -> StopReason.CONTENT_FILTER;
            default -> StopReason.END;
        };
    }

    private static @Nullable Usage usage(Json usage) {
        if (!usage.isObject()) return null;
        return Usage.of(TokenCount.of(usage.get("PromptTokens")), TokenCount.of(usage.get("CompletionTokens")));
    }

    /** Reads one stream. */
    private static final class Events implements SseDecoder.Reader {
        private final Map<Long, Integer> calls = new HashMap<>();

        @Override
        public void event(String name, Json data, Steps steps) {
            Json body = data.get("Response").isObject() ? data.get("Response") : data;
            if (body.get("Error").isObject() || body.get("ErrorMsg").isObject()) {
                Json error = body.any("Error", "ErrorMsg");
                steps.fail(new UpstreamError(
                        error.any("Message", "Msg").text(""), error.get("Code").text(), null, null));
                return;
            }
            steps.start(body.get("Id").text(""), "", body.get("Created").integer(0));
            steps.usage(usage(body.get("Usage")));
            Json choice = first(body.get("Choices"));
            Json delta = choice.get("Delta");
            steps.thinking(delta.get("ReasoningContent").text(""));
            steps.text(delta.get("Content").text(""));
            for (Json call : delta.get("ToolCalls").items()) call(call, steps);
            String reason = choice.get("FinishReason").text("");
            if (reason.isEmpty()) return;
            steps.finish(stopReason(reason), null);
            steps.end();
        }

        private void call(Json call, Steps steps) {
            long index = call.get("Index").integer(0);
            Json function = call.get("Function");
            Integer known = calls.get(index);
            if (known == null) {
                known = steps.call(call.get("Id").text(""), function.get("Name").text(""), null);
                calls.put(index, known);
            }
            steps.arguments(known, function.get("Arguments").text(""));
        }
    }
}
