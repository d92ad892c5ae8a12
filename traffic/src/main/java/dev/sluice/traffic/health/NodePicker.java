package dev.sluice.traffic.health;

import dev.sluice.settings.snapshot.BoundService;
import dev.sluice.settings.snapshot.Node;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Chooses the node of a service for an attempt and counts the calls in flight on each. Safe for all event loops. */
public final class NodePicker {
    private final RandomGenerator random;

    public NodePicker(RandomGenerator random) {
        this.random = random;
    }

    /** The node for the next attempt, in flight from now on; null when every node was tried. */
    public @Nullable Node begin(BoundService service, Set<Node> tried) {
        return tried.isEmpty()
                ? service.nodes().get(random.nextInt(service.nodes().size()))
                : null;
    }

    /** The attempt on that node is over. */
    public void end(BoundService service, Node node) {}
}
