package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerResponse;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An error answer that is longer than the gateway keeps. */
class LongErrorTest {
    private static final int CHUNK = 10_000;

    @TempDir
    Path folder;

    @Test
    void whatIsShownOfALongErrorHasNoHoles() throws Exception {
        String whole = IntStream.range(0, 50_000).mapToObj("%08d"::formatted).collect(Collectors.joining());
        Vertx vertx = Vertx.vertx();
        HttpServer upstream = vertx.createHttpServer()
                .requestHandler(request -> request.endHandler(_ -> {
                    HttpServerResponse answer = request.response()
                            .setStatusCode(400)
                            .setChunked(true)
                            .putHeader("content-type", "text/plain");
                    for (int i = 0; i < whole.length(); i += CHUNK)
                        answer.write(Buffer.buffer(whole.substring(i, i + CHUNK)));
                    answer.end();
                }))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        try (GatewayUnderTest gateway =
                GatewayUnderTest.start(folder, """
                services:
                  - { name: main, address: { url: "http://127.0.0.1:%d/v1" } }
                modelApis:
                  - { name: main, distribution: { strategy: single, targets: [ { service: main } ] } }
                consumers:
                  - { name: caller, modelApis: [main] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %s }
                """.formatted(upstream.actualPort(), GatewayUnderTest.KEY))) {
            Reply reply = gateway.call("/v1/chat/completions", GatewayUnderTest.chat());
            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.text().length()).isGreaterThan(100_000);
            assertThat(whole.startsWith(reply.text())).isTrue();
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
    }
}
