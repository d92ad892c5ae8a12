package dev.sluice.store.journal;

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
    /** Records that neither disk nor memory had room for, counted so that nothing vanishes unseen. */
    public record Lost(long records, long inputTokens, long outputTokens, long costMicros) {}

    /** Share of the journal's disk space that is taken, 0 to 1. */
    public double fill() {
        return Math.min(1.0, (double) bytes / maxBytes);
    }
}
