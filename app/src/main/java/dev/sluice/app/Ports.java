package dev.sluice.app;

import dev.sluice.app.cli.GatewayOptions;
import dev.sluice.proxy.DataPlane;
import dev.sluice.proxy.Edge;
import dev.sluice.proxy.ProxyOptions;
import dev.sluice.proxy.Transport;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Opens the ports of a gateway, or says which one cannot be opened and why. */
final class Ports {
    private Ports() {}

    /** To Vert.x a negative port is a free one that all instances of a deployment share; 0 would bind again for each. */
    private static int shared(int port, int free) {
        return port == 0 ? free : port;
    }

    private static Transport shared(Transport transport) {
        Integer tls = transport.tlsPort();
        Integer http2 = transport.http2Port();
        return transport.withPorts(tls == null ? null : shared(tls, -2), http2 == null ? null : shared(http2, -3));
    }

    /** One edge per event loop, all on the same ports. */
    static List<Edge> open(
            Vertx vertx, GatewayOptions options, DataPlane plane, @Nullable CertificateFolder certificates)
            throws StartException {
        ProxyOptions edgeOptions = ProxyOptions.on(options.host(), shared(options.port(), -1))
                .withLimits(
                        options.maxBodyBytes(),
                        options.maxEventBytes(),
                        options.maxAnswerBytes(),
                        options.maxBufferedBytes())
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

    /** What has begun to listen, once it does. */
    static <T> T listen(Future<T> start, String flag, String host, int port) throws StartException {
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
}
