package dev.sluice.store.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.Units;
import dev.sluice.store.Samples;
import dev.sluice.traffic.usage.Outcome;
import dev.sluice.traffic.usage.UsageQuery;
import dev.sluice.traffic.usage.UsageQuery.Dimension;
import dev.sluice.traffic.usage.UsageRecord;
import dev.sluice.traffic.usage.UsageRow;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqlUsageReportsTest {
    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final Instant END = Instant.parse("2100-01-01T00:00:00Z");

    @TempDir
    Path directory;

    UsageFixture usage;

    @BeforeEach
    void open() {
        if (directory != null) usage = new UsageFixture(directory);
    }

    @AfterEach
    void close() {
        if (usage != null) usage.close();
    }

    private static List<UsageRecord> threeDays() {
        Random random = new Random(7);
        List<UsageRecord> calls = new ArrayList<>();
        for (int i = 0; i < 4_000; i++) {
            Instant at = START.plusMillis(random.nextLong(Duration.ofDays(3).toMillis()));
            boolean failed = i % 10 == 0;
            calls.add(Samples.call(
                    "call-" + i,
                    at,
                    i % 3 == 0 ? "chat" : "embed",
                    "key-" + i % 5,
                    "model-" + i % 4,
                    failed ? Outcome.UPSTREAM_FAILED : Outcome.COMPLETED,
                    failed ? 502 : 200,
                    random.nextInt(1_000),
                    random.nextInt(100)));
        }
        return calls;
    }

    private static UsageQuery query(Instant from, Instant to, Dimension... groupBy) {
        return new UsageQuery(from, to, List.of(groupBy), Map.of());
    }

    @Test
    void tilesAnyRangeExactly() {
        List<UsageRecord> calls = threeDays();
        usage.ship(calls);
        Random random = new Random(8);
        for (int i = 0; i < 60; i++) {
            Instant from = START.plus(Duration.ofMinutes(random.nextInt(4_320)));
            Instant to = from.plus(Duration.ofMinutes(random.nextInt(3_000)));

            UsageRow row = usage.reports.query(query(from, to)).getFirst();

            List<UsageRecord> inside = calls.stream()
                    .filter(c -> c.startedAtMillis() >= from.toEpochMilli() && c.startedAtMillis() < to.toEpochMilli())
                    .toList();
            assertThat(row.calls()).as(from + " to " + to).isEqualTo(inside.size());
            assertThat(row.inputTokens())
                    .isEqualTo(inside.stream()
                            .mapToLong(c -> c.usage().inputTokens())
                            .sum());
            assertThat(row.failedCalls())
                    .isEqualTo(inside.stream().filter(c -> c.status() == 502).count());
            assertThat(row.costMicros())
                    .isEqualTo(
                            inside.stream().mapToLong(UsageRecord::costMicros).sum());
        }
    }

    @Property(tries = 500)
    void tilesLeaveNoGapsAndNoOverlaps(
            @ForAll @LongRange(min = -100_000_000_000L, max = 2_000_000_000_000L) long from,
            @ForAll @LongRange(min = 0, max = 40_000_000_000L) long length) {
        for (Grain coarsest : Grain.values()) {
            List<SqlUsageReports.Tile> tiles = SqlUsageReports.tiles(from, from + length, coarsest, Long.MIN_VALUE);
            long at = Grain.MINUTE.floor(from);
            for (SqlUsageReports.Tile tile : tiles) {
                assertThat(tile.from()).isEqualTo(at);
                assertThat(tile.to()).isGreaterThan(tile.from());
                assertThat(tile.grain().floor(tile.from())).isEqualTo(tile.from());
                assertThat(tile.grain().floor(tile.to())).isEqualTo(tile.to());
                assertThat(tile.grain()).isLessThanOrEqualTo(coarsest);
                at = tile.to();
            }
            assertThat(at).isEqualTo(Math.max(Grain.MINUTE.floor(from), Grain.MINUTE.ceiling(from + length)));
            assertThat(tiles.size()).isLessThanOrEqualTo(5);
        }
    }

    @Test
    void roundsARangeOutwardsToMinutes() {
        usage.ship(List.of(
                Samples.call("a", Instant.parse("2026-03-10T12:00:59.999Z")),
                Samples.call("b", Instant.parse("2026-03-10T12:01:00Z")),
                Samples.call("c", Instant.parse("2026-03-10T12:02:00Z"))));

        Instant from = Instant.parse("2026-03-10T12:00:30Z");
        assertThat(usage.reports
                        .query(query(from, Instant.parse("2026-03-10T12:01:01Z")))
                        .getFirst()
                        .calls())
                .isEqualTo(2);
        assertThat(usage.reports
                        .query(query(from, Instant.parse("2026-03-10T12:01:00Z")))
                        .getFirst()
                        .calls())
                .isEqualTo(1);
    }

    @Test
    void groupsByDimensionsInTheOrderAsked() {
        usage.ship(threeDays());

        List<UsageRow> rows =
                usage.reports.query(query(START, END, Dimension.MODEL_API, Dimension.API_KEY, Dimension.TENANT));

        assertThat(rows).hasSize(10);
        assertThat(rows.getFirst().groups())
                .isEqualTo(
                        Map.of(Dimension.MODEL_API, "chat", Dimension.API_KEY, "key-0", Dimension.TENANT, "default"));
        assertThat(rows.stream().mapToLong(UsageRow::calls).sum()).isEqualTo(4_000);
    }

    @Test
    void groupsByEveryDimension() {
        usage.ship(List.of(Samples.call("a", Samples.NOON)));

        UsageRow row =
                usage.reports.query(query(START, END, Dimension.values())).getFirst();

        assertThat(row.groups())
                .containsEntry(Dimension.TENANT, "default")
                .containsEntry(Dimension.USER, "")
                .containsEntry(Dimension.ENDPOINT, "")
                .containsEntry(Dimension.API_KEY, "key-a")
                .containsEntry(Dimension.CONSUMER, "con-key-a")
                .containsEntry(Dimension.MODEL_API, "chat")
                .containsEntry(Dimension.SERVICE, "openai-main")
                .containsEntry(Dimension.PROVIDER, "openai")
                .containsEntry(Dimension.MODEL, "gpt-4o")
                .containsEntry(Dimension.CURRENCY, "USD")
                .containsEntry(Dimension.DAY, "2026-03-10")
                .containsEntry(Dimension.HOUR, "2026-03-10T12:00:00Z");
        assertThat(row.calls()).isEqualTo(1);
        assertThat(row.failedCalls()).isZero();
        assertThat(row.inputTokens()).isEqualTo(100);
        assertThat(row.cachedInputTokens()).isEqualTo(50);
        assertThat(row.outputTokens()).isEqualTo(20);
        assertThat(row.reasoningTokens()).isEqualTo(5);
        assertThat(row.totalTokens()).isEqualTo(120);
        assertThat(row.costMicros()).isEqualTo(140);
    }

    @Test
    void sumsUpUnitsBesideTokens() {
        usage.ship(List.of(
                Samples.withUnits(Samples.call("a", Samples.NOON), new Units(1, 2_500, 30, 4_000)),
                Samples.withUnits(Samples.call("b", Samples.NOON.plusSeconds(90)), new Units(2, 500, 3, 0)),
                Samples.call("c", Samples.NOON)));

        UsageRow row = usage.reports.query(query(START, END)).getFirst();

        assertThat(row.calls()).isEqualTo(3);
        assertThat(List.of(row.images(), row.audioMillis(), row.characters(), row.videoMillis()))
                .containsExactly(3L, 3_000L, 33L, 4_000L);
    }

    @Test
    void groupsByDayAndHourInUtc() {
        List<UsageRecord> calls = threeDays();
        usage.ship(calls);

        List<UsageRow> days = usage.reports.query(query(START, END, Dimension.DAY));
        assertThat(days)
                .extracting(r -> r.groups().get(Dimension.DAY))
                .containsExactly("2026-03-01", "2026-03-02", "2026-03-03");

        List<UsageRow> hours =
                usage.reports.query(query(START.plusSeconds(1_800), START.plusSeconds(9_000), Dimension.HOUR));
        assertThat(hours)
                .extracting(r -> r.groups().get(Dimension.HOUR))
                .containsExactly("2026-03-01T00:00:00Z", "2026-03-01T01:00:00Z", "2026-03-01T02:00:00Z");
        assertThat(hours.stream().mapToLong(UsageRow::calls).sum())
                .isEqualTo(calls.stream()
                        .filter(c ->
                                c.startedAtMillis() >= START.plusSeconds(1_800).toEpochMilli()
                                        && c.startedAtMillis()
                                                < START.plusSeconds(9_000).toEpochMilli())
                        .count());
    }

    @Test
    void filters() {
        usage.ship(threeDays());

        Map<Dimension, String> filters = Map.of(Dimension.MODEL_API, "chat", Dimension.DAY, "2026-03-02");
        long both = usage.reports
                .query(new UsageQuery(START, END, List.of(), filters))
                .getFirst()
                .calls();
        long expected = threeDays().stream()
                .filter(c -> c.modelApi().equals("chat"))
                .filter(c ->
                        Instant.ofEpochMilli(c.startedAtMillis()).toString().startsWith("2026-03-02"))
                .count();
        assertThat(both).isEqualTo(expected).isPositive();
        assertThat(usage.reports.query(
                        new UsageQuery(START, END, List.of(Dimension.MODEL), Map.of(Dimension.HOUR, "not a time"))))
                .isEmpty();
        assertThat(usage.reports.query(
                        new UsageQuery(START, END, List.of(Dimension.MODEL), Map.of(Dimension.USER, "alice"))))
                .isEmpty();
    }

    @Test
    void answersOneRowOfZeroesForATotalOfNothing() {
        UsageRow row = usage.reports.query(query(START, END)).getFirst();

        assertThat(row.calls()).isZero();
        assertThat(row.totalTokens()).isZero();
        assertThat(usage.reports.query(query(START, END, Dimension.MODEL))).isEmpty();
    }

    @Test
    void countsAsFailedWhatAnUpstreamOrTheGatewayBrokeAndNothingElse() {
        usage.ship(List.of(
                Samples.call("a", Samples.NOON, "chat", "k", "m", Outcome.COMPLETED, 200, 1, 1),
                Samples.call("b", Samples.NOON, "chat", "k", "m", Outcome.REFUSED, 429, 1, 1),
                Samples.call("c", Samples.NOON, "chat", "k", "m", Outcome.CLIENT_LEFT, 499, 1, 1),
                Samples.call("d", Samples.NOON, "chat", "k", "m", Outcome.UPSTREAM_FAILED, 502, 1, 1),
                Samples.call("e", Samples.NOON, "chat", "k", "m", Outcome.UPSTREAM_FAILED, 200, 1, 1),
                Samples.call("f", Samples.NOON, "chat", "k", "m", Outcome.REFUSED, 503, 1, 1)));

        assertThat(usage.reports.query(query(START, END)).getFirst().failedCalls())
                .isEqualTo(3);
    }

    @Test
    void sumsTokensByApiKeyForQuotas() {
        usage.ship(List.of(
                Samples.call("a", Samples.NOON.minusSeconds(60), "chat", "k1", "m", Outcome.COMPLETED, 200, 1, 1),
                Samples.call("b", Samples.NOON, "chat", "k1", "m", Outcome.COMPLETED, 200, 10, 5),
                Samples.call(
                        "c", Samples.NOON.plusSeconds(90_000), "chat", "k1", "m2", Outcome.COMPLETED, 200, 100, 50),
                Samples.call("d", Samples.NOON, "chat", "k2", "m", Outcome.COMPLETED, 200, 7, 0)));

        assertThat(usage.reports.tokensByApiKeySince(Samples.NOON)).isEqualTo(Map.of("id-of-k1", 165L, "id-of-k2", 7L));
    }

    @Test
    void visitsTheCallsOfARange() {
        List<UsageRecord> calls = threeDays();
        for (int i = 0; i < 4_000; i += 100) usage.ship(calls.subList(i, i + 100));
        Instant from = START.plus(Duration.ofHours(5));
        Instant to = START.plus(Duration.ofHours(40));

        List<UsageRecord> found = new ArrayList<>();
        usage.calls.visit(from, to, c -> c.modelApi().equals("chat"), found::add);

        assertThat(found)
                .containsExactlyInAnyOrderElementsOf(calls.stream()
                        .filter(c -> c.modelApi().equals("chat"))
                        .filter(c ->
                                c.startedAtMillis() >= from.toEpochMilli() && c.startedAtMillis() < to.toEpochMilli())
                        .toList());
    }

    @Test
    void stopsVisitingWhenTheVisitorHasSeenEnough() {
        usage.ship(threeDays());
        List<UsageRecord> found = new ArrayList<>();

        usage.calls.visit(START, END, _ -> true, call -> {
            found.add(call);
            return found.size() < 10;
        });

        assertThat(found).hasSize(10);
    }

    @Test
    void deletesMinutesEarlyAndTheRestLaterAndStillTilesOldRanges() {
        List<UsageRecord> calls = threeDays();
        usage.ship(calls);
        Retention retention = new Retention(Duration.ofDays(1), Duration.ofDays(30));
        Instant now = START.plus(Duration.ofDays(3));

        assertThat(retention.prune(usage.database, now)).isPositive();

        // The minutes of the first two days are gone, so an edge there widens to its hour.
        Instant from = START.plus(Duration.ofMinutes(90));
        long expected = calls.stream()
                .filter(c ->
                        c.startedAtMillis() >= START.plus(Duration.ofHours(1)).toEpochMilli())
                .count();
        assertThat(usage.reports.query(query(from, END)).getFirst().calls()).isEqualTo(expected);
        assertThat(usage.count()).isEqualTo(4_000);
        assertThat(usage.details()).hasSize(4_000);

        assertThat(retention.prune(usage.database, now.plus(Duration.ofDays(33))))
                .isPositive();
        assertThat(usage.count()).isZero();
        assertThat(usage.details()).isEmpty();
        assertThat(retention.prune(usage.database, now.plus(Duration.ofDays(33))))
                .isZero();
    }
}
