package dev.sluice.bench.load;

import java.time.Duration;
import java.util.List;

/**
 * One run of the load generator.
 *
 * @param targets asked in turn, over and over; all on one port
 * @param connections how many calls can be open at a time
 * @param duration how long calls are started
 * @param drain how long the last ones are waited for
 */
public record LoadPlan(List<Target> targets, Call call, Pace pace, int connections, Duration duration, Duration drain) {
    public LoadPlan {
        targets = List.copyOf(targets);
        if (targets.stream().mapToInt(Target::port).distinct().count() != 1)
            throw new IllegalArgumentException("targets: " + targets.size() + " (expected: some, on one port)");
        if (connections < 1) throw new IllegalArgumentException("connections: " + connections + " (expected: >= 1)");
        if (!duration.isPositive()) throw new IllegalArgumentException("duration: " + duration + " (expected: > 0)");
        if (drain.isNegative()) throw new IllegalArgumentException("drain: " + drain + " (expected: >= 0)");
    }

    public LoadPlan(Target target, Call call, Pace pace, int connections, Duration duration, Duration drain) {
        this(List.of(target), call, pace, connections, duration, drain);
    }
}
