package dev.sluice.store.usage;

import dev.sluice.store.sql.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;

/**
 * Deletes usage that has been kept long enough, in small transactions, so that shipping never waits long and nothing
 * goes through memory.
 *
 * @param minutes how long roll-ups by minute are kept
 * @param rest how long everything else is kept
 */
public record Retention(Duration minutes, Duration rest) {
    public static final Retention DEFAULT = new Retention(Duration.ofDays(60), Duration.ofDays(366));

    public Retention {
        if (minutes.isNegative() || minutes.isZero())
            throw new IllegalArgumentException("retention by minute: " + minutes + " (expected: > 0)");
        if (rest.compareTo(minutes) < 0)
            throw new IllegalArgumentException(
                    "retention: " + rest + " (expected: at least that of minutes, " + minutes + ")");
    }

    private static final int ROWS = 1_000;
    private static final int BLOCKS = 50;

    /** @return how many rows were deleted */
    public long prune(Database database, Instant now) {
        long deleted = 0;
        deleted += pruneGrain(database, Grain.MINUTE, now.minus(minutes));
        deleted += pruneGrain(database, Grain.HOUR, now.minus(rest));
        deleted += pruneGrain(database, Grain.DAY, now.minus(rest));
        long before = now.minus(rest).toEpochMilli();
        deleted += prune(
                database,
                "delete from usage_block where (node, segment, start_offset) in"
                        + " (select node, segment, start_offset from usage_block where last_at < ? limit " + BLOCKS
                        + ")",
                before,
                BLOCKS);
        deleted += prune(
                database,
                "delete from usage_job where id in (select id from usage_job where charged_at < ? limit " + ROWS + ")",
                before,
                ROWS);
        // A series outlives its last roll-up by a day, so that none is left without its names.
        deleted += prune(
                database,
                "delete from usage_series where id in (select id from usage_series where used_at < ? and not exists"
                        + " (select 1 from usage_day d where d.series = usage_series.id) limit " + ROWS + ")",
                Grain.DAY.floor(before) - Duration.ofDays(1).toMillis(),
                ROWS);
        return deleted;
    }

    private static long pruneGrain(Database database, Grain grain, Instant before) {
        // Whole days only: an hour's minutes go all together, and a day's hours.
        long cut = Grain.DAY.floor(before.toEpochMilli());
        database.write("delete old usage", connection -> {
            note(connection, grain, cut);
            return true;
        });
        return prune(
                database,
                "delete from " + grain.table() + " where (bucket, series) in (select bucket, series from "
                        + grain.table() + " where bucket < ? limit " + ROWS + ")",
                cut,
                ROWS);
    }

    /** Readers must know first: from then on they do not look at what is being deleted. */
    private static void note(Connection connection, Grain grain, long before) throws SQLException {
        try (PreparedStatement upsert =
                connection.prepareStatement("insert into usage_deleted (grain, before) values (?, ?)"
                        + " on conflict (grain) do update set before = excluded.before")) {
            upsert.setString(1, grain.table());
            upsert.setLong(2, before);
            upsert.executeUpdate();
        }
    }

    private static long prune(Database database, String delete, long before, int most) {
        long deleted = 0;
        while (true) {
            int some = database.write("delete old usage", connection -> {
                try (PreparedStatement statement = connection.prepareStatement(delete)) {
                    statement.setLong(1, before);
                    return statement.executeUpdate();
                }
            });
            deleted += some;
            if (some < most) return deleted;
        }
    }
}
