package dev.sluice.admin;

import dev.sluice.admin.contract.Contract;
import dev.sluice.admin.resources.ConnectionTest;
import dev.sluice.admin.resources.ResourceSchemas;
import dev.sluice.admin.routes.RouteExplainer;
import dev.sluice.admin.routes.Trial;
import dev.sluice.settings.Secret;
import dev.sluice.settings.SecretResolver;
import dev.sluice.settings.Settings;
import dev.sluice.settings.catalogue.Catalogue;
import dev.sluice.settings.catalogue.Offer;
import dev.sluice.settings.catalogue.Provider;
import dev.sluice.settings.catalogue.WireForm;
import dev.sluice.settings.snapshot.Route;
import dev.sluice.traffic.health.CircuitState;
import dev.sluice.traffic.health.KeyState;
import dev.sluice.traffic.health.NodeState;
import dev.sluice.traffic.health.ServiceState;
import dev.sluice.traffic.usage.UsageQuery;
import dev.sluice.traffic.usage.UsageReports;
import dev.sluice.traffic.usage.UsageRow;
import io.vertx.core.Vertx;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A running admin server over fakes that tests can look into. */
final class AdminFixture implements BeforeEachCallback, AfterEachCallback {
    static final String TOKEN = "test-token-0123456789";
    static final Contract CONTRACT = Contract.load(ResourceSchemas.components(), ResourceSchemas.filters());

    final MemorySettings settings = new MemorySettings();
    final MemoryAudit audit = new MemoryAudit();
    final ManualClock clock = new ManualClock();
    final List<Settings> published = new CopyOnWriteArrayList<>();
    final Set<String> reinstated = ConcurrentHashMap.newKeySet();
    final List<Trial> trials = new CopyOnWriteArrayList<>();
    final List<UsageQuery> queries = new CopyOnWriteArrayList<>();
    final Map<String, String> environment = new ConcurrentHashMap<>();
    volatile List<UsageRow> usage = List.of();
    volatile List<Route> routes = List.of();
    volatile List<String> notReady = List.of();
    volatile List<String> concerns = List.of();
    volatile RouteExplainer.Explanation explanation = new RouteExplainer.Explanation(null, List.of(), List.of(), null);
    volatile ConnectionTest connectionTest =
            (tenant, service, model, key) -> new ConnectionTest.Result(true, 12, 200, model == null ? "m" : model, "");
    volatile RuntimeException metricsFailure;

    private final Duration deadline;
    private final int maxBodyBytes;
    private Vertx vertx;
    private AdminServer server;
    private HttpClient http;

    AdminFixture() {
        this(Duration.ofSeconds(30), AdminOptions.MAX_BODY_BYTES);
    }

    AdminFixture(Duration deadline, int maxBodyBytes) {
        this.deadline = deadline;
        this.maxBodyBytes = maxBodyBytes;
    }

    /** An exception that the server takes for the store being away. */
    static final class Away extends RuntimeException {
        private static final long serialVersionUID = 1;

        Away() {
            super("connection refused by jdbc:postgresql://db/secret-host");
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        vertx = Vertx.vertx();
        http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        server = AdminServer.start(vertx, new AdminOptions("127.0.0.1", 0, maxBodyBytes, deadline), ports())
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        http.close();
        server.close(Duration.ofSeconds(1))
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    AdminClient client() {
        return new AdminClient(http, server.port(), TOKEN, CONTRACT);
    }

    AdminServer server() {
        return server;
    }

    int port() {
        return server.port();
    }

    private AdminPorts ports() {
        UsageReports reports = new UsageReports() {
            @Override
            public List<UsageRow> query(UsageQuery query) {
                queries.add(query);
                return usage;
            }

            @Override
            public Map<String, Long> tokensByApiKeySince(Instant from) {
                return Map.of();
            }
        };
        return new AdminPorts(
                TOKEN,
                settings,
                new Catalogue(List.of(
                        provider("openai", "https://api.openai.com/v1"),
                        provider("deepseek", "https://api.deepseek.com/v1"),
                        provider("openai-compatible", null))),
                audit,
                reports,
                published::add,
                id -> reinstated.contains(id)
                        ? new KeyState(id, KeyState.Status.ACTIVE, 7, 3, "", 0)
                        : new KeyState(id, KeyState.Status.REJECTED, 7, 3, "401 from the provider", 1_800_000_000_000L),
                _ -> new ServiceState(
                        List.of(new NodeState("llm", "10.0.0.1:8000", NodeState.Status.EJECTED, 2, 1_800_000_000_000L)),
                        "llm: no answer",
                        List.of(new CircuitState("main", "m", CircuitState.Status.OPEN, 20, 15, 1_800_000_000_000L))),
                reinstated::add,
                (tenant, service, model, key) -> connectionTest.run(tenant, service, model, key),
                () -> routes,
                trial -> {
                    trials.add(trial);
                    return explanation;
                },
                () -> notReady,
                () -> concerns,
                () -> {
                    if (metricsFailure != null) throw metricsFailure;
                    return "# TYPE sluice_up gauge\nsluice_up 1\n";
                },
                environment::get,
                secret -> switch (secret) {
                    case Secret.Literal literal -> new SecretResolver.Resolution.Found(literal.value());
                    case Secret.Reference reference ->
                        environment.containsKey(reference.target())
                                ? new SecretResolver.Resolution.Found(environment.get(reference.target()))
                                : new SecretResolver.Resolution.Missing(reference + " is not set");
                },
                e -> e instanceof Away,
                clock);
    }

    private static Provider provider(String id, String url) {
        return new Provider(
                id,
                id,
                Provider.ProviderKind.MODEL,
                Offer.of(url, WireForm.OPENAI_CHAT, WireForm.OPENAI_COMPLETIONS),
                null,
                null,
                Provider.UsageInStream.OPT_IN,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                null,
                Provider.ErrorDialect.WORDS,
                Provider.RateLimitHeaders.NONE,
                List.of("m"));
    }
}
