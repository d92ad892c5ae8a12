package dev.sluice.store.journal;

import java.time.Duration;

/**
 * Sizes and times of a journal.
 *
 * @param queuedRecords how many records may wait for the disk in memory; at 10,000 calls a second the default is 13
 *     seconds of a disk that does not move
 * @param segmentBytes size at which the next segment is begun
 * @param totalBytes how much of the disk the journal may take while the database is away
 * @param writeEvery longest time between an append and its write
 * @param sync whether writes are synced to the disk, which a power failure asks for and the death of the process does
 *     not
 */
public record JournalLimits(int queuedRecords, int segmentBytes, long totalBytes, Duration writeEvery, boolean sync) {
    public static final JournalLimits DEFAULT =
            new JournalLimits(131_072, 16 << 20, 2L << 30, Duration.ofMillis(50), true);

    public JournalLimits {
        if (queuedRecords < 1)
            throw new IllegalArgumentException("journal queue: " + queuedRecords + " records (expected: >= 1)");
        if (segmentBytes < 1024)
            throw new IllegalArgumentException("journal segment: " + segmentBytes + " bytes (expected: >= 1024)");
        if (totalBytes < segmentBytes)
            throw new IllegalArgumentException(
                    "journal: " + totalBytes + " bytes (expected: at least one segment, " + segmentBytes + ")");
        if (writeEvery.isNegative() || writeEvery.isZero())
            throw new IllegalArgumentException("journal write interval: " + writeEvery + " (expected: > 0)");
    }

    public JournalLimits withTotalBytes(long bytes) {
        return new JournalLimits(queuedRecords, (int) Math.min(bytes, segmentBytes), bytes, writeEvery, sync);
    }
}
