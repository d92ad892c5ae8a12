package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.ReceivedCall;
import dev.sluice.simulator.Rule;
import dev.sluice.simulator.Simulator;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tokens of a request for Claude on Vertex AI and on Bedrock: these vendors count them. */
class HostedCountTest {
    private static final String ON_VERTEX = "claude-sonnet-4-5@20250929";
    private static final String ON_BEDROCK = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
    private static final String ESTIMATED = "x-sluice-estimated";

    @TempDir
    static Path folder;

    private static Simulator provider;
    private static GatewayUnderTest gateway;

    @BeforeAll
    static void start() {
        provider = Simulator.start();
        gateway = GatewayUnderTest.start(folder, """
                services:
                  - { name: vertex, provider: vertex-ai, protocol: native, address: { url: "%1$s" }, options: { projectId: p-1, region: us-east5 } }
                  - { name: bedrock, provider: bedrock, protocol: native, address: { url: "%1$s" } }
                modelApis:
                  - { name: vertex, basePath: /vertex,
                      routes: [/v1/messages, /v1/messages/count_tokens, "/v1beta/models/{model}:countTokens"],
                      distribution: { strategy: single, targets: [ { service: vertex } ] } }
                  - { name: bedrock, basePath: /bedrock, routes: [/v1/messages, /v1/messages/count_tokens],
                      distribution: { strategy: single, targets: [ { service: bedrock } ] } }
                consumers:
                  - { name: caller, modelApis: [vertex, bedrock] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %2$s }
                """.formatted(provider.url(), GatewayUnderTest.KEY));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        provider.close();
    }

    @BeforeEach
    void freshen() {
        provider.journal().clear();
        provider.rules().clear();
    }

    private static JsonObject request(String model) {
        return new JsonObject()
                .put("model", model)
                .put("messages", JsonArray.of(JsonObject.of("role", "user", "content", "one two three")));
    }

    private static Reply count(String api, String model) {
        Reply reply = gateway.call(
                "/" + api + "/v1/messages/count_tokens",
                request(model).encode(),
                "anthropic-beta",
                "interleaved-thinking-2025-05-14");
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(reply.json().fieldNames()).containsExactly("input_tokens");
        assertThat(reply.json().getInteger("input_tokens")).isPositive();
        return reply;
    }

    @Test
    void vertexCountsForItsClaude() {
        assertThat(count("vertex", ON_VERTEX).header(ESTIMATED)).isEmpty();
        ReceivedCall call = provider.journal().last();
        assertThat(call.path())
                .isEqualTo("/v1/projects/p-1/locations/us-east5/publishers/anthropic/models/count-tokens:rawPredict");
        assertThat(call.json()).isEqualTo(request(ON_VERTEX).put("anthropic_version", "vertex-2023-10-16"));
        assertThat(call.header("anthropic-beta")).contains("interleaved-thinking-2025-05-14");
    }

    @Test
    void bedrockCountsForModelsWhateverTheRegions() {
        assertThat(count("bedrock", ON_BEDROCK).header(ESTIMATED)).isEmpty();
        ReceivedCall call = provider.journal().last();
        assertThat(call.path()).isEqualTo("/model/anthropic.claude-sonnet-4-5-20250929-v1%3A0/count-tokens");
        String body =
                call.json().getJsonObject("input").getJsonObject("invokeModel").getString("body");
        assertThat(new JsonObject(new String(Base64.getDecoder().decode(body), StandardCharsets.UTF_8)).fieldNames())
                .containsExactlyInAnyOrder("messages", "anthropic_version", "max_tokens");
        assertThat(call.header("anthropic-beta")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"bedrock, amazon.nova-pro-v1:0"})
    void modelsOfOtherMakersAreEstimated(String api, String model) {
        assertThat(count(api, model).header(ESTIMATED)).isEqualTo("true");
        assertThat(provider.journal().calls()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "vertex, claude-sonnet-4-5@20250929, status=404",
        "bedrock, anthropic.claude-3-haiku-v1:0, status=403",
        "bedrock, anthropic.claude-3-haiku-v1:0, status=500",
        "bedrock, anthropic.claude-3-haiku-v1:0, close"
    })
    void aRefusedCountIsEstimatedAndBlamesNobody(String api, String model, String fault) {
        provider.rules().add(Rule.always(fault));
        for (int i = 0; i < 30; i++)
            assertThat(count(api, model).header(ESTIMATED)).isEqualTo("true");
        assertThat(provider.journal().size()).isGreaterThanOrEqualTo(30);
        provider.rules().clear();
        Reply answer = gateway.call(
                "/" + api + "/v1/messages", request(model).put("max_tokens", 9).encode());
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }
}
