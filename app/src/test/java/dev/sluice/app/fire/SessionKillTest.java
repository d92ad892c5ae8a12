package dev.sluice.app.fire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills the gateway in the middle of a realtime session, starts it again on the same data folder, and looks at what it counted. */
class SessionKillTest {
    private static final String KEY = "sk-session-kill-test-01";
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final String DONE =
            "{\"type\":\"response.done\",\"response\":{\"usage\":{\"input_tokens\":5,\"output_tokens\":7}}}";

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    Path folder;

    private final Vertx vertx = Vertx.vertx();
    private final WebSocketClient client = vertx.createWebSocketClient();
    private Path config;

    @BeforeEach
    void start() throws Exception {
        HttpServer upstream = vertx.createHttpServer(
                        new HttpServerOptions().setWebSocketSubProtocols(List.of("realtime")))
                .webSocketHandler(socket -> socket.textMessageHandler(text ->
                        socket.writeTextMessage(text.equals("respond") ? DONE : "{\"type\":\"response.created\"}")))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        // One session at a time: a session that a dead process held must not keep the next one out.
        config = Files.writeString(folder.resolve("sluice.yaml"), """
                services:
                  - { name: main, provider: openai-compatible, address: { url: "http://127.0.0.1:%d/v1" } }
                modelApis:
                  - { name: main, routes: [/v1/realtime], distribution: { strategy: single, targets: [ { service: main } ] } }
                consumers:
                  - { name: caller, modelApis: [main] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %s, limits: { concurrency: 1 } }
                """.formatted(upstream.actualPort(), KEY));
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    void turnsThatEndedAreKeptOnceAndOnlyTheOneUnderWayIsLost() throws Exception {
        Path data = folder.resolve("data");
        try (GatewayProcess gateway = GatewayProcess.start(config, data)) {
            Session session = session(gateway);
            for (int turn = 1; turn <= 2; turn++) {
                session.say("respond");
                assertThat(session.next()).isEqualTo(DONE);
                awaitTokens(gateway, 12L * turn);
            }
            session.say("begin");
            assertThat(session.next()).contains("response.created");
            gateway.kill();
            assertThat(session.next()).isEqualTo("closed");
        }
        try (GatewayProcess again = GatewayProcess.start(config, data)) {
            assertThat(tokens(again)).as("of the two turns that had ended").isEqualTo(24);
            Session session = session(again);
            session.say("respond");
            assertThat(session.next()).isEqualTo(DONE);
            awaitTokens(again, 36);
            again.stop();
        }
    }

    private record Session(WebSocket socket, BlockingQueue<String> heard) {
        void say(String text) {
            socket.writeTextMessage(text);
        }

        String next() throws InterruptedException {
            return String.valueOf(heard.poll(20, TimeUnit.SECONDS));
        }
    }

    private Session session(GatewayProcess gateway) throws Exception {
        URI url = URI.create(gateway.url());
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        WebSocket socket = client.connect(new WebSocketConnectOptions()
                        .setHost("127.0.0.1")
                        .setPort(url.getPort())
                        .setURI("/v1/realtime?model=m")
                        .setSubProtocols(List.of("realtime", "openai-insecure-api-key." + KEY)))
                .onSuccess(opened -> {
                    opened.textMessageHandler(heard::add);
                    opened.closeHandler(_ -> heard.add("closed"));
                })
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        return new Session(socket, heard);
    }

    private static void awaitTokens(GatewayProcess gateway, long wanted) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        long found = tokens(gateway);
        while (found < wanted && System.nanoTime() < end) found = tokens(gateway);
        assertThat(found).isEqualTo(wanted);
    }

    private static long tokens(GatewayProcess gateway) throws IOException, InterruptedException {
        HttpRequest usage = HttpRequest.newBuilder(URI.create(gateway.adminUrl() + "/admin/v1/usage"))
                .header("authorization", "Bearer " + GatewayProcess.ADMIN_TOKEN)
                .build();
        HttpResponse<String> answer = HTTP.send(usage, HttpResponse.BodyHandlers.ofString(UTF_8));
        JsonArray items = new JsonObject(answer.body()).getJsonArray("items");
        return items.isEmpty() ? 0 : items.getJsonObject(0).getLong("totalTokens", 0L);
    }
}
