package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.ReceivedCall;
import dev.sluice.simulator.Rule;
import dev.sluice.simulator.Simulator;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whoever asks how many tokens a conversation has, with its tools, is told by the vendor of the model. */
class TokenCountsTest {
    private static final String ESTIMATED = "x-sluice-estimated";

    @TempDir
    static Path folder;

    private static Simulator provider;
    private static GatewayUnderTest gateway;

    /** How a client asks. The words are the same three and four. */
    private enum Client {
        ANTHROPIC("/v1/messages/count_tokens", """
                {"model":"MODEL","system":"be very brief now","messages":[{"role":"user","content":"one two three"}],
                "tools":[{"name":"weather","description":"d","input_schema":{"type":"object","properties":{}}}],
                "tool_choice":{"type":"any"},"thinking":{"type":"disabled"}}""", "input_tokens"),
        GEMINI("/v1beta/models/MODEL:countTokens", """
                {"generateContentRequest":{"model":"models/MODEL","systemInstruction":{"parts":[{"text":"be very brief now"}]},
                "contents":[{"role":"user","parts":[{"text":"one two three"}]}],"generationConfig":{"temperature":0.5,"maxOutputTokens":9},
                "tools":[{"functionDeclarations":[{"name":"weather","description":"d","parameters":{"type":"OBJECT"}}]}]}}""", "totalTokens"),
        OPENAI("/v1/responses/input_tokens", """
                {"model":"MODEL","instructions":"be very brief now","input":[{"role":"user","content":"one two three"}],
                "tools":[{"type":"function","name":"weather","description":"d","parameters":{"type":"object","properties":{}}}],
                "tool_choice":"required","truncation":"disabled"}""", "input_tokens");

        private final String path;
        private final String body;
        private final String number;

        Client(String path, String body, String number) {
            this.path = path;
            this.body = body;
            this.number = number;
        }

        Reply ask(String api, String model) {
            return gateway.call("/" + api + path.replace("MODEL", model), body.replace("MODEL", model));
        }
    }

    /** Who counts. */
    private enum Vendor {
        OPENAI("gpt-5", "/v1/responses/input_tokens", "input", "instructions", "tools"),
        ANTHROPIC("claude-sonnet-4-5", "/v1/messages/count_tokens", "messages", "system", "tools"),
        GEMINI("gemini-2.5-flash", "/v1beta/models/gemini-2.5-flash:countTokens", "generateContentRequest"),
        VERTEX(
                "gemini-2.5-pro",
                "/v1/projects/p-1/locations/us-east5/publishers/google/models/gemini-2.5-pro:countTokens",
                "contents",
                "systemInstruction",
                "tools"),
        VERTEX_CLAUDE(
                "claude-sonnet-4-5@20250929",
                "/v1/projects/p-1/locations/us-east5/publishers/anthropic/models/count-tokens:rawPredict",
                "messages",
                "system",
                "tools");

        private final String model;
        private final String path;
        private final String[] members;

        Vendor(String model, String path, String... members) {
            this.model = model;
            this.path = path;
            this.members = members;
        }

        String api() {
            return name().split("_")[0].toLowerCase(Locale.ROOT);
        }
    }

    private record Pair(Client client, Vendor vendor) {}

    static List<Pair> pairs() {
        List<Pair> pairs = new ArrayList<>();
        for (Client client : Client.values()) {
            for (Vendor vendor : Vendor.values()) {
                // Vertex AI gets the bytes of a client of Google's.
                if (client != Client.GEMINI || vendor != Vendor.VERTEX) pairs.add(new Pair(client, vendor));
            }
        }
        return pairs;
    }

    @BeforeAll
    static void start() {
        provider = Simulator.start();
        String routes =
                "[/v1/responses, /v1/messages, /v1/messages/count_tokens, \"/v1beta/models/{model}:countTokens\"]";
        gateway = GatewayUnderTest.start(folder, """
                services:
                  - { name: openai, provider: openai, address: { url: "%1$s/v1" } }
                  - { name: azure, provider: azure-openai, address: { url: "%1$s/openai/v1" } }
                  - { name: anthropic, provider: anthropic, protocol: native, address: { url: "%1$s" } }
                  - { name: gemini, provider: gemini, protocol: native, address: { url: "%1$s" } }
                  - { name: vertex, provider: vertex-ai, protocol: native, address: { url: "%1$s" }, options: { projectId: p-1, region: us-east5 } }
                modelApis:
                  - { name: openai, basePath: /openai, routes: %3$s, distribution: { strategy: single, targets: [ { service: openai } ] } }
                  - { name: azure, basePath: /azure, routes: %3$s, distribution: { strategy: single, targets: [ { service: azure } ] } }
                  - { name: anthropic, basePath: /anthropic, routes: %3$s, distribution: { strategy: single, targets: [ { service: anthropic } ] } }
                  - { name: gemini, basePath: /gemini, routes: %3$s, distribution: { strategy: single, targets: [ { service: gemini } ] } }
                  - { name: vertex, basePath: /vertex, routes: %3$s, distribution: { strategy: single, targets: [ { service: vertex } ] } }
                  - { name: preset, basePath: /preset, distribution: { strategy: single, targets: [ { service: openai } ] } }
                consumers:
                  - { name: caller, modelApis: [openai, azure, anthropic, gemini, vertex, preset] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %2$s }
                """.formatted(provider.url(), GatewayUnderTest.KEY, routes));
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

    private static JsonObject counted(Reply reply, Client client) {
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(reply.json().getInteger(client.number)).as(reply.text()).isPositive();
        return reply.json();
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void theVendorCounts(Pair pair) {
        Client client = pair.client();
        Vendor vendor = pair.vendor();
        Reply reply = client.ask(vendor.api(), vendor.model);
        JsonObject answer = counted(reply, client);
        assertThat(reply.header(ESTIMATED)).isEmpty();
        ReceivedCall call = provider.journal().last();
        assertThat(call.path()).isEqualTo(vendor.path);
        assertThat(call.json().fieldNames()).as(call.text()).contains(vendor.members);
        assertThat(call.text()).contains("weather", "be very brief now");
        // The vendor's own answer to what it was sent, in the client's words.
        Reply direct = client.ask(client.name().toLowerCase(Locale.ROOT), vendor.model);
        assertThat(answer).isEqualTo(direct.json());
        assertThat(gateway.record(reply.id()).usage()).isEqualTo(Usage.ZERO);
    }

    @Test
    void aClientOfOpenAisCounterGetsItsBytesThrough() {
        String body = "{\"model\":\"gpt-5\", \"input\":\"one two\",\"previous_response_id\":null}";
        for (String api : List.of("/openai", "/preset")) {
            Reply reply = gateway.call(api + "/v1/responses/input_tokens", body);
            assertThat(reply.json())
                    .as(reply.text())
                    .isEqualTo(new JsonObject()
                            .put("object", "response.input_tokens")
                            .put("input_tokens", reply.json().getInteger("input_tokens")));
            assertThat(provider.journal().last().text()).isEqualTo(body);
            assertThat(gateway.record(reply.id()).usage()).isEqualTo(Usage.ZERO);
        }
        assertThat(gateway.get("/openai/v1/responses/input_tokens", "authorization", "Bearer " + GatewayUnderTest.KEY)
                        .status())
                .isEqualTo(405);
    }

    @Test
    void whereNobodyCountsThereIsAnEstimate() {
        Reply reply = Client.OPENAI.ask("azure", "gpt-5");
        counted(reply, Client.OPENAI);
        assertThat(reply.header(ESTIMATED)).isEqualTo("true");
        assertThat(provider.journal().calls()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"status=404", "status=500", "close"})
    void aRefusedCountIsEstimatedAndBlamesNobody(String fault) {
        provider.rules().add(Rule.always(fault));
        for (int i = 0; i < 30; i++)
            assertThat(Client.ANTHROPIC.ask("openai", "gpt-5").header(ESTIMATED))
                    .isEqualTo("true");
        assertThat(provider.journal().size()).isGreaterThanOrEqualTo(30);
        provider.rules().clear();
        Reply answer = gateway.call("/openai/v1/responses", "{\"model\":\"gpt-5\",\"input\":\"hi\"}");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }

    @Test
    void whatTheVendorCannotBeToldIsEstimated() {
        Reply reply = gateway.call(
                "/openai/v1/messages/count_tokens",
                "{\"model\":\"gpt-5\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],"
                        + "\"tools\":[{\"type\":\"web_search_20250305\",\"name\":\"web_search\"}]}");
        counted(reply, Client.ANTHROPIC);
        assertThat(reply.header(ESTIMATED)).isEqualTo("true");
        assertThat(provider.journal().calls()).isEmpty();
    }
}
