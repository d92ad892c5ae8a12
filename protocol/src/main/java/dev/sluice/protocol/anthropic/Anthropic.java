package dev.sluice.protocol.anthropic;

import dev.sluice.protocol.WireFormat;
import dev.sluice.protocol.chat.ChatFormat;
import dev.sluice.protocol.count.CountFormat;
import dev.sluice.protocol.job.ResultLine;
import dev.sluice.protocol.json.Json;
import java.util.List;

/** The operations of the Anthropic wire format. */
public final class Anthropic {
    private static final ChatFormat MESSAGES = new MessagesFormat();
    private static final ChatFormat INVOKED = new InvokedFormat();
    private static final CountFormat COUNT_TOKENS = new CountTokensFormat();
    private static final WireFormat KEPT = new KeptFormat();

    private Anthropic() {}

    /** {@code POST /v1/messages}. */
    public static ChatFormat messages() {
        return MESSAGES;
    }

    /** Messages of Claude on Vertex AI, for upstreams. */
    public static ChatFormat onVertex() {
        return HostedFormat.VERTEX;
    }

    /** {@code /model/MODEL/invoke} and {@code …/invoke-with-response-stream} of Bedrock, with messages of Claude. */
    public static ChatFormat onBedrock() {
        return INVOKED;
    }

    /** Of the values of the header {@code anthropic-beta} what Vertex AI knows, which refuses what it does not know. */
    public static List<String> betasOnVertex(List<String> betas) {
        return HostedFormat.VERTEX.betas(betas);
    }

    /** {@code POST /v1/messages/count_tokens}; its request is one of {@link #messages} without a limit. */
    public static CountFormat countTokens() {
        return COUNT_TOKENS;
    }

    /** {@code …/models/count-tokens:rawPredict} on Vertex AI, for upstreams. */
    public static CountFormat countOnVertex() {
        return HostedCountFormat.VERTEX;
    }

    /** {@code /model/MODEL/count-tokens} of Bedrock, for upstreams. */
    public static CountFormat countOnBedrock() {
        return HostedCountFormat.BEDROCK;
    }

    /** {@code /v1/files}, {@code /v1/messages/batches} and what is below them. */
    public static WireFormat kept() {
        return KEPT;
    }

    /** Reads the lines of the results of a batch. */
    public static ResultLine.Reader batchResults() {
        return Results::read;
    }

    /** The body of {@code GET /v1/models}, all on one page. */
    public static byte[] modelList(List<String> ids) {
        return Json.object()
                .put("data", Json.array(ids.stream().map(Anthropic::describe).toList()))
                .put("first_id", ids.isEmpty() ? Json.none() : Json.of(ids.getFirst()))
                .put("last_id", ids.isEmpty() ? Json.none() : Json.of(ids.getLast()))
                .put("has_more", false)
                .build()
                .toBytes();
    }

    /** The body of {@code GET /v1/models/ID}. */
    public static byte[] model(String id) {
        return describe(id).toBytes();
    }

    private static Json describe(String id) {
        return Json.object()
                .put("type", "model")
                .put("id", id)
                .put("display_name", id)
                .put("created_at", "1970-01-01T00:00:00Z")
                .build();
    }
}
