package dev.sluice.upstreams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.settings.snapshot.BoundService;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Headers that came in by a way on which nobody looked at them. */
class UnsendableTest {
    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger heard = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private UpstreamClient client;
    private BoundService service;

    @BeforeEach
    void serve() {
        HttpServer server = vertx.createHttpServer()
                .connectionHandler(connection -> {
                    connections.incrementAndGet();
                    connection.closeHandler(_ -> connections.decrementAndGet());
                })
                .requestHandler(request -> {
                    heard.incrementAndGet();
                    request.response().end(Integer.toString(connections.get()));
                });
        server.listen(0, "127.0.0.1").await();
        client = new UpstreamClient(vertx, InstantSource.fixed(Instant.EPOCH), 8192, _ -> false, null);
        service = OffLimitsTest.service("url: \"http://127.0.0.1:" + server.actualPort() + "/v1\"");
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void leaveTheirConnectionForTheNextCall() {
        MultiMap bad = MultiMap.caseInsensitiveMultiMap().add("x-note", "a\r\nb");
        assertThat(OffLimitsTest.failure(open(bad))).isInstanceOf(UnsendableException.class);
        Future<String> open = open(MultiMap.caseInsensitiveMultiMap())
                .compose(HttpClientRequest::send)
                .compose(answer -> answer.body().map(Object::toString));
        assertThat(open.toCompletionStage()
                        .toCompletableFuture()
                        .orTimeout(20, TimeUnit.SECONDS)
                        .join())
                .as("connections that are open")
                .isEqualTo("1");
        assertThat(heard).hasValue(1);
    }

    private Future<HttpClientRequest> open(MultiMap headers) {
        return client.open(
                service,
                service.nodes().getFirst(),
                null,
                HttpMethod.GET,
                null,
                "/models",
                false,
                new byte[0],
                headers);
    }
}
