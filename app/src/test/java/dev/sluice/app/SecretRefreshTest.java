package dev.sluice.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.settings.Declaration;
import dev.sluice.settings.Edit;
import dev.sluice.settings.Editor;
import dev.sluice.settings.Owner;
import dev.sluice.settings.Secret.Reference;
import dev.sluice.settings.SecretResolver;
import dev.sluice.settings.Settings;
import dev.sluice.settings.catalogue.Catalogue;
import dev.sluice.settings.snapshot.BoundKey;
import dev.sluice.settings.snapshot.Snapshot;
import dev.sluice.traffic.limits.Limiter;
import dev.sluice.traffic.usage.UsageQuery;
import dev.sluice.traffic.usage.UsageReports;
import dev.sluice.traffic.usage.UsageRow;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Secrets of provider keys that live in a vault, which comes and goes. */
class SecretRefreshTest {
    private static final Catalogue CATALOGUE = Catalogue.load();
    private static final Duration GENEROUS = Duration.ofSeconds(20);
    private static final Reference A = new Reference("vault", "kv/a#key");

    private final Map<String, String> kept = new ConcurrentHashMap<>(Map.of("/v1/kv/a", "sk-1"));
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private final AtomicReference<CountDownLatch> open = new AtomicReference<>(new CountDownLatch(0));
    private final AtomicReference<CountDownLatch> asked = new AtomicReference<>(new CountDownLatch(0));
    private final List<Map<Reference, String>> saved = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private HttpServer vault;

    private record NoUsage() implements UsageReports {
        @Override
        public List<UsageRow> query(UsageQuery query) {
            return List.of();
        }

        @Override
        public Map<String, Long> tokensByApiKeySince(Instant from) {
            return Map.of();
        }
    }

    @BeforeEach
    void startVault() throws IOException {
        vault = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        vault.setExecutor(threads);
        vault.createContext("/", exchange -> {
            asked.get().countDown();
            try {
                open.get().await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            String value = kept.get(exchange.getRequestURI().getPath());
            byte[] body =
                    (value == null ? "{\"errors\":[]}" : "{\"data\":{\"key\":\"" + value + "\"}}").getBytes(UTF_8);
            exchange.sendResponseHeaders(value == null ? 503 : 200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        vault.start();
    }

    @AfterEach
    void stopVault() {
        open.get().countDown();
        vault.stop(0);
        threads.shutdownNow();
    }

    @Test
    void aSourceThatFailsKeepsTheLastValueAlsoOverEdits() {
        Publisher publisher = publisher(GENEROUS, Map.of());
        publisher.publish(settings(1, 1));
        kept.remove("/v1/kv/a");
        refresh(publisher);
        publisher.publish(settings(2, 7));

        assertThat(publisher.get().revision()).isEqualTo(2);
        assertThat(keys(publisher.get())).containsExactly("sk-1");
        assertThat(publisher.get().warnings()).isEmpty();
        assertThat(publisher.concerns())
                .containsExactly("the secret vault:kv/a#key stays what it was: vault:kv/a#key:"
                        + " the vault answers with status 503");
        assertThat(publisher.failingSecrets()).isEqualTo(1);

        kept.put("/v1/kv/a", "sk-1");
        now.updateAndGet(t -> t.plusSeconds(10));
        publisher.retrySecrets();
        assertThat(publisher.concerns()).isEmpty();
        assertThat(publisher.failingSecrets()).isZero();
    }

    @Test
    void aValueThatWasRotatedIsPublishedAndOneThatWasNotIsNot() {
        Publisher publisher = publisher(GENEROUS, Map.of());
        publisher.publish(settings(1, 1));
        Snapshot before = publisher.get();
        refresh(publisher);
        assertThat(publisher.get()).isSameAs(before);

        kept.put("/v1/kv/a", "sk-2");
        refresh(publisher);
        assertThat(keys(publisher.get())).containsExactly("sk-2");
        assertThat(publisher.get().revision()).isEqualTo(1);
        assertThat(saved).containsExactly(Map.of(A, "sk-1"), Map.of(A, "sk-2"));
    }

    @Test
    void aVaultThatHangsHoldsUpNoEdit() throws Exception {
        Publisher publisher = publisher(GENEROUS, Map.of());
        publisher.publish(settings(1, 1));
        CountDownLatch reached = new CountDownLatch(1);
        asked.set(reached);
        open.set(new CountDownLatch(1));
        var refreshing = threads.submit(() -> refresh(publisher));
        assertThat(reached.await(20, TimeUnit.SECONDS)).isTrue();

        publisher.publish(settings(2, 7));

        assertThat(refreshing.isDone()).isFalse();
        assertThat(publisher.get().revision()).isEqualTo(2);
        assertThat(keys(publisher.get())).containsExactly("sk-1");
        kept.put("/v1/kv/a", "sk-2");
        open.get().countDown();
        refreshing.get(20, TimeUnit.SECONDS);
        assertThat(publisher.get().revision()).isEqualTo(2);
        assertThat(keys(publisher.get())).containsExactly("sk-2");
    }

    @Test
    void aStartWithAVaultThatHangsGoesOnWithoutTheKeyAndTakesItUpLater() throws Exception {
        open.set(new CountDownLatch(1));
        Publisher publisher = publisher(Duration.ofMillis(50), Map.of());
        publisher.publish(settings(1, 1));

        assertThat(keys(publisher.get())).isEmpty();
        assertThat(publisher.get().warnings())
                .contains("provider key \"a\" cannot be used: vault:kv/a#key was not read within 50 ms");

        open.get().countDown();
        for (long end = System.nanoTime() + GENEROUS.toNanos();
                keys(publisher.get()).isEmpty() && System.nanoTime() < end; ) publisher.retrySecrets();
        assertThat(keys(publisher.get())).containsExactly("sk-1");
        assertThat(publisher.get().warnings()).isEmpty();
    }

    @Test
    void aStartWithTheVaultAwayUsesWhatWasSaved() {
        kept.clear();
        Publisher publisher = publisher(GENEROUS, Map.of(A, "sk-saved"));
        publisher.publish(settings(1, 1));

        assertThat(keys(publisher.get())).containsExactly("sk-saved");
        assertThat(publisher.concerns()).hasSize(1);
        kept.put("/v1/kv/a", "sk-2");
        now.updateAndGet(t -> t.plusSeconds(10));
        publisher.retrySecrets();
        assertThat(keys(publisher.get())).containsExactly("sk-2");
        assertThat(publisher.concerns()).isEmpty();
    }

    private Publisher publisher(Duration deadline, Map<Reference, String> earlier) {
        Map<String, String> environment =
                Map.of("VAULT_ADDR", "http://127.0.0.1:" + vault.getAddress().getPort(), "VAULT_TOKEN", "token");
        SecretResolver sources = SecretResolver.of(environment::get, HttpClient.newHttpClient(), now::get);
        InstantSource clock = now::get;
        return new Publisher(
                CATALOGUE,
                new SecretReader(sources, deadline),
                earlier,
                saved::add,
                new QuotaSeeds(new Limiter(), new NoUsage(), clock, clock));
    }

    private void refresh(Publisher publisher) {
        now.updateAndGet(t -> t.plusSeconds(60));
        publisher.refreshSecrets();
    }

    private static Settings settings(long revision, int weight) {
        Editor editor = new Editor(CATALOGUE, SecretResolver.literals(), new Random(1), InstantSource.system());
        Declaration declaration =
                Declaration.parse(List.of(new Declaration.Document("a.yaml", """
                        providerKeys: [{ name: a, provider: openai, secret: "vault:kv/a#key", weight: %d }]
                        services: [{ name: s, provider: openai, keys: [a] }]
                        """.formatted(weight))), _ -> null);
        return ((Edit.Accepted) editor.apply(Settings.EMPTY, declaration, Owner.FILE, false))
                .settings()
                .withRevision(revision);
    }

    private static List<String> keys(Snapshot snapshot) {
        return snapshot.services().getFirst().keys().stream()
                .map(BoundKey::secret)
                .toList();
    }
}
