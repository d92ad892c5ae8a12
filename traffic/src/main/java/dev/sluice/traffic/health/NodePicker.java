package dev.sluice.traffic.health;

import dev.sluice.settings.snapshot.BoundService;
import dev.sluice.settings.snapshot.Node;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Chooses the node of a service for an attempt and counts the calls in flight on each. Safe for all event loops. */
public final class NodePicker {
    private final RandomGenerator random;
    private final ConcurrentMap<String, Load> loads = new ConcurrentHashMap<>();

    /** @param random shared by all event loops, so it must be safe for them */
    public NodePicker(RandomGenerator random) {
        this.random = random;
    }

    /** The node for the next attempt, in flight from now on; null when every node was tried. */
    public @Nullable Node begin(BoundService service, Set<Node> tried) {
        List<Node> nodes = service.nodes();
        // Nothing to choose, nothing to count.
        if (nodes.size() <= 1) return nodes.isEmpty() || tried.contains(nodes.getFirst()) ? null : nodes.getFirst();
        int left = 0;
        for (int i = 0; i < nodes.size(); i++) {
            if (!tried.contains(nodes.get(i))) left++;
        }
        if (left == 0) return null;
        Load load = load(service);
        Node chosen = switch (service.spec().balance().policy()) {
            case ROUND_ROBIN -> nth(nodes, tried, Math.floorMod(load.turn.getAndIncrement(), left));
            case LEAST_LOADED -> lessLoaded(nodes, tried, left, load);
        };
        load.begin(chosen, nodes);
        return chosen;
    }

    /** The attempt on that node is over. */
    public void end(BoundService service, Node node) {
        if (service.nodes().size() <= 1) return;
        Load load = loads.get(service.id());
        if (load != null) load.end(node);
    }

    /** Forgets services that were deleted. */
    public void retain(Predicate<String> serviceIds) {
        loads.keySet().removeIf(serviceIds.negate());
    }

    /** The better of two that were drawn at random: nearly as even as the best of all, without the stampede on it. */
    private Node lessLoaded(List<Node> nodes, Set<Node> tried, int left, Load load) {
        int one = random.nextInt(left);
        if (left == 1) return nth(nodes, tried, one);
        int other = random.nextInt(left - 1);
        if (other >= one) other++;
        Node a = nth(nodes, tried, one);
        Node b = nth(nodes, tried, other);
        return load.inFlight(b) < load.inFlight(a) ? b : a;
    }

    /** The untried node with that many untried ones before it. */
    private static Node nth(List<Node> nodes, Set<Node> tried, int n) {
        int passed = 0;
        for (int i = 0; i < nodes.size(); i++) {
            Node node = nodes.get(i);
            if (!tried.contains(node) && passed++ == n) return node;
        }
        throw new IllegalStateException("no untried node at " + n + " of " + nodes.size());
    }

    private Load load(BoundService service) {
        Load load = loads.get(service.id());
        return load != null ? load : loads.computeIfAbsent(service.id(), _ -> new Load());
    }

    /** The calls in flight on the nodes of one service. */
    private static final class Load {
        final AtomicInteger turn = new AtomicInteger();
        private final ConcurrentMap<Node, AtomicInteger> inFlight = new ConcurrentHashMap<>();

        int inFlight(Node node) {
            AtomicInteger count = inFlight.get(node);
            return count == null ? 0 : count.get();
        }

        void begin(Node node, List<Node> current) {
            AtomicInteger count = inFlight.get(node);
            if (count == null) {
                forgetGone(current);
                count = inFlight.computeIfAbsent(node, _ -> new AtomicInteger());
            }
            count.incrementAndGet();
        }

        void end(Node node) {
            AtomicInteger count = inFlight.get(node);
            if (count != null) count.updateAndGet(n -> Math.max(0, n - 1));
        }

        /** Nodes come and go; those that are gone leave once nothing is in flight on them. */
        private void forgetGone(List<Node> current) {
            inFlight.entrySet().removeIf(e -> e.getValue().get() == 0 && !current.contains(e.getKey()));
        }
    }
}
