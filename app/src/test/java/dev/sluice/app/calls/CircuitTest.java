package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.Rule;
import dev.sluice.simulator.Simulator;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of calls whose first target mostly fails. */
class CircuitTest {
    private static final String CHAT = "/v1/chat/completions";

    @TempDir
    Path folder;

    private Simulator first;
    private Simulator spare;
    private GatewayUnderTest gateway;

    @BeforeEach
    void start() {
        first = Simulator.start();
        spare = Simulator.start();
        gateway = GatewayUnderTest.start(folder, """
                providerKeys:
                  - { name: a, provider: openai-compatible, secret: sk-provider-a }
                  - { name: b, provider: openai-compatible, secret: sk-provider-b }
                services:
                  - name: first
                    address: { url: "%1$s/v1" }
                    keys: [a, b]
                    keyPolicy: failover
                    health:
                      breaker: { minimumCalls: 4, openMs: 600000, halfOpenProbes: 1 }
                      retryBudget: { percent: 0, minPerSecond: 0 }
                  - { name: quick, address: { url: "%1$s/v1" }, health: { breaker: { minimumCalls: 4, openMs: 1, halfOpenProbes: 1 } } }
                  - { name: spare, address: { url: "%2$s/v1" } }
                modelApis:
                  - name: main
                    distribution: { strategy: single, targets: [ { service: first } ] }
                    fallback: { steps: [ { service: spare } ] }
                  - { name: alone, basePath: /alone, distribution: { strategy: single, targets: [ { service: first } ] }, retries: 3 }
                  - name: quick
                    basePath: /quick
                    distribution: { strategy: single, targets: [ { service: quick } ] }
                    fallback: { steps: [ { service: spare } ] }
                consumers:
                  - { name: caller, modelApis: [main, alone, quick] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %3$s }
                """.formatted(first.url(), spare.url(), GatewayUnderTest.KEY));
    }

    @AfterEach
    void stop() {
        gateway.close();
        spare.close();
        first.close();
    }

    @Test
    void onceOpenTheOtherKeyAndThenTheFallbackTakeOverAtOnce() {
        first.rules().add(Rule.always("status=500"));
        for (int i = 0; i < 8; i++) {
            assertThat(answered("/v1/chat/completions", "2").header("x-sluice-service"))
                    .isEqualTo("spare");
        }
        assertThat(circuits()).isEqualTo("a gpt-4o open, b gpt-4o open");
        int calls = first.journal().size();
        assertThat(calls).isEqualTo(8);
        answered(CHAT, "1");
        assertThat(first.journal().size()).as("the first one is left in peace").isEqualTo(calls);
        assertThat(gateway.call(CHAT, GatewayUnderTest.chat("gpt-4o-mini", false))
                        .header("x-sluice-attempts"))
                .as("another model has a circuit of its own")
                .isEqualTo("2");
        assertThat(gateway.admin("GET", "/metrics", "", "").text()).contains("sluice_circuits_open 2.0");
    }

    @Test
    void aTargetThatWasPassedOverIsAmongTheAttempts() {
        open();
        spare.rules().add(Rule.always("status=500"));
        Reply reply = gateway.call(CHAT, GatewayUnderTest.chat());
        assertThat(reply.status()).isEqualTo(502);
        assertThat(reply.error().getJsonArray("attempts").encode()).contains("circuit-open", "upstream-error");
    }

    @Test
    void withNothingBetterTheTargetIsTriedAllTheSame() {
        open();
        int calls = first.journal().size();
        assertThat(gateway.call("/alone" + CHAT, GatewayUnderTest.chat()).status())
                .isEqualTo(502);
        assertThat(first.journal().size()).isEqualTo(calls + 1);
        first.rules().clear();
        assertThat(gateway.call("/alone" + CHAT, GatewayUnderTest.chat()).status())
                .isEqualTo(200);
        assertThat(circuits()).as("a success closes it before its time").contains("a gpt-4o closed");
    }

    @Test
    void aProbeClosesItAgain() {
        first.rules().add(Rule.always("status=500"));
        for (int i = 0; i < 4; i++) gateway.call("/quick" + CHAT, GatewayUnderTest.chat());
        first.rules().clear();
        Reply last = gateway.call("/quick" + CHAT, GatewayUnderTest.chat());
        for (int i = 0; i < 1_000 && !last.header("x-sluice-service").equals("quick"); i++) {
            assertThat(last.status()).isEqualTo(200);
            last = gateway.call("/quick" + CHAT, GatewayUnderTest.chat());
        }
        assertThat(last.header("x-sluice-service")).isEqualTo("quick");
    }

    @Test
    void withoutABudgetThereAreNoRetries() {
        first.rules().add(Rule.always("status=500"));
        Reply reply = gateway.call("/alone" + CHAT, GatewayUnderTest.chat());
        assertThat(reply.status()).isEqualTo(502);
        assertThat(reply.header("x-sluice-attempts")).isEqualTo("1");
        assertThat(gateway.admin("GET", "/metrics", "", "").text()).contains("sluice_retries_denied 1.0");
    }

    private void open() {
        first.rules().add(Rule.always("status=500"));
        for (int i = 0; i < 8; i++) answered(CHAT, "2");
        assertThat(circuits()).isEqualTo("a gpt-4o open, b gpt-4o open");
    }

    private Reply answered(String path, String attempts) {
        Reply reply = gateway.call(path, GatewayUnderTest.chat());
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(reply.header("x-sluice-attempts")).isEqualTo(attempts);
        return reply;
    }

    private String circuits() {
        StringBuilder all = new StringBuilder();
        for (Object one : gateway.adminGet("/admin/v1/services/first")
                .getJsonObject("runtime")
                .getJsonArray("circuits")) {
            JsonObject circuit = (JsonObject) one;
            if (!all.isEmpty()) all.append(", ");
            all.append(circuit.getString("key")).append(' ').append(circuit.getString("model"));
            all.append(' ').append(circuit.getString("state"));
        }
        return all.toString();
    }
}
