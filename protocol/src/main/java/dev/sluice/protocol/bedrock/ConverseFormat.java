package dev.sluice.protocol.bedrock;

import dev.sluice.protocol.Asked;
import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.Peek;
import dev.sluice.protocol.chat.ChatAnswer;
import dev.sluice.protocol.chat.ChatFormat;
import dev.sluice.protocol.chat.ChatRequest;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.chat.StreamDecoder;
import dev.sluice.protocol.chat.StreamEncoder;
import dev.sluice.protocol.eventstream.AwsErrors;
import dev.sluice.protocol.eventstream.FrameDecoder;
import dev.sluice.protocol.eventstream.FrameSplitter;
import dev.sluice.protocol.request.BodyPeek;
import dev.sluice.protocol.sse.Splitter;
import java.util.Map;
import java.util.Set;

/** Converse. The model and the wish to stream are in the path. */
final class ConverseFormat implements ChatFormat {
    private static final BodyPeek.Shape SHAPE =
            new BodyPeek.Shape(null, null, "maxTokens", "inferenceConfig", Set.of("system", "messages", "toolConfig"));

    @Override
    public Peek peek(byte[] body, Asked asked) {
        return BodyPeek.read(body, SHAPE, asked);
    }

    @Override
    public byte[] errorBody(ClientError error) {
        return AwsErrors.body(error);
    }

    @Override
    public Map<String, String> errorHeaders(ClientError error) {
        return AwsErrors.headers(error);
    }

    @Override
    public byte[] errorEvent(ClientError error) {
        return AwsErrors.event(error);
    }

    @Override
    public Splitter splitter(int maxEventBytes) {
        return new FrameSplitter(maxEventBytes);
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
        return AnswerWriter.write(answer);
    }

    @Override
    public StreamDecoder decoder(int maxEventBytes) {
        return new FrameDecoder(maxEventBytes, new ConverseReader());
    }

    @Override
    public StreamEncoder encoder(ClientView view) {
        return new StreamWriter();
    }

    /** Bedrock reads images only from the request or from S3. */
    @Override
    public boolean takesImageUrls() {
        return false;
    }
}
