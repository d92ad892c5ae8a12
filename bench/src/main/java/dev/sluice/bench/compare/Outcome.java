package dev.sluice.bench.compare;

import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * All that a comparison found.
 *
 * @param othersShare the part of all processors that other processes took during the rounds, interrupts included; a figure
 *     made while it was more than a few percent is worth little
 * @param shapes the medians, by shape and name of the contestant; what had no clean round is missing
 * @param gateway what only the gateway has; absent when it was not measured
 * @param complaints why rounds were not counted, and what else went wrong
 * @param remarks what of others is missing beside the gateway, which takes nothing from its figures
 */
record Outcome(
        Instant at,
        Machine machine,
        double othersShare,
        Map<Shape, Map<String, Round>> shapes,
        Optional<OfGateway> gateway,
        List<String> complaints,
        List<String> remarks) {
    Outcome {
        Map<Shape, Map<String, Round>> copy = new EnumMap<>(Shape.class);
        shapes.forEach((shape, rounds) -> copy.put(shape, Map.copyOf(rounds)));
        shapes = copy;
        complaints = List.copyOf(complaints);
        remarks = List.copyOf(remarks);
    }

    /**
     * @param starts seconds from the start of the process to the first served call, all processors, sorted
     * @param pinnedStarts the same with one processor
     * @param idleBytes resident memory after standing idle
     * @param loadedBytes resident memory after the load
     * @param held what open streams cost
     * @param flows how evenly events come to many open streams
     * @param sentCalls calls that the load generator saw finished
     * @param meteredCalls calls that the gateway's usage statistics tell
     */
    record OfGateway(
            List<Double> starts,
            List<Double> pinnedStarts,
            long idleBytes,
            long loadedBytes,
            List<Held> held,
            List<Flow> flows,
            long sentCalls,
            OptionalLong meteredCalls) {
        OfGateway {
            starts = starts.stream().sorted().toList();
            pinnedStarts = pinnedStarts.stream().sorted().toList();
            held = List.copyOf(held);
            flows = List.copyOf(flows);
        }
    }

    /**
     * What a number of open streams costs.
     *
     * @param heapBytes live heap per stream
     * @param residentBytes growth of resident memory per stream; the JVM seldom gives memory back, so it may be 0
     * @param left streams that the provider still saw open ten seconds after all clients had gone; more than 0 is a leak
     */
    record Held(int streams, long heapBytes, long residentBytes, int left) {}

    /** Streams that are open at a time, with an event each every half second: through the gateway and without it. */
    record Flow(int streams, Evenness gateway, Evenness direct) {
        /** The longest that an event was late, over what it is without a gateway, in milliseconds. */
        double stall() {
            return Math.max(0, gateway.longest() - direct.longest());
        }
    }

    /**
     * How late events came after the one before, in milliseconds.
     *
     * @param p999 but for one of a thousand
     * @param firstEvent median time to the first event of a stream
     */
    record Evenness(double longest, double p999, double firstEvent) {}

    Optional<Round> of(Shape shape, String contestant) {
        return Optional.ofNullable(shapes.getOrDefault(shape, Map.of()).get(contestant));
    }

    /** Figures that have a budget, in the order of the list of budgets. */
    Map<Budget, Double> budgeted() {
        Map<Budget, Double> figures = new LinkedHashMap<>();
        for (Budget budget : Budget.values()) budget.figure(this).ifPresent(figure -> figures.put(budget, figure));
        return figures;
    }
}
