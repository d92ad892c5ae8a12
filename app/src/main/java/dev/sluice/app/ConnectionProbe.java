package dev.sluice.app;

import dev.sluice.admin.resources.ConnectionTest;
import dev.sluice.proxy.DataPlane;
import dev.sluice.proxy.Edge;
import dev.sluice.proxy.Load;
import dev.sluice.proxy.ProxyOptions;
import dev.sluice.settings.Declaration;
import dev.sluice.settings.Edit;
import dev.sluice.settings.Editor;
import dev.sluice.settings.Owner;
import dev.sluice.settings.ProviderKey;
import dev.sluice.settings.SecretResolver;
import dev.sluice.settings.Service;
import dev.sluice.settings.Settings;
import dev.sluice.settings.SettingsRepository;
import dev.sluice.settings.Stored;
import dev.sluice.settings.catalogue.Catalogue;
import dev.sluice.settings.snapshot.Snapshot;
import dev.sluice.traffic.limits.Limiter;
import dev.sluice.traffic.usage.UsageRecord;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Tests a service, or one key of it, with one minimal call through the code that serves clients: a data plane of its own on the loopback
 * address, whose only Model API leads to that service and whose calls are not billed to anybody.
 */
final class ConnectionProbe implements ConnectionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(25);
    private static final Duration SETTLING = Duration.ofSeconds(3);

    private final Vertx vertx;
    private final DataPlane plane;
    private final SettingsRepository settings;
    private final Catalogue catalogue;
    private final SecretResolver secrets;
    private final RandomGenerator random;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    ConnectionProbe(
            Vertx vertx,
            DataPlane plane,
            SettingsRepository settings,
            Catalogue catalogue,
            SecretResolver secrets,
            RandomGenerator random) {
        this.vertx = vertx;
        this.plane = plane;
        this.settings = settings;
        this.catalogue = catalogue;
        this.secrets = secrets;
        this.random = random;
    }

    @Override
    public Result run(String tenant, String service, @Nullable String model, @Nullable String key) {
        Settings current = settings.current();
        Stored<Service> declared = current.find(Service.class, tenant, service)
                .orElseThrow(() -> new IllegalArgumentException("there is no service \"" + service + "\""));
        Stored<Service> stored = key == null
                ? declared
                : new Stored<>(
                        declared.id(),
                        declared.tenant(),
                        declared.version(),
                        declared.owner(),
                        declared.createdAt(),
                        declared.updatedAt(),
                        declared.spec().withKey(key));
        Question question = catalogue
                .find(stored.spec().provider())
                .map(provider -> Question.of(stored.spec(), provider, model))
                .orElse(null);
        if (question == null)
            return new Result(
                    false,
                    0,
                    0,
                    "",
                    stored.spec().provider().equals("http")
                            ? "an HTTP service is not tried: nobody knows which call would do no harm"
                            : "the provider offers no chat, embeddings or rerank to try in this protocol");
        if (question.model().isEmpty())
            return new Result(
                    false,
                    0,
                    0,
                    "",
                    "no model is known to try: name one for the test, or set modelPolicy.defaultModel of the service");
        CompletableFuture<UsageRecord> ended = new CompletableFuture<>();
        AtomicReference<Snapshot> only =
                new AtomicReference<>(Snapshot.build(alone(current, stored), catalogue, secrets));
        DataPlane unbilled = new DataPlane(
                only::get,
                new Limiter(),
                plane.keys(),
                plane.nodes(),
                plane.circuits(),
                plane.retryBudgets(),
                ended::complete,
                plane.tokenizer(),
                plane.clock(),
                plane.steady(),
                plane.random(),
                plane.offLoop(),
                plane.ids(),
                plane.jobs(),
                new Load(),
                plane.refusals(),
                plane.offLimits(),
                plane.identity());
        Edge edge = new Edge(ProxyOptions.on("127.0.0.1", 0), unbilled);
        String deployment = vertx.deployVerticle(edge).await();
        try {
            return call(edge.port(), question, ended);
        } finally {
            vertx.undeploy(deployment).await();
        }
    }

    /** The settings of a gateway that knows nothing but this service and its provider keys. */
    private Settings alone(Settings current, Stored<Service> service) {
        Settings kept = Settings.EMPTY.put(service);
        for (String key : service.spec().keys()) {
            Stored<ProviderKey> found =
                    current.find(ProviderKey.class, service.tenant(), key).orElse(null);
            if (found != null) kept = kept.put(found);
        }
        Declaration api = Declaration.parse(
                List.of(new Declaration.Document("connection test", """
                        {"tenant": "%s", "modelApis": [{"name": "connection-test", "authentication": {"mode": "none"},
                          "routes": ["/v1/chat/completions", "/v1/embeddings", "/v1/rerank"],
                          "distribution": {"strategy": "single", "targets": [{"service": "%s"}]}}]}
                        """.formatted(
                                service.tenant(), service.spec().name()))),
                _ -> null);
        Edit edit = new Editor(catalogue, secrets, random, plane.clock()).apply(kept, api, Owner.API, false);
        return switch (edit) {
            case Edit.Accepted accepted -> accepted.settings();
            case Edit.Refused refused ->
                throw new IllegalStateException("the connection test cannot be set up: " + refused.problems());
        };
    }

    private Result call(int port, Question question, CompletableFuture<UsageRecord> ended) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + question.path()))
                .timeout(PATIENCE)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(question.body(), StandardCharsets.UTF_8))
                .build();
        long start = System.nanoTime();
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            String sent = response.headers().firstValue("x-sluice-model").orElse(question.model());
            if (response.statusCode() == 200) return new Result(true, millis, 200, sent, "");
            ProbeCause cause = ProbeCause.of(
                    response.body(),
                    response.statusCode(),
                    ended.get(SETTLING.toMillis(), TimeUnit.MILLISECONDS).failure());
            return new Result(false, millis, cause.status(), sent, cause.words());
        } catch (IOException | TimeoutException e) {
            return new Result(
                    false,
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start),
                    0,
                    question.model(),
                    "no answer within " + PATIENCE.toSeconds() + " s");
        } catch (ExecutionException e) {
            throw new IllegalStateException("the connection test was not settled", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Result(false, 0, 0, question.model(), "interrupted");
        }
    }
}
