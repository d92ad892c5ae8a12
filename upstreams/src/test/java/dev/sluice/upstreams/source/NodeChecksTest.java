package dev.sluice.upstreams.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.settings.Declaration;
import dev.sluice.settings.Edit;
import dev.sluice.settings.Editor;
import dev.sluice.settings.Owner;
import dev.sluice.settings.SecretResolver;
import dev.sluice.settings.Settings;
import dev.sluice.settings.catalogue.Catalogue;
import dev.sluice.settings.snapshot.BoundService;
import dev.sluice.settings.snapshot.Snapshot;
import dev.sluice.simulator.Simulator;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NodeChecksTest {
    /** Longer than a check that is due at every look at the clock could stay away. */
    private static final long SOME_CHECKS_MILLIS = 400;

    private final Vertx vertx = Vertx.vertx();
    private final Simulator node = Simulator.start();
    private final Queue<Throwable> unhandled = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        node.close();
    }

    @Test
    void nothingIsCheckedWhileTheyStop() throws Exception {
        vertx.exceptionHandler(unhandled::add);
        Snapshot snapshot = snapshot();
        CompletableFuture<Boolean> checked = new CompletableFuture<>();
        NodeChecks checks = new NodeChecks(
                () -> snapshot,
                BoundService::nodes,
                (_, _, good, _) -> checked.complete(good),
                InstantSource.system(),
                new Random(1),
                _ -> false);
        vertx.deployVerticle(checks).await();
        assertThat(checked).succeedsWithin(10, TimeUnit.SECONDS).isEqualTo(true);
        // Undeploying does the same, and removes what is left a moment later.
        CompletableFuture<Void> aWhileLater = new CompletableFuture<>();
        checks.stop().onComplete(_ -> vertx.setTimer(SOME_CHECKS_MILLIS, _ -> aWhileLater.complete(null)));
        assertThat(aWhileLater).succeedsWithin(10, TimeUnit.SECONDS);
        assertThat(unhandled).isEmpty();
    }

    private Snapshot snapshot() {
        Catalogue catalogue = Catalogue.load();
        Declaration declaration =
                Declaration.parse(List.of(new Declaration.Document("test", """
                        services:
                          - { name: s, address: { url: "%s/v1" }, health: { active: { path: /v1/models, intervalMs: 100 } } }
                        """.formatted(node.url()))), _ -> null);
        Editor editor =
                new Editor(catalogue, SecretResolver.literals(), new Random(1), InstantSource.fixed(Instant.EPOCH));
        Edit edit = editor.apply(Settings.EMPTY, declaration, Owner.API, false);
        if (!(edit instanceof Edit.Accepted accepted)) throw new AssertionError(edit);
        return Snapshot.build(accepted.settings(), catalogue, SecretResolver.literals());
    }
}
