package dev.sluice.bench.scale;

import java.util.List;

/**
 * What one of the two gateways was found to cost.
 *
 * @param startSeconds from the start of the process, with everything in its store, to the first served call
 * @param residentBytes memory after that start
 * @param heapBytes live heap after that start
 * @param loadedBytes resident memory after the rounds
 * @param rounds calls at a constant rate
 */
record Side(
        Population population,
        double startSeconds,
        long residentBytes,
        long heapBytes,
        long loadedBytes,
        List<Cost> rounds) {
    Side {
        rounds = List.copyOf(rounds);
    }

    /**
     * What calls cost in one round, in microseconds of processor time each.
     *
     * @param loop the event loop's part, which is where a call is looked up
     * @param whole all threads, with journal, usage statistics and garbage collection
     */
    record Cost(double loop, double whole, double perSecond) {}

    /** Each figure the median of its own. */
    Cost median() {
        return new Cost(
                median(rounds.stream().mapToDouble(Cost::loop).sorted().toArray()),
                median(rounds.stream().mapToDouble(Cost::whole).sorted().toArray()),
                median(rounds.stream().mapToDouble(Cost::perSecond).sorted().toArray()));
    }

    private static double median(double[] sorted) {
        return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
    }
}
