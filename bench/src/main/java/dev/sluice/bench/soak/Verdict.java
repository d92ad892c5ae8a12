package dev.sluice.bench.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/**
 * Whether a gateway grows. The first third of the samples is warm-up; of the rest, the second half must hold what the
 * first half held, but for what collectors and pools breathe.
 */
final class Verdict {
    private static final double MAX_GROWTH = 0.1;
    private static final long HEAP_SLACK = 3_000_000;
    private static final long RESIDENT_SLACK = 24_000_000;
    private static final long HANDLE_SLACK = 8;

    private Verdict() {}

    /** What is wrong; empty if nothing is. */
    static List<String> complaints(List<Sample> samples) {
        List<String> complaints = new ArrayList<>();
        for (Sample sample : samples) {
            if (!sample.isAtRest()) complaints.add("not at rest after " + sample.calls() + " calls: " + sample);
        }
        List<Sample> steady = samples.subList(samples.size() / 3, samples.size());
        if (steady.size() < 2) return complaints;
        List<Sample> earlier = steady.subList(0, steady.size() / 2);
        List<Sample> later = steady.subList(steady.size() / 2, steady.size());
        compare("live heap", earlier, later, Sample::liveHeapBytes, HEAP_SLACK, complaints);
        compare("resident memory", earlier, later, Sample::residentBytes, RESIDENT_SLACK, complaints);
        compare("open handles", earlier, later, Sample::handles, HANDLE_SLACK, complaints);
        return complaints;
    }

    private static void compare(
            String what,
            List<Sample> earlier,
            List<Sample> later,
            ToLongFunction<Sample> value,
            long slack,
            List<String> complaints) {
        long before = Sample.median(earlier, value);
        long after = Sample.median(later, value);
        double allowed = before * (1 + MAX_GROWTH) + slack;
        if (after > allowed) {
            complaints.add(
                    String.format(Locale.ROOT, "%s grew from %d to %d (allowed: %.0f)", what, before, after, allowed));
        }
    }
}
