package dev.sluice.protocol.anthropic;

import dev.sluice.protocol.Asked;
import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.Peek;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.chat.InexpressibleException;
import dev.sluice.protocol.count.CountFormat;
import dev.sluice.protocol.count.CountRequest;
import dev.sluice.protocol.json.Json;
import dev.sluice.protocol.whole.WholeRead;
import java.util.Base64;
import java.util.List;

/** How other vendors of Claude count; no client speaks so. The request of a client of Anthropic goes on as {@link HostedRequest} does. */
enum HostedCountFormat implements CountFormat {
    /** Its path names no model, so the body does. */
    VERTEX("input_tokens") {
        @Override
        public byte[] writeRequest(CountRequest request, String model, Dialect dialect) {
            Json messages = request.in(Anthropic.messages(), model, dialect);
            boolean own = request.goesOnIn(Anthropic.messages());
            return HostedFormat.VERTEX
                    .host(own ? messages : CountTokensFormat.counted(messages), List.of())
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
        public byte[] writeRequest(CountRequest request, String model, Dialect dialect) {
            Json body = HostedFormat.BEDROCK.host(request.in(Anthropic.messages(), model, dialect), List.of());
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
    public CountRequest readRequest(byte[] body, Asked asked) {
        throw upstreamOnly();
    }

    @Override
    public byte[] written(long tokens) {
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
