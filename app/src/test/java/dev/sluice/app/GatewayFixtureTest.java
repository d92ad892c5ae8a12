package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.traffic.usage.UsageRecord;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** The fixture itself: what other tests rest on. */
class GatewayFixtureTest {
    private static final String DECLARED = """
            services:
              - { name: simulated, provider: openai-compatible, address: { url: "${SIM}/v1" } }
            modelApis:
              - { name: chat, distribution: { strategy: single, targets: [ { service: simulated } ] } }
            consumers:
              - { name: caller, modelApis: [chat] }
            apiKeys:
              - { name: caller-key, consumer: caller, secret: sk-caller-0123456789 }
            """;

    @Test
    void servesCallsFromTheSimulatorAndCountsThem() {
        try (GatewayFixture gateway = GatewayFixture.start(DECLARED)) {
            HttpResponse<String> answer = gateway.post(
                    "/v1/chat/completions",
                    "sk-caller-0123456789",
                    "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"hello world\"}]}");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(gateway.simulator().journal().last().model()).isEqualTo("gpt-4o");
            assertThat(gateway.records(1)).extracting(UsageRecord::service).containsExactly("simulated");
            assertThat(gateway.usage("model", "apiKey")).singleElement().satisfies(row -> {
                assertThat(row.getString("apiKey")).isEqualTo("caller-key");
                assertThat(row.getLong("inputTokens")).isEqualTo(2);
                assertThat(row.getLong("outputTokens")).isEqualTo(3);
            });
            assertThat(gateway.get("/v1/models", "").statusCode()).isEqualTo(401);
        }
    }
}
