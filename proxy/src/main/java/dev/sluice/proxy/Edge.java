package dev.sluice.proxy;

import dev.sluice.settings.snapshot.Snapshot;
import dev.sluice.traffic.failure.Failure;
import dev.sluice.traffic.failure.FailureKind;
import dev.sluice.traffic.routing.Router;
import dev.sluice.upstreams.UpstreamClient;
import dev.sluice.upstreams.media.RemoteMedia;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Where calls come in: one server and one pool of upstream connections per event loop. */
public final class Edge extends VerticleBase {
    private static final System.Logger LOG = System.getLogger(Edge.class.getName());

    private final ProxyOptions options;
    private final DataPlane plane;
    private @Nullable HttpServer server;
    private @Nullable UpstreamClient upstreams;
    private @Nullable RemoteMedia media;
    private @Nullable Loop loop;

    /** What one event loop works with. */
    private record Loop(Deadlines deadlines, Settler settler, ErrorAnswer errors, Pipeline pipeline, RequestIds ids) {}

    public Edge(ProxyOptions options, DataPlane plane) {
        this.options = options;
        this.plane = plane;
    }

    @Override
    public Future<?> start() {
        UpstreamClient client = new UpstreamClient(vertx, plane.clock(), options.maxHeaderBytes());
        upstreams = client;
        Deadlines deadlines = new Deadlines(vertx);
        Settler settler = new Settler(plane, deadlines);
        ErrorAnswer errors = new ErrorAnswer(settler, vertx);
        RemoteMedia fetched = new RemoteMedia(vertx, plane.offLoop());
        media = fetched;
        Preparation preparation = new Preparation(vertx, plane, fetched);
        Attempts attempts = new Attempts(vertx, client, plane, preparation, options, errors, settler);
        Router router = new Router(plane.random());
        Pipeline pipeline = new Pipeline(plane, options, router, attempts, errors, settler);
        loop = new Loop(deadlines, settler, errors, pipeline, new RequestIds(plane.random()));
        HttpServer http = vertx.createHttpServer(new HttpServerOptions()
                .setTcpNoDelay(true)
                .setWebSocketSubProtocols(List.of(SocketRelay.PROTOCOL))
                .setMaxWebSocketFrameSize(options.maxEventBytes())
                .setMaxWebSocketMessageSize(options.maxEventBytes())
                .setReuseAddress(true)
                .setAcceptBacklog(4096)
                .setMaxHeaderSize(options.maxHeaderBytes())
                .setMaxInitialLineLength(8192)
                .setHandle100ContinueAutomatically(true)
                .setHttp2ClearTextEnabled(false)
                // Their handlers would look at every read and write of every call.
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setDecompressionSupported(false)
                .setCompressionSupported(false));
        server = http;
        return http.requestHandler(this::handle)
                .invalidRequestHandler(InvalidRequest::answer)
                .listen(options.port(), options.host());
    }

    /** The port in use, once started. */
    public int port() {
        return Objects.requireNonNull(server).actualPort();
    }

    /** Stops accepting and waits for the calls in flight, but not longer than given. */
    public Future<Void> drain(long millis) {
        HttpServer http = server;
        return http == null ? Future.succeededFuture() : http.shutdown(millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public Future<?> stop() {
        UpstreamClient client = upstreams;
        RemoteMedia fetched = media;
        if (client == null || fetched == null) return Future.succeededFuture();
        return Future.all(client.close(), fetched.close());
    }

    private void handle(HttpServerRequest request) {
        Loop here = Objects.requireNonNull(loop);
        Snapshot snapshot = plane.snapshot().get();
        Exchange x =
                new Exchange(here.ids.next(), request, snapshot, plane.clock().millis(), here.pipeline::expired);
        plane.load().began();
        here.deadlines.watch(x);
        // A node that is about to stop still answers, but asks its clients to come back elsewhere.
        if (plane.load().isDraining()) request.response().putHeader("connection", "close");
        request.response().closeHandler(_ -> here.pipeline.clientLeft(x));
        request.response().exceptionHandler(_ -> here.pipeline.clientLeft(x));
        request.exceptionHandler(_ -> here.pipeline.clientLeft(x));
        try {
            here.pipeline.run(x);
        } catch (IllegalArgumentException
                | IllegalStateException
                | NullPointerException
                | IndexOutOfBoundsException
                | ClassCastException
                | ArithmeticException
                | java.util.NoSuchElementException defect) {
            LOG.log(Level.ERROR, "call " + x.id + " hit a defect of the gateway", defect);
            here.errors.refuse(x, Failure.of(FailureKind.GATEWAY_DEFECT, "the gateway failed; quote request " + x.id));
        }
    }
}
