package dev.sluice.bench.scale;

import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * All that a run found.
 *
 * @param fillSeconds what the large gateway took to take its population in
 * @param quiet latencies at a constant rate while nothing was changed, in nanoseconds
 * @param publishing the same while a change was made each second
 * @param complaints what went wrong
 */
record ScaleOutcome(
        Side small,
        Side large,
        double fillSeconds,
        Histogram quiet,
        Histogram publishing,
        List<Changes.Made> changes,
        List<String> complaints) {
    private static final double LOOKUP = 1.15;
    private static final double VISIBLE_MILLIS = 1000;
    private static final double BUMP_FACTOR = 2;
    private static final double BUMP_MILLIS = 1;

    ScaleOutcome {
        changes = List.copyOf(changes);
        complaints = List.copyOf(complaints);
    }

    /** A figure beside what it may be. */
    record Figure(String title, String unit, double found, double allowed) {
        boolean isKept(double factor) {
            return found <= allowed * factor;
        }
    }

    /** What has a budget and was measured. */
    List<Figure> figures() {
        List<Figure> figures = new java.util.ArrayList<>();
        double ratio = large.median().loop() / small.median().loop();
        if (Double.isFinite(ratio)) figures.add(new Figure("look-up of a call", "x one key", ratio, LOOKUP));
        changes.stream()
                .mapToDouble(Changes.Made::seen)
                .max()
                .ifPresent(slowest -> figures.add(
                        new Figure("change visible, slowest, from its request", "ms", slowest, VISIBLE_MILLIS)));
        if (quiet.getTotalCount() > 0 && publishing.getTotalCount() > 0)
            figures.add(new Figure(
                    "p99 of calls while publishing",
                    "ms",
                    millis(publishing, 99),
                    BUMP_FACTOR * millis(quiet, 99) + BUMP_MILLIS));
        return figures;
    }

    static double millis(Histogram nanos, double percentile) {
        return nanos.getValueAtPercentile(percentile) / 1e6;
    }
}
