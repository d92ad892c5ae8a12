package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.Usage;
import dev.sluice.proxy.Sessions;
import dev.sluice.proxy.Transport;
import dev.sluice.traffic.usage.Outcome;
import dev.sluice.traffic.usage.UsageRecord;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Realtime sessions through the gateway. */
class RealtimeTest {
    private static final String DONE =
            "{\"type\":\"response.done\",\"response\":{\"usage\":{\"input_tokens\":5,\"output_tokens\":7}}}";

    private static final String CREATED = "{\"type\":\"response.created\",\"response\":{}}";
    private static final String QUOTA_KEY = "sk-limited-0123456789";
    private static final Duration LONG = Duration.ofMinutes(10);

    @TempDir
    static Path folder;

    private static final BlockingQueue<String> HEARD = new LinkedBlockingQueue<>();
    private static Vertx vertx;
    /** Held, as one that nobody refers to is closed with its connections. */
    private static WebSocketClient client;

    private static GatewayUnderTest gateway;
    private static int upstreamPort;

    @BeforeAll
    static void start() throws Exception {
        vertx = Vertx.vertx();
        client = vertx.createWebSocketClient();
        HttpServer upstream = vertx.createHttpServer(
                        new HttpServerOptions().setWebSocketSubProtocols(List.of("realtime")))
                .webSocketHandshakeHandler(handshake -> {
                    HEARD.add(handshake.uri() + " " + handshake.headers().get("authorization") + " "
                            + handshake.headers().get("sec-websocket-protocol"));
                    if (handshake.uri().contains("denied")) handshake.reject(400);
                    else handshake.accept();
                })
                .webSocketHandler(socket -> {
                    socket.closeHandler(_ -> HEARD.add("closed " + socket.closeStatusCode()));
                    socket.textMessageHandler(text -> {
                        switch (text) {
                            case "bye" -> socket.close((short) 4001, "over");
                            case "begin" -> socket.writeTextMessage(CREATED);
                            case "respond" -> socket.writeTextMessage(DONE);
                            case "flood" -> {
                                for (int i = 0; i < 400; i++) socket.writeTextMessage("x".repeat(60_000));
                            }
                            default -> socket.writeTextMessage("echo " + text);
                        }
                    });
                })
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get();
        upstreamPort = upstream.actualPort();
        gateway = start("usual", upstreamPort, Sessions.USUAL);
    }

    private static GatewayUnderTest start(String name, int port, Sessions sessions) {
        return GatewayUnderTest.start(folder.resolve(name), declaration(port), Transport.PLAIN.with(sessions), null);
    }

    private static String declaration(int port) {
        return """
                providerKeys:
                  - { name: first, provider: openai-compatible, secret: sk-provider-0123456789 }
                services:
                  - { name: main, address: { url: "http://127.0.0.1:%1$d/v1" }, keys: [first], modelPolicy: { mapping: { voice: gpt-realtime } } }
                modelApis:
                  - { name: main, routes: [/v1/realtime], distribution: { strategy: single, targets: [ { service: main } ] } }
                consumers:
                  - { name: caller, modelApis: [main] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %2$s, limits: { concurrency: 100 } }
                  - { name: limited-key, consumer: caller, secret: %3$s, quota: { tokensTotal: 20 } }
                """.formatted(port, GatewayUnderTest.KEY, QUOTA_KEY);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        vertx.close().await();
    }

    private static CompletableFuture<WebSocket> connect(String query, List<String> protocols) {
        return connect(gateway.gateway().port(), query, protocols);
    }

    private static CompletableFuture<WebSocket> connect(int port, String query, List<String> protocols) {
        WebSocketConnectOptions options = new WebSocketConnectOptions()
                .setHost("127.0.0.1")
                .setPort(port)
                .setURI("/v1/realtime" + query)
                .setSubProtocols(protocols);
        return client.connect(options).toCompletionStage().toCompletableFuture();
    }

    /** A session, and what its client hears. */
    private record Session(WebSocket socket, BlockingQueue<String> heard) {
        static Session of(int port, String model, String key) throws Exception {
            WebSocket socket = connect(port, "?model=" + model, List.of("realtime", "openai-insecure-api-key." + key))
                    .get(20, TimeUnit.SECONDS);
            BlockingQueue<String> heard = new LinkedBlockingQueue<>();
            socket.closeHandler(_ -> heard.add("closed " + socket.closeStatusCode() + " " + socket.closeReason()));
            socket.textMessageHandler(heard::add);
            return new Session(socket, heard);
        }

        void say(String text) {
            socket.writeTextMessage(text);
        }

        String next() throws InterruptedException {
            return String.valueOf(heard.poll(20, TimeUnit.SECONDS));
        }
    }

    private static Session session(GatewayUnderTest at, String model) throws Exception {
        return Session.of(at.gateway().port(), model, GatewayUnderTest.KEY);
    }

    /** The next that the upstream hears which begins so; sessions of other tests may still be ending. */
    private static String heard(String beginning) throws InterruptedException {
        String next = HEARD.poll(20, TimeUnit.SECONDS);
        while (next != null && !next.startsWith(beginning)) next = HEARD.poll(20, TimeUnit.SECONDS);
        return String.valueOf(next);
    }

    @Test
    void framesPassBothWaysAndUsageIsAddedUp() throws Exception {
        HEARD.clear();
        WebSocket socket = connect(
                        "?model=voice&a=b", List.of("realtime", "openai-insecure-api-key." + GatewayUnderTest.KEY))
                .get(20, TimeUnit.SECONDS);
        assertThat(socket.subProtocol()).isEqualTo("realtime");
        assertThat(heard("/v1/realtime?model=gpt-realtime"))
                .isEqualTo("/v1/realtime?model=gpt-realtime&a=b Bearer sk-provider-0123456789 realtime");
        BlockingQueue<String> answers = new LinkedBlockingQueue<>();
        socket.closeHandler(_ -> answers.add("closed " + socket.closeStatusCode() + " " + socket.closeReason()));
        socket.textMessageHandler(answers::add);
        for (String said : List.of("hello", "respond", "respond", "bye")) socket.writeTextMessage(said);
        assertThat(answers.poll(20, TimeUnit.SECONDS)).isEqualTo("echo hello");
        assertThat(answers.poll(20, TimeUnit.SECONDS)).isEqualTo(DONE);
        assertThat(answers.poll(20, TimeUnit.SECONDS)).isEqualTo(DONE);
        assertThat(answers.poll(20, TimeUnit.SECONDS)).isEqualTo("closed 4001 over");
        UsageRecord record = gateway.sessionOfModel("voice");
        assertThat(record.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(record.model()).isEqualTo("gpt-realtime");
        JsonObject sums = gateway.usage("model").getJsonArray("items").stream()
                .map(JsonObject.class::cast)
                .filter(row -> row.getString("model").equals("gpt-realtime"))
                .findFirst()
                .orElseThrow();
        assertThat(sums.getLong("calls")).isEqualTo(1);
        assertThat(sums.getLong("inputTokens")).isEqualTo(10);
        assertThat(sums.getLong("outputTokens")).isEqualTo(14);
    }

    @Test
    void aTurnIsChargedWhileTheSessionGoesOn() throws Exception {
        Session session = session(gateway, "talking");
        session.say("respond");
        assertThat(session.next()).isEqualTo(DONE);
        UsageRecord turn = gateway.recordOfModel("talking");
        assertThat(turn.usage()).isEqualTo(Usage.of(5, 7));
        assertThat(turn.isCall()).isFalse();
        session.say("still there?");
        assertThat(session.next()).isEqualTo("echo still there?");
        session.say("bye");
        assertThat(session.next()).isEqualTo("closed 4001 over");
        assertThat(gateway.sessionOfModel("talking").usage()).isEqualTo(Usage.ZERO);
    }

    @Test
    void aSessionEndsWithTheTurnThatUsesUpTheQuota() throws Exception {
        Session session = Session.of(gateway.gateway().port(), "costly", QUOTA_KEY);
        session.say("respond");
        assertThat(session.next()).isEqualTo(DONE);
        session.say("respond");
        assertThat(session.next()).isEqualTo(DONE);
        assertThat(session.next()).isEqualTo("closed 1008 insufficient_quota");
        assertThat(gateway.sessionOfModel("costly").failure()).isEqualTo("quota-exhausted");
    }

    @Test
    void anUpstreamThatDiesIsNoNormalEnd() throws Exception {
        try (FaultProxy wire = FaultProxy.to(upstreamPort);
                GatewayUnderTest wired = start("cut", wire.port(), Sessions.USUAL)) {
            Session session = session(wired, "cut");
            wire.harmAnswers(new FaultProxy.Harm.Reset(new FaultProxy.Point.AfterText("echo last")));
            session.say("last");
            assertThat(session.next()).isEqualTo("echo last");
            assertThat(session.next()).isEqualTo("closed 1011 upstream_failed");
            UsageRecord record = wired.sessionOfModel("cut");
            assertThat(record.outcome()).isEqualTo(Outcome.UPSTREAM_FAILED);
            assertThat(record.failure()).isEqualTo("upstream-cut");
        }
    }

    @Test
    void aClientThatVanishesHasLeft() throws Exception {
        HEARD.clear();
        try (FaultProxy wire = FaultProxy.to(gateway.gateway().port())) {
            Session session = Session.of(wire.port(), "vanishing", GatewayUnderTest.KEY);
            wire.harmRequests(new FaultProxy.Harm.Reset(new FaultProxy.Point.AfterBytes(1)));
            session.say("last");
            UsageRecord record = gateway.sessionOfModel("vanishing");
            assertThat(record.outcome()).isEqualTo(Outcome.CLIENT_LEFT);
            assertThat(record.status()).isEqualTo(499);
        }
    }

    @Test
    void anUpstreamThatFallsSilentIsNoticed() throws Exception {
        try (FaultProxy wire = FaultProxy.to(upstreamPort);
                GatewayUnderTest wired = start("silent", wire.port(), new Sessions(LONG, Duration.ofMillis(500)))) {
            Session session = session(wired, "silent");
            wire.harmAnswers(new FaultProxy.Harm.Stall(new FaultProxy.Point.AfterBytes(0)));
            assertThat(session.next()).isEqualTo("closed 1011 upstream_failed");
            assertThat(wired.sessionOfModel("silent").failure()).isEqualTo("upstream-cut");
        }
    }

    @Test
    void aClientThatTakesNothingIsNoticed() throws Exception {
        // Long enough for the upstream to answer its questions on a machine that is busy.
        try (GatewayUnderTest wired = start("stuck", upstreamPort, new Sessions(LONG, Duration.ofSeconds(3)));
                FaultProxy wire = FaultProxy.to(wired.gateway().port())) {
            Session session = Session.of(wire.port(), "stuck", GatewayUnderTest.KEY);
            wire.harmAnswers(new FaultProxy.Harm.Clog(new FaultProxy.Point.AfterBytes(0)));
            session.say("flood");
            assertThat(wired.sessionOfModel("stuck").outcome()).isEqualTo(Outcome.CLIENT_LEFT);
        }
    }

    @Test
    void aClientThatTakesNothingIsCutOffAtOnceWhenThereIsNoRoomForWhatWaits() throws Exception {
        try (GatewayUnderTest narrow = GatewayUnderTest.start(
                        folder.resolve("narrow"),
                        declaration(upstreamPort),
                        Transport.PLAIN.with(new Sessions(LONG, LONG)),
                        16 << 20,
                        200_000);
                FaultProxy wire = FaultProxy.to(narrow.gateway().port())) {
            Session session = Session.of(wire.port(), "no-room", GatewayUnderTest.KEY);
            wire.harmAnswers(new FaultProxy.Harm.Clog(new FaultProxy.Point.AfterBytes(0)));
            session.say("flood");
            assertThat(narrow.sessionOfModel("no-room").outcome()).isEqualTo(Outcome.CLIENT_LEFT);
            GatewayUnderTest.await("nothing is held", () -> narrow.gauge("sluice_request_bytes_buffered") == 0);
        }
    }

    @Test
    void aKeyThatIsDisabledEndsItsSessionWhenItIsNextLookedAt() throws Exception {
        try (GatewayUnderTest watched = GatewayUnderTest.start(
                folder.resolve("disabled"),
                "",
                Transport.PLAIN.with(new Sessions(LONG, Duration.ofSeconds(2))),
                null)) {
            apply(watched);
            Session idle = session(watched, "idle-key");
            idle.say("hello");
            assertThat(idle.next()).isEqualTo("echo hello");
            disable(watched);
            assertThat(idle.next()).isEqualTo("closed 1008 invalid_api_key");
            assertThat(watched.sessionOfModel("idle-key").failure()).isEqualTo("unauthenticated");
        }
    }

    @Test
    void aKeyThatIsDisabledWithinATurnEndsItsSessionBehindTheTurnWhichIsCharged() throws Exception {
        try (GatewayUnderTest watched = GatewayUnderTest.start(
                folder.resolve("disabled-in-turn"), "", Transport.PLAIN.with(new Sessions(LONG, LONG)), null)) {
            apply(watched);
            Session session = session(watched, "busy-key");
            session.say("begin");
            assertThat(session.next()).isEqualTo(CREATED);
            disable(watched);
            session.say("respond");
            assertThat(session.next()).isEqualTo(DONE);
            assertThat(session.next()).isEqualTo("closed 1008 invalid_api_key");
            assertThat(watched.recordOfModel("busy-key").usage()).isEqualTo(Usage.of(5, 7));
            assertThat(watched.sessionOfModel("busy-key").failure()).isEqualTo("unauthenticated");
        }
    }

    private static void apply(GatewayUnderTest gateway) {
        Reply applied = gateway.admin("POST", "/admin/v1/apply", "application/yaml", declaration(upstreamPort));
        assertThat(applied.status()).as(applied.text()).isEqualTo(200);
    }

    private static void disable(GatewayUnderTest gateway) {
        Reply disabled = gateway.admin("POST", "/admin/v1/apiKeys/caller-key/disable", "", "");
        assertThat(disabled.status()).as(disabled.text()).isEqualTo(200);
    }

    @Test
    void aSessionLastsAsLongAsItMay() throws Exception {
        try (GatewayUnderTest brief = start("brief", upstreamPort, new Sessions(Duration.ofMillis(200), LONG))) {
            Session session = session(brief, "brief");
            assertThat(session.next()).startsWith("closed 1001 the session has lasted");
            assertThat(brief.sessionOfModel("brief").outcome()).isEqualTo(Outcome.COMPLETED);
        }
    }

    @Test
    void aGatewayThatStopsSendsSessionsAwayWhenNothingIsBeingSaid() throws Exception {
        GatewayUnderTest stopping = start("stopping", upstreamPort, Sessions.USUAL);
        Session idle = session(stopping, "idle");
        Session busy = session(stopping, "busy");
        busy.say("begin");
        assertThat(busy.next()).isEqualTo(CREATED);
        Thread stop = Thread.ofVirtual().start(stopping::close);
        assertThat(idle.next()).isEqualTo("closed 1001 the gateway is stopping");
        busy.say("respond");
        assertThat(busy.next()).isEqualTo(DONE);
        assertThat(busy.next()).isEqualTo("closed 1001 the gateway is stopping");
        assertThat(stop.join(Duration.ofSeconds(20))).isTrue();
        assertThat(stopping.sessionOfModel("busy").outcome()).isEqualTo(Outcome.COMPLETED);
    }

    @Test
    void aClientThatLeavesEndsTheUpstreamsSession() throws Exception {
        HEARD.clear();
        WebSocket socket = connect(
                        "?model=leaving", List.of("realtime", "openai-insecure-api-key." + GatewayUnderTest.KEY))
                .get(20, TimeUnit.SECONDS);
        assertThat(heard("/v1/realtime?model=leaving")).isNotEqualTo("null");
        socket.close((short) 4002, "bored").await(20, TimeUnit.SECONDS);
        assertThat(heard("closed 4002")).isNotEqualTo("null");
        assertThat(gateway.recordOfModel("leaving").usage()).isEqualTo(Usage.ZERO);
    }

    @Test
    void whatFailsBeforeTheUpgradeIsAnHttpError() {
        assertThat(status("?model=voice", "openai-insecure-api-key.wrong")).isEqualTo(401);
        assertThat(status("", "openai-insecure-api-key." + GatewayUnderTest.KEY))
                .isEqualTo(400);
        assertThat(status("?model=denied", "openai-insecure-api-key." + GatewayUnderTest.KEY))
                .isEqualTo(400);
        assertThat(gateway.get("/v1/realtime?model=x", "authorization", "Bearer " + GatewayUnderTest.KEY)
                        .status())
                .isEqualTo(400);
    }

    private static int status(String query, String key) {
        try {
            connect(query, List.of(key)).get(20, TimeUnit.SECONDS);
            return 101;
        } catch (ExecutionException e) {
            return e.getCause() instanceof UpgradeRejectedException rejected ? rejected.getStatus() : -1;
        } catch (InterruptedException | java.util.concurrent.TimeoutException e) {
            throw new AssertionError(e);
        }
    }
}
