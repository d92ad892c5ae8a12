package dev.sluice.protocol.anthropic;

import dev.sluice.protocol.chat.ChatRequest;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.chat.Fields;
import dev.sluice.protocol.chat.SseDecoder;
import dev.sluice.protocol.chat.StreamDecoder;
import dev.sluice.protocol.chat.UpstreamFormat;
import dev.sluice.protocol.eventstream.FrameDecoder;
import dev.sluice.protocol.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Messages as other vendors serve them: the path names the model, the body a version of the form. */
enum HostedFormat implements UpstreamFormat {
    /** {@code :rawPredict} and {@code :streamRawPredict}; the body says whether it streams. */
    VERTEX("vertex-2023-10-16"),
    /** {@code /invoke} and {@code /invoke-with-response-stream}; the path says whether it streams, and each event is within a frame. */
    BEDROCK("bedrock-2023-05-31");

    private final String version;

    HostedFormat(String version) {
        this.version = version;
    }

    /**
     * The body of a client of Anthropic for this vendor; what it does not own stays.
     *
     * @param betas the features that the client asks for in a header, which one of the vendors wants in the body
     */
    byte[] host(byte[] body, List<String> betas) {
        return host(Fields.body(body), betas).toBytes();
    }

    private Json host(Json body, List<String> betas) {
        Map<String, Json> members = new LinkedHashMap<>(body.fields());
        members.remove("model");
        members.put("anthropic_version", Json.of(version));
        if (this == BEDROCK) {
            members.remove("stream");
            if (!betas.isEmpty()) members.put("anthropic_beta", Json.texts(betas));
        }
        return new Json.Obj(members);
    }

    @Override
    public byte[] writeRequest(ChatRequest request, Dialect dialect) {
        return host(new RequestWriter(request).write(), List.of()).toBytes();
    }

    @Override
    public AnswerRead readAnswer(byte[] body, int from, int to) {
        return AnswerReader.read(body, from, to);
    }

    @Override
    public StreamDecoder decoder(int maxEventBytes) {
        return switch (this) {
            case VERTEX -> new SseDecoder(maxEventBytes, new StreamReader());
            case BEDROCK -> new FrameDecoder(maxEventBytes, new InvokedReader());
        };
    }

    @Override
    public boolean takesImageUrls() {
        return this == VERTEX;
    }
}
