package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.app.GatewayFixture;
import org.junit.jupiter.api.Test;

/** The list of models, which the gateway answers itself. */
class ModelListTest {
    @Test
    void aListOfModelsCountsAgainstTheLimitsOfItsKey() {
        try (GatewayFixture gateway = GatewayFixture.start("""
                services:
                  - { name: simulated, provider: openai-compatible, address: { url: "${SIM}/v1" } }
                modelApis:
                  - { name: main, distribution: { strategy: single, targets: [ { service: simulated } ] } }
                consumers:
                  - { name: caller, modelApis: [main] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: sk-caller-0123456789, limits: { rpm: 2, concurrency: 1 } }
                """)) {
            assertThat(status(gateway)).isEqualTo(200);
            assertThat(status(gateway)).isEqualTo(200);
            assertThat(status(gateway)).isEqualTo(429);
        }
    }

    private static int status(GatewayFixture gateway) {
        return gateway.get("/v1/models", "sk-caller-0123456789").statusCode();
    }
}
