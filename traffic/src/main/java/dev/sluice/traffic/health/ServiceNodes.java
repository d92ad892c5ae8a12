package dev.sluice.traffic.health;

import dev.sluice.settings.Health;
import dev.sluice.settings.snapshot.BoundService;
import dev.sluice.settings.snapshot.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of one service as they are now: those that a source has found for what the settings declare, else the
 * declared ones. Calls read one volatile field; whatever changes the list or takes a node out holds the lock.
 */
final class ServiceNodes {
    private static final Serving NOTHING_YET = new Serving(new ArrayList<>(0), List.of(), true);

    private final Map<Node, NodeRecord> records = new HashMap<>();
    private @Nullable Found found;
    private volatile String problem = "";
    private volatile Serving serving = NOTHING_YET;

    /**
     * The nodes that calls may go to.
     *
     * @param declared the very list of the snapshot that this was made for
     * @param even whether all have the same weight
     */
    record Serving(List<Node> declared, List<NodeRecord> records, boolean even) {}

    /** What a source has found for a declaration. */
    private record Found(List<Node> declared, List<Node> nodes) {}

    @SuppressWarnings(
            "ReferenceEquality") // A new snapshot brings a new list; comparing its nodes would cost each call.
    Serving serving(BoundService service, long nowMillis) {
        Serving current = serving;
        return current.declared() == service.nodes() ? current : renew(service, nowMillis);
    }

    synchronized void found(List<Node> declared, List<Node> nodes) {
        found = new Found(List.copyOf(declared), List.copyOf(new LinkedHashSet<>(nodes)));
        problem = "";
        serving = NOTHING_YET;
    }

    void missing(String why) {
        problem = why;
    }

    String problem() {
        return problem;
    }

    /** Counts a failure of a node and ejects it when that is due, unless too many are out already. */
    void failed(NodeRecord record, BoundService service, long nowMillis) {
        Health.Passive passive = service.spec().health().passive();
        if (record.failed(passive, nowMillis)) eject(record, service, passive, nowMillis);
    }

    synchronized void checked(Node node, boolean good, Health.Active active) {
        NodeRecord record = records.get(node);
        if (record != null) record.checked(good, active);
    }

    int ejected(long nowMillis) {
        int out = 0;
        for (NodeRecord record : serving.records()) if (!record.isIn(nowMillis)) out++;
        return out;
    }

    private synchronized void eject(NodeRecord record, BoundService service, Health.Passive passive, long nowMillis) {
        List<NodeRecord> all = serving(service, nowMillis).records();
        if (record.isEjected(nowMillis) || !all.contains(record)) return;
        int out = 1;
        for (NodeRecord other : all) if (other != record && !other.isIn(nowMillis)) out++;
        if (out * 100L <= (long) all.size() * passive.maxEjectedPercent()) record.eject(passive, nowMillis);
    }

    @SuppressWarnings("ReferenceEquality") // as above
    private synchronized Serving renew(BoundService service, long nowMillis) {
        Serving current = serving;
        List<Node> declared = service.nodes();
        if (current.declared() == declared) return current;
        Found known = found;
        List<Node> nodes = known != null && known.declared().equals(declared) ? known.nodes() : declared;
        List<NodeRecord> now = new ArrayList<>(nodes.size());
        for (Node node : nodes) now.add(records.computeIfAbsent(node, NodeRecord::new));
        // Those that are gone stay known until what is in flight on them has ended: they may come back before.
        Set<Node> kept = new HashSet<>(nodes);
        records.values().removeIf(r -> r.inFlight() == 0 && !kept.contains(r.node()));
        Health health = service.spec().health();
        if (health.active() == null) now.forEach(NodeRecord::unchecked);
        readmit(now, health.passive(), nowMillis);
        boolean even = nodes.stream().mapToInt(Node::weight).distinct().count() <= 1;
        Serving renewed = new Serving(declared, List.copyOf(now), even);
        serving = renewed;
        return renewed;
    }

    /** Fewer nodes than before, or another setting, may leave more of them ejected than is allowed. */
    private static void readmit(List<NodeRecord> all, Health.Passive passive, long nowMillis) {
        while (true) {
            NodeRecord first = null;
            int out = 0;
            for (NodeRecord record : all) {
                if (!record.isEjected(nowMillis)) continue;
                out++;
                if (first == null || record.ejectedUntil() < first.ejectedUntil()) first = record;
            }
            if (first == null || out * 100L <= (long) all.size() * passive.maxEjectedPercent()) return;
            first.readmit();
        }
    }
}
