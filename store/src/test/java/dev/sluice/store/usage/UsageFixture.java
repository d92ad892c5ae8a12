package dev.sluice.store.usage;

import dev.sluice.store.Samples;
import dev.sluice.store.journal.Journal;
import dev.sluice.store.journal.JournalLimits;
import dev.sluice.store.sql.Database;
import dev.sluice.traffic.usage.UsageQuery;
import dev.sluice.traffic.usage.UsageRecord;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A journal, a database and a shipper that ships when it is told to. */
final class UsageFixture implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Clock CLOCK = Clock.fixed(Samples.NOON, ZoneOffset.UTC);

    final Database database;
    final Journal journal;
    final Shipper shipper;
    final SqlUsageReports reports;
    final CallDetails calls;

    UsageFixture(Path directory, Consumer<Shipper.Step> steps) {
        this(directory, directory.resolve("journal"), steps);
    }

    /** With a journal elsewhere, as that of another node. */
    UsageFixture(Path directory, Path journals) {
        this(directory, journals, _ -> {});
    }

    private UsageFixture(Path directory, Path journals, Consumer<Shipper.Step> steps) {
        database = new Database(directory.resolve("test.db"), Duration.ofMillis(50), Duration.ofSeconds(20));
        journal = Journal.open(
                journals,
                new JournalLimits(1_000_000, 1 << 16, 1L << 30, Duration.ofMillis(5), false),
                CLOCK,
                List.of());
        shipper = new Shipper(journal, database, CLOCK, steps);
        reports = new SqlUsageReports(database);
        calls = new CallDetails(database);
    }

    UsageFixture(Path directory) {
        this(directory, _ -> {});
    }

    void append(Iterable<UsageRecord> records) {
        records.forEach(journal::append);
        if (!journal.flush(PATIENCE)) throw new IllegalStateException("the journal was not flushed");
    }

    void ship(Iterable<UsageRecord> records) {
        append(records);
        shipper.shipNow(PATIENCE);
    }

    long count() {
        return reports.query(new UsageQuery(Instant.EPOCH, Instant.parse("2100-01-01T00:00:00Z"), List.of(), Map.of()))
                .getFirst()
                .calls();
    }

    long inputTokens() {
        return reports.query(new UsageQuery(Instant.EPOCH, Instant.parse("2100-01-01T00:00:00Z"), List.of(), Map.of()))
                .getFirst()
                .inputTokens();
    }

    List<UsageRecord> details(Instant from, Instant to) {
        List<UsageRecord> found = new ArrayList<>();
        calls.visit(from, to, _ -> true, found::add);
        return found;
    }

    List<UsageRecord> details() {
        return details(Instant.EPOCH, Instant.parse("2100-01-01T00:00:00Z"));
    }

    @Override
    public void close() {
        journal.close();
        shipper.close();
        database.close();
    }
}
