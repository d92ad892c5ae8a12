package dev.sluice.protocol.anthropic;

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
import dev.sluice.protocol.eventstream.FrameSplitter;
import dev.sluice.protocol.json.JsonScanner;
import dev.sluice.protocol.request.BodyPeek;
import dev.sluice.protocol.sse.Splitter;
import java.util.Map;

/**
 * Messages of Claude as Bedrock invokes it. The model and the wish to stream are in the path; what is not about the conversation, errors and
 * frames, is AWS's.
 *
 * <p>Each maker's models have bodies of their own behind the same path. Claude's are known by {@code anthropic_version}, which they must have
 * (AWS, "Anthropic Claude Messages API", request and response).
 */
final class InvokedFormat implements ChatFormat {
    private static final String VERSION = "anthropic_version";
    private static final BodyPeek.Shape SHAPE =
            new BodyPeek.Shape(null, null, "max_tokens", null, MessagesFormat.SHAPE.texts());

    @Override
    public Peek peek(byte[] body, Asked asked) {
        Peek found = BodyPeek.read(body, SHAPE, asked);
        return found instanceof Peek.Malformed || hasVersion(body)
                ? found
                : new Peek.Malformed(
                        "\"" + VERSION
                                + "\" is missing: of what can be invoked only the bodies of Claude are read here; "
                                + "call other models by Converse",
                        VERSION);
    }

    private static boolean hasVersion(byte[] body) {
        JsonScanner scanner = new JsonScanner().reset(body, 0, body.length);
        if (!scanner.enter()) return false;
        while (scanner.nextMember()) {
            if (scanner.name().equals(VERSION)) return true;
        }
        return false;
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
    public byte[] endEvent() {
        return InvokedWriter.end();
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
        return HostedFormat.BEDROCK.writeRequest(request, dialect);
    }

    @Override
    public AnswerRead readAnswer(byte[] body, int from, int to) {
        return HostedFormat.BEDROCK.readAnswer(body, from, to);
    }

    @Override
    public byte[] writeAnswer(ChatAnswer answer, ClientView view) {
        return AnswerWriter.write(answer, view);
    }

    @Override
    public StreamDecoder decoder(int maxEventBytes) {
        return HostedFormat.BEDROCK.decoder(maxEventBytes);
    }

    @Override
    public StreamEncoder encoder(ClientView view) {
        return new InvokedWriter(view);
    }

    @Override
    public boolean takesImageUrls() {
        return HostedFormat.BEDROCK.takesImageUrls();
    }
}
