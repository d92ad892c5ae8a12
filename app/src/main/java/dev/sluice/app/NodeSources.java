package dev.sluice.app;

import dev.sluice.proxy.DataPlane;
import dev.sluice.settings.snapshot.Node;
import dev.sluice.settings.snapshot.Snapshot;
import dev.sluice.upstreams.source.DnsResolver;
import dev.sluice.upstreams.source.DnsSource;
import dev.sluice.upstreams.source.NameResolver;
import dev.sluice.upstreams.source.NodeChecks;
import dev.sluice.upstreams.source.NodeListener;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Keeps what the data plane knows about nodes up to date: resolves their names and runs the checks. */
final class NodeSources implements AutoCloseable {
    private final DnsSource dns;
    private final OwnResolver own = new OwnResolver();
    private @Nullable Snapshot followed;

    /** @param resolver empty for the name servers of this machine */
    NodeSources(Vertx vertx, DataPlane plane, Optional<NameResolver> resolver) {
        dns = new DnsSource(
                resolver.orElse(own), (work, millis) -> vertx.setTimer(millis, _ -> work.run()), new NodeListener() {
                    @Override
                    public void found(String serviceId, List<Node> declared, List<Node> nodes) {
                        plane.nodes().found(serviceId, declared, nodes);
                    }

                    @Override
                    public void missing(String serviceId, String why) {
                        plane.nodes().missing(serviceId, why);
                    }
                });
        vertx.deployVerticle(new NodeChecks(
                        plane.snapshot(),
                        service -> plane.nodes().nodes(service, plane.steady().millis()),
                        plane.nodes()::checked,
                        plane.steady(),
                        plane.random(),
                        plane.offLimits()))
                .await();
    }

    /** The names of this snapshot are resolved from now on. */
    synchronized void follow(Snapshot snapshot) {
        if (snapshot.equals(followed)) return;
        followed = snapshot;
        dns.follow(snapshot.services());
    }

    @Override
    public void close() {
        own.close();
    }

    /** Made when a name has to be resolved for the first time: most gateways never need it. */
    private static final class OwnResolver implements NameResolver, AutoCloseable {
        private @Nullable DnsResolver made;

        @Override
        public CompletionStage<Resolved> resolve(String name) {
            return made().resolve(name);
        }

        private synchronized DnsResolver made() {
            DnsResolver resolver = made;
            if (resolver == null) {
                resolver = DnsResolver.ofThisMachine();
                made = resolver;
            }
            return resolver;
        }

        @Override
        public synchronized void close() {
            DnsResolver resolver = made;
            if (resolver != null) resolver.close();
        }
    }
}
