package dev.sluice.store.usage;

import dev.sluice.store.sql.Batch;
import dev.sluice.traffic.usage.UsageRecord;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Adds calls to the roll-ups. A batch is summed up in memory first, so that the database is asked once per series and
 * bucket, not once per call. For one thread.
 */
final class RollUps {
    private static final int REMEMBERED = 50_000;

    /** Ids of series, which are hashes and worth remembering. */
    private final Map<Series, Long> ids = new HashMap<>();
    /** The day on which each series was last marked as in use, in a transaction that was committed. */
    private final Map<Long, Long> marked = new HashMap<>();

    private record Cell(long bucket, long series) {}

    /** A batch summed up. */
    static final class Sums {
        private final Map<Long, Series> series = new HashMap<>();
        private final Map<Cell, Totals> minutes = new HashMap<>();
        private long today;
    }

    Sums sum(List<UsageRecord> records, long nowMillis) {
        if (ids.size() > REMEMBERED) ids.clear();
        if (marked.size() > REMEMBERED) marked.clear();
        Sums sums = new Sums();
        sums.today = Grain.DAY.floor(nowMillis);
        for (UsageRecord record : records) {
            Series series = Series.of(record);
            Long id = ids.computeIfAbsent(series, Series::id);
            sums.series.putIfAbsent(id, series);
            Cell cell = new Cell(Grain.MINUTE.floor(record.startedAtMillis()), id);
            sums.minutes.computeIfAbsent(cell, _ -> new Totals()).add(record);
        }
        return sums;
    }

    void write(Connection connection, Sums sums) throws SQLException {
        markSeries(connection, sums);
        upsert(connection, Grain.MINUTE, sums.minutes);
        Map<Cell, Totals> hours = coarser(sums.minutes, Grain.HOUR);
        upsert(connection, Grain.HOUR, hours);
        upsert(connection, Grain.DAY, coarser(hours, Grain.DAY));
    }

    /** To be told once the transaction is committed. */
    void written(Sums sums) {
        for (Long id : sums.series.keySet()) marked.put(id, sums.today);
    }

    private static Map<Cell, Totals> coarser(Map<Cell, Totals> finer, Grain grain) {
        Map<Cell, Totals> result = new HashMap<>();
        finer.forEach((cell, totals) -> result.computeIfAbsent(
                        new Cell(grain.floor(cell.bucket()), cell.series()), _ -> new Totals())
                .add(totals));
        return result;
    }

    private void markSeries(Connection connection, Sums sums) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement("""
                insert into usage_series (id, tenant, model_api, service, provider, model, api_key, api_key_id, consumer,
                    failure, currency, used_at)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                on conflict (id) do update set used_at = excluded.used_at""")) {
            Batch batch = new Batch(upsert);
            for (Map.Entry<Long, Series> entry : sums.series.entrySet()) {
                Long day = marked.get(entry.getKey());
                if (day != null && day == sums.today) continue;
                Series s = entry.getValue();
                upsert.setLong(1, entry.getKey());
                int next = 2;
                for (String text : new String[] {
                    s.tenant(),
                    s.modelApi(),
                    s.service(),
                    s.provider(),
                    s.model(),
                    s.apiKey(),
                    s.apiKeyId(),
                    s.consumer(),
                    s.failure(),
                    s.currency()
                }) {
                    upsert.setString(next++, text);
                }
                upsert.setLong(next, sums.today);
                batch.add();
            }
            batch.flush();
        }
    }

    private static void upsert(Connection connection, Grain grain, Map<Cell, Totals> cells) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement(upsertSql(grain.table()))) {
            Batch batch = new Batch(upsert);
            for (Map.Entry<Cell, Totals> entry : cells.entrySet()) {
                upsert.setLong(1, entry.getKey().bucket());
                upsert.setLong(2, entry.getKey().series());
                for (int i = 0; i < Totals.COLUMNS.size(); i++) {
                    upsert.setLong(3 + i, entry.getValue().sum(i));
                }
                batch.add();
            }
            batch.flush();
        }
    }

    private static String upsertSql(String table) {
        StringBuilder sets = new StringBuilder();
        for (String column : Totals.COLUMNS) {
            if (!sets.isEmpty()) sets.append(", ");
            sets.append(column).append(" = ").append(table).append('.').append(column);
            sets.append(" + excluded.").append(column);
        }
        return "insert into " + table + " (bucket, series, " + String.join(", ", Totals.COLUMNS) + ") values (?, ?"
                + ", ?".repeat(Totals.COLUMNS.size()) + ") on conflict (bucket, series) do update set " + sets;
    }
}
