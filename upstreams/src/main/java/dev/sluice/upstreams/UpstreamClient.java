package dev.sluice.upstreams;

import dev.sluice.settings.catalogue.WireForm;
import dev.sluice.settings.snapshot.BoundKey;
import dev.sluice.settings.snapshot.BoundService;
import dev.sluice.settings.snapshot.Node;
import dev.sluice.upstreams.credential.Credentials;
import dev.sluice.upstreams.credential.IdentityEndpoint;
import dev.sluice.upstreams.credential.OutgoingCall;
import dev.sluice.upstreams.provider.ProviderCalls;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.StreamResetException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.ConnectionBase;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The pooled connections of one event loop to all upstreams. Must only be used on that event loop. */
public final class UpstreamClient {
    private static final int MAX_CONNECTIONS_PER_NODE = 20_000;
    // Below what common servers use, so that the gateway closes an idle connection before its peer does.
    private static final int IDLE_CONNECTION_SECONDS = 15;

    // A connection that is always in use would never notice that its name stands for another address now.
    private static final int MAX_CONNECTION_SECONDS = 600;

    private static final int MAX_HTTP2_CONNECTIONS_PER_NODE = 64;
    private static final int MAX_STREAMS_PER_CONNECTION = 250;
    /** As HTTP/2 has it from the start; what is received of a stream and not passed on yet is no more. */
    private static final int STREAM_WINDOW = 65_535;

    private static final int MAX_SOCKET_MESSAGE = 16 << 20;

    private final Vertx vertx;
    private final Predicate<InetAddress> offLimits;
    /** Connections to such addresses, which are about to be closed. */
    private final Set<HttpConnection> forbidden = Collections.newSetFromMap(new IdentityHashMap<>());

    private final HttpClient client;
    private final HttpClient secure;
    private final Certificates certificates;
    private final WebSocketClient sockets;
    private final Credentials credentials;
    /** Connections that have not carried a request yet. */
    private final Set<HttpConnection> fresh = Collections.newSetFromMap(new IdentityHashMap<>());
    /** The last stream that peers have taken which go away. */
    private final IdentityHashMap<HttpConnection, Integer> lastTaken = new IdentityHashMap<>();

    /**
     * @param clock for signatures and the end of tokens
     * @param maxHeaderBytes longest header section of an answer
     * @param offLimits addresses where no call may go, whatever settings and names say
     * @param identity where keys that are managed identities get tokens; null where keys may not be
     */
    public UpstreamClient(
            Vertx vertx,
            InstantSource clock,
            int maxHeaderBytes,
            Predicate<InetAddress> offLimits,
            @Nullable IdentityEndpoint identity) {
        this.offLimits = offLimits;
        this.vertx = vertx;
        this.credentials = new Credentials(vertx, clock, offLimits, identity);
        this.certificates = new Certificates(vertx);
        HttpClientOptions options = new HttpClientOptions()
                .setTcpNoDelay(true)
                .setDecompressionSupported(false)
                .setKeepAliveTimeout(IDLE_CONNECTION_SECONDS)
                .setMaxHeaderSize(maxHeaderBytes)
                .setMaxInitialLineLength(maxHeaderBytes);
        this.sockets = vertx.createWebSocketClient(new WebSocketClientOptions()
                .setTcpNoDelay(true)
                .setMaxConnections(MAX_CONNECTIONS_PER_NODE)
                .setMaxFrameSize(MAX_SOCKET_MESSAGE)
                .setMaxMessageSize(MAX_SOCKET_MESSAGE));
        this.client = client(vertx, options);
        // With TLS both sides agree on the version of HTTP; without, it is 1.1.
        this.secure = client(
                vertx,
                new HttpClientOptions(options)
                        .setProtocolVersion(HttpVersion.HTTP_2)
                        .setHttp2MultiplexingLimit(MAX_STREAMS_PER_CONNECTION)
                        // Streams whose clients do not read must leave room for those of others.
                        .setHttp2ConnectionWindowSize(MAX_STREAMS_PER_CONNECTION * STREAM_WINDOW)
                        .setUseAlpn(true));
    }

    private HttpClient client(Vertx vertx, HttpClientOptions options) {
        return vertx.httpClientBuilder()
                .with(options)
                .with(new PoolOptions()
                        .setHttp1MaxSize(MAX_CONNECTIONS_PER_NODE)
                        .setHttp2MaxSize(MAX_HTTP2_CONNECTIONS_PER_NODE)
                        .setMaxLifetime(MAX_CONNECTION_SECONDS)
                        .setMaxLifetimeUnit(TimeUnit.SECONDS)
                        .setCleanerPeriod(2_000))
                .withConnectHandler(this::connected)
                .build();
    }

    /** A connection to a node, plain or as its service wants it protected. */
    private Future<HttpClientRequest> request(BoundService service, Node node, RequestOptions target) {
        if (!node.tls()) return client.request(target);
        return certificates.of(service.spec().tls()).compose(tls -> secure.request(target.setSslOptions(tls)));
    }

    /**
     * Takes a pooled connection or opens one.
     *
     * @param form in which the call is; null for one that is not read
     * @param path request target below the node's base path, with the query if there is one
     * @param stream whether a streamed answer is asked for
     * @param body as it will be sent, for schemes that sign it
     * @param clientHeaders what the client sent; what may travel is copied, credentials are not
     * @return the request with its headers set and nothing sent; fails when the node cannot be reached in time
     */
    public Future<HttpClientRequest> open(
            BoundService service,
            Node node,
            @Nullable BoundKey key,
            HttpMethod method,
            @Nullable WireForm form,
            String path,
            boolean stream,
            byte[] body,
            MultiMap clientHeaders) {
        RequestOptions target = to(node).setMethod(method)
                .setConnectTimeout(service.spec().timeouts().connectMs())
                .setURI(node.basePath() + path);
        return request(service, node, target).compose(request -> {
            if (isForbidden(request)) return turnBack(request);
            MultiMap headers = request.headers();
            TravellingHeaders.toUpstream(clientHeaders, headers);
            if (form != null) ProviderCalls.headers(form, stream, headers);
            if (key == null) return Future.succeededFuture(request);
            Future<Void> authorised = credentials.authorise(
                    new OutgoingCall(service, method.name(), authority(node), request.getURI(), body, headers),
                    key.secret());
            if (authorised == null) return Future.succeededFuture(request);
            return authorised.map(request).onFailure(_ -> request.reset());
        });
    }

    /**
     * The provider refused a call that was authorised with a key and sent with these headers.
     *
     * @return whether the key may be good and only what was made of it not: another try is made with something new
     */
    public boolean refused(BoundService service, BoundKey key, MultiMap sent) {
        return credentials.refused(service, key.secret(), sent);
    }

    /** As in the Host header: with the port unless it is the scheme's own. */
    private static String authority(Node node) {
        boolean usual = node.port() == (node.tls() ? 443 : 80);
        String host = node.host().indexOf(':') >= 0 ? "[" + node.host() + "]" : node.host();
        return usual ? host : host + ":" + node.port();
    }

    /**
     * Opens a web socket.
     *
     * @param protocols subprotocols to offer
     * @param clientHeaders as for {@link #open}
     * @return a paused socket; fails with {@code UpgradeRejectedException} when the node answers otherwise
     */
    public Future<WebSocket> openSocket(
            BoundService service,
            Node node,
            @Nullable BoundKey key,
            String path,
            List<String> protocols,
            MultiMap clientHeaders) {
        RequestOptions to = to(node);
        WebSocketConnectOptions target = new WebSocketConnectOptions()
                .setHost(to.getHost())
                .setPort(node.port())
                .setSsl(node.tls())
                .setURI(node.basePath() + path)
                .setSubProtocols(protocols);
        if (to.getServer() != null) target.setServer(to.getServer());
        target.setConnectTimeout(service.spec().timeouts().connectMs());
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        TravellingHeaders.toUpstream(clientHeaders, headers);
        for (String name : List.copyOf(headers.names())) {
            if (name.regionMatches(true, 0, "sec-websocket-", 0, 14)) headers.remove(name);
        }
        Future<Void> authorised = key == null
                ? null
                : credentials.authorise(
                        new OutgoingCall(service, "GET", authority(node), target.getURI(), new byte[0], headers),
                        key.secret());
        return (authorised == null ? Future.<Void>succeededFuture() : authorised).compose(_ -> {
            for (Map.Entry<String, String> header : headers) {
                try {
                    target.addHeader(header.getKey(), header.getValue());
                } catch (IllegalArgumentException _) {
                    // What the client sent has been looked at when it came.
                    return Future.failedFuture(Credentials.unsendable());
                }
            }
            return connect(service, node, target).onSuccess(WebSocket::pause);
        });
    }

    private Future<WebSocket> connect(BoundService service, Node node, WebSocketConnectOptions target) {
        String at = node.ip() == null ? node.host() : node.ip();
        // What a name stands for is looked up once, so that it cannot lead elsewhere a moment later.
        return vertx.executeBlocking(() -> InetAddress.getByName(at), false).compose(address -> {
            if (address == null || offLimits.test(address)) return Future.failedFuture(new OffLimitsException(at));
            target.setServer(SocketAddress.inetSocketAddress(node.port(), address.getHostAddress()));
            return connectTo(service, node, target);
        });
    }

    private Future<WebSocket> connectTo(BoundService service, Node node, WebSocketConnectOptions target) {
        if (!node.tls()) return sockets.connect(target);
        // A web socket begins as an exchange of HTTP/1.1.
        return certificates
                .of(service.spec().tls().withoutHttp2())
                .compose(tls -> sockets.connect(target.setSslOptions(tls)));
    }

    /**
     * Asks a node whether it lives, with a GET that carries no credential.
     *
     * @param path request target, not below the node's base path
     * @return the status of the answer; fails when there is none in time
     */
    public Future<Integer> check(BoundService service, Node node, String path, int timeoutMs) {
        RequestOptions target = to(node).setMethod(HttpMethod.GET)
                .setConnectTimeout(timeoutMs)
                .setTimeout(timeoutMs)
                .setURI(path);
        return request(service, node, target)
                .compose(request -> isForbidden(request) ? turnBack(request) : Future.succeededFuture(request))
                .compose(HttpClientRequest::send)
                .map(HttpClientResponse::statusCode)
                .timeout(2L * timeoutMs, TimeUnit.MILLISECONDS);
    }

    /**
     * Whether the request's connection carried another one before: if it then breaks before an answer, the peer may just
     * have closed an idle connection.
     */
    public boolean takeReused(HttpClientRequest request) {
        return !fresh.remove(request.connection());
    }

    /**
     * Whether the peer has said that it did nothing with a request that failed (HTTP/2: a refused stream, or one above the
     * last that it took before it went away): it may be sent again, whatever it would have done.
     */
    public boolean isUntouched(HttpClientRequest request, Throwable cause) {
        return switch (cause) {
            case StreamResetException reset -> reset.getCode() == Http2Error.REFUSED_STREAM.code();
            case Http2Exception notOpened -> notOpened.error() == Http2Error.REFUSED_STREAM;
            case HttpClosedException _ -> {
                Integer last = lastTaken.get(request.connection());
                // A second, lower number is not told, but what is above it ends while the connection lives on.
                yield last != null && (request.streamId() > last || request.streamId() < 0 || isOpen(request));
            }
            default -> false;
        };
    }

    /**
     * Whether an answer has arrived whole although its request failed: after the peer said that it goes away, Vert.x reports
     * every stream that ends as closed, also one that ended well and is still being handed on.
     */
    public boolean isWhole(HttpClientRequest request, Throwable cause) {
        Integer last = lastTaken.get(request.connection());
        return cause instanceof HttpClosedException && last != null && request.streamId() <= last && isOpen(request);
    }

    private static boolean isOpen(HttpClientRequest request) {
        return request.connection() instanceof ConnectionBase base
                && base.channel().isActive();
    }

    public Future<Void> close() {
        return client.close()
                .eventually(secure::close)
                .eventually(sockets::close)
                .eventually(credentials::close);
    }

    private boolean isForbidden(HttpClientRequest request) {
        return !forbidden.isEmpty() && forbidden.contains(request.connection());
    }

    /** Ends a request that is under way. What its node has not taken yet would otherwise keep the connection open for as long as it takes nothing. */
    public void giveUp(HttpClientRequest request) {
        request.reset();
        if (request.version() == HttpVersion.HTTP_2 || !(request.connection() instanceof ConnectionBase base)) return;
        Channel.Unsafe channel = base.channel().unsafe();
        ChannelOutboundBuffer waiting = channel.outboundBuffer();
        if (waiting != null && waiting.totalPendingWriteBytes() > 0)
            channel.close(base.channel().voidPromise());
    }

    private static Future<HttpClientRequest> turnBack(HttpClientRequest request) {
        HttpConnection connection = request.connection();
        String address = connection.remoteAddress().hostAddress();
        // Vert.x logs the end of a request that nobody listens to.
        request.exceptionHandler(_ -> {});
        request.reset();
        connection.close();
        return Future.failedFuture(new OffLimitsException(address));
    }

    private boolean isOffLimits(@Nullable String address) {
        return address != null && offLimits.test(InetAddress.ofLiteral(address));
    }

    private void connected(HttpConnection connection) {
        fresh.add(connection);
        connection.closeHandler(_ -> {
            fresh.remove(connection);
            lastTaken.remove(connection);
            forbidden.remove(connection);
        });
        // Here it is known what a name has led to, and nothing has been said yet.
        if (isOffLimits(connection.remoteAddress().hostAddress())) forbidden.add(connection);
        if (connection.getWindowSize() > 0) followGoodbye(connection);
        // The attempt that uses the connection hears of it as well; without a handler each broken one would be logged.
        connection.exceptionHandler(_ -> {});
    }

    /** A connection of HTTP/2 whose peer goes away gets no more requests, and closes with its last answer. */
    private void followGoodbye(HttpConnection connection) {
        connection.goAwayHandler(away -> {
            lastTaken.put(connection, away.getLastStreamId());
            vertx.runOnContext(_ -> connection.shutdown(MAX_CONNECTION_SECONDS, TimeUnit.SECONDS));
        });
    }

    /** Where to connect to, and what to say that one wants there: host header and certificate go by the node's name. */
    private static RequestOptions to(Node node) {
        String host = node.host();
        boolean literal = host.indexOf(':') >= 0;
        RequestOptions target = new RequestOptions()
                .setHost(literal ? "[" + host + "]" : host)
                .setPort(node.port())
                .setSsl(node.tls());
        String ip = node.ip() == null && literal ? host : node.ip();
        return ip == null ? target : target.setServer(SocketAddress.inetSocketAddress(node.port(), ip));
    }
}
