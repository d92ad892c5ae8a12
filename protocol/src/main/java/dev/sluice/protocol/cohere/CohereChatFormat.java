package dev.sluice.protocol.cohere;

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
import dev.sluice.protocol.chat.StopReason;
import dev.sluice.protocol.chat.StreamDecoder;
import dev.sluice.protocol.chat.StreamEncoder;
import dev.sluice.protocol.chat.TokenCount;
import dev.sluice.protocol.error.ErrorReader;
import dev.sluice.protocol.json.Json;
import dev.sluice.protocol.request.BodyPeek;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Chat, version 2.
 *
 * @see <a href="https://docs.cohere.com/reference/chat">Cohere</a>
 */
final class CohereChatFormat implements ChatFormat {
    private static final BodyPeek.Shape SHAPE =
            new BodyPeek.Shape("model", "stream", "max_tokens", null, Set.of("messages", "tools", "documents"));

    @Override
    public Peek peek(byte[] body, Asked asked) {
        return BodyPeek.read(body, SHAPE, asked);
    }

    @Override
    public byte[] errorBody(ClientError error) {
        return ErrorForm.body(error);
    }

    @Override
    public byte[] errorEvent(ClientError error) {
        return ErrorForm.event(error);
    }

    @Override
    public ChatRequest readRequest(byte[] body, Asked asked) {
        return RequestReader.read(body, asked);
    }

    @Override
    public byte[] writeAnswer(ChatAnswer answer, ClientView view) {
        return AnswerWriter.write(answer, view);
    }

    @Override
    public StreamEncoder encoder(ClientView view) {
        return new StreamWriter(view);
    }

    @Override
    public byte[] writeRequest(ChatRequest request, Dialect dialect) {
        return new CohereRequest(request).write().toBytes();
    }

    @Override
    public AnswerRead readAnswer(byte[] body, int from, int to) {
        Json json = Json.parse(body, from, to);
        if (json == null) return new AnswerRead.Malformed("the answer is not valid JSON");
        Json message = json.get("message");
        if (!message.isObject()) {
            UpstreamError told = ErrorReader.find(body, from, to);
            return told == null ? new AnswerRead.Malformed("the answer has no message") : new AnswerRead.Failed(told);
        }
        UpstreamError failure = failure(json);
        if (failure != null) return new AnswerRead.Failed(failure);
        List<Part> parts = new ArrayList<>();
        String plan = message.get("tool_plan").text("");
        if (!plan.isEmpty()) parts.add(new Part.Thinking(plan, null));
        for (Json block : message.get("content").items()) {
            String thought = block.get("thinking").text("");
            if (!thought.isEmpty()) parts.add(new Part.Thinking(thought, null));
            String text = block.get("text").text("");
            if (!text.isEmpty()) parts.add(new Part.Text(text));
        }
        for (Json call : message.get("tool_calls").items()) {
            Json function = call.get("function");
            parts.add(new Part.ToolCall(
                    call.get("id").text(""),
                    function.get("name").text(""),
                    function.get("arguments").text("")));
        }
        return new AnswerRead.Read(new ChatAnswer(
                json.get("id").text(""),
                "",
                0,
                parts,
                stopReason(json.get("finish_reason").text("")),
                null,
                usage(json.get("usage")),
                null));
    }

    @Override
    public StreamDecoder decoder(int maxEventBytes) {
        return new SseDecoder(maxEventBytes, new CohereStream());
    }

    static StopReason stopReason(String word) {
        return switch (word) {
            case "STOP_SEQUENCE" -> StopReason.STOP_SEQUENCE;
            case "MAX_TOKENS" -> StopReason.MAX_TOKENS;
            case "TOOL_CALL" -> StopReason.TOOL_CALLS;
            case "ERROR_TOXIC" -> StopReason.CONTENT_FILTER;
            default -> StopReason.END;
        };
    }

    /** The failure that the end of an answer tells, which has no code but the reason of the end; null if it is a good end. */
    static @Nullable UpstreamError failure(Json end) {
        String reason = end.get("finish_reason").text("");
        String type = switch (reason) {
            case "ERROR" -> "server_error";
            case "TIMEOUT" -> "timeout_error";
            default -> null;
        };
        String error = end.get("error").text("");
        return type == null && error.isEmpty() ? null : new UpstreamError(error, reason, type, null);
    }

    /** What is billed where it is told, else what was counted. */
    static @Nullable Usage usage(Json usage) {
        Json units = usage.any("billed_units", "tokens");
        if (!units.isObject()) return null;
        long input = TokenCount.of(units.get("input_tokens"));
        long cached = Math.min(input, TokenCount.of(usage.get("cached_tokens")));
        return new Usage(input, cached, 0, TokenCount.of(units.get("output_tokens")), 0);
    }
}
