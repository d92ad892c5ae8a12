package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.Transport;
import dev.sluice.traffic.usage.Outcome;
import dev.sluice.traffic.usage.UsageRecord;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients do not take that they asked for is counted, and bounded, with all else that calls hold in memory. */
class SlowClientRoomTest {
    private static final String CHAT = "/v1/chat/completions";
    private static final String MESSAGES = "/v1/messages";
    private static final String BUFFERED = "sluice_request_bytes_buffered";
    /** More than the buffers of the system between gateway and client hold. */
    private static final int LONG = 20 << 20;

    private static final int LONGEST = 24 << 20;
    private static final int ROOM = 30 << 20;
    private static final int FULL_QUEUE = 128 << 10;
    private static final String EVENT =
            "data: {\"id\":\"a\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,"
                    + "\"delta\":{\"content\":\"" + "word ".repeat(3_000) + "\"}}]}\n\n";

    @TempDir
    Path folder;

    private final Vertx vertx = Vertx.vertx();
    private final HttpClientAgent http2 = vertx.createHttpClient(new HttpClientOptions()
            .setProtocolVersion(HttpVersion.HTTP_2)
            .setHttp2ClearTextUpgrade(false)
            // A stream that is not read leaves room for the others.
            .setHttp2ConnectionWindowSize(16 << 20));
    /** An event loop of its own, as Vert.x may hand an answer to the thread that asks before that listens. */
    private final Context loop = vertx.getOrCreateContext();

    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger streaming = new AtomicInteger();
    private final List<AutoCloseable> open = new ArrayList<>();
    private HttpServer upstream;
    private GatewayUnderTest gateway;

    @BeforeEach
    void start() {
        upstream = vertx.createHttpServer()
                .requestHandler(request ->
                        request.body().onSuccess(body -> answer(request, new JsonObject(body).getString("model"))))
                .listen(0, "127.0.0.1")
                .await();
    }

    private void start(int room) {
        gateway = GatewayUnderTest.start(
                folder,
                """
                services:
                  - { name: main, address: { url: "http://127.0.0.1:%d/v1" } }
                modelApis:
                  - { name: main, routes: [/v1/chat/completions, /v1/messages], distribution: { strategy: single, targets: [ { service: main } ] } }
                consumers:
                  - { name: caller, modelApis: [main] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %s }
                """.formatted(upstream.actualPort(), GatewayUnderTest.KEY),
                Transport.PLAIN.withPorts(null, 0),
                LONGEST,
                room);
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable one : open) one.close();
        gateway.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    /** The model is the length of the answer, or says that it is without end. */
    private void answer(HttpServerRequest request, String model) {
        HttpServerResponse response = request.response();
        if (model.equals("endless")) {
            streaming.incrementAndGet();
            response.putHeader("content-type", "text/event-stream").setChunked(true);
            response.exceptionHandler(_ -> {});
            response.closeHandler(_ -> streaming.decrementAndGet());
            pump(response);
            return;
        }
        int length = Integer.parseInt(model);
        if (length == LONG) asked.incrementAndGet();
        response.putHeader("content-type", "application/json")
                .end("{\"id\":\"a\",\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":{"
                        + "\"role\":\"assistant\",\"content\":\"" + "x".repeat(length)
                        + "\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4,"
                        + "\"total_tokens\":7}}");
    }

    private static void pump(HttpServerResponse response) {
        if (!response.closed()) response.write(EVENT).onSuccess(_ -> pump(response));
    }

    private RawConnection connect() {
        RawConnection connection = gateway.connect();
        open.add(connection);
        return connection;
    }

    private double buffered() {
        return gateway.gauge(BUFFERED);
    }

    private Reply translated(int length) {
        return gateway.call(
                MESSAGES,
                "{\"model\":\"" + length
                        + "\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
    }

    private void anAnswerWaits() {
        GatewayUnderTest.await(
                "the answer waits for its client", () -> gateway.gateway().callsInFlight() == 0 && buffered() > LONG);
        Reply refused = translated(LONG / 2 + (1 << 20));
        assertThat(refused.status()).as("there is no room for both").isEqualTo(503);
        assertThat(refused.text()).contains("overloaded_error").contains("try again in a second");
    }

    private void nothingWaits() {
        GatewayUnderTest.await("nothing waits any more", () -> buffered() == 0);
        assertThat(translated(LONG / 2 + (1 << 20)).status()).isEqualTo(200);
        GatewayUnderTest.await("nothing is held", () -> buffered() == 0);
    }

    @Test
    void aWholeAnswerCountsUntilItsClientHasTakenIt() {
        start(ROOM);
        RawConnection slow = connect().post(CHAT, GatewayUnderTest.chat("" + LONG, false), "");
        anAnswerWaits();
        assertThat(slow.answer().status()).isEqualTo(200);
        nothingWaits();
    }

    @Test
    void aWholeAnswerCountsUntilItsClientIsGone() {
        start(ROOM);
        RawConnection slow = connect().post(CHAT, GatewayUnderTest.chat("" + LONG, false), "");
        anAnswerWaits();
        slow.close();
        nothingWaits();
    }

    @Test
    void aWholeAnswerOverHttp2CountsUntilItsClientHasTakenIt() {
        start(ROOM);
        HttpClientResponse slow = pausedOverHttp2("" + LONG, false);
        anAnswerWaits();
        loop.runOnContext(_ -> slow.resume());
        nothingWaits();
    }

    @Test
    void aClientThatAsksOnAndOnIsServedWhenItReads() {
        start(10 * LONGEST);
        RawConnection slow = connect();
        for (int i = 0; i < 5; i++) slow.post(CHAT, GatewayUnderTest.chat("" + LONG, false), "");
        GatewayUnderTest.await("the first answer waits for its client", () -> buffered() > LONG);
        for (int i = 0; i < 20; i++)
            assertThat(gateway.call(CHAT, GatewayUnderTest.chat("5", false)).status())
                    .isEqualTo(200);
        // The next one may have begun before it was known that the first one waits.
        assertThat(asked.get()).as("asks of the provider").isLessThanOrEqualTo(2);
        for (int i = 0; i < 5; i++) {
            RawConnection.Answer answer = slow.answer();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).hasSizeGreaterThan(LONG);
        }
        assertThat(asked).hasValue(5);
        GatewayUnderTest.await("nothing waits any more", () -> buffered() == 0);
    }

    @Test
    void streamsThatNobodyReadsTakeHalfOfTheRoomAndTheRestIsCutOff() {
        int bearable = 4;
        start((2 * bearable + 1) * FULL_QUEUE);
        List<RawConnection> clients = new ArrayList<>();
        for (int i = 0; i < bearable; i++) clients.add(stuck());
        GatewayUnderTest.await("they all wait", () -> buffered() >= bearable * FULL_QUEUE);
        clients.add(stuck());
        UsageRecord cut = gateway.recordOfModel("endless");
        assertThat(cut.outcome()).isEqualTo(Outcome.CLIENT_LEFT);
        assertThat(cut.failure()).isEqualTo("overloaded");
        GatewayUnderTest.await("the provider is told", () -> streaming.get() == bearable);
        assertThat(gateway.callBytes(
                                CHAT,
                                GatewayUnderTest.chat("5", false)
                                        .concat(" ".repeat(2 * FULL_QUEUE))
                                        .getBytes(java.nio.charset.StandardCharsets.UTF_8))
                        .status())
                .as("others have room")
                .isEqualTo(200);
        assertThat(streaming).hasValue(bearable);
        clients.forEach(RawConnection::close);
        GatewayUnderTest.await("nothing waits any more", () -> buffered() == 0 && streaming.get() == 0);
    }

    @Test
    void streamsThatNobodyReadsOverHttp2AreCutOffOneByOne() {
        int bearable = 2;
        start((2 * bearable + 1) * FULL_QUEUE);
        List<HttpClientResponse> paused = new ArrayList<>();
        for (int i = 0; i <= bearable; i++) paused.add(pausedOverHttp2("endless", true));
        GatewayUnderTest.await("one is cut off", () -> streaming.get() == bearable);
        assertThat(gateway.recordOfModel("endless").failure()).isEqualTo("overloaded");
        assertThat(buffered()).isGreaterThanOrEqualTo(bearable * FULL_QUEUE);
        paused.forEach(response -> loop.runOnContext(_ -> response.request().reset()));
        GatewayUnderTest.await("nothing waits any more", () -> buffered() == 0 && streaming.get() == 0);
    }

    /** The beginning of an answer that is not read any further. */
    private HttpClientResponse pausedOverHttp2(String model, boolean stream) {
        CompletableFuture<HttpClientResponse> told = new CompletableFuture<>();
        loop.runOnContext(_ -> http2.request(new RequestOptions()
                        .setMethod(HttpMethod.POST)
                        .setHost("127.0.0.1")
                        .setPort(gateway.gateway().http2Port())
                        .setURI(CHAT)
                        .putHeader("authorization", "Bearer " + GatewayUnderTest.KEY)
                        .putHeader("content-type", "application/json"))
                .compose(request -> request.send(GatewayUnderTest.chat(model, stream)))
                .onSuccess(response -> {
                    response.exceptionHandler(_ -> {});
                    response.pause();
                })
                .onComplete(told::complete, told::completeExceptionally));
        return told.orTimeout(20, TimeUnit.SECONDS).join();
    }

    private RawConnection stuck() {
        RawConnection client = connect().post(CHAT, GatewayUnderTest.chat("endless", true), "");
        client.readUntil("data: ");
        return client;
    }
}
