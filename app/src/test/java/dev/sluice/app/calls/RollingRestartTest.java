package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.Rule;
import dev.sluice.simulator.Simulator;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Gateways are replaced one after the other under load, behind a client that takes turns and moves on where nobody listens. */
class RollingRestartTest {
    private static final int CLIENTS = 4;
    private static final int CALLS_BETWEEN = 40;
    private static final Duration GRACE = Duration.ofSeconds(2);

    @TempDir
    Path folder;

    private final List<GatewayUnderTest> serving = new CopyOnWriteArrayList<>();
    private final AtomicInteger made = new AtomicInteger();
    private final AtomicInteger turn = new AtomicInteger();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean enough = new AtomicBoolean();

    @Test
    void noCallFails() throws InterruptedException {
        try (Simulator provider = Simulator.start();
                HttpClient http = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build()) {
            provider.rules().add(Rule.always("tokens=20;tps=100").forModel("streamed"));
            serving.add(start("one", provider));
            serving.add(start("two", provider));
            try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < CLIENTS; i++) clients.execute(() -> call(http));
                for (String name : List.of("three", "four")) {
                    awaitCalls();
                    GatewayUnderTest oldest = serving.getFirst();
                    Thread stopping =
                            Thread.ofVirtual().start(() -> oldest.gateway().close());
                    // As a load balancer does: nobody is sent there once it says that it is not ready.
                    GatewayUnderTest.await(
                            "readiness is off",
                            () -> oldest.admin("GET", "/readyz", "", "").status() != 200);
                    serving.remove(oldest);
                    stopping.join();
                    oldest.close();
                    serving.add(start(name, provider));
                }
                awaitCalls();
                enough.set(true);
            }
            serving.forEach(GatewayUnderTest::close);
        }
        assertThat(failures).isEmpty();
    }

    private void awaitCalls() {
        int target = made.get() + CALLS_BETWEEN;
        GatewayUnderTest.await("calls go on", () -> made.get() >= target || !failures.isEmpty());
    }

    private void call(HttpClient http) {
        boolean stream = false;
        while (!enough.get() && failures.isEmpty()) {
            stream = !stream;
            String model = stream ? "streamed" : "whole";
            try {
                HttpResponse<String> answer = anywhere(http, GatewayUnderTest.chat(model, stream));
                String end = stream ? "data: [DONE]\n\n" : "}";
                if (answer.statusCode() != 200 || !answer.body().endsWith(end))
                    failures.add(answer.statusCode() + " " + answer.body());
            } catch (IOException e) {
                failures.add(model + ": " + e);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            made.incrementAndGet();
        }
    }

    /** A connection that is refused has carried nothing, so the next gateway may be asked. */
    private HttpResponse<String> anywhere(HttpClient http, String body) throws IOException, InterruptedException {
        while (true) {
            List<GatewayUnderTest> now = List.copyOf(serving);
            GatewayUnderTest next = now.get(Math.floorMod(turn.getAndIncrement(), now.size()));
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create(next.gateway().url() + "/v1/chat/completions"))
                    .timeout(Duration.ofSeconds(20))
                    .header("content-type", "application/json")
                    .header("authorization", "Bearer " + GatewayUnderTest.KEY)
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build();
            try {
                return http.send(request, HttpResponse.BodyHandlers.ofString());
            } catch (ConnectException _) {
                // the next one
            }
        }
    }

    private GatewayUnderTest start(String name, Simulator provider) {
        return GatewayUnderTest.start(folder.resolve(name), """
                services:
                  - { name: main, address: { url: "%s/v1" } }
                modelApis:
                  - { name: main, distribution: { strategy: single, targets: [ { service: main } ] } }
                consumers:
                  - { name: caller, modelApis: [main] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %s }
                """.formatted(provider.url(), GatewayUnderTest.KEY), GRACE);
    }
}
