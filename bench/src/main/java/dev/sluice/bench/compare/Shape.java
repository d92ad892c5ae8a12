package dev.sluice.bench.compare;

import dev.sluice.bench.load.Call;
import dev.sluice.bench.load.LoadPlan;
import dev.sluice.bench.load.Pace;
import dev.sluice.bench.load.Target;
import java.time.Duration;

/** A kind of load. What it costs is told per call or, for streams, per event. */
enum Shape {
    /** Whole calls, as many as the target takes. */
    SATURATED("call, saturated", "call", 32),
    /** Whole calls at a rate that leaves room, for latency. */
    STEADY("call at 2,000/s", "call", 64),
    /** About 200 streams open at a time: each lives for 64 events, 10 ms apart. */
    PACED("event, 200 streams", "event", 400),
    /** As {@link #STEADY}, for what is too slow for it. */
    GENTLE("call at 250/s", "call", 64),
    /** As {@link #PACED}, for what is too slow for it. */
    GENTLE_PACED("event, 20 streams", "event", 100);

    private static final Duration DRAIN = Duration.ofSeconds(8);

    private final String title;
    private final String unit;
    private final int connections;

    Shape(String title, String unit, int connections) {
        this.title = title;
        this.unit = unit;
        this.connections = connections;
    }

    String title() {
        return title;
    }

    /** What one unit of its cost is. */
    String unit() {
        return unit;
    }

    boolean isStreamed() {
        return switch (call()) {
            case Call.Whole() -> false;
            case Call.Streamed(int _, int _) -> true;
        };
    }

    /** Whether it is there only to compare with something slow. */
    boolean isGentle() {
        return switch (this) {
            case SATURATED, STEADY, PACED -> false;
            case GENTLE, GENTLE_PACED -> true;
        };
    }

    LoadPlan plan(Target target, Duration duration) {
        return new LoadPlan(target, call(), pace(), connections, duration, DRAIN);
    }

    private Call call() {
        return switch (this) {
            case SATURATED, STEADY, GENTLE -> new Call.Whole();
            case PACED, GENTLE_PACED -> new Call.Streamed(64, 10);
        };
    }

    private Pace pace() {
        return switch (this) {
            case SATURATED -> new Pace.ClosedLoop();
            case STEADY -> new Pace.Constant(2000);
            case PACED -> new Pace.Constant(310);
            case GENTLE -> new Pace.Constant(250);
            case GENTLE_PACED -> new Pace.Constant(31);
        };
    }
}
