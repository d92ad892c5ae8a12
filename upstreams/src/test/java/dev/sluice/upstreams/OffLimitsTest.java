package dev.sluice.upstreams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.settings.Declaration;
import dev.sluice.settings.Edit;
import dev.sluice.settings.Editor;
import dev.sluice.settings.Owner;
import dev.sluice.settings.SecretResolver;
import dev.sluice.settings.Settings;
import dev.sluice.settings.catalogue.Catalogue;
import dev.sluice.settings.snapshot.BoundService;
import dev.sluice.settings.snapshot.Node;
import dev.sluice.settings.snapshot.Snapshot;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import java.net.InetAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nodes where no call may go; the loopback address stands for those that no test machine has. */
class OffLimitsTest {
    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger heard = new AtomicInteger();
    private UpstreamClient client;
    private int port;

    @BeforeEach
    void serve() {
        HttpServer server = vertx.createHttpServer().requestHandler(request -> {
            heard.incrementAndGet();
            request.response().end();
        });
        server.listen(0, "127.0.0.1").await();
        port = server.actualPort();
        client = new UpstreamClient(
                vertx, InstantSource.fixed(Instant.EPOCH), 8192, InetAddress::isLoopbackAddress, null);
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void aNameThatLeadsThereIsNotCalled() {
        BoundService service = service("url: \"http://localhost:" + port + "/v1\"");
        assertThat(failure(call(service, service.nodes().getFirst()))).isInstanceOf(OffLimitsException.class);
        assertThat(heard).hasValue(0);
    }

    @Test
    void anAddressIsNotCalled() {
        BoundService service = service("fixed: [\"127.0.0.1:" + port + "\"]");
        assertThat(failure(call(service, service.nodes().getFirst())))
                .isInstanceOf(OffLimitsException.class)
                .hasMessageContaining("127.0.0.1")
                .hasMessageContaining("--allow-metadata-addresses");
        assertThat(heard).hasValue(0);
    }

    @Test
    void aNameThatWasResolvedIsNotCalled() {
        BoundService service = service("dns: [\"llm.example:" + port + "\"]");
        Node node = service.nodes().getFirst().at("127.0.0.1");
        assertThat(failure(call(service, node))).isInstanceOf(OffLimitsException.class);
        assertThat(heard).hasValue(0);
    }

    @Test
    void nothingIsCheckedThere() {
        BoundService service = service("url: \"http://localhost:" + port + "/v1\"");
        assertThat(failure(client.check(service, service.nodes().getFirst(), "/latest/meta-data", 5_000)))
                .isInstanceOf(OffLimitsException.class);
        assertThat(heard).hasValue(0);
    }

    @Test
    void noWebSocketIsOpenedThere() {
        for (String address : List.of("url: \"http://localhost:", "url: \"http://127.0.0.1:")) {
            BoundService service = service(address + port + "/v1\"");
            assertThat(failure(client.openSocket(
                            service,
                            service.nodes().getFirst(),
                            null,
                            "/realtime",
                            List.of(),
                            MultiMap.caseInsensitiveMultiMap())))
                    .isInstanceOf(OffLimitsException.class);
        }
        assertThat(heard).hasValue(0);
    }

    private Future<?> call(BoundService service, Node node) {
        return client.open(
                        service,
                        node,
                        null,
                        HttpMethod.GET,
                        null,
                        "/models",
                        false,
                        new byte[0],
                        MultiMap.caseInsensitiveMultiMap())
                .compose(request -> request.send());
    }

    static Throwable failure(Future<?> future) {
        return future.toCompletionStage()
                .<Throwable>handle((_, failed) -> failed)
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    static BoundService service(String address) {
        Catalogue catalogue = Catalogue.load();
        Declaration declaration = Declaration.parse(
                List.of(new Declaration.Document("test", "services: [{ name: s, address: { " + address + " } }]")),
                _ -> null);
        Editor editor =
                new Editor(catalogue, SecretResolver.literals(), new Random(1), InstantSource.fixed(Instant.EPOCH));
        Edit edit = editor.apply(Settings.EMPTY, declaration, Owner.API, false);
        if (!(edit instanceof Edit.Accepted accepted)) throw new AssertionError(edit);
        return Snapshot.build(accepted.settings(), catalogue, SecretResolver.literals())
                .services()
                .getFirst();
    }
}
