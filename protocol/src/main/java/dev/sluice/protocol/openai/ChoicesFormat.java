package dev.sluice.protocol.openai;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sluice.protocol.Answer;
import dev.sluice.protocol.Asked;
import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.Peek;
import dev.sluice.protocol.StreamTap;
import dev.sluice.protocol.UpstreamError;
import dev.sluice.protocol.chat.ChatFormat;

/** What chat completions and completions share: how they are passed through, and their errors. */
abstract class ChoicesFormat implements ChatFormat {
    @Override
    public Peek peek(byte[] body, Asked asked) {
        return new RequestReader(body, true).read();
    }

    @Override
    public Answer inspect(byte[] body, int from, int to) {
        return WholeAnswer.inspect(body, from, to, scanner -> {
            ChoicesReader reader = new ChoicesReader(true);
            reader.read(body, scanner);
            if (reader.hasFailed()) return new Answer.Failed(UpstreamError.NONE);
            if (!reader.hasChoices()) return new Answer.Malformed("the answer has no choices");
            return new Answer.Complete(reader.usage(), reader.output());
        });
    }

    @Override
    public StreamTap tap() {
        return new EventTap(new ChoicesReader(false));
    }

    @Override
    public byte[] endEvent() {
        return "data: [DONE]\n\n".getBytes(US_ASCII);
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
