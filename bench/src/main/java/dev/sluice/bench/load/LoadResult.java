package dev.sluice.bench.load;

import java.util.Optional;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What a run of the load generator saw. Times are nanoseconds.
 *
 * @param finished calls answered in full with status 200
 * @param failures all others
 * @param firstFailure what the first of them looked like
 * @param seconds from the first intended start to the last answer
 * @param events events of the finished streams
 * @param startedLate calls that began more than a millisecond after they should have, because the generator or all
 *     connections were busy; their latency counts from when they should have begun
 * @param latency from the intended start of a call to its last byte
 * @param firstEvent from the intended start to the first event
 * @param gaps between arrivals of events of one stream
 */
public record LoadResult(
        long finished,
        Failures failures,
        @Nullable String firstFailure,
        double seconds,
        long events,
        long startedLate,
        Histogram latency,
        Histogram firstEvent,
        Histogram gaps) {

    /**
     * Calls that did not end well.
     *
     * @param refused another status than 200
     * @param broken the connection ended, or what came was no HTTP answer
     * @param cutShort a stream with too few or too many events or without its end
     * @param unfinished not answered, or not even begun, when the run was over
     */
    public record Failures(long refused, long broken, long cutShort, long unfinished) {
        public long total() {
            return refused + broken + cutShort + unfinished;
        }
    }

    public boolean isClean() {
        return failures.total() == 0 && finished > 0;
    }

    public double callsPerSecond() {
        return finished / seconds;
    }

    /** What is wrong with the run, if anything. */
    public Optional<String> complaint() {
        if (isClean()) return Optional.empty();
        if (failures.total() == 0) return Optional.of("no call finished");
        return Optional.of(failures.total() + " of " + (finished + failures.total()) + " calls failed (refused "
                + failures.refused() + ", broken " + failures.broken() + ", cut short " + failures.cutShort()
                + ", unfinished " + failures.unfinished() + "); the first: " + firstFailure);
    }
}
