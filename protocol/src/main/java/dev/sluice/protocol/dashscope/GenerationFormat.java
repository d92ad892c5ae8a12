package dev.sluice.protocol.dashscope;

import dev.sluice.protocol.Asked;
import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.Peek;
import dev.sluice.protocol.StreamTap;
import dev.sluice.protocol.chat.ChatAnswer;
import dev.sluice.protocol.chat.ChatFormat;
import dev.sluice.protocol.chat.ChatRequest;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.chat.GrowingText.Mode;
import dev.sluice.protocol.chat.SseDecoder;
import dev.sluice.protocol.chat.StreamDecoder;
import dev.sluice.protocol.chat.StreamEncoder;
import dev.sluice.protocol.request.BodyPeek;
import java.util.Set;

/** Generation; a header asks for the stream. */
final class GenerationFormat implements ChatFormat {
    private static final BodyPeek.Shape SHAPE =
            new BodyPeek.Shape("model", null, "max_tokens", "parameters", Set.of("input"));

    /** What the streams of upstreams hold that were asked for pieces. */
    private final Mode mode;

    GenerationFormat(Mode mode) {
        this.mode = mode;
    }

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
    public byte[] writeRequest(ChatRequest request, Dialect dialect) {
        return RequestWriter.write(request);
    }

    @Override
    public AnswerRead readAnswer(byte[] body, int from, int to) {
        return AnswerReader.read(body, from, to);
    }

    @Override
    public byte[] writeAnswer(ChatAnswer answer, ClientView view) {
        return AnswerWriter.write(answer, view);
    }

    @Override
    public StreamDecoder decoder(int maxEventBytes) {
        // What is decoded was asked for by writeRequest.
        return new SseDecoder(maxEventBytes, new StreamReader(mode));
    }

    @Override
    public StreamTap tap(byte[] request) {
        return ChatFormat.tap(new SseDecoder(LONGEST_EVENT, new StreamReader(Wishes.mode(request))));
    }

    @Override
    public StreamEncoder encoder(ClientView view) {
        return new StreamWriter(view);
    }
}
