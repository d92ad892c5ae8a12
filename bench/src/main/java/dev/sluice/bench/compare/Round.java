package dev.sluice.bench.compare;

import dev.sluice.bench.load.LoadResult;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/**
 * One shape against one contestant, once; or, made by {@link #median}, the middle of several. Times are microseconds.
 *
 * @param cpu processor time of the proxy per unit of the shape; 0 without a proxy
 * @param busy the part of one processor that the proxy used; near 1 = saturated, 0 without a proxy
 * @param perSecond finished units per second
 * @param p50 latency of a call, from when it was meant to start
 * @param p99 the same
 * @param firstEventP50 time to the first event of a stream; 0 for whole calls
 * @param gapP99 time between two events of a stream; 0 for whole calls
 */
record Round(double cpu, double busy, double perSecond, double p50, double p99, double firstEventP50, double gapP99) {
    static Round of(Shape shape, LoadResult load, double cpuSeconds) {
        double units = shape.isStreamed() ? load.events() : load.finished();
        return new Round(
                cpuSeconds * 1e6 / units,
                cpuSeconds / load.seconds(),
                units / load.seconds(),
                micros(load.latency(), 50),
                micros(load.latency(), 99),
                micros(load.firstEvent(), 50),
                micros(load.gaps(), 99));
    }

    /** Each figure is the median of its own. */
    static Round median(List<Round> rounds) {
        return new Round(
                median(rounds, Round::cpu),
                median(rounds, Round::busy),
                median(rounds, Round::perSecond),
                median(rounds, Round::p50),
                median(rounds, Round::p99),
                median(rounds, Round::firstEventP50),
                median(rounds, Round::gapP99));
    }

    private static double median(List<Round> rounds, ToDoubleFunction<Round> figure) {
        double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static double micros(Histogram histogram, double percentile) {
        return histogram.getTotalCount() == 0 ? 0 : histogram.getValueAtPercentile(percentile) / 1e3;
    }
}
