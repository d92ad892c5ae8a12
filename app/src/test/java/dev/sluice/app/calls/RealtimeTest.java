package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.Usage;
import dev.sluice.traffic.usage.UsageRecord;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import java.nio.file.Path;
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

    @TempDir
    static Path folder;

    private static final BlockingQueue<String> HEARD = new LinkedBlockingQueue<>();
    private static Vertx vertx;
    /** Held, as one that nobody refers to is closed with its connections. */
    private static WebSocketClient client;

    private static GatewayUnderTest gateway;

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
                        if (text.equals("bye")) socket.close((short) 4001, "over");
                        else if (text.equals("respond")) socket.writeTextMessage(DONE);
                        else socket.writeTextMessage("echo " + text);
                    });
                })
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get();
        gateway = GatewayUnderTest.start(folder, """
                providerKeys:
                  - { name: first, provider: openai-compatible, secret: sk-provider-0123456789 }
                services:
                  - { name: main, address: { url: "http://127.0.0.1:%1$d/v1" }, keys: [first], modelPolicy: { mapping: { voice: gpt-realtime } } }
                modelApis:
                  - { name: main, routes: [/v1/realtime], distribution: { strategy: single, targets: [ { service: main } ] } }
                consumers:
                  - { name: caller, modelApis: [main] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %2$s }
                """.formatted(upstream.actualPort(), GatewayUnderTest.KEY));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        vertx.close().await();
    }

    private static CompletableFuture<WebSocket> connect(String query, List<String> protocols) {
        WebSocketConnectOptions options = new WebSocketConnectOptions()
                .setHost("127.0.0.1")
                .setPort(gateway.gateway().port())
                .setURI("/v1/realtime" + query)
                .setSubProtocols(protocols);
        return client.connect(options).toCompletionStage().toCompletableFuture();
    }

    private static String heard() throws InterruptedException {
        return String.valueOf(HEARD.poll(20, TimeUnit.SECONDS));
    }

    @Test
    void framesPassBothWaysAndUsageIsAddedUp() throws Exception {
        HEARD.clear();
        WebSocket socket = connect(
                        "?model=voice&a=b", List.of("realtime", "openai-insecure-api-key." + GatewayUnderTest.KEY))
                .get(20, TimeUnit.SECONDS);
        assertThat(socket.subProtocol()).isEqualTo("realtime");
        assertThat(heard()).isEqualTo("/v1/realtime?model=gpt-realtime&a=b Bearer sk-provider-0123456789 realtime");
        BlockingQueue<String> answers = new LinkedBlockingQueue<>();
        socket.closeHandler(_ -> answers.add("closed " + socket.closeStatusCode() + " " + socket.closeReason()));
        socket.textMessageHandler(answers::add);
        for (String said : List.of("hello", "respond", "respond", "bye")) socket.writeTextMessage(said);
        assertThat(answers.poll(20, TimeUnit.SECONDS)).isEqualTo("echo hello");
        assertThat(answers.poll(20, TimeUnit.SECONDS)).isEqualTo(DONE);
        assertThat(answers.poll(20, TimeUnit.SECONDS)).isEqualTo(DONE);
        assertThat(answers.poll(20, TimeUnit.SECONDS)).isEqualTo("closed 4001 over");
        UsageRecord record = gateway.recordOfModel("voice");
        assertThat(record.usage()).isEqualTo(Usage.of(10, 14));
        assertThat(record.model()).isEqualTo("gpt-realtime");
    }

    @Test
    void aClientThatLeavesEndsTheUpstreamsSession() throws Exception {
        HEARD.clear();
        WebSocket socket = connect(
                        "?model=leaving", List.of("realtime", "openai-insecure-api-key." + GatewayUnderTest.KEY))
                .get(20, TimeUnit.SECONDS);
        assertThat(heard()).startsWith("/v1/realtime");
        socket.close((short) 4002, "bored").await(20, TimeUnit.SECONDS);
        assertThat(heard()).startsWith("closed ");
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
