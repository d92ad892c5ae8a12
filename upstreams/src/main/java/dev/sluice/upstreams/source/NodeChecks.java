package dev.sluice.upstreams.source;

import dev.sluice.settings.Health;
import dev.sluice.settings.snapshot.BoundService;
import dev.sluice.settings.snapshot.Node;
import dev.sluice.settings.snapshot.Snapshot;
import dev.sluice.upstreams.UpstreamClient;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Asks the nodes of those services that declare it, at intervals, whether they live. One for all event loops; the checks
 * of different nodes are spread over time.
 */
public final class NodeChecks extends VerticleBase {
    private static final long TICK_MILLIS = 50;
    private static final int MAX_HEADER_BYTES = 16 << 10;
    private static final int FIRST_SERVER_ERROR = 500;

    private final Supplier<Snapshot> snapshot;
    private final Function<BoundService, List<Node>> nodes;
    private final Results results;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Predicate<InetAddress> offLimits;

    private @Nullable UpstreamClient client;
    private long timer;
    private @Nullable Snapshot seen;
    private List<BoundService> watched = List.of();
    private final Map<Check, Due> due = new HashMap<>();

    /** Is told what comes of each check, on the event loop of the checks. */
    @FunctionalInterface
    public interface Results {
        void checked(String serviceId, Node node, boolean good, Health.Active active);
    }

    private record Check(String serviceId, Node node) {}

    private static final class Due {
        long at;
        boolean underWay;
    }

    /** @param nodes of a service, as of now */
    public NodeChecks(
            Supplier<Snapshot> snapshot,
            Function<BoundService, List<Node>> nodes,
            Results results,
            InstantSource clock,
            RandomGenerator random,
            Predicate<InetAddress> offLimits) {
        this.snapshot = snapshot;
        this.nodes = nodes;
        this.results = results;
        this.clock = clock;
        this.random = random;
        this.offLimits = offLimits;
    }

    @Override
    public Future<?> start() {
        UpstreamClient checking =
                new UpstreamClient(vertx, java.time.InstantSource.system(), MAX_HEADER_BYTES, offLimits, null);
        client = checking;
        timer = vertx.setPeriodic(TICK_MILLIS, _ -> tick(checking));
        return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
        // Vert.x would cancel it only when the client is closed, which takes a moment, and takes no request any more.
        vertx.cancelTimer(timer);
        UpstreamClient checking = client;
        return checking == null ? Future.succeededFuture() : checking.close();
    }

    private void tick(UpstreamClient checking) {
        Snapshot current = snapshot.get();
        if (!current.equals(seen)) {
            seen = current;
            watched = current.services().stream()
                    .filter(s -> s.spec().health().active() != null)
                    .toList();
        }
        if (watched.isEmpty() && due.isEmpty()) return;
        long now = clock.millis();
        Set<Check> wanted = new HashSet<>();
        for (BoundService service : watched) {
            Health.Active active = service.spec().health().active();
            if (active == null) continue;
            for (Node node : nodes.apply(service)) {
                Check check = new Check(service.id(), node);
                wanted.add(check);
                // The first check comes soon, but not that of all nodes at once.
                Due when = due.computeIfAbsent(check, _ -> first(now, active));
                if (!when.underWay && when.at <= now) run(checking, service, check, when, active);
            }
        }
        due.keySet().retainAll(wanted);
    }

    private Due first(long now, Health.Active active) {
        Due first = new Due();
        first.at = now + random.nextLong(Math.max(1, active.intervalMs() / 10));
        return first;
    }

    private void run(UpstreamClient checking, BoundService service, Check check, Due when, Health.Active active) {
        when.underWay = true;
        // A tenth earlier or later, so that gateways that were started together do not ask together.
        long tenth = Math.max(1, active.intervalMs() / 10);
        when.at = clock.millis() + active.intervalMs() - tenth + random.nextLong(2 * tenth);
        checking.check(service, check.node(), active.path(), active.timeoutMs()).onComplete(answered -> {
            when.underWay = false;
            boolean good = answered.succeeded() && answered.result() < FIRST_SERVER_ERROR;
            if (due.get(check) == when) results.checked(check.serviceId(), check.node(), good, active);
        });
    }
}
