package dev.sluice.bench.scale;

import dev.sluice.bench.compare.Gateway;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Makes a change a second while the load goes on, each of the four in turn, and notes when it was seen. */
final class Changes {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Gateway gateway;
    private final Probe probe;
    private final List<Made> made = new ArrayList<>();
    private Change change = Change.DISABLE_KEY;

    /**
     * A change that was made.
     *
     * @param answered milliseconds from the request to the answer of the admin API
     * @param seen milliseconds from the request until the first call that saw it was answered
     */
    record Made(Change change, double answered, double seen) {
        /** From the admin API's answer; 0 if calls saw it before. */
        double seenAfterAnswer() {
            return Math.max(0, seen - answered);
        }
    }

    Changes(Gateway gateway, Probe probe) {
        this.gateway = gateway;
        this.probe = probe;
    }

    List<Made> made() {
        return List.copyOf(made);
    }

    /** Makes so many, one at each full second, and returns a second after the last began. */
    void make(int count) throws IOException, InterruptedException {
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            one(change);
            change = change.next();
            long due = start + TimeUnit.SECONDS.toNanos(i + 1L);
            TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
        }
    }

    private void one(Change next) throws IOException, InterruptedException {
        probe.expect(next);
        long asked = System.nanoTime();
        Gateway.Answer answer = next.ask(gateway);
        long answered = System.nanoTime();
        if (answer.status() != 200)
            throw new IOException(next + " was answered with " + answer.status() + ": " + answer.body());
        long seen = probe.await(LIMIT);
        made.add(new Made(next, (answered - asked) / 1e6, (seen - asked) / 1e6));
    }
}
