package dev.sluice.protocol.bedrock;

import dev.sluice.protocol.chat.ChatRequest;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.chat.StreamDecoder;
import dev.sluice.protocol.chat.UpstreamFormat;

/** Converse. The model and the wish to stream are in the path. */
final class ConverseFormat implements UpstreamFormat {
    @Override
    public byte[] writeRequest(ChatRequest request, Dialect dialect) {
        return new RequestWriter(request).write().toBytes();
    }

    @Override
    public AnswerRead readAnswer(byte[] body, int from, int to) {
        return AnswerReader.read(body, from, to);
    }

    @Override
    public StreamDecoder decoder(int maxEventBytes) {
        return new EventStreamDecoder(maxEventBytes);
    }

    /** Bedrock reads images only from the request or from S3. */
    @Override
    public boolean takesImageUrls() {
        return false;
    }
}
