package dev.sluice.protocol.gemini;

import dev.sluice.protocol.Asked;
import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.Peek;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.embed.EmbedAnswer;
import dev.sluice.protocol.embed.EmbedFormat;
import dev.sluice.protocol.embed.EmbedRequest;
import dev.sluice.protocol.embed.EmbedRequest.Layout;
import dev.sluice.protocol.embed.Vector;
import dev.sluice.protocol.json.JsonWriter;
import dev.sluice.protocol.request.BodyPeek;
import dev.sluice.protocol.whole.WholeRead;
import java.util.Set;

/** {@code :embedContent} and {@code :batchEmbedContents}; upstreams are always asked for a batch. */
final class EmbedContentsFormat implements EmbedFormat {
    private static final BodyPeek.Shape SHAPE =
            new BodyPeek.Shape(null, null, null, null, Set.of("content", "requests"));

    @Override
    public Peek peek(byte[] body, Asked asked) {
        return BodyPeek.read(body, SHAPE, asked);
    }

    @Override
    public EmbedRequest readRequest(byte[] body, Asked asked) {
        return EmbedContents.read(body);
    }

    @Override
    public byte[] writeRequest(EmbedRequest request, String model, Dialect dialect) {
        return EmbedContents.write(request, model).toBytes();
    }

    @Override
    public WholeRead<EmbedAnswer> readAnswer(byte[] body, int from, int to) {
        return EmbedContents.readAnswer(body, from, to);
    }

    @Override
    public byte[] writeAnswer(EmbedAnswer answer, EmbedRequest request, View view) {
        boolean single = request.layout() == Layout.SINGLE;
        JsonWriter out = new JsonWriter().raw(single ? "{\"embedding\":" : "{\"embeddings\":[");
        String separator = "";
        for (Vector vector : answer.vectors()) {
            vector.writeNumbers(out.raw(separator).raw("{\"values\":"));
            out.raw("}");
            separator = ",";
        }
        return out.raw(single ? "}" : "]}").toBytes();
    }

    @Override
    public byte[] errorBody(ClientError error) {
        return ErrorForm.body(error);
    }

    @Override
    public byte[] errorEvent(ClientError error) {
        return ErrorForm.event(error);
    }
}
