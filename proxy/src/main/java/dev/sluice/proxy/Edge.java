package dev.sluice.proxy;

import dev.sluice.proxy.Refusals.Reason;
import dev.sluice.settings.snapshot.Snapshot;
import dev.sluice.traffic.failure.Failure;
import dev.sluice.traffic.failure.FailureKind;
import dev.sluice.traffic.routing.Router;
import dev.sluice.upstreams.UpstreamClient;
import dev.sluice.upstreams.media.RemoteMedia;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Where calls come in: the servers and one pool of upstream connections of one event loop. */
public final class Edge extends VerticleBase {
    private static final System.Logger LOG = System.getLogger(Edge.class.getName());
    private static final long LAST_ANSWER_SECONDS = 3_600;

    private final ProxyOptions options;
    private final DataPlane plane;
    private final @Nullable PemKeyCertOptions keys;
    private final List<HttpServer> servers = new ArrayList<>(1);
    private @Nullable HttpServer plain;
    private @Nullable HttpServer secure;
    private @Nullable HttpServer clearHttp2;
    private @Nullable UpstreamClient upstreams;
    private @Nullable RemoteMedia media;
    private @Nullable Loop loop;

    /** What one event loop works with. */
    private record Loop(
            Deadlines deadlines,
            Settler settler,
            ErrorAnswer errors,
            Pipeline pipeline,
            RequestIds ids,
            ClientAddresses addresses,
            InvalidRequest invalid,
            Connections connections) {}

    public Edge(ProxyOptions options, DataPlane plane) {
        this(options, plane, null);
    }

    /** @param keys certificates of the TLS port, the default one first; needed when there is such a port */
    public Edge(ProxyOptions options, DataPlane plane, @Nullable PemKeyCertOptions keys) {
        this.options = options;
        this.plane = plane;
        this.keys = keys;
    }

    @Override
    public Future<?> start() {
        Transport transport = options.transport();
        UpstreamClient client = new UpstreamClient(
                vertx, plane.clock(), transport.maxHeaderBytes(), plane.offLimits(), plane.identity());
        upstreams = client;
        Deadlines deadlines = new Deadlines(vertx);
        Settler settler = new Settler(plane, deadlines);
        ErrorAnswer errors = new ErrorAnswer(settler, vertx);
        RemoteMedia fetched = new RemoteMedia(vertx, plane.offLoop().executor(), plane.offLimits());
        media = fetched;
        Preparation preparation = new Preparation(plane, options, fetched);
        Attempts attempts = new Attempts(vertx, client, plane, preparation, options, errors, settler);
        Router router = new Router(plane.random());
        Pipeline pipeline = new Pipeline(plane, options, router, attempts, errors, settler);
        ClientAddresses addresses = new ClientAddresses(transport.balancers());
        Connections connections = new Connections(vertx, plane.load(), transport, addresses);
        RequestIds ids = new RequestIds(plane.random());
        InvalidRequest invalid = new InvalidRequest(ids, plane.refusals(), addresses);
        loop = new Loop(deadlines, settler, errors, pipeline, ids, addresses, invalid, connections);
        List<Future<HttpServer>> listening = new ArrayList<>(3);
        plain = serve(Listening.plain(options), options.port(), listening);
        if (transport.tlsPort() != null)
            secure = serve(Listening.secure(options, Objects.requireNonNull(keys)), transport.tlsPort(), listening);
        if (transport.http2Port() != null)
            clearHttp2 = serve(Listening.clearHttp2(options), transport.http2Port(), listening);
        return Future.all(listening).onSuccess(_ -> {
            for (HttpServer server : servers) plane.load().serves(server.actualPort(), transport.maxConnections());
        });
    }

    private HttpServer serve(HttpServerOptions how, int port, List<Future<HttpServer>> listening) {
        HttpServer server = vertx.createHttpServer(how)
                .connectionHandler(connection -> connected(connection, how))
                .requestHandler(how.isHttp2ClearTextEnabled() ? this::handleHttp2Only : this::handle)
                .invalidRequestHandler(Objects.requireNonNull(loop).invalid()::answer);
        servers.add(server);
        listening.add(server.listen(port, options.host()));
        return server;
    }

    /** The port in use, once started. */
    public int port() {
        return Objects.requireNonNull(plain).actualPort();
    }

    /** The port of TLS, once started; -1 = none. */
    public int tlsPort() {
        return secure == null ? -1 : secure.actualPort();
    }

    /** The port of HTTP/2 in clear, once started; -1 = none. */
    public int http2Port() {
        return clearHttp2 == null ? -1 : clearHttp2.actualPort();
    }

    /** Uses other certificates for the connections that come from now on; those that are open go on. */
    public Future<Boolean> renew(PemKeyCertOptions newest) {
        HttpServer server = secure;
        if (server == null) return Future.succeededFuture(false);
        return server.updateSSLOptions(
                new ServerSSLOptions().setKeyCertOptions(newest).setSni(true).setUseAlpn(true));
    }

    /** Tells clients that keep a connection open for many calls to make their next ones elsewhere. */
    public void sayGoodbye(long millis) {
        context.runOnContext(_ -> {
            Loop here = loop;
            if (here != null) here.connections.sayGoodbye(millis);
        });
    }

    /** Stops accepting and waits for the calls in flight, but not longer than given. */
    public Future<Void> drain(long millis) {
        List<Future<Void>> closing = new ArrayList<>(servers.size());
        for (HttpServer server : servers) closing.add(server.shutdown(millis, TimeUnit.MILLISECONDS));
        return Future.join(closing).mapEmpty();
    }

    /** Closes all connections of clients, whatever is under way on them. */
    public void cutOff() {
        context.runOnContext(_ -> {
            Loop here = loop;
            if (here != null) here.connections.cutOff();
        });
    }

    @Override
    public Future<?> stop() {
        UpstreamClient client = upstreams;
        RemoteMedia fetched = media;
        if (client == null || fetched == null) return Future.succeededFuture();
        return Future.all(client.close(), fetched.close());
    }

    private void connected(HttpConnection connection, HttpServerOptions how) {
        if (how.isHttp2ClearTextEnabled()) Listening.watchNoLonger(connection);
        else StrictRequestDecoder.install(connection, how);
        Objects.requireNonNull(loop).connections.opened(connection);
    }

    private void handleHttp2Only(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_2) handle(request);
        else
            Objects.requireNonNull(loop)
                    .invalid()
                    .answer(request, Reason.WRONG_VERSION, "this port speaks HTTP/2 (setting: --http2-port)");
    }

    private void handle(HttpServerRequest request) {
        Loop here = Objects.requireNonNull(loop);
        Connections.Guest guest = here.connections.of(request.connection());
        if (guest == null) return;
        if (isBehindOthers(request)) {
            afterOthers(request);
            return;
        }
        String wrong = RequestForm.problem(request);
        if (wrong != null) {
            here.invalid().answer(request, Reason.AMBIGUOUS, wrong);
            return;
        }
        String expected = request.getHeader(HttpHeaders.EXPECT);
        if (expected != null && !expected.equalsIgnoreCase("100-continue")) {
            here.invalid()
                    .answer(
                            request,
                            Reason.UNKNOWN_EXPECTATION,
                            "the expectation cannot be met (expected: 100-continue)");
            return;
        }
        String coding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
        if (coding != null && !RequestForm.isDecodable(coding)) {
            here.invalid()
                    .answer(
                            request,
                            Reason.UNSUPPORTED_ENCODING,
                            "the content-encoding of the body is not supported (expected: gzip, or none)");
            return;
        }
        Snapshot snapshot = plane.snapshot().get();
        Exchange x = new Exchange(
                here.ids.next(),
                request,
                here.addresses.of(request),
                snapshot,
                plane.clock().millis(),
                here.pipeline::expired);
        x.guest = guest;
        x.awaitsContinue = expected != null && request.version() != HttpVersion.HTTP_1_0;
        guest.began();
        plane.load().began();
        here.deadlines.watch(x);
        // A node that is about to stop still answers, but asks its clients to come back elsewhere.
        if (plane.load().isDraining() && request.getHeader(HttpHeaders.UPGRADE) == null) closeAfter(request);
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

    /** Whether what came before on the connection has not been taken yet. An upgrade pauses its request itself. */
    private static boolean isBehindOthers(HttpServerRequest request) {
        return request.version() != HttpVersion.HTTP_2
                && request.response().writeQueueFull()
                && request.getHeader(HttpHeaders.UPGRADE) == null;
    }

    /** A client that asks on and on without reading would have all its answers wait in memory: it is served once it reads. */
    private void afterOthers(HttpServerRequest request) {
        request.pause();
        request.response().drainHandler(_ -> {
            request.response().drainHandler(null);
            handle(request);
            request.resume();
        });
    }

    /** An HTTP/2 client has been told by other means. */
    private static void closeAfter(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_2) return;
        request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        var _ = request.connection().shutdown(LAST_ANSWER_SECONDS, TimeUnit.SECONDS);
    }
}
