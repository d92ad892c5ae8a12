package dev.sluice.protocol.gemini;

import dev.sluice.protocol.Answer;
import dev.sluice.protocol.Asked;
import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.Peek;
import dev.sluice.protocol.StreamTap;
import dev.sluice.protocol.TextSample;
import dev.sluice.protocol.UpstreamError;
import dev.sluice.protocol.WireFormat;
import dev.sluice.protocol.error.ErrorReader;
import dev.sluice.protocol.json.Json;
import dev.sluice.protocol.request.BodyPeek;

/** {@code :countTokens}. It costs nothing, so its answer reports no usage. */
final class CountTokensFormat implements WireFormat {
    @Override
    public Peek peek(byte[] body, Asked asked) {
        return BodyPeek.read(body, ContentFormat.SHAPE, asked);
    }

    @Override
    public Answer inspect(byte[] body, int from, int to) {
        Json json = Json.parse(body, from, to);
        if (json == null) return new Answer.Malformed("the answer is not valid JSON");
        if (json.get("totalTokens").isNumber()) return new Answer.Complete(null, TextSample.EMPTY);
        UpstreamError told = ErrorReader.find(body, from, to);
        return told == null ? new Answer.Malformed("the answer has no totalTokens") : new Answer.Failed(told);
    }

    @Override
    public StreamTap tap() {
        return Gemini.generateContent().tap();
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
