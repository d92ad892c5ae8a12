package dev.sluice.bench.load;

import java.time.Duration;

/**
 * One run of the load generator.
 *
 * @param connections how many calls can be open at a time
 * @param duration how long calls are started
 * @param drain how long the last ones are waited for
 */
public record LoadPlan(Target target, Call call, Pace pace, int connections, Duration duration, Duration drain) {
    public LoadPlan {
        if (connections < 1) throw new IllegalArgumentException("connections: " + connections + " (expected: >= 1)");
        if (!duration.isPositive()) throw new IllegalArgumentException("duration: " + duration + " (expected: > 0)");
        if (drain.isNegative()) throw new IllegalArgumentException("drain: " + drain + " (expected: >= 0)");
    }
}
