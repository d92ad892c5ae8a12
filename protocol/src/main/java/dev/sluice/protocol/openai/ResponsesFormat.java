package dev.sluice.protocol.openai;

import dev.sluice.protocol.Answer;
import dev.sluice.protocol.Asked;
import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.Peek;
import dev.sluice.protocol.StreamTap;
import dev.sluice.protocol.UpstreamError;
import dev.sluice.protocol.chat.ChatAnswer;
import dev.sluice.protocol.chat.ChatFormat;
import dev.sluice.protocol.chat.ChatRequest;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.chat.SseDecoder;
import dev.sluice.protocol.chat.StreamDecoder;
import dev.sluice.protocol.chat.StreamEncoder;

/** {@code POST /v1/responses}. Its streams end with usage unasked. */
final class ResponsesFormat implements ChatFormat {
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

    @Override
    public ChatRequest readRequest(byte[] body, Asked asked) {
        return ResponsesRequestReader.read(body);
    }

    @Override
    public byte[] writeRequest(ChatRequest request, Dialect dialect) {
        return ResponsesRequestWriter.write(request, dialect);
    }

    @Override
    public AnswerRead readAnswer(byte[] body, int from, int to) {
        return ResponsesAnswer.read(body, from, to, inspect(body, from, to));
    }

    @Override
    public byte[] writeAnswer(ChatAnswer answer, ClientView view) {
        return ResponsesAnswer.write(answer, view);
    }

    @Override
    public StreamDecoder decoder(int maxEventBytes) {
        return new SseDecoder(maxEventBytes, new ResponsesStreamReader());
    }

    @Override
    public StreamEncoder encoder(ClientView view) {
        return new ResponsesStreamWriter(view);
    }
}
