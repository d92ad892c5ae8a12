package dev.sluice.app;

import dev.sluice.admin.AdminOptions;
import dev.sluice.admin.AdminPorts;
import dev.sluice.admin.AdminServer;
import dev.sluice.app.cli.GatewayOptions;
import dev.sluice.app.observe.CallMetrics;
import dev.sluice.proxy.DataPlane;
import dev.sluice.proxy.Door;
import dev.sluice.proxy.Edge;
import dev.sluice.proxy.Load;
import dev.sluice.proxy.OffLoop;
import dev.sluice.proxy.Refusals;
import dev.sluice.settings.ApiKey;
import dev.sluice.settings.Author;
import dev.sluice.settings.Declaration;
import dev.sluice.settings.Edit;
import dev.sluice.settings.Editor;
import dev.sluice.settings.Owner;
import dev.sluice.settings.Secret;
import dev.sluice.settings.SecretResolver;
import dev.sluice.settings.SecretResolver.Resolution;
import dev.sluice.settings.Settings;
import dev.sluice.settings.binding.Problem;
import dev.sluice.settings.catalogue.Catalogue;
import dev.sluice.settings.snapshot.BoundService;
import dev.sluice.store.Store;
import dev.sluice.store.StoreOptions;
import dev.sluice.store.sql.StoreException;
import dev.sluice.traffic.affinity.IdSeal;
import dev.sluice.traffic.health.Circuits;
import dev.sluice.traffic.health.KeyPool;
import dev.sluice.traffic.health.NodePicker;
import dev.sluice.traffic.health.RetryBudgets;
import dev.sluice.traffic.health.ServiceState;
import dev.sluice.traffic.limits.Limiter;
import dev.sluice.traffic.usage.BytePairTokenizer;
import dev.sluice.traffic.usage.JobMemory;
import dev.sluice.traffic.usage.UsageRecord;
import dev.sluice.upstreams.MetadataAddresses;
import dev.sluice.upstreams.source.NameResolver;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** One gateway: store, data plane and control plane, wired by hand, started in order and taken down in the other. */
public final class Gateway implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Gateway.class.getName());
    private static final Duration ADMIN_GRACE = Duration.ofSeconds(2);
    private static final Duration SECRETS_DEADLINE = Duration.ofSeconds(10);

    private final GatewayOptions options;
    private final Store store;
    private final Vertx vertx;
    private final Load load;
    private final List<Edge> edges;
    private final AdminServer admin;
    private final AdminToken token;
    private final List<Edit.Issued> issued;
    private final List<String> warnings;
    private final Upkeep upkeep;
    private final ExecutorService offLoop;
    private final NodeSources sources;
    private final Observers observers;
    private final CompletableFuture<Void> hurried = new CompletableFuture<>();
    private boolean closed;

    private Gateway(
            GatewayOptions options,
            Store store,
            Vertx vertx,
            Load load,
            List<Edge> edges,
            AdminServer admin,
            AdminToken token,
            List<Edit.Issued> issued,
            List<String> warnings,
            Upkeep upkeep,
            ExecutorService offLoop,
            NodeSources sources,
            Observers observers) {
        this.options = options;
        this.store = store;
        this.vertx = vertx;
        this.load = load;
        this.edges = edges;
        this.admin = admin;
        this.token = token;
        this.issued = issued;
        this.warnings = warnings;
        this.upkeep = upkeep;
        this.offLoop = offLoop;
        this.sources = sources;
        this.observers = observers;
    }

    /**
     * Starts a gateway; it serves calls when this returns.
     *
     * @param accessLog is given every batch of finished calls
     * @throws StartException with all that the operator must mend
     */
    public static Gateway start(GatewayOptions options, Optional<Consumer<List<UsageRecord>>> accessLog)
            throws StartException {
        return start(options, accessLog, Optional.empty());
    }

    /** @param resolver of the names in DNS addresses; empty for the name servers of this machine */
    public static Gateway start(
            GatewayOptions options, Optional<Consumer<List<UsageRecord>>> accessLog, Optional<NameResolver> resolver)
            throws StartException {
        return start(options, accessLog, resolver, Clock.systemUTC());
    }

    /** @param clock wall clock, which may be set forward and back; what lasts is counted in {@link SteadyTime} */
    static Gateway start(
            GatewayOptions options,
            Optional<Consumer<List<UsageRecord>>> accessLog,
            Optional<NameResolver> resolver,
            Clock clock)
            throws StartException {
        RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
        AdminToken token = AdminToken.of(options.adminToken(), options.data());
        Observers observers = new Observers(accessLog);
        Store store = openStore(options, clock, observers);
        boolean started = false;
        Load load = new Load();
        Vertx vertx = Door.vertx(
                new VertxOptions().setDisableTCCL(true).setEventLoopPoolSize(options.eventLoops() + 1), load);
        try {
            Gateway gateway = start(options, token, store, vertx, load, observers, resolver, clock, random);
            started = true;
            return gateway;
        } catch (StoreException e) {
            throw new StartException(String.valueOf(e.getMessage()));
        } finally {
            if (!started) {
                vertx.close().await();
                store.close();
                observers.close();
            }
        }
    }

    private static Gateway start(
            GatewayOptions options,
            AdminToken token,
            Store store,
            Vertx vertx,
            Load load,
            Observers observers,
            Optional<NameResolver> resolver,
            Clock clock,
            RandomGenerator random)
            throws StartException {
        Catalogue catalogue = Catalogue.load();
        SecretResolver secrets = SecretResolver.of(
                System::getenv,
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build(),
                clock);
        SteadyTime steady = SteadyTime.from(clock);
        Limiter limiter = new Limiter(steady::toWall);
        KeyPool keys = new KeyPool(random);
        NodePicker nodes = new NodePicker(random);
        Circuits circuits = new Circuits();
        RetryBudgets retryBudgets = new RetryBudgets();
        BytePairTokenizer tokenizer = new BytePairTokenizer();
        ExecutorService offLoop = Executors.newVirtualThreadPerTaskExecutor();
        SecretReader reader = new SecretReader(secrets, SECRETS_DEADLINE);
        Publisher publisher = new Publisher(
                catalogue,
                reader,
                store.savedSecrets(),
                store::saveSecrets,
                new QuotaSeeds(limiter, store.reports(), clock, steady));

        observers.follow(publisher);

        Store.Start found = store.start();
        List<Edit.Issued> issued = new ArrayList<>();
        Settings settings = declareFile(
                options,
                store,
                found.settings(),
                declaration -> new Editor(catalogue, readFor(declaration, reader, secrets), new SecureRandom(), clock)
                        .patient(),
                issued);
        publisher.publish(settings);
        List<String> warnings = new ArrayList<>(publisher.get().warnings());
        warnings.addAll(publisher.concerns());
        AtomicReference<String> storeProblem =
                new AtomicReference<>(found.problem().orElse(""));
        if (!storeProblem.get().isEmpty()) {
            warnings.add(
                    "the store cannot be used, so the settings come from the saved snapshot: " + storeProblem.get());
        }

        DataPlane plane = new DataPlane(
                publisher,
                limiter,
                keys,
                nodes,
                circuits,
                retryBudgets,
                store.ledger(),
                tokenizer,
                clock,
                steady,
                random,
                new OffLoop(offLoop),
                IdSeal.of(store.derivedKeys("ids")),
                new JobMemory(store.chargedJobs(JobMemory.MOST)),
                load,
                new Refusals(offLoop),
                options.allowMetadata() ? _ -> false : MetadataAddresses::contains,
                options.managedIdentity());
        CertificateFolder certificates = CertificateFolder.of(options);
        List<Edge> edges = Ports.open(vertx, options, plane, certificates);
        NodeSources sources = new NodeSources(vertx, plane, resolver);
        sources.follow(publisher.get());
        CallMetrics metrics = observers.metrics();
        Gauges.ofCalls(metrics, load, limiter, store);
        Gauges.ofHealth(metrics, plane);
        Gauges.ofRefusals(metrics, plane.refusals());
        AdminPorts ports = new AdminPorts(
                token.value(),
                store.settings(),
                catalogue,
                store.audit(),
                store.reports(),
                changed -> {
                    publisher.publish(changed);
                    sources.follow(publisher.get());
                },
                keyId -> keys.state(keyId, steady.millis()).on(steady::toWall),
                serviceId -> publisher
                        .service(serviceId)
                        .map(s -> ServiceState.of(s, nodes, circuits, steady.millis())
                                .on(steady::toWall))
                        .orElse(ServiceState.NONE),
                keys::reinstate,
                new ConnectionProbe(vertx, plane, store.settings(), catalogue, secrets, new SecureRandom()),
                () -> publisher.get().routes(),
                new Explainer(publisher, random, clock),
                () -> load.isDraining() ? List.of("the gateway is stopping") : List.of(),
                () -> concerns(store, publisher, nodes, storeProblem),
                metrics::text,
                System::getenv,
                secrets,
                e -> e instanceof StoreException s && s.isOutage(),
                clock);
        AdminServer admin = Ports.listen(
                AdminServer.start(vertx, AdminOptions.on(options.adminHost(), options.adminPort()), ports),
                "--admin-port",
                options.adminHost(),
                options.adminPort());
        Upkeep upkeep = new Upkeep();
        metrics.gauge(
                "sluice.secrets.failing",
                "Secrets of provider keys that could not be read the last time",
                publisher,
                Publisher::failingSecrets);
        metrics.gauge(
                "sluice.upkeep.failures", "Rounds of upkeep that failed, since the start", upkeep, Upkeep::failures);
        upkeep.follow(store, publisher, plane, sources, storeProblem);
        if (certificates != null) upkeep.follow(certificates, edges);
        return new Gateway(
                options, store, vertx, load, edges, admin, token, issued, warnings, upkeep, offLoop, sources,
                observers);
    }

    /** Base URL of the data plane, as reached from this machine. */
    public String url() {
        return "http://" + local(options.host()) + ":" + port();
    }

    public int port() {
        return edges.getFirst().port();
    }

    /** The port of the data plane over TLS; -1 = none. */
    public int tlsPort() {
        return edges.getFirst().tlsPort();
    }

    /** The port of the data plane over HTTP/2 in clear; -1 = none. */
    public int http2Port() {
        return edges.getFirst().http2Port();
    }

    public String adminUrl() {
        return "http://" + local(options.adminHost()) + ":" + admin.port();
    }

    public String adminToken() {
        return token.value();
    }

    /** The admin token if this start made it: to be shown once. */
    public Optional<String> generatedToken() {
        return token.made();
    }

    /** Secrets made for API keys of the declared file: to be shown once. */
    public List<Edit.Issued> issuedSecrets() {
        return issued;
    }

    /** What the operator should know about this start. */
    public List<String> warnings() {
        return warnings;
    }

    /** Calls under way. */
    public long callsInFlight() {
        return load.callsInFlight();
    }

    /** Waits until what has finished is in the usage reports; false when that takes longer than given. */
    public boolean settleUsage(Duration patience) {
        return store.shipNow(patience);
    }

    /** Readiness off, calls in flight finish (as long as the drain time allows), then everything stops. */
    @Override
    public synchronized void close() {
        if (closed) return;
        closed = true;
        load.drain();
        upkeep.close();
        stopListening();
        admin.close(ADMIN_GRACE).await();
        vertx.close().await();
        sources.close();
        offLoop.close();
        store.close();
        observers.close();
    }

    /** A close that is under way, or comes later, waits for nobody any more: calls in flight are cut off and settled. */
    public void hurry() {
        hurried.complete(null);
    }

    /**
     * For a while new connections are still welcome, whether or not anybody is there: load balancers need a moment to
     * notice, and a client that is told to go elsewhere with an answer loses no call. Then calls in flight may finish.
     */
    private void stopListening() {
        edges.forEach(edge ->
                edge.sayGoodbye(options.drainGrace().plus(options.drain()).toMillis()));
        hurried.copy()
                .completeOnTimeout(null, options.drainGrace().toNanos(), TimeUnit.NANOSECONDS)
                .join();
        CompletableFuture<?> drained = Future.join(edges.stream()
                        .map(edge -> edge.drain(options.drain().toMillis()))
                        .toList())
                .toCompletionStage()
                .toCompletableFuture();
        var _ = hurried.thenRun(() -> edges.forEach(Edge::cutOff));
        drained.join();
    }

    private static Store openStore(GatewayOptions options, Clock clock, Observers observers) throws StartException {
        try {
            var masterKey = options.masterKey();
            return Store.open(
                    StoreOptions.of(options.data(), masterKey == null ? null : masterKey.value()),
                    clock,
                    observers.all());
        } catch (StoreException e) {
            observers.close();
            throw new StartException(String.valueOf(e.getMessage()));
        }
    }

    /** Brings in the file of {@code --config}: it owns what it declares, and what it no longer declares goes. */
    private static Settings declareFile(
            GatewayOptions options,
            Store store,
            Settings current,
            Function<Declaration, Editor> editors,
            List<Edit.Issued> issued)
            throws StartException {
        if (options.config() == null) return current;
        Declaration declaration = Declaration.load(options.config(), System::getenv);
        Editor editor = editors.apply(declaration);
        List<Problem> problems = new ArrayList<>();
        Author author = new Author("file:" + options.config().getFileName(), "local");
        Settings after;
        try {
            after = store.settings().change(author, before -> {
                issued.clear();
                return switch (editor.apply(before, declaration, Owner.FILE, true)) {
                    case Edit.Accepted accepted -> {
                        issued.addAll(accepted.issued());
                        yield accepted.settings();
                    }
                    case Edit.Refused refused -> {
                        problems.addAll(refused.problems());
                        yield before;
                    }
                };
            });
        } catch (StoreException e) {
            if (!e.isOutage()) throw e;
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the store is away: " + options.config() + " is not taken in this time");
            return current;
        }
        if (!problems.isEmpty()) {
            throw new StartException(problems.stream().map(Problem::toString).toList());
        }
        return after;
    }

    /** What the API keys of a declaration refer to, read at once so that sources that are away cost no more than one that is. */
    private static SecretResolver readFor(Declaration declaration, SecretReader reader, SecretResolver secrets) {
        Set<Secret.Reference> references = new HashSet<>();
        for (Declaration.Declared declared : declaration.resources()) {
            if (declared.spec() instanceof ApiKey key && key.secret() instanceof Secret.Reference reference)
                references.add(reference);
        }
        Map<Secret.Reference, Resolution> read = reader.read(references);
        for (Resolution resolution : read.values()) {
            if (resolution instanceof Resolution.Missing(String reason))
                LOG.log(System.Logger.Level.WARNING, "the secret of an API key cannot be read: " + reason);
        }
        return secret -> {
            Resolution known = secret instanceof Secret.Reference reference ? read.get(reference) : null;
            return known == null ? secrets.resolve(secret) : known;
        };
    }

    private static List<String> concerns(
            Store store, Publisher publisher, NodePicker nodes, AtomicReference<String> storeProblem) {
        List<String> concerns = new ArrayList<>();
        if (!storeProblem.get().isEmpty()) {
            concerns.add("serving from the saved snapshot; the store cannot be used: " + storeProblem.get());
        }
        concerns.addAll(store.state().journal().concerns());
        store.state().shippingProblem().ifPresent(p -> concerns.add("usage waits in the journal: " + p));
        concerns.addAll(publisher.get().warnings());
        concerns.addAll(publisher.concerns());
        for (BoundService service : publisher.get().services()) {
            String problem = nodes.problem(service.id());
            if (!problem.isEmpty())
                concerns.add("the nodes of service \"" + service.name() + "\" may not be the newest: " + problem);
        }
        return concerns;
    }

    private static String local(String host) {
        return host.equals("0.0.0.0") || host.equals("::")
                ? "127.0.0.1"
                : host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }
}
