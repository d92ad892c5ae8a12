package dev.sluice.app;

import dev.sluice.admin.AdminOptions;
import dev.sluice.admin.AdminPorts;
import dev.sluice.admin.AdminServer;
import dev.sluice.app.cli.GatewayOptions;
import dev.sluice.app.observe.CallMetrics;
import dev.sluice.proxy.DataPlane;
import dev.sluice.proxy.Edge;
import dev.sluice.proxy.Load;
import dev.sluice.proxy.ProxyOptions;
import dev.sluice.proxy.Transport;
import dev.sluice.settings.Author;
import dev.sluice.settings.Declaration;
import dev.sluice.settings.Edit;
import dev.sluice.settings.Editor;
import dev.sluice.settings.Kind;
import dev.sluice.settings.ModelApi;
import dev.sluice.settings.Owner;
import dev.sluice.settings.SecretResolver;
import dev.sluice.settings.Settings;
import dev.sluice.settings.binding.Problem;
import dev.sluice.settings.catalogue.Catalogue;
import dev.sluice.settings.snapshot.BoundService;
import dev.sluice.store.Store;
import dev.sluice.store.StoreOptions;
import dev.sluice.store.sql.StoreException;
import dev.sluice.traffic.health.Circuits;
import dev.sluice.traffic.health.KeyPool;
import dev.sluice.traffic.health.NodePicker;
import dev.sluice.traffic.health.RetryBudgets;
import dev.sluice.traffic.health.ServiceState;
import dev.sluice.traffic.limits.Limiter;
import dev.sluice.traffic.usage.BytePairTokenizer;
import dev.sluice.traffic.usage.UsageRecord;
import dev.sluice.upstreams.source.NameResolver;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One gateway: store, data plane and control plane, wired by hand, started in order and taken down in the other. */
public final class Gateway implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Gateway.class.getName());
    private static final Duration ADMIN_GRACE = Duration.ofSeconds(2);
    private static final long SWEEP_SECONDS = 30;
    private static final long REFRESH_SECONDS = 60;
    private static final long PRUNE_HOURS = 6;
    private static final long DRAIN_LOOK_MILLIS = 20;
    private static final long CERTIFICATE_SECONDS = 2;

    private final GatewayOptions options;
    private final Store store;
    private final Vertx vertx;
    private final Load load;
    private final List<Edge> edges;
    private final AdminServer admin;
    private final AdminToken token;
    private final List<Edit.Issued> issued;
    private final List<String> warnings;
    private final ScheduledExecutorService upkeep;
    private final ExecutorService offLoop;
    private final NodeSources sources;
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
            ScheduledExecutorService upkeep,
            ExecutorService offLoop,
            NodeSources sources) {
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
        Clock clock = Clock.systemUTC();
        RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
        AdminToken token = AdminToken.of(options.adminToken(), options.data());
        CallMetrics metrics = new CallMetrics();
        List<Monitored> observers = new ArrayList<>();
        observers.add(new Monitored(metrics, ModelApi.Monitoring::metrics));
        accessLog.ifPresent(log -> observers.add(new Monitored(log, ModelApi.Monitoring::logs)));
        Store store = openStore(options, clock, observers);
        boolean started = false;
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setPreferNativeTransport(true)
                .setDisableTCCL(true)
                .setEventLoopPoolSize(options.eventLoops() + 1));
        try {
            Gateway gateway = start(options, token, store, vertx, metrics, observers, resolver, clock, random);
            started = true;
            return gateway;
        } catch (StoreException e) {
            throw new StartException(String.valueOf(e.getMessage()));
        } finally {
            if (!started) {
                vertx.close().await();
                store.close();
            }
        }
    }

    private static Gateway start(
            GatewayOptions options,
            AdminToken token,
            Store store,
            Vertx vertx,
            CallMetrics metrics,
            List<Monitored> observers,
            Optional<NameResolver> resolver,
            Clock clock,
            RandomGenerator random)
            throws StartException {
        Catalogue catalogue = Catalogue.load();
        SecretResolver secrets = SecretResolver.of(
                System::getenv,
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build(),
                clock);
        Limiter limiter = new Limiter();
        KeyPool keys = new KeyPool(random);
        NodePicker nodes = new NodePicker(random);
        Circuits circuits = new Circuits();
        RetryBudgets retryBudgets = new RetryBudgets();
        BytePairTokenizer tokenizer = new BytePairTokenizer();
        Load load = new Load();
        ExecutorService offLoop = Executors.newVirtualThreadPerTaskExecutor();
        Publisher publisher = new Publisher(catalogue, secrets, new QuotaSeeds(limiter, store.reports(), clock));

        observers.forEach(observer -> observer.follow(publisher));

        Store.Start found = store.start();
        List<Edit.Issued> issued = new ArrayList<>();
        Settings settings = declareFile(
                options, store, found.settings(), new Editor(catalogue, secrets, new SecureRandom(), clock), issued);
        publisher.publish(settings);
        List<String> warnings = new ArrayList<>(publisher.get().warnings());
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
                random,
                offLoop,
                load);
        CertificateFolder certificates = certificates(options);
        List<Edge> edges = deploy(vertx, options, plane, certificates);
        NodeSources sources = new NodeSources(vertx, plane, resolver);
        sources.follow(publisher.get());
        describe(metrics, load, limiter, store);
        describe(metrics, plane);
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
                keyId -> keys.state(keyId, clock.millis()),
                serviceId -> publisher
                        .service(serviceId)
                        .map(s -> ServiceState.of(s, nodes, circuits, clock.millis()))
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
        AdminServer admin = listen(
                AdminServer.start(vertx, AdminOptions.on(options.adminHost(), options.adminPort()), ports),
                "--admin-port",
                options.adminHost(),
                options.adminPort());
        ScheduledExecutorService upkeep = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("sluice-upkeep").factory());
        keepUp(upkeep, store, publisher, plane, sources, storeProblem);
        if (certificates != null) every(upkeep, CERTIFICATE_SECONDS, () -> followCertificates(certificates, edges));
        return new Gateway(
                options, store, vertx, load, edges, admin, token, issued, warnings, upkeep, offLoop, sources);
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
        upkeep.shutdownNow();
        leaveInPeace();
        Future.join(edges.stream()
                        .map(edge -> edge.drain(options.drain().toMillis()))
                        .toList())
                .await();
        admin.close(ADMIN_GRACE).await();
        vertx.close().await();
        sources.close();
        offLoop.close();
        store.close();
    }

    /**
     * For a while new connections are still welcome: load balancers need a moment to notice, and a client that is told to
     * go elsewhere with an answer loses no call. Ends early when nobody is left.
     */
    private void leaveInPeace() {
        long end = System.nanoTime() + options.drainGrace().toNanos();
        edges.forEach(edge ->
                edge.sayGoodbye(options.drainGrace().plus(options.drain()).toMillis()));
        boolean interrupted = false;
        while (load.connections() > 0 && System.nanoTime() - end < 0) {
            try {
                TimeUnit.MILLISECONDS.sleep(DRAIN_LOOK_MILLIS);
            } catch (InterruptedException e) {
                interrupted = true;
                break;
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
    }

    private static @Nullable CertificateFolder certificates(GatewayOptions options) throws StartException {
        boolean listens = options.transport().tlsPort() != null;
        if (listens && options.certificates() == null)
            throw new StartException(
                    "--tls-port: there are no certificates (expected: --tls-cert-dir with a folder of them)");
        if (!listens && options.certificates() != null)
            throw new StartException("--tls-cert-dir: nothing listens for TLS (expected: --tls-port too)");
        return options.certificates() == null ? null : CertificateFolder.open(options.certificates());
    }

    /** Takes up changed certificates; a folder that is not in order changes nothing. */
    private static void followCertificates(CertificateFolder certificates, List<Edge> edges) {
        try {
            if (!certificates.reload()) return;
            for (Edge edge : edges) edge.renew(certificates.current()).await();
            LOG.log(System.Logger.Level.INFO, "certificates of " + certificates.folder() + " are in use");
        } catch (StartException e) {
            LOG.log(System.Logger.Level.WARNING, "the certificates in use stay: " + String.join("; ", e.problems()));
        }
    }

    private static Store openStore(GatewayOptions options, Clock clock, List<Monitored> observers)
            throws StartException {
        try {
            var masterKey = options.masterKey();
            return Store.open(
                    StoreOptions.of(options.data(), masterKey == null ? null : masterKey.value()),
                    clock,
                    List.copyOf(observers));
        } catch (StoreException e) {
            throw new StartException(String.valueOf(e.getMessage()));
        }
    }

    /** Brings in the file of {@code --config}: it owns what it declares, and what it no longer declares goes. */
    private static Settings declareFile(
            GatewayOptions options, Store store, Settings current, Editor editor, List<Edit.Issued> issued)
            throws StartException {
        if (options.config() == null) return current;
        Declaration declaration = Declaration.load(options.config(), System::getenv);
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

    /** To Vert.x a negative port is a free one that all instances of a deployment share; 0 would bind again for each. */
    private static int shared(int port, int free) {
        return port == 0 ? free : port;
    }

    private static Transport shared(Transport transport) {
        Integer tls = transport.tlsPort();
        Integer http2 = transport.http2Port();
        return transport.withPorts(tls == null ? null : shared(tls, -2), http2 == null ? null : shared(http2, -3));
    }

    private static List<Edge> deploy(
            Vertx vertx, GatewayOptions options, DataPlane plane, @Nullable CertificateFolder certificates)
            throws StartException {
        ProxyOptions edgeOptions = ProxyOptions.on(options.host(), shared(options.port(), -1))
                .withLimits(options.maxBodyBytes(), options.maxEventBytes())
                .with(shared(options.transport()));
        List<Edge> edges = new CopyOnWriteArrayList<>();
        Supplier<Edge> edge = () -> {
            Edge made = new Edge(edgeOptions, plane, certificates == null ? null : certificates.current());
            edges.add(made);
            return made;
        };
        listen(
                vertx.deployVerticle(edge, new DeploymentOptions().setInstances(options.eventLoops())),
                "--port",
                options.host(),
                options.port());
        return List.copyOf(edges);
    }

    private static <T> T listen(Future<T> start, String flag, String host, int port) throws StartException {
        try {
            return start.toCompletionStage().toCompletableFuture().join();
        } catch (CompletionException e) {
            throw new StartException(flag + ": cannot listen on " + host + ":" + port + " (" + reason(e)
                    + "); choose another port, or end what uses it");
        }
    }

    private static String reason(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) cause = cause.getCause();
        return String.valueOf(cause.getMessage());
    }

    private static void describe(CallMetrics metrics, Load load, Limiter limiter, Store store) {
        metrics.gauge("sluice.calls.in.flight", "Calls under way", load, Load::callsInFlight);
        metrics.gauge(
                "sluice.reservations.in.flight",
                "Reservations of limits and quotas that are not settled",
                limiter,
                Limiter::reservations);
        metrics.gauge("sluice.request.bytes.buffered", "Request bodies in memory", load, Load::bufferedBytes);
        metrics.gauge(
                "sluice.journal.lost",
                "Usage records that could not be kept",
                store,
                s -> s.state().journal().lost().records());
        metrics.gauge(
                "sluice.journal.bytes",
                "Bytes of usage records that are not in the store yet",
                store,
                s -> s.state().journal().bytes());
    }

    private static void describe(CallMetrics metrics, DataPlane plane) {
        metrics.gauge(
                "sluice.nodes.out",
                "Nodes of services that are out of use",
                plane,
                p -> p.nodes().outOfUse(p.clock().millis()));
        metrics.gauge(
                "sluice.sources.degraded",
                "Services whose nodes may not be the newest",
                plane,
                p -> p.nodes().degraded());
        metrics.gauge(
                "sluice.circuits.open",
                "Circuits that are open or half open",
                plane,
                p -> p.circuits().notClosed());
        metrics.gauge(
                "sluice.retries.denied",
                "Retries that the budgets of services did not allow, since the start",
                plane,
                p -> p.retryBudgets().denied());
    }

    private static List<String> concerns(
            Store store, Publisher publisher, NodePicker nodes, AtomicReference<String> storeProblem) {
        List<String> concerns = new ArrayList<>();
        if (!storeProblem.get().isEmpty()) {
            concerns.add("serving from the saved snapshot; the store cannot be used: " + storeProblem.get());
        }
        store.state().shippingProblem().ifPresent(p -> concerns.add("usage waits in the journal: " + p));
        concerns.addAll(publisher.get().warnings());
        for (BoundService service : publisher.get().services()) {
            String problem = nodes.problem(service.id());
            if (!problem.isEmpty())
                concerns.add("the nodes of service \"" + service.name() + "\" may not be the newest: " + problem);
        }
        return concerns;
    }

    private static void keepUp(
            ScheduledExecutorService upkeep,
            Store store,
            Publisher publisher,
            DataPlane plane,
            NodeSources sources,
            AtomicReference<String> storeProblem) {
        every(upkeep, SWEEP_SECONDS, () -> {
            // A service that is switched off begins anew when it is switched on.
            Set<String> serving =
                    publisher.get().services().stream().map(BoundService::id).collect(Collectors.toSet());
            plane.limiter().sweep(plane.clock().millis(), id -> publisher.knows(Kind.API_KEY, id));
            plane.keys().retain(id -> publisher.knows(Kind.PROVIDER_KEY, id), serving::contains);
            plane.nodes().retain(serving::contains);
            plane.circuits().sweep(serving::contains, plane.clock().millis());
            plane.retryBudgets().retain(serving::contains);
        });
        every(upkeep, REFRESH_SECONDS, publisher::refreshSecrets);
        every(upkeep, 1, () -> followStore(store, publisher, storeProblem));
        every(upkeep, 1, () -> sources.follow(publisher.get()));
        every(
                upkeep,
                TimeUnit.HOURS.toSeconds(PRUNE_HOURS),
                () -> store.prune(plane.clock().instant()));
    }

    /** Takes the store into use when it is back, and settings that another process has written to it. */
    private static void followStore(Store store, Publisher publisher, AtomicReference<String> storeProblem) {
        try {
            Settings newest = store.settings().current();
            storeProblem.set("");
            publisher.seedOwedQuotas();
            if (newest.revision() > publisher.get().revision()) publisher.publish(newest);
        } catch (StoreException e) {
            storeProblem.set(String.valueOf(e.getMessage()));
        }
    }

    private static void every(ScheduledExecutorService upkeep, long seconds, Runnable work) {
        var _ = upkeep.scheduleWithFixedDelay(
                () -> {
                    try {
                        work.run();
                    } catch (StoreException | IllegalStateException | IllegalArgumentException e) {
                        LOG.log(System.Logger.Level.WARNING, "upkeep failed: " + e.getMessage());
                    }
                },
                seconds,
                seconds,
                TimeUnit.SECONDS);
    }

    private static String local(String host) {
        return host.equals("0.0.0.0") || host.equals("::")
                ? "127.0.0.1"
                : host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }
}
