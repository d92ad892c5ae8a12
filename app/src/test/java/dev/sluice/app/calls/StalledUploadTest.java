package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.Transport;
import dev.sluice.traffic.usage.Outcome;
import dev.sluice.traffic.usage.UsageRecord;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Uploads that stop on their way: by whose doing decides who is told and who is blamed. */
@Timeout(120)
class StalledUploadTest {
    private static final String PATH = "/any/upload";
    /** More than is kept before it is known where a body goes. */
    private static final int BEGINNING = 100_000;

    private static final int FAR_MORE_THAN_BUFFERS_HOLD = 64 << 20;

    @TempDir
    Path folder;

    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger left = new AtomicInteger();
    private GatewayUnderTest gateway;

    @BeforeEach
    void start() {
        HttpServer upstream = vertx.createHttpServer()
                .requestHandler(request -> {
                    request.exceptionHandler(_ -> left.incrementAndGet());
                    if (request.path().endsWith("/clogged")) request.pause();
                    else request.end().onSuccess(_ -> request.response().end("taken"));
                })
                .listen(0, "127.0.0.1")
                .await();
        Transport some = Transport.PLAIN;
        gateway = GatewayUnderTest.start(
                folder,
                """
                services:
                  - { name: main, address: { url: "http://127.0.0.1:%d" }, timeouts: { firstByteMs: 2000, wholeAnswerMs: 2000, idleMs: 2000 },
                      health: { passive: { consecutiveFailures: 1 } } }
                modelApis:
                  - { name: any, basePath: /any, useCase: others, protocol: any,
                      distribution: { strategy: single, targets: [ { service: main } ] } }
                consumers:
                  - { name: caller, modelApis: [any] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %s }
                """.formatted(upstream.actualPort(), GatewayUnderTest.KEY),
                new Transport(
                        null,
                        null,
                        false,
                        some.maxHeaderBytes(),
                        some.maxUrlBytes(),
                        some.headTimeout(),
                        Duration.ofMillis(300),
                        some.idleTimeout(),
                        some.maxConnections(),
                        0,
                        10,
                        some.sessions(),
                        some.balancers()),
                null);
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static String head(String path, int length) {
        return "POST " + path + " HTTP/1.1\r\nhost: x\r\nauthorization: Bearer " + GatewayUnderTest.KEY
                + "\r\ncontent-length: " + length + "\r\n\r\n";
    }

    @Test
    void aClientThatStopsIsToldSoAndTheUpstreamIsNotBlamed() {
        try (RawConnection client = gateway.connect()) {
            client.send(head(PATH, 2 * BEGINNING) + "x".repeat(BEGINNING));
            RawConnection.Answer answer = client.answer();
            assertThat(answer.status()).as(answer.body()).isEqualTo(408);
            assertThat(answer.body()).contains("--body-timeout-ms");
        }
        GatewayUnderTest.await("the upstream is let go", () -> left.get() == 1);
        UsageRecord record = gateway.recordOfModelApi("any");
        assertThat(record.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(record.failure()).isEqualTo("request-timeout");
        assertThat(gateway.adminGet("/admin/v1/services/main")
                        .getJsonObject("runtime")
                        .getJsonArray("nodes")
                        .getJsonObject(0)
                        .getString("state"))
                .isEqualTo("active");
        try (RawConnection client = gateway.connect()) {
            client.send(head(PATH, BEGINNING) + "x".repeat(BEGINNING));
            assertThat(client.answer().body()).isEqualTo("taken");
        }
    }

    @Test
    void anUpstreamThatTakesNothingIsToBlame() {
        String chunk = "x".repeat(1 << 20);
        try (RawConnection client = gateway.connect()) {
            client.send(head("/any/clogged", FAR_MORE_THAN_BUFFERS_HOLD));
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < FAR_MORE_THAN_BUFFERS_HOLD; i += chunk.length()) client.send(chunk);
                } catch (java.io.UncheckedIOException _) {
                    // The gateway has given up, as it should.
                }
            });
            UsageRecord record = gateway.recordOfModelApi("any");
            assertThat(record.failure()).isEqualTo("timeout");
            assertThat(record.status()).isEqualTo(504);
            sender.interrupt();
        }
        // Waits for its connections: the one to the upstream must not wait for what that does not take.
        gateway.close();
    }
}
