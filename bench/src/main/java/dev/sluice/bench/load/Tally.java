package dev.sluice.bench.load;

import dev.sluice.bench.http.AnswerReader;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Counts while a run goes on. Used by its one thread. */
final class Tally {
    private static final long LONGEST = 120_000_000_000L;
    private static final long LATE = 1_000_000;

    private final Call call;
    private final Histogram latency = new Histogram(LONGEST, 3);
    private final Histogram firstEvent = new Histogram(LONGEST, 3);
    private final Histogram gaps = new Histogram(LONGEST, 3);
    private long finished;
    private long refused;
    private long broken;
    private long cutShort;
    private long events;
    private long startedLate;
    private @Nullable String firstFailure;

    Tally(Call call) {
        this.call = call;
    }

    void started(long intended, long now) {
        if (now - intended > LATE) startedLate++;
    }

    void firstEvent(long nanos) {
        record(firstEvent, nanos);
    }

    void gap(long nanos) {
        record(gaps, nanos);
    }

    /** Judges an answer that is complete. */
    void ended(AnswerReader answer, long nanos) {
        if (answer.status() != 200) {
            refused++;
            note(answer.describe());
        } else if (!isWhole(answer)) {
            cutShort++;
            note(answer.describe());
        } else {
            finished++;
            events += answer.events();
            record(latency, nanos);
        }
    }

    void broke(String what) {
        broken++;
        note(what);
    }

    LoadResult result(long unfinished, double seconds) {
        if (unfinished > 0) note("no answer in time");
        return new LoadResult(
                finished,
                new LoadResult.Failures(refused, broken, cutShort, unfinished),
                firstFailure,
                seconds,
                events,
                startedLate,
                latency,
                firstEvent,
                gaps);
    }

    private boolean isWhole(AnswerReader answer) {
        return switch (call) {
            case Call.Whole() -> answer.bodyBytes() > 0;
            case Call.Streamed(int expected, int _) -> answer.events() == expected && answer.sawDone();
        };
    }

    private void note(String failure) {
        if (firstFailure == null) firstFailure = failure;
    }

    private static void record(Histogram histogram, long nanos) {
        histogram.recordValue(Math.clamp(nanos, 1, LONGEST));
    }
}
