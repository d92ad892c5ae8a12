package dev.sluice.protocol.openai;

import dev.sluice.protocol.Answer;
import dev.sluice.protocol.Asked;
import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.Peek;
import dev.sluice.protocol.StreamTap;
import dev.sluice.protocol.TextSample;
import dev.sluice.protocol.UpstreamError;
import dev.sluice.protocol.WireFormat;
import dev.sluice.protocol.request.BodyPeek;
import java.util.Set;

/**
 * Images, speech, transcriptions, moderations and stored things: of a request the model matters, of an answer the usage,
 * if it tells one. A request may name no model where the provider has a usual one.
 */
final class PlainFormat implements WireFormat {
    private static final BodyPeek.Shape SHAPE =
            new BodyPeek.Shape("model", "stream", "max_tokens", null, Set.of("prompt", "input"));

    @Override
    public Peek peek(byte[] body, Asked asked) {
        return BodyPeek.readWithoutModel(body, SHAPE, asked);
    }

    @Override
    public Answer inspect(byte[] body, int from, int to) {
        return WholeAnswer.inspect(body, from, to, scanner -> {
            PlainReader reader = new PlainReader();
            reader.members(body, scanner);
            return reader.hasFailed()
                    ? new Answer.Failed(UpstreamError.NONE)
                    : new Answer.Complete(reader.usage(), TextSample.EMPTY, reader.units());
        });
    }

    @Override
    public StreamTap tap() {
        return new EventTap(new PlainReader());
    }

    @Override
    public byte[] errorBody(ClientError error) {
        return ErrorForm.body(error);
    }

    @Override
    public byte[] errorEvent(ClientError error) {
        return ErrorForm.chunk(error);
    }
}
