package dev.sluice.store.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a journal is doing.
 *
 * @param queued records that wait for the disk
 * @param bytes size of the segments that are not wholly shipped
 * @param lost what could not be kept
 * @param damagedBytes bytes of segments that could not be read
 * @param problem what is wrong with the disk right now
 */
public record JournalState(
        int queued,
        int queueCapacity,
        long bytes,
        long maxBytes,
        Lost lost,
        long damagedBytes,
        Optional<String> problem) {
    private static final double NEARLY_FULL = 0.8;

    /** Records that neither disk nor memory had room for, counted so that nothing vanishes unseen. */
    public record Lost(long records, long inputTokens, long outputTokens, long costMicros) {}

    /** What an operator should look at, a sentence each. */
    public List<String> concerns() {
        List<String> concerns = new ArrayList<>();
        problem.ifPresent(p -> concerns.add(p + "; " + queued + " usage records or more wait in memory, which holds "
                + queueCapacity + ": free some disk space, or mend the disk"));
        if (lost.records() > 0)
            concerns.add(lost.records() + " usage records were lost since the start (" + lost.inputTokens()
                    + " input and " + lost.outputTokens() + " output tokens): disk or memory had no room for them");
        if (fill() >= NEARLY_FULL)
            concerns.add("the journal holds " + bytes + " of " + maxBytes
                    + " bytes because the database does not take usage records; when it is full, records are lost");
        return concerns;
    }

    /** Share of the journal's disk space that is taken, 0 to 1. */
    public double fill() {
        return Math.min(1.0, (double) bytes / maxBytes);
    }
}
