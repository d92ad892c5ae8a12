package dev.sluice.protocol.openai;

import dev.sluice.protocol.Answer;
import dev.sluice.protocol.Asked;
import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.Peek;
import dev.sluice.protocol.StreamTap;
import dev.sluice.protocol.TextSample;
import dev.sluice.protocol.UpstreamError;
import dev.sluice.protocol.Usage;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.chat.Fields;
import dev.sluice.protocol.embed.EmbedAnswer;
import dev.sluice.protocol.embed.EmbedFormat;
import dev.sluice.protocol.embed.EmbedRequest;
import dev.sluice.protocol.json.JsonScanner;
import dev.sluice.protocol.json.JsonType;
import dev.sluice.protocol.json.Keys;
import dev.sluice.protocol.whole.WholeRead;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/embeddings}. Never streamed; of a stream in its place only an error is understood. */
final class EmbeddingsFormat implements EmbedFormat {
    private enum Member {
        DATA,
        USAGE,
        ERROR,
        OBJECT,
        CODE,
        BASE_RESP,
        OTHER
    }

    private static final Keys<Member> MEMBERS = Keys.of(Member.class, Member.OTHER);

    @Override
    public Peek peek(byte[] body, Asked asked) {
        return new RequestReader(body, false).read();
    }

    @Override
    public Answer inspect(byte[] body, int from, int to) {
        return WholeAnswer.inspect(body, from, to, scanner -> read(body, scanner));
    }

    private static Answer read(byte[] body, JsonScanner scanner) {
        boolean data = false;
        boolean failed = false;
        @Nullable Usage usage = null;
        scanner.enter();
        while (scanner.nextMember()) {
            switch (scanner.key(MEMBERS)) {
                // A list; of Ark's multimodal embeddings a single object.
                case DATA -> data = scanner.type() == JsonType.ARRAY || scanner.type() == JsonType.OBJECT;
                case USAGE -> usage = new UsageReader().read(scanner);
                case ERROR -> failed |= VendorFailure.isError(scanner);
                case OBJECT -> failed |= VendorFailure.isErrorObject(body, scanner);
                case CODE -> failed |= scanner.type() == JsonType.NUMBER && VendorFailure.isFailureCode(body, scanner);
                case BASE_RESP -> failed |= VendorFailure.isFailedStatus(scanner);
                case OTHER -> {}
            }
        }
        if (failed) return new Answer.Failed(UpstreamError.NONE);
        return data ? new Answer.Complete(usage, TextSample.EMPTY) : new Answer.Malformed("the answer has no data");
    }

    @Override
    public EmbedRequest readRequest(byte[] body, Asked asked) {
        return EmbeddingsRequest.read(Fields.body(body));
    }

    @Override
    public byte[] writeRequest(EmbedRequest request, String model, Dialect dialect) {
        return EmbeddingsRequest.write(request, model, dialect).toBytes();
    }

    @Override
    public WholeRead<EmbedAnswer> readAnswer(byte[] body, int from, int to) {
        int begin = WholeAnswer.start(body, from, to);
        return switch (inspect(body, begin, to)) {
            case Answer.Complete complete -> EmbeddingsAnswer.read(body, begin, to, complete.usage());
            case Answer.Failed(UpstreamError error) -> new WholeRead.Failed<>(error);
            case Answer.Malformed(String why) -> new WholeRead.Malformed<>(why);
        };
    }

    @Override
    public byte[] writeAnswer(EmbedAnswer answer, EmbedRequest request, View view) {
        return EmbeddingsAnswer.write(answer, request, view);
    }

    @Override
    public StreamTap tap() {
        return new EventTap(new ChoicesReader(false));
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
