package dev.sluice.protocol.anthropic;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sluice.protocol.Asked;
import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.Peek;
import dev.sluice.protocol.chat.ChatAnswer;
import dev.sluice.protocol.chat.ChatFormat;
import dev.sluice.protocol.chat.ChatRequest;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.chat.SseDecoder;
import dev.sluice.protocol.chat.StreamDecoder;
import dev.sluice.protocol.chat.StreamEncoder;
import dev.sluice.protocol.request.BodyPeek;
import java.util.Set;

/** {@code POST /v1/messages}. */
final class MessagesFormat implements ChatFormat {
    static final BodyPeek.Shape SHAPE =
            new BodyPeek.Shape("model", "stream", "max_tokens", null, Set.of("system", "messages", "tools"));

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
    public byte[] endEvent() {
        return "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n".getBytes(US_ASCII);
    }

    @Override
    public ChatRequest readRequest(byte[] body, Asked asked) {
        return RequestReader.read(body, asked);
    }

    @Override
    public byte[] writeRequest(ChatRequest request, Dialect dialect) {
        return new RequestWriter(request, dialect).write().toBytes();
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
        return new SseDecoder(maxEventBytes, new StreamReader());
    }

    @Override
    public StreamEncoder encoder(ClientView view) {
        return new StreamWriter(view);
    }
}
