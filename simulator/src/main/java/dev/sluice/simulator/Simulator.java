package dev.sluice.simulator;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.internal.VertxInternal;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A model provider on this machine that answers exactly, repeatably, and as badly as one wishes.
 *
 * <pre>{@code
 * try (Simulator provider = Simulator.start()) {
 *     provider.rules().next(1, "status=429;retry-after=1");
 *     ... call provider.url() + "/v1/chat/completions" ...
 *     provider.journal().awaitCancellation(1).join();
 * }
 * }</pre>
 *
 * <p>What takes time comes twice: {@code ...Async} returns a future, the other waits for it, up to ten seconds, and must not be called on an
 * event loop.
 */
public final class Simulator implements AutoCloseable {
    private static final long DEADLINE_SECONDS = 10;
    private static final int MOST_HEAD_BYTES = 64 << 10;

    private final Vertx vertx;
    private final boolean ownsVertx;
    private final SimulatorOptions options;
    private final Rules rules = new Rules();
    private final Journal journal;
    private final Totals totals = new Totals();
    private final Stage stage;
    private volatile int port;
    private volatile @Nullable String deployment;

    private Simulator(Vertx vertx, boolean ownsVertx, SimulatorOptions options) {
        this.vertx = vertx;
        this.ownsVertx = ownsVertx;
        this.options = options;
        this.port = options.port();
        this.journal = new Journal(options.journalCalls(), options.journalBytes());
        this.stage = new Stage(vertx, options, rules, journal, totals);
    }

    /** A simulator of its own on a free port of 127.0.0.1, listening when this returns. */
    public static Simulator start() {
        return start(SimulatorOptions.USUAL);
    }

    /** A simulator of its own, listening when this returns. */
    public static Simulator start(SimulatorOptions options) {
        return await(open(Vertx.vertx(), true, options));
    }

    /** A simulator on an existing Vert.x, which is left alone when the simulator is closed. */
    public static Simulator start(Vertx vertx, SimulatorOptions options) {
        return await(startAsync(vertx, options));
    }

    /** Completes when the simulator is listening. */
    public static CompletableFuture<Simulator> startAsync(Vertx vertx, SimulatorOptions options) {
        return open(vertx, false, options);
    }

    private static CompletableFuture<Simulator> open(Vertx vertx, boolean own, SimulatorOptions options) {
        Simulator simulator = new Simulator(vertx, own, options);
        return simulator.listenAsync().thenApply(_ -> simulator).whenComplete((_, failure) -> {
            if (failure != null && own) {
                vertx.close();
            }
        });
    }

    /** Base address without a slash at the end, e.g. {@code http://127.0.0.1:40123}. */
    public String url() {
        return "http://" + options.host() + ":" + port;
    }

    public URI uri(String path) {
        return URI.create(url() + path);
    }

    /** The port; it stays the same when listening stops and starts again. */
    public int port() {
        return port;
    }

    public Journal journal() {
        return journal;
    }

    public Totals totals() {
        return totals;
    }

    public Rules rules() {
        return rules;
    }

    /** Calls being answered now, silent ones included. */
    public int openCalls() {
        return stage.openCalls();
    }

    int openTimers() {
        return stage.openTimers();
    }

    /** Starts to listen, on the same port as before; does nothing when it listens already. */
    public void listen() {
        await(listenAsync());
    }

    /** Stops to listen and closes all connections: new ones are refused from now on. */
    public void refuseConnections() {
        await(refuseConnectionsAsync());
    }

    public CompletableFuture<Void> listenAsync() {
        if (deployment != null) {
            return CompletableFuture.completedFuture(null);
        }
        // A negative port is a free one that all instances of a deployment share. It is chosen once for all of them:
        // the first to open writes the port it got while the others still start.
        int wanted = port == 0 ? -1 : port;
        DeploymentOptions deploymentOptions = new DeploymentOptions().setInstances(options.eventLoops());
        return future(vertx.deployVerticle(() -> new Listener(wanted), deploymentOptions)
                .<Void>map(id -> {
                    deployment = id;
                    return null;
                }));
    }

    public CompletableFuture<Void> refuseConnectionsAsync() {
        String id = deployment;
        if (id == null) {
            return CompletableFuture.completedFuture(null);
        }
        deployment = null;
        stage.interruptAll();
        return future(vertx.undeploy(id).compose(_ -> socketsClosed()));
    }

    /** The system closes a listening socket only when its selector comes round again, which it has before a timer of it fires. */
    private Future<Void> socketsClosed() {
        Promise<Void> closed = Promise.promise();
        var _ = ((VertxInternal) vertx)
                .acceptorEventLoopGroup()
                .schedule(() -> closed.complete(), 1, TimeUnit.MILLISECONDS);
        return closed.future();
    }

    @Override
    public void close() {
        await(closeAsync());
    }

    public CompletableFuture<Void> closeAsync() {
        return refuseConnectionsAsync()
                .thenCompose(_ -> ownsVertx ? future(vertx.close()) : CompletableFuture.completedFuture(null));
    }

    private static <T> CompletableFuture<T> future(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture();
    }

    private static <T> T await(CompletableFuture<T> future) {
        try {
            return future.orTimeout(DEADLINE_SECONDS, TimeUnit.SECONDS).join();
        } catch (CompletionException failure) {
            throw new IllegalStateException(
                    "the simulator cannot be started or stopped: " + failure.getCause(), failure);
        }
    }

    /** One event loop's share of the listening. */
    private final class Listener extends VerticleBase {
        private final int wanted;

        Listener(int wanted) {
            this.wanted = wanted;
        }

        @Override
        public Future<?> start() {
            HttpServerOptions server = new HttpServerOptions()
                    .setTcpNoDelay(true)
                    .setReuseAddress(true)
                    .setAcceptBacklog(4_096)
                    .setMaxInitialLineLength(MOST_HEAD_BYTES)
                    .setMaxHeaderSize(MOST_HEAD_BYTES)
                    .setHandle100ContinueAutomatically(true);
            return vertx.createHttpServer(server)
                    .requestHandler(stage::receive)
                    .listen(wanted, options.host())
                    .onSuccess(this::opened);
        }

        private void opened(HttpServer server) {
            port = server.actualPort();
        }
    }
}
