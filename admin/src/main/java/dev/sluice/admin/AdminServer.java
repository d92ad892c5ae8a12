package dev.sluice.admin;

import dev.sluice.admin.api.Handler;
import dev.sluice.admin.api.PublishedSettings;
import dev.sluice.admin.audit.AuditHandlers;
import dev.sluice.admin.catalogue.ProviderHandlers;
import dev.sluice.admin.contract.Contract;
import dev.sluice.admin.contract.ContractOperation;
import dev.sluice.admin.declaration.DeclarationHandlers;
import dev.sluice.admin.resources.ActionHandlers;
import dev.sluice.admin.resources.Items;
import dev.sluice.admin.resources.ResourceEdits;
import dev.sluice.admin.resources.ResourceHandlers;
import dev.sluice.admin.resources.ResourceSchemas;
import dev.sluice.admin.routes.RouteHandlers;
import dev.sluice.admin.usage.UsageHandlers;
import dev.sluice.settings.Editor;
import dev.sluice.settings.Kind;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The HTTP server of the admin port: console, admin API, health, metrics. One event loop reads and writes; handlers run on
 * virtual threads.
 */
public final class AdminServer {
    private static final int IDLE_SECONDS = 120;

    private final Vertx vertx;
    private final Listener listener;
    private final String deployment;

    private AdminServer(Vertx vertx, Listener listener, String deployment) {
        this.vertx = vertx;
        this.listener = listener;
        this.deployment = deployment;
    }

    /** Opens the port. Fails if it is taken. */
    public static Future<AdminServer> start(Vertx vertx, AdminOptions options, AdminPorts ports) {
        Contract contract = Contract.load(ResourceSchemas.components(), ResourceSchemas.filters());
        Map<String, Handler> handlers = handlers(contract, ports);
        Listener listener = new Listener(options, contract, handlers, ports);
        return vertx.deployVerticle(listener).map(id -> new AdminServer(vertx, listener, id));
    }

    /** The port that is listened on. */
    public int port() {
        return listener.port();
    }

    /** Stops accepting, lets calls at work finish for at most the grace given, then closes. */
    public Future<Void> close(Duration grace) {
        return listener.drain(grace).eventually(() -> vertx.undeploy(deployment));
    }

    /** @throws IllegalStateException if contract and handlers do not cover each other */
    private static Map<String, Handler> handlers(Contract contract, AdminPorts ports) {
        Map<String, Handler> handlers = new LinkedHashMap<>();
        handlers.putAll(
                new OperationsHandlers(contract, ports.notReady(), ports.concerns(), ports.metrics()).handlers());
        handlers.putAll(new UsageHandlers(ports.usage(), ports.clock()).handlers());
        handlers.putAll(new AuditHandlers(ports.audit()).handlers());
        handlers.putAll(new RouteHandlers(ports.routes(), ports.explainer()).handlers());
        handlers.putAll(new ProviderHandlers(ports.catalogue()).handlers());
        PublishedSettings settings = new PublishedSettings(ports.settings(), ports.published());
        SecureRandom random = new SecureRandom();
        Editor editor = new Editor(ports.catalogue(), ports.secrets(), random, ports.clock());
        Items items = new Items(ports.keyState(), ports.serviceState());
        ResourceEdits edits = new ResourceEdits(settings, editor, items, ports.clock());
        for (Kind kind : Kind.values()) handlers.putAll(new ResourceHandlers(kind, settings, edits, items).handlers());
        handlers.putAll(new ActionHandlers(settings, edits, editor, items, ports.reinstate(), ports.connectionTest())
                .handlers());
        handlers.putAll(new DeclarationHandlers(
                        settings,
                        ports.environment(),
                        ports.secrets(),
                        resolver -> new Editor(ports.catalogue(), resolver, random, ports.clock()))
                .handlers());
        TreeSet<String> declared = new TreeSet<>();
        for (ContractOperation operation : contract.operations()) declared.add(operation.id());
        if (!declared.equals(handlers.keySet())) {
            TreeSet<String> unhandled = new TreeSet<>(declared);
            unhandled.removeAll(handlers.keySet());
            TreeSet<String> undeclared = new TreeSet<>(handlers.keySet());
            undeclared.removeAll(declared);
            throw new IllegalStateException("openapi.yaml and handlers differ: without a handler " + unhandled
                    + ", not declared " + undeclared);
        }
        return handlers;
    }

    /** Owns the socket and the threads behind it. */
    private static final class Listener extends VerticleBase {
        private final AdminOptions options;
        private final Contract contract;
        private final Map<String, Handler> handlers;
        private final AdminPorts ports;
        private final ExecutorService workers = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("admin-", 0).factory());
        private volatile @org.jspecify.annotations.Nullable HttpServer server;

        Listener(AdminOptions options, Contract contract, Map<String, Handler> handlers, AdminPorts ports) {
            this.options = options;
            this.contract = contract;
            this.handlers = handlers;
            this.ports = ports;
        }

        @Override
        public Future<?> start() {
            Reception reception = new Reception(
                    vertx,
                    contract,
                    handlers,
                    new SignIn(ports.token(), ports.clock()),
                    ports.audit(),
                    workers,
                    ports.storeAway(),
                    options);
            HttpServer http = vertx.createHttpServer(new HttpServerOptions()
                            .setHost(options.host())
                            .setPort(options.port())
                            .setTcpNoDelay(true)
                            .setHttp2ClearTextEnabled(false)
                            .setMaxInitialLineLength(16 * 1024)
                            .setMaxHeaderSize(32 * 1024)
                            .setIdleTimeout(IDLE_SECONDS)
                            .setIdleTimeoutUnit(TimeUnit.SECONDS))
                    .requestHandler(reception::receive)
                    .invalidRequestHandler(reception::refuseMalformed);
            server = http;
            return http.listen();
        }

        int port() {
            HttpServer http = server;
            if (http == null) throw new IllegalStateException("the admin port is not open");
            return http.actualPort();
        }

        Future<Void> drain(Duration grace) {
            HttpServer http = server;
            return http == null ? Future.succeededFuture() : http.shutdown(grace.toMillis(), TimeUnit.MILLISECONDS);
        }

        @Override
        public Future<?> stop() {
            workers.shutdown();
            return Future.succeededFuture();
        }
    }
}
