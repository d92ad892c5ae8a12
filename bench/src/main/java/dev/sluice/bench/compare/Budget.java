package dev.sluice.bench.compare;

import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleBiFunction;

/** What the gateway may cost. */
enum Budget {
    CALL("processor time of a call, saturated", "x nginx", 2),
    STEADY_CALL("processor time of a call, 2,000/s", "x nginx", 2),
    EVENT("processor time of a streamed event", "x nginx", 2),
    TRANSLATED_CALL("processor time of a translated call, saturated", "x nginx", 4),
    TRANSLATED_EVENT("processor time of a translated event", "x nginx", 4),
    ADDED_P50("added latency at 2,000/s, p50", "ms", 0.2),
    ADDED_P99("added latency at 2,000/s, p99", "ms", 1),
    FIRST_EVENT("time to first event added, 200 streams, p50", "ms", 1),
    STALL("longest stall added, all streams open", "ms", 100),
    HEAP_PER_STREAM("live heap of an open stream", "kB", 32),
    START("start to first served call, median", "s", 2),
    IDLE("resident memory, idle", "MB", 250);

    private final String title;
    private final String unit;
    private final double limit;

    Budget(String title, String unit, double limit) {
        this.title = title;
        this.unit = unit;
        this.limit = limit;
    }

    String title() {
        return title;
    }

    String unit() {
        return unit;
    }

    double limit() {
        return limit;
    }

    /** What a run found, if it measured it. */
    Optional<Double> figure(Outcome outcome) {
        return switch (this) {
            case CALL -> ratio(outcome, Shape.SATURATED, Contestant.GATEWAY);
            case STEADY_CALL -> ratio(outcome, Shape.STEADY, Contestant.GATEWAY);
            case EVENT -> ratio(outcome, Shape.PACED, Contestant.GATEWAY);
            case TRANSLATED_CALL -> ratio(outcome, Shape.SATURATED, Contestant.TRANSLATED);
            case TRANSLATED_EVENT -> ratio(outcome, Shape.PACED, Contestant.TRANSLATED);
            case ADDED_P50 -> added(outcome, (gateway, direct) -> gateway.p50() - direct.p50());
            case ADDED_P99 -> added(outcome, (gateway, direct) -> gateway.p99() - direct.p99());
            case FIRST_EVENT ->
                compared(
                                outcome,
                                Shape.PACED,
                                Contestant.GATEWAY,
                                Contestant.DIRECT,
                                (gateway, direct) -> gateway.firstEventP50() - direct.firstEventP50())
                        .map(figure -> figure / 1e3);
            case STALL ->
                outcome.gateway()
                        .flatMap(gateway -> gateway.flows().stream()
                                .map(Outcome.Flow::stall)
                                .max(Double::compare));
            case HEAP_PER_STREAM ->
                outcome.gateway()
                        .flatMap(gateway -> gateway.held().stream()
                                .map(held -> held.heapBytes() / 1024.0)
                                .max(Double::compare));
            case START -> outcome.gateway().flatMap(gateway -> median(gateway.starts()));
            case IDLE -> outcome.gateway().map(gateway -> gateway.idleBytes() / 1048576.0);
        };
    }

    private static Optional<Double> ratio(Outcome outcome, Shape shape, String who) {
        return compared(outcome, shape, who, Contestant.NGINX, (gateway, nginx) -> gateway.cpu() / nginx.cpu())
                .filter(Double::isFinite);
    }

    private static Optional<Double> added(Outcome outcome, ToDoubleBiFunction<Round, Round> micros) {
        return compared(outcome, Shape.STEADY, Contestant.GATEWAY, Contestant.DIRECT, micros)
                .map(figure -> figure / 1e3);
    }

    private static Optional<Double> compared(
            Outcome outcome, Shape shape, String who, String other, ToDoubleBiFunction<Round, Round> figure) {
        return outcome.of(shape, who)
                .flatMap(gateway -> outcome.of(shape, other).map(round -> figure.applyAsDouble(gateway, round)));
    }

    private static Optional<Double> median(List<Double> sorted) {
        return sorted.isEmpty() ? Optional.empty() : Optional.of(sorted.get(sorted.size() / 2));
    }
}
