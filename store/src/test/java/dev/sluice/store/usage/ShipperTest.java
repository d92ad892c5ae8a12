package dev.sluice.store.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.store.Samples;
import dev.sluice.store.sql.StoreException;
import dev.sluice.store.usage.Shipper.Step;
import dev.sluice.traffic.usage.JobMemory;
import dev.sluice.traffic.usage.UsageRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ShipperTest {
    @TempDir
    Path directory;

    private static List<UsageRecord> calls(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> Samples.call("call-" + i, Samples.NOON.plusSeconds(i % 7_000)))
                .toList();
    }

    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** Dies the first time that it comes to a step. */
    private static Consumer<Step> dyingAt(Step deadly) {
        AtomicInteger times = new AtomicInteger();
        return step -> {
            if (step == deadly && times.getAndIncrement() == 0) throw new Killed();
        };
    }

    @Test
    void bringsEachCallIntoRollUpsAndDetails() {
        try (UsageFixture usage = new UsageFixture(directory)) {
            usage.ship(calls(0, 100));
            usage.ship(calls(100, 150));

            assertThat(usage.count()).isEqualTo(150);
            assertThat(new HashSet<>(usage.details())).isEqualTo(new HashSet<>(calls(0, 150)));
        }
    }

    @Test
    void aBatchThatTookLongIsFollowedByASmallerOne() {
        int most = 2 << 20;
        assertThat(Shipper.nextBatchBytes(most, TimeUnit.MILLISECONDS.toNanos(300)))
                .isEqualTo(most / 2);
        assertThat(Shipper.nextBatchBytes(most / 32, TimeUnit.SECONDS.toNanos(3)))
                .isEqualTo(most / 32);
        assertThat(Shipper.nextBatchBytes(most / 2, TimeUnit.MILLISECONDS.toNanos(50)))
                .isEqualTo(most / 2);
        assertThat(Shipper.nextBatchBytes(most / 2, TimeUnit.MILLISECONDS.toNanos(3)))
                .isEqualTo(most);
        assertThat(Shipper.nextBatchBytes(most, TimeUnit.MILLISECONDS.toNanos(3)))
                .isEqualTo(most);
    }

    @Test
    void shipsNothingTwice() {
        try (UsageFixture usage = new UsageFixture(directory)) {
            usage.ship(calls(0, 10));
            usage.shipper.shipNow(UsageFixture.PATIENCE);
            assertThat(usage.count()).isEqualTo(10);
        }
        try (UsageFixture usage = new UsageFixture(directory)) {
            usage.shipper.shipNow(UsageFixture.PATIENCE);
            assertThat(usage.count()).isEqualTo(10);
            assertThat(usage.details()).hasSize(10);
        }
    }

    private static UsageRecord job(String name) {
        return Samples.call(JobMemory.recordId("t", "s", name, ""), Samples.NOON);
    }

    @Test
    void countsAJobOnceHoweverOftenAndWhereverItIsTold() {
        try (UsageFixture usage = new UsageFixture(directory)) {
            usage.ship(List.of(job("a"), job("a"), Samples.call("call-1", Samples.NOON), job("b")));
            usage.ship(List.of(job("a")));
            usage.ship(List.of(Samples.call("call-2", Samples.NOON), job("b"), job("c")));
        }
        // Another node has its own journal.
        try (UsageFixture usage = new UsageFixture(directory, directory.resolve("other"))) {
            usage.ship(List.of(job("c"), job("d")));

            assertThat(usage.count()).as("a job is no call").isEqualTo(2);
            assertThat(usage.details())
                    .containsExactlyInAnyOrder(
                            Samples.call("call-1", Samples.NOON),
                            Samples.call("call-2", Samples.NOON),
                            job("a"),
                            job("b"),
                            job("c"),
                            job("d"));
            assertThat(usage.inputTokens())
                    .isEqualTo(6 * Samples.call("call-1", Samples.NOON).usage().inputTokens());
        }
    }

    @ParameterizedTest
    @EnumSource(Step.class)
    void countsAJobOnceWhenItIsKilledAt(Step step) {
        try (UsageFixture usage = new UsageFixture(directory, dyingAt(step))) {
            usage.append(List.of(job("a"), Samples.call("call-1", Samples.NOON)));
            assertThatThrownBy(() -> usage.shipper.shipNow(UsageFixture.PATIENCE))
                    .isInstanceOf(Killed.class);
        }
        try (UsageFixture usage = new UsageFixture(directory)) {
            usage.ship(List.of(job("a")));
            assertThat(usage.details()).containsExactlyInAnyOrder(job("a"), Samples.call("call-1", Samples.NOON));
        }
    }

    @ParameterizedTest
    @EnumSource(Step.class)
    void countsEachCallOnceWhenItIsKilledAt(Step step) {
        try (UsageFixture usage = new UsageFixture(directory, dyingAt(step))) {
            usage.append(calls(0, 50));
            assertThatThrownBy(() -> usage.shipper.shipNow(UsageFixture.PATIENCE))
                    .isInstanceOf(Killed.class);
        }
        try (UsageFixture usage = new UsageFixture(directory)) {
            usage.ship(calls(50, 60));

            assertThat(usage.count()).isEqualTo(60);
            assertThat(new HashSet<>(usage.details())).isEqualTo(new HashSet<>(calls(0, 60)));
            assertThat(usage.details()).hasSize(60);
        }
    }

    @ParameterizedTest
    @EnumSource(Step.class)
    void countsEachCallOnceWhenItGoesOnAfterAFailureAt(Step step) {
        try (UsageFixture usage = new UsageFixture(directory, dyingAt(step))) {
            usage.append(calls(0, 50));
            assertThatThrownBy(() -> usage.shipper.shipNow(UsageFixture.PATIENCE))
                    .isInstanceOf(Killed.class);

            usage.ship(calls(50, 60));

            assertThat(usage.count()).isEqualTo(60);
            assertThat(usage.details()).hasSize(60);
        }
    }

    @Test
    void keepsTheJournalWhileTheDatabaseIsLockedAndCatchesUp() throws SQLException, IOException {
        try (UsageFixture usage = new UsageFixture(directory)) {
            usage.ship(calls(0, 10));
            try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("test.db"));
                    Statement statement = other.createStatement()) {
                statement.execute("begin immediate");
                usage.append(calls(10, 3_000));
                for (int i = 0; i < 3; i++) {
                    assertThatThrownBy(() -> usage.shipper.shipNow(UsageFixture.PATIENCE))
                            .isInstanceOf(StoreException.class)
                            .hasMessageContaining("locked by another process");
                }
                assertThat(usage.count()).isEqualTo(10);
                statement.execute("rollback");
            }
            usage.ship(calls(3_000, 3_010));

            assertThat(usage.count()).isEqualTo(3_010);
            try (var files = Files.list(directory.resolve("journal"))) {
                assertThat(files.filter(f -> f.toString().endsWith(".jrn"))).hasSize(1);
            }
        }
    }

    @Test
    void beginsAnewWhenTheDatabaseWasReplacedByAnEmptyOne() throws IOException {
        try (UsageFixture usage = new UsageFixture(directory)) {
            usage.ship(calls(0, 10));
        }
        for (String name : List.of("test.db", "test.db-wal", "test.db-shm")) {
            Files.deleteIfExists(directory.resolve(name));
        }
        try (UsageFixture usage = new UsageFixture(directory)) {
            usage.ship(calls(10, 20));
            assertThat(usage.details()).containsAll(calls(10, 20));
        }
    }

    @Test
    void shipsNewCallsAfterTheJournalWasEmptiedByHand() throws IOException {
        try (UsageFixture usage = new UsageFixture(directory)) {
            usage.ship(calls(0, 10));
        }
        try (var files = Files.list(directory.resolve("journal"))) {
            for (Path file : files.toList()) Files.delete(file);
        }
        try (UsageFixture usage = new UsageFixture(directory)) {
            usage.ship(calls(10, 20));
            assertThat(usage.count()).isEqualTo(20);
        }
    }

    @Test
    void bringsThreeHundredThousandCallsThrough() {
        try (UsageFixture usage = new UsageFixture(directory)) {
            IntStream.range(0, 300_000)
                    .mapToObj(i -> Samples.call("call-" + i, Samples.NOON.plusMillis(i)))
                    .forEach(usage.journal::append);
            usage.ship(List.of());

            assertThat(usage.count()).isEqualTo(300_000);
            AtomicInteger details = new AtomicInteger();
            usage.calls.visit(
                    Samples.NOON, Samples.NOON.plusMillis(300_000), _ -> true, _ -> details.incrementAndGet() > 0);
            assertThat(details).hasValue(300_000);
            assertThat(usage.journal.state().lost().records()).isZero();
        }
    }

    @Test
    void doesNotMakeARowForEveryModelThatARefusedClientAsksFor() {
        try (UsageFixture usage = new UsageFixture(directory)) {
            usage.ship(IntStream.range(0, 100)
                    .mapToObj(i -> new dev.sluice.traffic.usage.UsageRecord(
                            "r" + i,
                            Samples.NOON.toEpochMilli(),
                            "default",
                            "chat",
                            "chat",
                            "",
                            "",
                            "",
                            "model-" + i,
                            "model-" + i,
                            "",
                            "",
                            "",
                            dev.sluice.protocol.Usage.ZERO,
                            dev.sluice.protocol.Units.NONE,
                            dev.sluice.traffic.usage.Provenance.NONE,
                            0,
                            "",
                            dev.sluice.traffic.usage.Outcome.REFUSED,
                            401,
                            "credentials",
                            0,
                            -1,
                            1,
                            false,
                            10,
                            10,
                            "::1"))
                    .toList());

            long series = usage.database.read("count", c -> {
                try (var select = c.createStatement();
                        var row = select.executeQuery("select count(*) from usage_series")) {
                    return row.next() ? row.getLong(1) : -1;
                }
            });
            assertThat(series).isEqualTo(1);
            assertThat(usage.count()).isEqualTo(100);
        }
    }
}
