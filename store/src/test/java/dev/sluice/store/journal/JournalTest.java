package dev.sluice.store.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.store.Samples;
import dev.sluice.traffic.usage.UsageRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    private static final Clock CLOCK = Clock.fixed(Samples.NOON, ZoneOffset.UTC);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final JournalLimits SMALL = new JournalLimits(100_000, 4_096, 1 << 20, Duration.ofMillis(5), false);

    @TempDir
    Path directory;

    private Journal open(JournalLimits limits, List<Consumer<List<UsageRecord>>> observers) {
        return Journal.open(directory, limits, CLOCK, observers);
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

    private List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(f -> f.toString().endsWith(".jrn")).sorted().toList();
        }
    }

    @Test
    void readsWhatWasAppendedInOrderOverManySegments() throws IOException {
        try (Journal journal = open(SMALL, List.of())) {
            for (int i = 0; i < 500; i += 10) {
                calls(i, i + 10).forEach(journal::append);
                assertThat(journal.flush(PATIENCE)).isTrue();
            }
            assertThat(readAll(journal)).isEqualTo(calls(0, 500));
            assertThat(segments().size()).isGreaterThan(10);
            assertThat(journal.state().queued()).isZero();
        }
    }

    @Test
    void keepsEverythingOverARestart() throws IOException {
        String node;
        try (Journal journal = open(SMALL, List.of())) {
            calls(0, 100).forEach(journal::append);
            node = journal.node();
        }
        try (Journal journal = open(SMALL, List.of())) {
            assertThat(journal.node()).isEqualTo(node);
            assertThat(readAll(journal)).isEqualTo(calls(0, 100));
            calls(100, 120).forEach(journal::append);
            journal.flush(PATIENCE);
            assertThat(readAll(journal)).isEqualTo(calls(0, 120));
        }
    }

    @Test
    void passesOverATornTailAndADamagedRecordAfterARestart() throws IOException {
        try (Journal journal = open(SMALL, List.of())) {
            calls(0, 10).forEach(journal::append);
        }
        Path segment = segments().getFirst();
        byte[] bytes = Files.readAllBytes(segment);
        bytes[bytes.length / 2] ^= 1;
        Files.write(segment, bytes);
        Files.write(segment, new byte[] {(byte) 0xa5, 1, 2, 3}, StandardOpenOption.APPEND);

        try (Journal journal = open(SMALL, List.of())) {
            calls(10, 12).forEach(journal::append);
            journal.flush(PATIENCE);

            List<UsageRecord> found = readAll(journal);

            assertThat(found).hasSize(11).isSubsetOf(calls(0, 12)).containsAll(calls(10, 12));
            assertThat(journal.state().damagedBytes()).isGreaterThan(4);
        }
    }

    @Test
    void deletesSegmentsOnlyWhenTheyAreWhollyShipped() throws IOException {
        try (Journal journal = open(SMALL, List.of())) {
            for (int i = 0; i < 100; i += 10) {
                calls(i, i + 10).forEach(journal::append);
                journal.flush(PATIENCE);
            }
            List<Path> before = segments();
            Journal.Batch first = journal.read(Position.START, 1, new TextCache());

            journal.shipped(first.start());
            assertThat(segments()).isEqualTo(before);

            Position middle = new Position(number(before.get(3)), 100);
            journal.shipped(middle);
            assertThat(segments()).isEqualTo(before.subList(3, before.size()));

            journal.shipped(new Position(number(before.getLast()), Long.MAX_VALUE));
            assertThat(segments()).containsExactly(before.getLast());
            assertThat(journal.state().bytes()).isEqualTo(Files.size(before.getLast()));
        }
    }

    private static long number(Path segment) {
        return Long.parseLong(segment.getFileName().toString().replace(".jrn", ""));
    }

    @Test
    void numbersSegmentsUpwardsWhenTheClockIsSetBack() throws IOException {
        try (Journal journal = open(SMALL, List.of())) {
            calls(0, 10).forEach(journal::append);
            journal.flush(PATIENCE);
            journal.shipped(new Position(Long.MAX_VALUE, 0));
        }
        Clock earlier = Clock.offset(CLOCK, Duration.ofDays(-1));
        Position shipped = new Position(
                number(segments().getFirst()), Files.size(segments().getFirst()));
        try (Journal journal = Journal.open(directory, SMALL, earlier, List.of())) {
            calls(10, 12).forEach(journal::append);
            journal.flush(PATIENCE);

            assertThat(journal.read(shipped, 1, new TextCache()).records()).isEqualTo(calls(10, 12));
        }
    }

    @Test
    void takesRecordsFromManyThreadsWithoutLosingAny() throws Exception {
        int threads = 8;
        int each = 5_000;
        Set<String> observed = new HashSet<>();
        try (Journal journal = open(
                        new JournalLimits(100_000, 1 << 20, 1 << 27, Duration.ofMillis(5), false),
                        List.of(batch -> batch.forEach(r -> observed.add(r.id()))));
                ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            CountDownLatch start = new CountDownLatch(1);
            List<Future<?>> appending = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                int first = t * each;
                appending.add(pool.submit(() -> {
                    start.await();
                    calls(first, first + each).forEach(journal::append);
                    return true;
                }));
            }
            start.countDown();
            for (Future<?> one : appending) one.get();
            assertThat(journal.flush(PATIENCE)).isTrue();

            List<UsageRecord> read = readAll(journal);
            assertThat(read).hasSize(threads * each);
            assertThat(new HashSet<>(read)).isEqualTo(new HashSet<>(calls(0, threads * each)));
            assertThat(observed).hasSize(threads * each);
            assertThat(journal.state().lost().records()).isZero();
        }
    }

    @Test
    void countsWhatDoesNotFitIntoTheQueueAndKeepsTheRest() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Consumer<List<UsageRecord>> slow = _ -> {
            busy.countDown();
            try {
                release.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        try (Journal journal =
                open(new JournalLimits(10, 4_096, 1 << 20, Duration.ofMillis(5), false), List.of(slow))) {
            journal.append(calls(0, 1).getFirst());
            assertThat(busy.await(20, TimeUnit.SECONDS)).isTrue();

            calls(1, 16).forEach(journal::append);

            JournalState full = journal.state();
            assertThat(full.queued()).isEqualTo(10);
            assertThat(full.lost()).isEqualTo(new JournalState.Lost(5, 500, 100, 5 * 140));
            release.countDown();
            journal.flush(PATIENCE);
            assertThat(readAll(journal)).isEqualTo(calls(0, 11));
        }
    }

    @Test
    void countsWhatDoesNotFitOnTheDiskButStillTellsTheObservers() throws IOException {
        List<String> observed = new ArrayList<>();
        try (Journal journal = open(
                new JournalLimits(100_000, 4_096, 8_192, Duration.ofMillis(5), false),
                List.of(batch -> batch.forEach(r -> observed.add(r.id()))))) {
            for (int i = 0; i < 200; i += 10) {
                calls(i, i + 10).forEach(journal::append);
                journal.flush(PATIENCE);
            }
            int kept = readAll(journal).size();
            JournalState state = journal.state();
            assertThat(state.bytes()).isLessThanOrEqualTo(8_192);
            assertThat(state.fill()).isGreaterThan(0.9);
            assertThat(kept).isBetween(20, 100);
            assertThat(state.lost().records()).isEqualTo(200 - kept);
            assertThat(observed).hasSize(200);

            journal.shipped(new Position(Long.MAX_VALUE, 0));
            calls(200, 210).forEach(journal::append);
            journal.flush(PATIENCE);
            assertThat(readAll(journal)).containsAll(calls(200, 210));
        }
    }

    @Test
    void keepsRecordsInMemoryWhileTheDirectoryIsAway() throws IOException {
        Path inner = directory.resolve("journal");
        Path away = directory.resolve("away");
        try (Journal journal = Journal.open(inner, SMALL, CLOCK, List.of())) {
            Files.move(inner, away);
            calls(0, 10).forEach(journal::append);
            assertThat(journal.flush(Duration.ofMillis(100))).isFalse();
            assertThat(journal.state().problem()).isPresent();

            Files.move(away, inner);
            assertThat(journal.flush(PATIENCE)).isTrue();

            assertThat(journal.state().problem()).isEmpty();
            assertThat(readAll(journal)).isEqualTo(calls(0, 10));
            assertThat(journal.state().lost().records()).isZero();
        }
    }

    @Test
    void isNotHarmedByAnObserverThatFails() throws IOException {
        List<String> observed = new ArrayList<>();
        Consumer<List<UsageRecord>> failing = _ -> {
            throw new IllegalStateException("a bug in an observer");
        };
        Consumer<List<UsageRecord>> broken = _ -> {
            throw new AssertionError("a worse bug in an observer");
        };
        try (Journal journal =
                open(SMALL, List.of(failing, broken, batch -> batch.forEach(r -> observed.add(r.id()))))) {
            calls(0, 5).forEach(journal::append);
            assertThat(journal.flush(PATIENCE)).isTrue();
            calls(5, 10).forEach(journal::append);
            assertThat(journal.flush(PATIENCE)).isTrue();

            assertThat(readAll(journal)).isEqualTo(calls(0, 10));
            assertThat(observed).hasSize(10);
        }
    }

    @Test
    void isNotHarmedByARecordThatCannotBeWritten() throws IOException {
        try (Journal journal = open(SMALL, List.of())) {
            UsageRecord broken = Samples.call(null, Samples.NOON);
            journal.append(broken);
            calls(0, 2).forEach(journal::append);
            assertThat(journal.flush(PATIENCE)).isTrue();

            assertThat(readAll(journal)).isEqualTo(calls(0, 2));
            assertThat(journal.state().lost().records()).isEqualTo(1);
        }
    }

    @Test
    void countsWhatIsAppendedAfterItWasClosed() {
        Journal journal = open(SMALL, List.of());
        journal.close();

        journal.append(calls(0, 1).getFirst());

        assertThat(journal.state().lost().records()).isEqualTo(1);
        assertThat(journal.flush(Duration.ofMillis(1))).isFalse();
    }
}
