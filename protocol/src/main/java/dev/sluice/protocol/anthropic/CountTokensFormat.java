package dev.sluice.protocol.anthropic;

import dev.sluice.protocol.Asked;
import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.Peek;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.count.CountFormat;
import dev.sluice.protocol.count.CountRequest;
import dev.sluice.protocol.json.Json;
import dev.sluice.protocol.request.BodyPeek;
import dev.sluice.protocol.whole.WholeRead;
import java.util.Set;

/**
 * {@code POST /v1/messages/count_tokens}.
 *
 * @see <a href="https://docs.claude.com/en/api/messages-count-tokens">Anthropic</a>
 */
final class CountTokensFormat implements CountFormat {
    private static final Set<String> COUNTED =
            Set.of("model", "messages", "system", "tools", "tool_choice", "thinking", "output_config", "cache_control");

    @Override
    public Peek peek(byte[] body, Asked asked) {
        return BodyPeek.read(body, MessagesFormat.SHAPE, asked);
    }

    @Override
    public CountRequest readRequest(byte[] body, Asked asked) {
        return new CountRequest(Anthropic.messages(), body, asked);
    }

    @Override
    public byte[] writeRequest(CountRequest request, String model, Dialect dialect) {
        return counted(request.in(Anthropic.messages(), model, dialect))
                .with("model", Json.of(model))
                .toBytes();
    }

    /** What of a request of messages is counted. */
    static Json counted(Json messages) {
        return CountFormat.only(COUNTED, messages);
    }

    @Override
    public WholeRead<Counted> readAnswer(byte[] body, int from, int to) {
        return CountFormat.read("input_tokens", body, from, to);
    }

    @Override
    public byte[] written(long tokens) {
        return Json.object().put("input_tokens", tokens).build().toBytes();
    }

    @Override
    public byte[] errorBody(ClientError error) {
        return ErrorForm.body(error);
    }

    @Override
    public byte[] errorEvent(ClientError error) {
        return ErrorForm.event(error);
    }
}
