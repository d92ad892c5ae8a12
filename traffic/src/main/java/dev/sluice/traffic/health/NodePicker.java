package dev.sluice.traffic.health;

import dev.sluice.settings.Health;
import dev.sluice.settings.Service.BalancePolicy;
import dev.sluice.settings.snapshot.BoundService;
import dev.sluice.settings.snapshot.Node;
import dev.sluice.traffic.failure.FailureKind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the node of a service for an attempt, counts the calls in flight on each and takes those out that fail. State
 * is kept by service id and survives snapshots; sources may change the nodes of a service between snapshots. Safe for
 * all event loops.
 *
 * <p>Every node that {@link #begin} hands out comes back through exactly one of {@link #succeeded}, {@link #failed} and
 * {@link #abandoned}. Nodes that are out of use are passed over; when all are out, the one that comes back first is tried
 * all the same, or, when all fail their checks, any that is not ejected.
 */
public final class NodePicker {
    /** With no more nodes than this, looking at all of them is cheaper than drawing lots. */
    private static final int FEW = 8;

    private static final int DRAWS = 4;
    /** How much more than its share a node may have in flight before its keys go elsewhere. */
    private static final double OVERLOAD = 1.25;
    /** Up to so many calls in flight no node is overloaded, whatever its share. */
    private static final int ALWAYS_BEARABLE = 8;

    private final RandomGenerator random;
    private final ConcurrentMap<String, ServiceNodes> services = new ConcurrentHashMap<>();

    /**
     * Which nodes an attempt may go to.
     *
     * @param heedsChecks whether a node that fails its checks is passed over
     */
    private record Free(TriedNodes tried, boolean heedsChecks, long nowMillis) {
        boolean is(NodeRecord node) {
            boolean in = heedsChecks ? node.isIn(nowMillis) : !node.isEjected(nowMillis);
            return in && !tried.contains(node.node());
        }
    }

    /** What one attempt chooses from, and how. */
    private record Draw(
            BalancePolicy policy, ServiceNodes nodes, ServiceNodes.Serving serving, long key, long nowMillis) {
        List<NodeRecord> all() {
            return serving.records();
        }
    }

    /** @param random shared by all event loops, so it must be safe for them */
    public NodePicker(RandomGenerator random) {
        this.random = random;
    }

    /**
     * The node for the next attempt, in flight from now on: one in use that the call has not tried; else one in use, at worst the
     * one that it tried last; else one out of use, again one that was not tried before one that was.
     *
     * @param tried nodes that this call has been to
     * @param key what consistent hashing goes by, {@link HashKey#NONE} if the call has nothing to go by
     * @return null when the service has no nodes
     */
    public @Nullable NodeRecord begin(BoundService service, TriedNodes tried, long key, long nowMillis) {
        ServiceNodes nodes = of(service);
        ServiceNodes.Serving serving = nodes.serving(service, nowMillis);
        NodeRecord chosen = serving.records().size() == 1
                ? serving.records().getFirst()
                : choose(new Draw(service.spec().balance().policy(), nodes, serving, key, nowMillis), tried);
        if (chosen != null) chosen.begin();
        return chosen;
    }

    private @Nullable NodeRecord choose(Draw draw, TriedNodes tried) {
        NodeRecord chosen = inUse(draw, tried);
        if (chosen != null) return chosen;
        if (tried.isEmpty()) return outOfUse(draw, tried);
        TriedNodes last = tried.lastAlone();
        if (tried.wantsOthers()) chosen = outOfUse(draw, tried);
        if (chosen == null) chosen = inUse(draw, last);
        if (chosen == null) chosen = inUse(draw, TriedNodes.NONE);
        if (chosen == null) chosen = outOfUse(draw, tried);
        return chosen == null ? outOfUse(draw, last) : chosen;
    }

    private @Nullable NodeRecord inUse(Draw draw, TriedNodes but) {
        return byPolicy(draw, new Free(but, true, draw.nowMillis()));
    }

    private @Nullable NodeRecord outOfUse(Draw draw, TriedNodes but) {
        NodeRecord chosen = null;
        // Checks that fail everywhere say more about the checks; one node should not bear what all can.
        if (areAllDown(draw.all(), but)) chosen = byPolicy(draw, new Free(but, false, draw.nowMillis()));
        return chosen == null ? firstBack(draw.all(), but) : chosen;
    }

    private @Nullable NodeRecord byPolicy(Draw draw, Free free) {
        return switch (draw.policy()) {
            case LEAST_LOADED -> lessLoaded(draw.serving(), free);
            case ROUND_ROBIN -> nextInTurn(draw.nodes(), draw.all(), free);
            case CONSISTENT_HASH ->
                draw.key() == HashKey.NONE ? lessLoaded(draw.serving(), free) : byKey(draw.all(), free, draw.key());
        };
    }

    /** Whether a node is left that was not tried and is in use. */
    public boolean hasAnother(BoundService service, TriedNodes tried, long nowMillis) {
        List<NodeRecord> all = of(service).serving(service, nowMillis).records();
        Free free = new Free(tried, true, nowMillis);
        for (int i = 0; i < all.size(); i++) if (free.is(all.get(i))) return true;
        return false;
    }

    /** Whether a node is left that was not tried, be it out of use. */
    public boolean hasUntried(BoundService service, TriedNodes tried, long nowMillis) {
        List<NodeRecord> all = of(service).serving(service, nowMillis).records();
        for (int i = 0; i < all.size(); i++) if (!tried.contains(all.get(i).node())) return true;
        return false;
    }

    public void succeeded(BoundService service, NodeRecord node, long nowMillis) {
        node.end();
        node.succeeded(service.spec().health().passive(), nowMillis);
    }

    /** The attempt on that node has failed; only failures that are the node's own count. */
    public void failed(BoundService service, NodeRecord node, FailureKind kind, long nowMillis) {
        node.end();
        if (kind.blame() == FailureKind.Blame.NODE) of(service).failed(node, service, nowMillis);
    }

    /** The attempt ended without a word about the node, as when the client left. */
    public void abandoned(NodeRecord node) {
        node.end();
    }

    /** The nodes of a service, in use or not. */
    public List<Node> nodes(BoundService service, long nowMillis) {
        return of(service).serving(service, nowMillis).records().stream()
                .map(NodeRecord::node)
                .toList();
    }

    /** A source has found the nodes that the declared ones stand for; they hold as long as just these are declared. */
    public void found(String serviceId, List<Node> declared, List<Node> nodes) {
        of(serviceId).found(declared, nodes);
    }

    /** A source cannot tell the nodes of a service at present; those that are known stay. */
    public void missing(String serviceId, String why) {
        of(serviceId).missing(why);
    }

    /** A check of a node has come to an end. */
    public void checked(String serviceId, Node node, boolean good, Health.Active active) {
        of(serviceId).checked(node, good, active);
    }

    public List<NodeState> states(BoundService service, long nowMillis) {
        List<NodeState> states = new ArrayList<>();
        for (NodeRecord record : of(service).serving(service, nowMillis).records()) states.add(record.state(nowMillis));
        return states;
    }

    /** Why the nodes of a service may not be the newest; empty if they are. */
    public String problem(String serviceId) {
        ServiceNodes nodes = services.get(serviceId);
        return nodes == null ? "" : nodes.problem();
    }

    /** Nodes of all services that are out of use. */
    public int outOfUse(long nowMillis) {
        int out = 0;
        for (ServiceNodes nodes : services.values()) out += nodes.ejected(nowMillis);
        return out;
    }

    /** Services whose nodes may not be the newest. */
    public int degraded() {
        int degraded = 0;
        for (ServiceNodes nodes : services.values()) if (!nodes.problem().isEmpty()) degraded++;
        return degraded;
    }

    /** Forgets services that were deleted. */
    public void retain(Predicate<String> serviceIds) {
        services.keySet().removeIf(serviceIds.negate());
    }

    /** The better of two that were drawn at random: nearly as even as the best of all, without the stampede on it. */
    private @Nullable NodeRecord lessLoaded(ServiceNodes.Serving serving, Free free) {
        List<NodeRecord> all = serving.records();
        int size = all.size();
        for (int draw = 0; size > FEW && serving.even() && draw < DRAWS; draw++) {
            int one = random.nextInt(size);
            int other = random.nextInt(size - 1);
            if (other >= one) other++;
            NodeRecord a = all.get(one);
            NodeRecord b = all.get(other);
            if (free.is(a) && free.is(b)) return lighter(a, b);
        }
        NodeRecord a = drawn(all, free, null);
        NodeRecord b = a == null ? null : drawn(all, free, a);
        return a == null || b == null ? a : lighter(a, b);
    }

    /** A free node other than one, drawn in proportion to the weights; null if there is none. */
    private @Nullable NodeRecord drawn(List<NodeRecord> all, Free free, @Nullable NodeRecord but) {
        long weights = 0;
        for (int i = 0; i < all.size(); i++) {
            NodeRecord node = all.get(i);
            if (node != but && free.is(node)) weights += node.node().weight();
        }
        if (weights == 0) return null;
        long point = random.nextLong(weights);
        NodeRecord last = null;
        for (int i = 0; i < all.size(); i++) {
            NodeRecord node = all.get(i);
            if (node == but || !free.is(node)) continue;
            point -= node.node().weight();
            if (point < 0) return node;
            last = node;
        }
        return last;
    }

    /** The one with less in flight for its weight, the first when both are even. */
    private static NodeRecord lighter(NodeRecord a, NodeRecord b) {
        return (long) b.inFlight() * a.node().weight()
                        < (long) a.inFlight() * b.node().weight()
                ? b
                : a;
    }

    /** Smooth: each earns its weight, the richest goes and pays for all. Heavy nodes do not get their calls in a row. */
    private static @Nullable NodeRecord nextInTurn(ServiceNodes nodes, List<NodeRecord> all, Free free) {
        synchronized (nodes) {
            NodeRecord richest = null;
            long total = 0;
            for (int i = 0; i < all.size(); i++) {
                NodeRecord node = all.get(i);
                if (!free.is(node)) continue;
                node.credit += node.node().weight();
                total += node.node().weight();
                if (richest == null || node.credit > richest.credit) richest = node;
            }
            if (richest != null) richest.credit -= total;
            return richest;
        }
    }

    /**
     * Of the nodes that are not overloaded, the one with the highest score for the key. Without a ring there is nothing
     * to build when nodes change: only the keys of a node that goes move, and only those that a new node wins.
     */
    private static @Nullable NodeRecord byKey(List<NodeRecord> all, Free free, long key) {
        long inFlight = 1;
        long weights = 0;
        for (int i = 0; i < all.size(); i++) {
            NodeRecord node = all.get(i);
            if (!free.is(node)) continue;
            inFlight += node.inFlight();
            weights += node.node().weight();
        }
        NodeRecord best = null;
        double bestScore = 0;
        NodeRecord overloaded = null;
        for (int i = 0; i < all.size(); i++) {
            NodeRecord node = all.get(i);
            if (!free.is(node)) continue;
            int weight = node.node().weight();
            double bearable = Math.max(ALWAYS_BEARABLE, Math.ceil(OVERLOAD * inFlight * weight / weights));
            if (node.inFlight() >= bearable) {
                overloaded = node;
                continue;
            }
            // An even number between 0 and 1 becomes one whose maximum is won in proportion to the weights.
            double even = ((node.score(key) >>> 11) + 0.5) * 0x1p-53;
            double score = -weight / Math.log(even);
            if (best == null || score > bestScore) {
                best = node;
                bestScore = score;
            }
        }
        return best == null ? overloaded : best;
    }

    /** All that were not tried are out of use: of these the one that comes back first, one that answers checks before others. */
    private static @Nullable NodeRecord firstBack(List<NodeRecord> all, TriedNodes tried) {
        NodeRecord best = null;
        for (int i = 0; i < all.size(); i++) {
            NodeRecord node = all.get(i);
            if (tried.contains(node.node())) continue;
            if (best == null || isBackBefore(node, best)) best = node;
        }
        return best;
    }

    private static boolean isBackBefore(NodeRecord a, NodeRecord b) {
        return a.isDown() == b.isDown() ? a.ejectedUntil() < b.ejectedUntil() : b.isDown();
    }

    private static boolean areAllDown(List<NodeRecord> all, TriedNodes tried) {
        for (int i = 0; i < all.size(); i++) {
            if (!all.get(i).isDown() && !tried.contains(all.get(i).node())) return false;
        }
        return true;
    }

    private ServiceNodes of(BoundService service) {
        return of(service.id());
    }

    private ServiceNodes of(String serviceId) {
        ServiceNodes nodes = services.get(serviceId);
        return nodes != null ? nodes : services.computeIfAbsent(serviceId, _ -> new ServiceNodes());
    }
}
