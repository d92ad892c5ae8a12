package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.Rule;
import dev.sluice.simulator.Simulator;
import dev.sluice.traffic.usage.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a gateway that stops still does, and for whom it waits. */
class StopTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final String CHAT = "/v1/chat/completions";
    private static final int CALLS = 50;

    @TempDir
    Path folder;

    @Test
    void aQuietGatewayAcceptsForTheWholeGrace() {
        try (Simulator provider = Simulator.start();
                GatewayUnderTest gateway = start(provider, LONG)) {
            CompletableFuture<Void> stopped = stop(gateway);
            GatewayUnderTest.await("readiness is off", () -> ready(gateway) == 503);
            for (int i = 0; i < CALLS; i++) {
                GatewayUnderTest.await("nobody is there", () -> gateway.gauge("sluice_client_connections") == 0);
                try (RawConnection client = gateway.connect().post(CHAT, GatewayUnderTest.chat(), "")) {
                    RawConnection.Answer answer = client.answer();
                    assertThat(answer.status()).isEqualTo(200);
                    assertThat(answer.header("connection")).isEqualTo("close");
                    assertThat(client.endsHere()).isTrue();
                }
            }
            assertThat(stopped).isNotDone();
            gateway.gateway().hurry();
            assertThat(stopped).succeedsWithin(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void aHurriedStopCutsCallsOffAndSettlesThem() {
        try (Simulator provider = Simulator.start();
                GatewayUnderTest gateway = start(provider, Duration.ZERO)) {
            provider.rules().add(Rule.always("tokens=1000;tps=0.1"));
            try (RawConnection client = gateway.connect().post(CHAT, GatewayUnderTest.chat("slow", true), "")) {
                assertThat(client.head()).startsWith("HTTP/1.1 200 ");
                CompletableFuture<Void> stopped = stop(gateway);
                GatewayUnderTest.await("readiness is off", () -> ready(gateway) == 503);
                assertThat(stopped).isNotDone();
                gateway.gateway().hurry();
                assertThat(stopped).succeedsWithin(20, TimeUnit.SECONDS);
                assertThat(client.all()).doesNotContain("[DONE]");
            }
            assertThat(gateway.recordOfModel("slow").outcome()).isEqualTo(Outcome.CLIENT_LEFT);
        }
    }

    private static CompletableFuture<Void> stop(GatewayUnderTest gateway) {
        CompletableFuture<Void> stopped = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            gateway.gateway().close();
            stopped.complete(null);
        });
        return stopped;
    }

    private static int ready(GatewayUnderTest gateway) {
        return gateway.admin("GET", "/readyz", "", "").status();
    }

    private GatewayUnderTest start(Simulator provider, Duration grace) {
        return GatewayUnderTest.start(folder, """
                services:
                  - { name: main, address: { url: "%s/v1" } }
                modelApis:
                  - { name: main, distribution: { strategy: single, targets: [ { service: main } ] } }
                consumers:
                  - { name: caller, modelApis: [main] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %s }
                """.formatted(provider.url(), GatewayUnderTest.KEY), grace, LONG);
    }
}
