package dev.sluice.protocol.anthropic;

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

/** Files and batches of messages: what Anthropic keeps. Only an answer that is an error is told from one that is none. */
final class KeptFormat implements WireFormat {
    @Override
    public Peek peek(byte[] body, Asked asked) {
        return BodyPeek.readWithoutModel(body, MessagesFormat.SHAPE, asked);
    }

    @Override
    public Answer inspect(byte[] body, int from, int to) {
        Json json = Json.parse(body, from, to);
        if (json == null) return new Answer.Malformed("the answer is not valid JSON");
        if (!json.get("type").text("").equals("error")) return new Answer.Complete(null, TextSample.EMPTY);
        UpstreamError told = ErrorReader.explain(body, from, to);
        return new Answer.Failed(told);
    }

    @Override
    public StreamTap tap() {
        return Anthropic.messages().tap();
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
