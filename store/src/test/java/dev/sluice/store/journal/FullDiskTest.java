package dev.sluice.store.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.store.Samples;
import dev.sluice.traffic.usage.UsageRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is full, or fails, for a while: nothing is lost as long as memory lasts, and nothing counts twice. */
class FullDiskTest {
    private static final Clock CLOCK = Clock.fixed(Samples.NOON, ZoneOffset.UTC);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration MOMENT = Duration.ofMillis(50);
    private static final JournalLimits LIMITS = new JournalLimits(1_000, 1 << 20, 1 << 22, Duration.ofMillis(1), true);

    @TempDir
    Path directory;

    private final SmallDisk disk = new SmallDisk();

    private Journal open(JournalLimits limits) {
        return Journal.open(directory, disk, limits, CLOCK, List.of());
    }

    @Test
    void keepsRecordsInMemoryUntilThereIsSpaceAgain() throws IOException {
        try (Journal journal = open(LIMITS)) {
            append(journal, 0, 10);
            assertThat(journal.flush(PATIENCE)).isTrue();
            disk.hasFree(700);
            append(journal, 10, 200);

            assertThat(journal.flush(MOMENT)).isFalse();
            assertThat(journal.state().problem())
                    .hasValueSatisfying(p -> assertThat(p).contains("No space left"));
            assertThat(readAll(journal)).isSubsetOf(calls(0, 200)).containsAll(calls(0, 10));

            disk.hasFree(Long.MAX_VALUE);
            assertThat(journal.flush(PATIENCE)).isTrue();
            assertThat(journal.state().problem()).isEmpty();
            assertThat(journal.state().lost().records()).isZero();
            assertThat(readAll(journal)).isEqualTo(calls(0, 200));
        }
        try (Journal again = open(LIMITS)) {
            assertThat(readAll(again)).isEqualTo(calls(0, 200));
        }
    }

    @Test
    void boundsWhatWaitsInMemoryAndCountsTheRestAsLost() throws IOException {
        try (Journal journal = open(LIMITS)) {
            disk.hasFree(0);
            append(journal, 0, 100);
            assertThat(journal.flush(MOMENT)).isFalse();
            append(journal, 100, 5_000);

            JournalState full = journal.state();
            assertThat(full.queued()).isEqualTo(1_000);
            assertThat(full.lost().records()).isBetween(3_900L, 4_000L);

            disk.hasFree(Long.MAX_VALUE);
            assertThat(journal.flush(PATIENCE)).isTrue();
            assertThat(readAll(journal)).hasSize((int) (5_000 - full.lost().records()));
        }
    }

    @Test
    void leavesNoEmptySegmentsBehindWhileTheDiskIsFull() throws IOException {
        try (Journal journal = open(LIMITS)) {
            // Room for the head of a segment and a part of the first record, time and again.
            for (int i = 0; i < 20; i++) {
                disk.hasFree(Frames.HEAD.length + 10);
                append(journal, i, i + 1);
                assertThat(journal.flush(Duration.ofMillis(5))).isFalse();
            }
            assertThat(segments()).isLessThanOrEqualTo(1);
            assertThat(journal.state().bytes()).isLessThanOrEqualTo(Frames.HEAD.length);

            disk.hasFree(Long.MAX_VALUE);
            assertThat(journal.flush(PATIENCE)).isTrue();
            assertThat(readAll(journal)).isEqualTo(calls(0, 20));
        }
    }

    @Test
    void countsABatchOnceThatWasHalfWrittenAndCouldNotBeCutOffAtOnce() throws IOException {
        try (Journal journal = open(LIMITS)) {
            append(journal, 0, 1);
            assertThat(journal.flush(PATIENCE)).isTrue();
            disk.failsToTruncate(3);
            disk.hasFree(2_000);
            append(journal, 1, 100);
            assertThat(journal.flush(MOMENT)).isFalse();
            disk.hasFree(Long.MAX_VALUE);
            assertThat(journal.flush(PATIENCE)).isTrue();
        }
        try (Journal again = open(LIMITS)) {
            assertThat(readAll(again)).isEqualTo(calls(0, 100));
        }
    }

    @Test
    void countsRecordsOnceWhoseSegmentCouldNotBeSyncedAtItsEnd() throws IOException {
        JournalLimits small = new JournalLimits(1_000, 1_024, 1 << 22, Duration.ofMillis(1), true);
        try (Journal journal = open(small)) {
            for (int i = 0; i < 200; i += 10) {
                disk.failsToSync(2);
                append(journal, i, i + 10);
                assertThat(journal.flush(PATIENCE)).isTrue();
            }
            assertThat(readAll(journal)).isEqualTo(calls(0, 200));
        }
        try (Journal again = open(small)) {
            assertThat(readAll(again)).isEqualTo(calls(0, 200));
        }
    }

    private static void append(Journal journal, int from, int to) {
        calls(from, to).forEach(journal::append);
    }

    private static List<UsageRecord> calls(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> Samples.call("call-" + i, Samples.NOON.plusMillis(i)))
                .toList();
    }

    private static List<UsageRecord> readAll(Journal journal) throws IOException {
        List<UsageRecord> all = new ArrayList<>();
        Position at = Position.START;
        TextCache cache = new TextCache();
        while (true) {
            Journal.Batch batch = journal.read(at, 1, cache);
            if (batch.records().isEmpty()) return all;
            all.addAll(batch.records());
            at = batch.next();
        }
    }

    private long segments() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(f -> f.toString().endsWith(".jrn")).count();
        }
    }
}
