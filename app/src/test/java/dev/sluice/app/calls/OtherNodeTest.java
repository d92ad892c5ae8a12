package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.Rule;
import dev.sluice.simulator.Simulator;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A service with two nodes, one of which fails: whatever a call does next, it does at the other one. */
class OtherNodeTest {
    private static final String CHAT = "/v1/chat/completions";
    /** Nodes are drawn at random: so many calls do not all come to the good one by chance. */
    private static final int CALLS = 24;

    @TempDir
    Path folder;

    private final Simulator bad = Simulator.start();
    private final Simulator good = Simulator.start();
    private GatewayUnderTest gateway;

    @BeforeEach
    void start() {
        String keys = IntStream.range(0, 2 * CALLS)
                .mapToObj(
                        i -> "  - { name: k" + i + ", provider: openai-compatible, secret: sk-other-node-" + i + " }\n")
                .collect(Collectors.joining());
        String names = IntStream.range(0, 2 * CALLS).mapToObj(i -> "k" + i).collect(Collectors.joining(", "));
        String nodes =
                "{ fixed: [\"127.0.0.1:" + bad.port() + "\", \"127.0.0.1:" + good.port() + "\"], basePath: /v1 }";
        String health = "breaker: { failureRatePercent: 0 }, retryBudget: { percent: 100, minPerSecond: 1000 }";
        gateway = GatewayUnderTest.start(folder, """
                providerKeys:
                %1$s
                services:
                  - { name: llm, address: %2$s, keys: [%3$s], health: { passive: { consecutiveFailures: 0 }, %4$s } }
                  - { name: strict, address: %2$s, health: { passive: { consecutiveFailures: 1, ejectionMs: 600000 }, %4$s } }
                modelApis:
                  - { name: again, retries: 1, distribution: { strategy: single, targets: [ { service: llm } ] } }
                  - { name: strict, basePath: /strict, retries: 1, distribution: { strategy: single, targets: [ { service: strict } ] } }
                  - { name: backed, basePath: /backed, distribution: { strategy: single, targets: [ { service: llm } ] },
                      fallback: { steps: [ { service: llm, model: another } ] } }
                consumers:
                  - { name: caller, modelApis: [again, strict, backed] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %5$s }
                """.formatted(keys, nodes, names, health, GatewayUnderTest.KEY));
    }

    @AfterEach
    void stop() {
        gateway.close();
        bad.close();
        good.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"status=500", "status=502", "status=503", "reset", "malformed", "empty"})
    void takesTheRetry(String fault) {
        bad.rules().add(Rule.always(fault));
        for (int i = 0; i < CALLS; i++) {
            int before = bad.journal().size();
            Reply reply = gateway.call(CHAT, GatewayUnderTest.chat());
            assertThat(reply.status()).as(reply.text()).isEqualTo(200);
            int failed = bad.journal().size() - before;
            assertThat(failed).as("tries of the node that fails").isLessThanOrEqualTo(1);
            assertThat(reply.header("x-sluice-attempts")).isEqualTo(Integer.toString(1 + failed));
        }
        assertThat(bad.journal().size()).isPositive();
    }

    @Test
    void takesTheNextKeyToo() {
        bad.rules().add(Rule.always("status=500"));
        for (int i = 0; i < CALLS; i++) {
            good.rules().clear();
            good.rules().add(Rule.always("status=429").times(1));
            Reply reply = gateway.call(CHAT, GatewayUnderTest.chat());
            assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        }
    }

    @Test
    void takesTheFallbackToAnotherModelOfTheService() {
        bad.rules().add(Rule.always("status=500"));
        for (int i = 0; i < CALLS; i++) {
            Reply reply = gateway.call("/backed" + CHAT, GatewayUnderTest.chat());
            assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        }
        assertThat(bad.journal().size()).isPositive();
    }

    @Test
    void doesNotIfItIsOutOfUse() {
        bad.refuseConnections();
        GatewayUnderTest.await("the node is out", () -> {
            gateway.call("/strict" + CHAT, GatewayUnderTest.chat());
            return gateway.gauge("sluice_nodes_out") == 1;
        });
        good.rules().add(Rule.always("status=500").times(1));
        Reply reply = gateway.call("/strict" + CHAT, GatewayUnderTest.chat());
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(reply.header("x-sluice-attempts")).as("the same again").isEqualTo("2");
    }
}
