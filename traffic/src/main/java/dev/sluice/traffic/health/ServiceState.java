package dev.sluice.traffic.health;

import dev.sluice.settings.snapshot.BoundService;
import java.util.List;
import java.util.function.LongUnaryOperator;

/**
 * How a service fares.
 *
 * @param nodesProblem why the nodes may not be the newest; empty if they are
 * @param circuits at most 100, those that are not closed first
 */
public record ServiceState(List<NodeState> nodes, String nodesProblem, List<CircuitState> circuits) {
    /** Of a service that serves no calls. */
    public static final ServiceState NONE = new ServiceState(List.of(), "", List.of());

    private static final int MOST_CIRCUITS = 100;

    public ServiceState {
        nodes = List.copyOf(nodes);
        circuits = List.copyOf(circuits);
    }

    public static ServiceState of(BoundService service, NodePicker nodes, Circuits circuits, long nowMillis) {
        return new ServiceState(
                nodes.states(service, nowMillis),
                nodes.problem(service.id()),
                circuits.states(service, nowMillis).stream()
                        .limit(MOST_CIRCUITS)
                        .toList());
    }

    /** The same with times of another clock. */
    public ServiceState on(LongUnaryOperator clock) {
        return new ServiceState(
                nodes.stream().map(node -> node.on(clock)).toList(),
                nodesProblem,
                circuits.stream().map(circuit -> circuit.on(clock)).toList());
    }
}
