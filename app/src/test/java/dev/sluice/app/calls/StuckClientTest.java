package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.app.calls.FaultProxy.Harm;
import dev.sluice.app.calls.FaultProxy.Point;
import dev.sluice.proxy.Balancers;
import dev.sluice.proxy.Sessions;
import dev.sluice.proxy.Transport;
import dev.sluice.traffic.usage.Outcome;
import dev.sluice.traffic.usage.UsageRecord;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that ask for a stream and stop reading it, over both versions of HTTP on both sides. */
class StuckClientTest {
    private static final String CHAT = "/v1/chat/completions";
    private static final int STUCK = 3;
    private static final int CALLS = 20;
    /** What an upstream sends when nobody stops it; far more than all buffers on the way hold. */
    private static final long MOST_BYTES = 128L << 20;

    private static final long BEARABLE_BYTES = MOST_BYTES / 2;
    private static final String EVENT =
            "data: {\"id\":\"a\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,"
                    + "\"delta\":{\"content\":\"" + "word ".repeat(3_000) + "\"}}]}\n\n";

    private static final String END =
            "data: {\"id\":\"a\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,"
                    + "\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
    /** More than the buffers between the gateway and a client hold. */
    private static final int FINITE_BYTES = 24 << 20;

    @TempDir
    Path folder;

    private final Vertx vertx = Vertx.vertx();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicInteger streaming = new AtomicInteger();
    private GatewayUnderTest gateway;

    /** A way to call the gateway and to stop reading. */
    private interface Client extends AutoCloseable {
        /** Asks for a stream and reads no more than its beginning. */
        void beginsToRead(String path, String model);

        /** Status of a call whose answer is read. */
        int call(String path, String model);

        @Override
        void close();
    }

    @BeforeEach
    void start() {
        TestCertificates.Pair certificate = TestCertificates.make(folder, "server", "ip:127.0.0.1");
        HttpServer upstream = vertx.createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setUseAlpn(true)
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .addCertPath(certificate.certificate().toString())
                                .addKeyPath(certificate.key().toString())))
                .requestHandler(request -> request.body().onSuccess(body -> answer(request, body.toString())));
        upstream.listen(0, "127.0.0.1").await();
        Duration soon = Duration.ofMillis(1_500);
        gateway = GatewayUnderTest.start(
                folder.resolve("gateway"),
                """
                services:
                  - { name: one, address: { fixed: ["127.0.0.1:%1$d"] }, tls: { mode: one-way, http2: false, caFile: %2$s } }
                  - { name: two, address: { fixed: ["127.0.0.1:%1$d"] }, tls: { mode: one-way, caFile: %2$s } }
                modelApis:
                  - { name: one, basePath: /one, distribution: { strategy: single, targets: [ { service: one } ] } }
                  - { name: two, basePath: /two, distribution: { strategy: single, targets: [ { service: two } ] } }
                  - { name: hasty-one, basePath: /hasty-one, totalTimeoutMs: 1500, distribution: { strategy: single, targets: [ { service: one } ] } }
                  - { name: hasty-two, basePath: /hasty-two, totalTimeoutMs: 1500, distribution: { strategy: single, targets: [ { service: two } ] } }
                consumers:
                  - { name: caller, modelApis: [one, two, hasty-one, hasty-two] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %3$s, limits: { concurrency: 1000 } }
                """.formatted(upstream.actualPort(), certificate.certificate(), GatewayUnderTest.KEY),
                new Transport(
                        null,
                        0,
                        false,
                        32 << 10,
                        8 << 10,
                        soon,
                        soon,
                        soon,
                        1000,
                        0,
                        100,
                        Sessions.USUAL,
                        Balancers.NONE),
                null);
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void overHttp1TheUpstreamIsPausedAndOthersGoOn() {
        try (Client client = new Http1()) {
            upstreamIsPausedAndOthersGoOn(client, "/one");
        }
    }

    @Test
    void overHttp1AStreamOfASharedConnectionIsPausedAndOthersGoOn() {
        try (Client client = new Http1()) {
            upstreamIsPausedAndOthersGoOn(client, "/two");
        }
    }

    @Test
    void overHttp2TheUpstreamIsPausedAndOthersGoOn() {
        try (Client client = new Http2()) {
            upstreamIsPausedAndOthersGoOn(client, "/one");
        }
    }

    @Test
    void overHttp2AStreamOfASharedConnectionIsPausedAndOthersGoOn() {
        try (Client client = new Http2()) {
            upstreamIsPausedAndOthersGoOn(client, "/two");
        }
    }

    @Test
    void overHttp1TheCallEndsAtItsDeadlineAndIsSettledOnce() {
        try (Client client = new Http1()) {
            callEndsAtItsDeadlineAndIsSettledOnce(client, "/hasty-one");
        }
    }

    @Test
    void overHttp2TheCallEndsAtItsDeadlineAndIsSettledOnce() {
        try (Client client = new Http2()) {
            callEndsAtItsDeadlineAndIsSettledOnce(client, "/hasty-two");
        }
    }

    @Test
    void aSlowClientGetsAllOfAStreamWhoseUpstreamHasGoneAway() {
        assertThat(gateway.call("/two" + CHAT, GatewayUnderTest.chat("warm-up", false))
                        .status())
                .isEqualTo(200);
        try (RawConnection client =
                gateway.connect().post("/two" + CHAT, GatewayUnderTest.chat("finite", true), "connection: close\r\n")) {
            client.readUntil("data: ");
            assertThat(client.all()).contains("data: [DONE]\n\n");
        }
        assertThat(gateway.recordOfModel("finite").outcome()).isEqualTo(Outcome.COMPLETED);
    }

    private void upstreamIsPausedAndOthersGoOn(Client client, String api) {
        assertThat(client.call(api, "warm-up")).isEqualTo(200);
        for (int i = 0; i < STUCK; i++) client.beginsToRead(api, "endless");
        assertThat(streaming).hasValue(STUCK);
        long before;
        do {
            before = sent.get();
            for (int i = 0; i < CALLS; i++)
                assertThat(client.call(api, "other")).isEqualTo(200);
        } while (sent.get() > before);
        assertThat(before).as("bytes that the upstream could send").isLessThan(STUCK * BEARABLE_BYTES);
        assertThat(streaming).as("they wait, and are not cut off").hasValue(STUCK);
        client.close();
        GatewayUnderTest.await("the upstream is told that nobody is there", () -> streaming.get() == 0);
    }

    private void callEndsAtItsDeadlineAndIsSettledOnce(Client client, String api) {
        client.beginsToRead(api, "endless");
        UsageRecord record = gateway.recordOfModel("endless");
        assertThat(record.outcome()).isEqualTo(Outcome.UPSTREAM_FAILED);
        assertThat(record.failure()).isEqualTo("total-timeout");
        assertThat(record.provenance()).as("what was delivered is counted").isNotNull();
        GatewayUnderTest.await("the upstream is told", () -> streaming.get() == 0);
        assertThat(sent.get()).isLessThan(BEARABLE_BYTES);
        GatewayUnderTest.await("no call in flight", () -> gateway.gateway().callsInFlight() == 0);
        assertThat(gateway.gauge("sluice_reservations_in_flight")).isZero();
        // Its last bytes would stay in memory for as long as it does not read.
        GatewayUnderTest.await("the client is given up", () -> gateway.gauge("sluice_client_connections") == 0);
        assertThat(gateway.usage("consumer")
                        .getJsonArray("items")
                        .getJsonObject(0)
                        .getLong("calls"))
                .isEqualTo(1);
    }

    private void answer(HttpServerRequest request, String body) {
        HttpServerResponse response = request.response();
        if (body.contains("finite")) {
            response.putHeader("content-type", "text/event-stream").setChunked(true);
            request.connection().goAway(0);
            for (int i = 0; i < FINITE_BYTES / EVENT.length(); i++) response.write(EVENT);
            response.end(END);
            return;
        }
        if (!body.contains("endless")) {
            response.putHeader("content-type", "application/json").end("""
                    {"id":"a","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"hi"},\
                    "finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1}}""");
            return;
        }
        streaming.incrementAndGet();
        response.putHeader("content-type", "text/event-stream").setChunked(true);
        response.exceptionHandler(_ -> {});
        response.closeHandler(_ -> streaming.decrementAndGet());
        pump(response, new AtomicLong());
    }

    /** One event after the other has left: a queue that says when it is full does not see what waits to be encrypted. */
    private void pump(HttpServerResponse response, AtomicLong written) {
        if (response.closed() || written.get() >= MOST_BYTES) return;
        response.write(EVENT).onSuccess(_ -> {
            written.addAndGet(EVENT.length());
            sent.addAndGet(EVENT.length());
            pump(response, written);
        });
    }

    /** Each call on a connection of its own, those that are stuck over a wire that is clogged. */
    private final class Http1 implements Client {
        private final FaultProxy wire =
                FaultProxy.to(gateway.gateway().port()).harmAnswers(new Harm.Clog(new Point.AfterText("data: ")));
        private final List<RawConnection> stuck = new ArrayList<>();

        @Override
        public void beginsToRead(String path, String model) {
            RawConnection client = RawConnection.open(wire.port());
            stuck.add(client);
            client.post(path + CHAT, GatewayUnderTest.chat(model, true), "").readUntil("data: ");
        }

        @Override
        public int call(String path, String model) {
            return gateway.call(path + CHAT, GatewayUnderTest.chat(model, false))
                    .status();
        }

        @Override
        public void close() {
            stuck.forEach(RawConnection::close);
            wire.close();
        }
    }

    /** All calls on one connection. */
    private final class Http2 implements Client {
        /** Held, as one that nobody refers to is closed with its connections. */
        private final HttpClientAgent client = vertx.createHttpClient(new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false)
                .setHttp2ConnectionWindowSize(16 << 20));

        /** On an event loop of its own, as Vert.x may hand an answer to the thread that asks before that listens. */
        private final Context loop = vertx.getOrCreateContext();

        private final HttpClientConnection connection = await(() -> client.connect(new HttpConnectOptions()
                .setHost("127.0.0.1")
                .setPort(gateway.gateway().http2Port())));

        @Override
        public void beginsToRead(String path, String model) {
            int status = await(() -> send(path, model, true).map(response -> {
                response.pause();
                return response.statusCode();
            }));
            assertThat(status).isEqualTo(200);
        }

        @Override
        public int call(String path, String model) {
            return await(() ->
                    send(path, model, false).compose(response -> response.body().map(_ -> response.statusCode())));
        }

        @Override
        public void close() {
            await(connection::close);
        }

        private Future<HttpClientResponse> send(String path, String model, boolean stream) {
            return connection
                    .request(new RequestOptions()
                            .setMethod(HttpMethod.POST)
                            .setURI(path + CHAT)
                            .putHeader("authorization", "Bearer " + GatewayUnderTest.KEY)
                            .putHeader("content-type", "application/json"))
                    .compose((HttpClientRequest request) -> request.send(GatewayUnderTest.chat(model, stream)));
        }

        private <T> T await(Supplier<Future<T>> asked) {
            CompletableFuture<T> told = new CompletableFuture<>();
            loop.runOnContext(_ -> asked.get().onComplete(told::complete, told::completeExceptionally));
            return told.orTimeout(20, TimeUnit.SECONDS).join();
        }
    }
}
