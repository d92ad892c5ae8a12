package dev.sluice.protocol.anthropic;

import dev.sluice.protocol.chat.ChatRequest;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.chat.SseDecoder;
import dev.sluice.protocol.chat.StreamDecoder;
import dev.sluice.protocol.chat.UpstreamFormat;
import dev.sluice.protocol.eventstream.FrameDecoder;
import dev.sluice.protocol.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Messages as other vendors serve them: the path names the model, the body a version of the form. */
enum HostedFormat implements UpstreamFormat {
    /** {@code :rawPredict} and {@code :streamRawPredict}; the body says whether it streams. */
    VERTEX("vertex-2023-10-16"),
    /** {@code /invoke} and {@code /invoke-with-response-stream}; the path says whether it streams, and each event is within a frame. */
    BEDROCK("bedrock-2023-05-31");

    private static final String BETA = "anthropic_beta";
    private static final String CACHE = "cache_control";

    /**
     * Members that neither vendor takes, or only with one of these betas: "extra inputs are not permitted". A cache hint for the whole
     * request, and a hint's scope, are Anthropic's alone (its page on prompt caching); so is the fast mode.
     */
    private static final Map<String, Set<String>> CONDITIONAL = Map.of(
            "context_management",
            Set.of(Betas.CONTEXT_MANAGEMENT, Betas.COMPACTION),
            CACHE,
            Set.of(),
            "speed",
            Set.of());

    private static final Map<String, Set<String>> ON_BEDROCK = Map.of("service_tier", Set.of());

    private final String version;

    HostedFormat(String version) {
        this.version = version;
    }

    private Betas betas() {
        return this == BEDROCK ? Betas.ON_BEDROCK : Betas.ON_VERTEX;
    }

    /** The betas of a header that this vendor knows. */
    List<String> betas(List<String> header) {
        return betas().known(header);
    }

    /**
     * The body of a client of Anthropic for this vendor, less what it surely refuses and what is but advice; all else stays.
     *
     * @param header the betas that the client asks for in a header, which Bedrock wants in the body
     */
    Json host(Json body, List<String> header) {
        Map<String, Json> members = new LinkedHashMap<>(body.fields());
        Json own = members.getOrDefault(BETA, Json.none());
        List<String> inBody = own.items().stream().map(beta -> beta.text("")).toList();
        List<String> known =
                betas().known(Stream.concat(header.stream(), inBody.stream()).toList());
        List<String> written = this == BEDROCK ? known : betas().known(inBody);
        members.remove(BETA);
        if (!written.isEmpty()) members.put(BETA, Json.texts(written));
        drop(members, CONDITIONAL, known);
        if (this == BEDROCK) drop(members, ON_BEDROCK, known);
        members.computeIfPresent("system", (_, blocks) -> unscoped(blocks));
        members.computeIfPresent("tools", (_, blocks) -> unscoped(blocks));
        members.computeIfPresent("messages", (_, messages) -> unscoped(messages));
        return host(members);
    }

    private Json host(Map<String, Json> members) {
        members.remove("model");
        members.put("anthropic_version", Json.of(version));
        if (this == BEDROCK) members.remove("stream");
        return new Json.Obj(members);
    }

    private static void drop(Map<String, Json> members, Map<String, Set<String>> conditional, List<String> known) {
        conditional.forEach((member, betas) -> {
            if (betas.stream().noneMatch(known::contains)) members.remove(member);
        });
    }

    /** Blocks, and those within their content, whose cache hints say nothing of a scope. */
    private static Json unscoped(Json blocks) {
        if (!blocks.isArray()) return blocks;
        List<Json> changed = new ArrayList<>();
        for (Json block : blocks.items()) {
            Json hint = block.get(CACHE);
            Json plain = hint.has("scope") ? block.with(CACHE, hint.with("scope", null)) : block;
            changed.add(plain.get("content").isArray() ? plain.with("content", unscoped(plain.get("content"))) : plain);
        }
        return Json.array(changed);
    }

    @Override
    public byte[] writeRequest(ChatRequest request, Dialect dialect) {
        return host(new LinkedHashMap<>(
                        new RequestWriter(request, dialect).write().fields()))
                .toBytes();
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
        return false;
    }
}
