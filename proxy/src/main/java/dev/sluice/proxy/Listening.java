package dev.sluice.proxy;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.timeout.IdleStateHandler;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How the servers of an event loop are set up. What watches each read of a connection is left out wherever something
 * cheaper does: silent connections, for example, are found by {@link Connections}.
 */
final class Listening {
    private static final int MAX_RESETS = 200;
    private static final int RESET_WINDOW_SECONDS = 10;
    private static final int HANDSHAKE_SECONDS = 10;
    /** What one call on an HTTP/2 connection, and all of them together, may send before the gateway has read it. */
    private static final int STREAM_WINDOW = 256 << 10;

    private static final int CONNECTION_WINDOW = 1 << 20;

    private Listening() {}

    /** HTTP/1.1 and HTTP/1.0 in clear. */
    static HttpServerOptions plain(ProxyOptions options) {
        return common(options).setHttp2ClearTextEnabled(false);
    }

    /** HTTP/1.1 and HTTP/2 over TLS, as the client likes; the certificate by the name that the client asks for. */
    static HttpServerOptions secure(ProxyOptions options, PemKeyCertOptions keys) {
        return http2(options)
                .setHttp2ClearTextEnabled(false)
                .setSsl(true)
                .setSni(true)
                .setUseAlpn(true)
                .setAlpnVersions(List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1))
                .setKeyCertOptions(keys)
                .setSslHandshakeTimeout(HANDSHAKE_SECONDS)
                .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS);
    }

    /**
     * HTTP/2 in clear, by prior knowledge or upgrade. The server tells of a connection only when it has seen its protocol,
     * so until then it watches for silence itself, see {@link #watchNoLonger}.
     */
    static HttpServerOptions clearHttp2(ProxyOptions options) {
        return http2(options)
                .setHttp2ClearTextEnabled(true)
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setIdleTimeout((int) options.transport().headTimeout().toMillis());
    }

    /** From now on {@link Connections} finds the silence of a connection; its calls may be silent as long as they like. */
    static void watchNoLonger(HttpConnection connection) {
        if (!(connection instanceof ConnectionBase base)) return;
        ChannelPipeline pipeline = base.channel().pipeline();
        if (pipeline.get(IdleStateHandler.class) != null) pipeline.remove(IdleStateHandler.class);
    }

    private static HttpServerOptions http2(ProxyOptions options) {
        return common(options)
                .setInitialSettings(new Http2Settings()
                        .setMaxConcurrentStreams(options.transport().maxStreams())
                        .setMaxHeaderListSize(options.transport().maxHeaderBytes())
                        .setInitialWindowSize(STREAM_WINDOW))
                .setHttp2ConnectionWindowSize(CONNECTION_WINDOW)
                .setHttp2RstFloodMaxRstFramePerWindow(MAX_RESETS)
                .setHttp2RstFloodWindowDuration(RESET_WINDOW_SECONDS)
                .setHttp2RstFloodWindowDurationTimeUnit(TimeUnit.SECONDS);
    }

    private static HttpServerOptions common(ProxyOptions options) {
        return new HttpServerOptions()
                .setTcpNoDelay(true)
                .setWebSocketSubProtocols(List.of(SocketRelay.PROTOCOL))
                .setMaxWebSocketFrameSize(options.maxEventBytes())
                .setMaxWebSocketMessageSize(options.maxEventBytes())
                .setUseProxyProtocol(options.transport().balancers().proxyProtocol())
                .setReuseAddress(true)
                .setReusePort(options.transport().reusePort())
                .setAcceptBacklog(4096)
                .setMaxHeaderSize(options.transport().maxHeaderBytes())
                .setMaxInitialLineLength(options.transport().maxUrlBytes())
                // A body is asked for once the call is known to be wanted.
                .setHandle100ContinueAutomatically(false)
                // Their handlers would look at every read and write of every call.
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setDecompressionSupported(false)
                .setCompressionSupported(false);
    }
}
