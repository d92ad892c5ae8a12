package dev.sluice.protocol.anthropic;

import dev.sluice.protocol.Asked;
import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.Peek;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.json.Json;
import dev.sluice.protocol.request.BodyPeek;
import dev.sluice.protocol.whole.WholeRead;

/** {@code POST /v1/messages/count_tokens}. */
final class CountTokensFormat implements CountFormat {
    @Override
    public Peek peek(byte[] body, Asked asked) {
        return BodyPeek.read(body, MessagesFormat.SHAPE, asked);
    }

    @Override
    public byte[] writeRequest(HostedRequest request, String model, Dialect dialect) {
        return request.body().with("model", Json.of(model)).toBytes();
    }

    @Override
    public WholeRead<Counted> readAnswer(byte[] body, int from, int to) {
        return CountFormat.read("input_tokens", body, from, to);
    }

    @Override
    public byte[] writeAnswer(Counted answer, HostedRequest request, View view) {
        return Anthropic.tokenCount(answer.inputTokens());
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
