package dev.sluice.protocol.anthropic;

import dev.sluice.protocol.Asked;
import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.Peek;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.chat.InexpressibleException;
import dev.sluice.protocol.json.Json;
import dev.sluice.protocol.whole.WholeRead;
import java.util.Base64;
import java.util.List;

/** How other vendors of Claude count; no client speaks so. */
enum HostedCountFormat implements CountFormat {
    /** Its path names no model, so the body does. */
    VERTEX("input_tokens") {
        @Override
        public byte[] writeRequest(HostedRequest request, String model, Dialect dialect) {
            return HostedFormat.VERTEX
                    .host(request.body(), List.of())
                    .with("model", Json.of(model))
                    .toBytes();
        }
    },
    /**
     * The body of an invocation within a document; an invocation must have a limit.
     *
     * @see <a href="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_CountTokens.html">AWS</a>
     */
    BEDROCK("inputTokens") {
        @Override
        public byte[] writeRequest(HostedRequest request, String model, Dialect dialect) {
            Json body = HostedFormat.BEDROCK.host(request.body(), List.of());
            Json invocation = body.has("max_tokens") ? body : body.with("max_tokens", Json.of(1));
            Json within = Json.object()
                    .put("body", Base64.getEncoder().encodeToString(invocation.toBytes()))
                    .build();
            return Json.object()
                    .put("input", Json.object().put("invokeModel", within).build())
                    .build()
                    .toBytes();
        }
    };

    private final String number;

    HostedCountFormat(String number) {
        this.number = number;
    }

    @Override
    public WholeRead<Counted> readAnswer(byte[] body, int from, int to) {
        return CountFormat.read(number, body, from, to);
    }

    @Override
    public Peek peek(byte[] body, Asked asked) {
        return new Peek.Malformed("no client speaks this format", null);
    }

    @Override
    public byte[] writeAnswer(Counted answer, HostedRequest request, View view) {
        throw upstreamOnly();
    }

    @Override
    public byte[] errorBody(ClientError error) {
        throw upstreamOnly();
    }

    @Override
    public byte[] errorEvent(ClientError error) {
        throw upstreamOnly();
    }

    private static InexpressibleException upstreamOnly() {
        return new InexpressibleException("no client speaks this format", null);
    }
}
