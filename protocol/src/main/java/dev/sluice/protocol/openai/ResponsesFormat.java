package dev.sluice.protocol.openai;

import dev.sluice.protocol.Answer;
import dev.sluice.protocol.Asked;
import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.Peek;
import dev.sluice.protocol.StreamTap;
import dev.sluice.protocol.UpstreamError;
import dev.sluice.protocol.WireFormat;

/** {@code POST /v1/responses}. Its streams end with usage unasked. */
final class ResponsesFormat implements WireFormat {
    @Override
    public Peek peek(byte[] body, Asked asked) {
        return new RequestReader(body, false).read();
    }

    @Override
    public Answer inspect(byte[] body, int from, int to) {
        return WholeAnswer.inspect(body, from, to, scanner -> {
            ResponsesReader reader = new ResponsesReader();
            reader.read(body, scanner);
            if (reader.hasFailed()) return new Answer.Failed(UpstreamError.NONE);
            if (!reader.hasOutput()) return new Answer.Malformed("the answer has no output");
            reader.takeOutput(body);
            return new Answer.Complete(reader.usage(), reader.output());
        });
    }

    @Override
    public StreamTap tap() {
        return new EventTap(new ResponsesReader());
    }

    @Override
    public byte[] errorBody(ClientError error) {
        return ErrorForm.body(error);
    }

    @Override
    public byte[] errorEvent(ClientError error) {
        return ErrorForm.responseEvent(error);
    }
}
