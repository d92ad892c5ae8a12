package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.Transport;
import dev.sluice.simulator.Rule;
import dev.sluice.simulator.Simulator;
import dev.sluice.traffic.usage.UsageRecord;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests that name many and large pictures by URL, for a provider that must be sent their bytes. */
class MediaUrlsTest {
    private static final String CHAT = "/v1/chat/completions";
    private static final int PICTURE = 600;
    private static final int ROOM = 10_000;

    @TempDir
    Path folder;

    private final Simulator provider = Simulator.start();
    private final Vertx vertx = Vertx.vertx();
    private final Queue<String> fetched = new ConcurrentLinkedQueue<>();
    private final Queue<HttpServerRequest> held = new ConcurrentLinkedQueue<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicBoolean holding = new AtomicBoolean();
    private String pictures;
    private GatewayUnderTest gateway;

    @BeforeEach
    void start() {
        HttpServer server = vertx.createHttpServer()
                .connectionHandler(connection -> {
                    connections.incrementAndGet();
                    connection.closeHandler(_ -> connections.decrementAndGet());
                })
                .requestHandler(request -> {
                    fetched.add(request.path());
                    if (holding.get()) held.add(request);
                    else answer(request);
                })
                .listen(0, "127.0.0.1")
                .await();
        pictures = "http://127.0.0.1:" + server.actualPort();
        gateway = GatewayUnderTest.start(
                folder, """
                services:
                  - { name: main, provider: gemini, protocol: native, address: { url: "%1$s" },
                      modelPolicy: { remoteMedia: { allowPrivateAddresses: true, maxTotalBytes: 6000, maxUrls: 9 } } }
                  - { name: wide, provider: gemini, protocol: native, address: { url: "%1$s" },
                      modelPolicy: { remoteMedia: { allowPrivateAddresses: true } } }
                  - { name: hasty, provider: gemini, protocol: native, address: { url: "%1$s" }, timeouts: { firstByteMs: 100, wholeAnswerMs: 100 },
                      modelPolicy: { remoteMedia: { allowPrivateAddresses: true, timeoutMs: 400 } } }
                modelApis:
                  - { name: hasty, basePath: /hasty, distribution: { strategy: single, targets: [ { service: hasty } ] } }
                  - { name: main, retries: 1, distribution: { strategy: single, targets: [ { service: main } ] } }
                  - { name: wide, basePath: /wide, distribution: { strategy: single, targets: [ { service: wide } ] } }
                consumers:
                  - { name: caller, modelApis: [main, wide, hasty] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %2$s }
                """.formatted(provider.url(), GatewayUnderTest.KEY), Transport.PLAIN, 1 << 20, ROOM);
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
        provider.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static void answer(HttpServerRequest request) {
        int length = request.path().startsWith("/large") ? 8 * PICTURE : PICTURE;
        request.response().putHeader("content-type", "image/png").end(Buffer.buffer(new byte[length]));
    }

    private String ask(String kind, int count) {
        String parts = IntStream.range(0, count)
                .mapToObj(i -> "{\"type\":\"image_url\",\"image_url\":{\"url\":\"" + pictures + kind + i + "\"}}")
                .collect(Collectors.joining(","));
        return "{\"model\":\"gemini-2.5-flash\",\"messages\":[{\"role\":\"user\",\"content\":[" + parts + "]}]}";
    }

    private void nothingIsHeld() {
        GatewayUnderTest.await("no call in flight", () -> gateway.gateway().callsInFlight() == 0);
        assertThat(gateway.gauge("sluice_request_bytes_buffered")).isZero();
    }

    @Test
    void soManyUrlsAreFetchedAndNoMore() {
        assertThat(gateway.call(CHAT, ask("/small/", 9)).status()).isEqualTo(200);
        assertThat(fetched).hasSize(9);
        Reply reply = gateway.call(CHAT, ask("/small/", 10));
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.text()).contains("10 URLs", "modelPolicy.remoteMedia.maxUrls");
        assertThat(fetched).as("none of the ten").hasSize(9);
        nothingIsHeld();
    }

    @Test
    void togetherTheyMayBeSoLongAndNoLonger() {
        Reply reply = gateway.call(CHAT, ask("/large/", 2));
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.text()).contains("6000 bytes", "modelPolicy.remoteMedia.maxTotalBytes");
        nothingIsHeld();
    }

    @Test
    void whatThereIsNoRoomForIsRefusedForAMoment() {
        Reply reply = gateway.call("/wide" + CHAT, ask("/large/", 3));
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.header("retry-after")).isEqualTo("1");
        assertThat(reply.text()).contains("\"overloaded\"");
        nothingIsHeld();
    }

    @Test
    void eachIsFetchedOnceHoweverManyAttemptsNeedIt() {
        provider.rules().add(Rule.always("status=500").times(1));
        Reply reply = gateway.call(CHAT, ask("/small/", 3));
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(provider.journal().calls()).hasSize(2);
        assertThat(provider.journal().last().text()).contains("inlineData");
        assertThat(fetched).containsExactlyInAnyOrder("/small/0", "/small/1", "/small/2");
        UsageRecord record = gateway.record(reply.id());
        assertThat(record.attempts()).isEqualTo(2);
        assertThat(record.requestBytes())
                .as("what the client sent")
                .isEqualTo(ask("/small/", 3).length());
        nothingIsHeld();
    }

    @Test
    void aFewAreFetchedAtATime() {
        holding.set(true);
        CompletableFuture<Reply> call = gateway.callAsync(CHAT, ask("/small/", 9));
        GatewayUnderTest.await("some are asked for", () -> held.size() >= 4);
        for (int i = 0; i < 20; i++)
            assertThat(gateway.call(CHAT, GatewayUnderTest.chat()).status()).isEqualTo(200);
        assertThat(held).hasSize(4);
        holding.set(false);
        List.copyOf(held)
                .forEach(request -> request.response()
                        .putHeader("content-type", "image/png")
                        .end("abc"));
        assertThat(call.orTimeout(20, TimeUnit.SECONDS).join().status()).isEqualTo(200);
        assertThat(fetched).hasSize(9);
    }

    @Test
    void nothingIsFetchedForAClientThatHasLeft() {
        holding.set(true);
        try (RawConnection client = gateway.connect().post(CHAT, ask("/small/", 9), "")) {
            GatewayUnderTest.await("some are asked for", () -> held.size() == 4);
            client.reset();
        }
        GatewayUnderTest.await("the servers hear of it", () -> connections.get() == 0);
        assertThat(fetched).hasSize(4);
        nothingIsHeld();
    }

    @Test
    void slowPicturesAreNoFaultOfTheUpstream() {
        holding.set(true);
        Reply reply = gateway.call("/hasty" + CHAT, ask("/small/", 1));
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.text()).contains("400 ms", "modelPolicy.remoteMedia.timeoutMs");
        assertThat(provider.journal().calls()).isEmpty();
    }
}
