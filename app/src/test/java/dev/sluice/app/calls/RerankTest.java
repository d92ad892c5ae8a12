package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.ReceivedCall;
import dev.sluice.simulator.Simulator;
import dev.sluice.traffic.usage.Provenance;
import dev.sluice.traffic.usage.UsageRecord;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rerank: every form of clients over every form of upstreams. */
class RerankTest {
    private static final List<String> UPSTREAMS = List.of("jina", "cohere", "dashscope", "voyage");
    private static final String FLAT = """
            {"model":"mine","query":"red fox","documents":["a green frog","a red fox","a red car"],"top_n":2,"return_documents":true}""";
    private static final String NESTED = """
            {"model":"mine","input":{"query":"red fox","documents":["a green frog","a red fox","a red car"]},
             "parameters":{"top_n":2,"return_documents":true}}""";
    private static final String DASHSCOPE = "/api/v1/services/rerank/text-rerank/text-rerank";

    @TempDir
    static Path folder;

    private static EachService each;
    private static Simulator provider;
    private static GatewayUnderTest gateway;

    @BeforeAll
    static void start() {
        String policy = "modelPolicy: { mapping: { mine: its } }";
        each = EachService.start(
                folder,
                "[/v1/rerank, /v2/rerank, /rerank, " + DASHSCOPE + "]",
                List.of(
                        "{ name: jina, provider: jina, address: { url: \"%s/v1\" }, " + policy + " }",
                        "{ name: cohere, provider: cohere, protocol: native, address: { url: \"%s\" }, " + policy
                                + " }",
                        "{ name: dashscope, provider: dashscope, protocol: native, address: { url: \"%s\" }, " + policy
                                + " }",
                        "{ name: voyage, provider: voyage, protocol: native, address: { url: \"%s/voyage/v1\" }, "
                                + policy + " }"));
        provider = each.provider();
        gateway = each.gateway();
    }

    @AfterEach
    void forget() {
        provider.rules().clear();
    }

    @AfterAll
    static void stop() {
        each.close();
    }

    static Stream<Arguments> pairs() {
        return Stream.of("/v1/rerank", "/v2/rerank", "/rerank", DASHSCOPE)
                .flatMap(path -> UPSTREAMS.stream().map(upstream -> Arguments.of(path, upstream)));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void aClientGetsItsDocumentsBestFirst(String path, String upstream) {
        boolean nested = path.equals(DASHSCOPE);
        Reply reply = gateway.call("/" + upstream + path, nested ? NESTED : FLAT);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        JsonObject answer = nested ? reply.json().getJsonObject("output") : reply.json();
        JsonArray results = answer.getJsonArray("results");
        assertThat(results).hasSize(2);
        JsonObject best = results.getJsonObject(0);
        assertThat(best.getInteger("index")).isEqualTo(1);
        assertThat(best.getDouble("relevance_score"))
                .isGreaterThan(results.getJsonObject(1).getDouble("relevance_score"));
        assertThat(best.getJsonObject("document").getString("text")).isEqualTo("a red fox");
        ReceivedCall received = provider.journal().last();
        assertThat(received.model()).isEqualTo("its");
        UsageRecord record = gateway.record(reply.id());
        assertThat(record.askedModel()).isEqualTo("mine");
        assertThat(record.provenance()).isEqualTo(Provenance.REPORTED);
        assertThat(record.usage()).isEqualTo(received.billed());
        assertThat(record.usage().inputTokens()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/rerank", "/v2/rerank"})
    void aProviderOfJinasFormGetsTheClientsOwnBytes(String path) {
        String body = "{ \"model\":\"mine\" ,\"query\":\"q\",\"documents\":[\"a\"],\"truncate_prompt_tokens\":5 }";
        assertThat(gateway.call("/jina" + path, body).status()).isEqualTo(200);
        assertThat(provider.journal().last().text()).isEqualTo(body.replace("mine", "its"));
    }

    @Test
    void whatCannotBeSaidIsRefusedAndNamed() {
        int calls = provider.journal().size();
        Reply reply = gateway.call(
                "/dashscope/v1/rerank",
                "{\"model\":\"mine\",\"query\":\"q\",\"documents\":[\"a\"],\"max_tokens_per_doc\":5}");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.error().getString("param")).isEqualTo("max_tokens_per_doc");
        assertThat(provider.journal().size()).isEqualTo(calls);
    }

    @Test
    void anErrorOfTheUpstreamIsToldInTheClientsForm() {
        provider.rules().next(1, "status=400");
        Reply cohere = gateway.call("/dashscope/v2/rerank", FLAT);
        assertThat(cohere.status()).isEqualTo(400);
        assertThat(cohere.json().getString("message")).isNotEmpty();
        provider.rules().next(1, "status=400");
        assertThat(gateway.call("/cohere" + DASHSCOPE, NESTED).json().getString("code"))
                .isEqualTo("InvalidParameter");
    }
}
