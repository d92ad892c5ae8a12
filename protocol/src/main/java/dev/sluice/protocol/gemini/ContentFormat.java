package dev.sluice.protocol.gemini;

import dev.sluice.protocol.Asked;
import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.Peek;
import dev.sluice.protocol.chat.ChatAnswer;
import dev.sluice.protocol.chat.ChatFormat;
import dev.sluice.protocol.chat.ChatRequest;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.chat.StreamDecoder;
import dev.sluice.protocol.chat.StreamEncoder;
import dev.sluice.protocol.request.BodyPeek;
import java.util.Set;

/** {@code :generateContent} and {@code :streamGenerateContent}; the path names the model and asks for the stream. */
final class ContentFormat implements ChatFormat {
    static final BodyPeek.Shape SHAPE = new BodyPeek.Shape(
            null,
            null,
            "maxOutputTokens",
            "generationConfig",
            Set.of("contents", "systemInstruction", "system_instruction", "tools", "generateContentRequest"));

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
        return new RequestReader(asked).read(body);
    }

    @Override
    public byte[] writeRequest(ChatRequest request, Dialect dialect) {
        return new RequestWriter(request, dialect.family(request)).write().toBytes();
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
        return new ContentDecoder(maxEventBytes);
    }

    @Override
    public StreamEncoder encoder(ClientView view) {
        return new StreamWriter(view);
    }

    /** Google's own store takes its URIs; whether a model fetches others is not certain. */
    @Override
    public boolean takesImageUrls() {
        return false;
    }
}
