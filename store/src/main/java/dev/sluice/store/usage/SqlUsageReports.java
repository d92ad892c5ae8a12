package dev.sluice.store.usage;

import dev.sluice.store.sql.Database;
import dev.sluice.traffic.usage.UsageQuery;
import dev.sluice.traffic.usage.UsageQuery.Dimension;
import dev.sluice.traffic.usage.UsageReports;
import dev.sluice.traffic.usage.UsageRow;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers from the roll-ups. A range is tiled by whole days, at its edges by whole hours and at theirs by minutes, so
 * each call is counted by exactly one table. Where the minutes of an edge are deleted already, the edge widens to the
 * hour.
 */
public final class SqlUsageReports implements UsageReports {
    private static final long END_OF_TIME = Long.MAX_VALUE / 4;

    private final Database database;

    public SqlUsageReports(Database database) {
        this.database = database;
    }

    /** A part of a range and the table that answers for it. */
    record Tile(Grain grain, long from, long to) {}

    @Override
    public List<UsageRow> query(UsageQuery query) {
        Selection selection = Selection.of(query);
        if (selection.impossible()) return List.of();
        return database.read("read usage", connection -> {
            long from = query.from().toEpochMilli();
            long to = query.to().toEpochMilli();
            Map<List<String>, Totals> groups = new HashMap<>();
            for (Tile tile : tiles(from, to, selection.coarsest(), minutesSince(connection))) {
                selection.add(connection, tile, groups);
            }
            return rows(query.groupBy(), groups);
        });
    }

    @Override
    public Map<String, Long> tokensByApiKeySince(Instant from) {
        Selection selection = new Selection(List.of("s.api_key_id"), "", List.of(), Grain.DAY, false);
        return database.read("read usage", connection -> {
            Map<List<String>, Totals> groups = new HashMap<>();
            for (Tile tile : tiles(from.toEpochMilli(), END_OF_TIME, Grain.DAY, minutesSince(connection))) {
                selection.add(connection, tile, groups);
            }
            Map<String, Long> tokens = new HashMap<>();
            groups.forEach((key, totals) -> {
                long sum = totals.sum(Selection.INPUT) + totals.sum(Selection.OUTPUT);
                if (!key.getFirst().isEmpty()) tokens.put(key.getFirst(), sum);
            });
            return Map.copyOf(tokens);
        });
    }

    /** The beginning of the minutes that are still kept. */
    private static long minutesSince(Connection connection) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select before from usage_deleted where grain = 'usage_minute'")) {
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getLong(1) : Long.MIN_VALUE;
            }
        }
    }

    /**
     * Tiles a range without gaps and overlaps.
     *
     * @param coarsest the longest bucket that may be used
     */
    static List<Tile> tiles(long from, long to, Grain coarsest, long minutesSince) {
        long start = (from < minutesSince ? Grain.HOUR : Grain.MINUTE).floor(from);
        long end = (to < minutesSince ? Grain.HOUR : Grain.MINUTE).ceiling(to);
        List<Tile> tiles = new ArrayList<>();
        tile(tiles, coarsest, start, end);
        return tiles;
    }

    private static void tile(List<Tile> tiles, Grain grain, long from, long to) {
        if (from >= to) return;
        if (grain == Grain.MINUTE) {
            tiles.add(new Tile(grain, from, to));
            return;
        }
        Grain finer = grain == Grain.DAY ? Grain.HOUR : Grain.MINUTE;
        long first = grain.ceiling(from);
        long last = grain.floor(to);
        if (first >= last) {
            tile(tiles, finer, from, to);
            return;
        }
        tile(tiles, finer, from, first);
        tiles.add(new Tile(grain, first, last));
        tile(tiles, finer, last, to);
    }

    private static List<UsageRow> rows(List<Dimension> groupBy, Map<List<String>, Totals> groups) {
        if (groupBy.isEmpty() && groups.isEmpty()) groups.put(List.of(), new Totals());
        List<UsageRow> rows = new ArrayList<>(groups.size());
        groups.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(SqlUsageReports::compare))
                .forEach(group -> rows.add(row(groupBy, group.getKey(), group.getValue())));
        return List.copyOf(rows);
    }

    private static int compare(List<String> a, List<String> b) {
        for (int i = 0; i < a.size(); i++) {
            int order = Comparator.<String>naturalOrder().compare(a.get(i), b.get(i));
            if (order != 0) return order;
        }
        return 0;
    }

    private static UsageRow row(List<Dimension> groupBy, List<String> values, Totals totals) {
        Map<Dimension, String> groups = new EnumMap<>(Dimension.class);
        for (int i = 0; i < groupBy.size(); i++) groups.put(groupBy.get(i), values.get(i));
        return new UsageRow(
                groups,
                totals.sum(Selection.CALLS),
                totals.sum(Selection.FAILED),
                totals.sum(Selection.INPUT),
                totals.sum(Selection.CACHED),
                totals.sum(Selection.CACHE_WRITTEN),
                totals.sum(Selection.OUTPUT),
                totals.sum(Selection.REASONING),
                totals.sum(Selection.IMAGES),
                totals.sum(Selection.AUDIO),
                totals.sum(Selection.CHARACTERS),
                totals.sum(Selection.VIDEO),
                totals.sum(Selection.COST));
    }

    /**
     * What a query selects and groups by, in SQL.
     *
     * @param keys expressions of the groups
     * @param coarsest the longest bucket that is fine enough for groups and filters
     * @param impossible whether a filter excludes everything
     */
    private record Selection(List<String> keys, String where, List<Object> values, Grain coarsest, boolean impossible) {
        static final int CALLS = Totals.COLUMNS.indexOf("calls");
        static final int FAILED = Totals.COLUMNS.indexOf("failed_calls");
        static final int INPUT = Totals.COLUMNS.indexOf("input_tokens");
        static final int CACHED = Totals.COLUMNS.indexOf("cached_input_tokens");
        static final int CACHE_WRITTEN = Totals.COLUMNS.indexOf("cache_written_tokens");
        static final int OUTPUT = Totals.COLUMNS.indexOf("output_tokens");
        static final int REASONING = Totals.COLUMNS.indexOf("reasoning_tokens");
        static final int IMAGES = Totals.COLUMNS.indexOf("images");
        static final int AUDIO = Totals.COLUMNS.indexOf("audio_millis");
        static final int CHARACTERS = Totals.COLUMNS.indexOf("characters");
        static final int VIDEO = Totals.COLUMNS.indexOf("video_millis");
        static final int COST = Totals.COLUMNS.indexOf("cost_micros");

        private static final String HOUR = "(u.bucket / 3600000) * 3600000";
        private static final String DAY = "(u.bucket / 86400000) * 86400000";

        static Selection of(UsageQuery query) {
            Grain coarsest = Grain.DAY;
            List<String> keys = new ArrayList<>();
            for (Dimension dimension : query.groupBy()) {
                keys.add(expression(dimension));
                if (dimension == Dimension.HOUR) coarsest = Grain.HOUR;
            }
            StringBuilder where = new StringBuilder();
            List<Object> values = new ArrayList<>();
            boolean impossible = false;
            for (Map.Entry<Dimension, String> filter : query.filters().entrySet()) {
                Object value = value(filter.getKey(), filter.getValue());
                if (filter.getKey() == Dimension.HOUR) coarsest = Grain.HOUR;
                if (value == null) impossible = true;
                else {
                    where.append(" and ").append(expression(filter.getKey())).append(" = ?");
                    values.add(value);
                }
            }
            return new Selection(keys, where.toString(), values, coarsest, impossible);
        }

        /** Users and endpoints are not counted by; all calls are in the group of the empty name. */
        private static String expression(Dimension dimension) {
            return switch (dimension) {
                case TENANT -> "s.tenant";
                case USER, ENDPOINT -> "''";
                case API_KEY -> "s.api_key";
                case CONSUMER -> "s.consumer";
                case MODEL_API -> "s.model_api";
                case SERVICE -> "s.service";
                case PROVIDER -> "s.provider";
                case MODEL -> "s.model";
                case CURRENCY -> "s.currency";
                case DAY -> DAY;
                case HOUR -> HOUR;
            };
        }

        /** The value that a filter compares with; null when nothing can equal it. */
        private static @Nullable Object value(Dimension dimension, String text) {
            try {
                return switch (dimension) {
                    case DAY ->
                        LocalDate.parse(text)
                                .atStartOfDay(ZoneOffset.UTC)
                                .toInstant()
                                .toEpochMilli();
                    case HOUR -> Instant.parse(text).toEpochMilli();
                    case TENANT, USER, ENDPOINT, API_KEY, CONSUMER, MODEL_API, SERVICE, PROVIDER, MODEL, CURRENCY ->
                        text;
                };
            } catch (DateTimeParseException _) {
                return null;
            }
        }

        void add(Connection connection, Tile tile, Map<List<String>, Totals> groups) throws SQLException {
            StringBuilder sql = new StringBuilder("select ");
            for (String key : keys) sql.append(key).append(", ");
            List<String> sums =
                    Totals.COLUMNS.stream().map(c -> "sum(u." + c + ")").toList();
            sql.append(String.join(", ", sums))
                    .append(" from ")
                    .append(tile.grain().table());
            sql.append(" u join usage_series s on s.id = u.series where u.bucket >= ? and u.bucket < ?")
                    .append(where);
            if (!keys.isEmpty()) {
                // By position: a constant expression may not be grouped by on every database.
                sql.append(" group by ");
                for (int i = 1; i <= keys.size(); i++)
                    sql.append(i == 1 ? "" : ", ").append(i);
            }
            try (PreparedStatement select = connection.prepareStatement(sql.toString())) {
                select.setLong(1, tile.from());
                select.setLong(2, tile.to());
                for (int i = 0; i < values.size(); i++) select.setObject(3 + i, values.get(i));
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) add(row, groups);
                }
            }
        }

        private void add(ResultSet row, Map<List<String>, Totals> groups) throws SQLException {
            List<String> key = new ArrayList<>(keys.size());
            for (int i = 0; i < keys.size(); i++) key.add(text(keys.get(i), row, i + 1));
            Totals totals = groups.computeIfAbsent(List.copyOf(key), _ -> new Totals());
            for (int i = 0; i < Totals.COLUMNS.size(); i++) totals.add(i, row.getLong(keys.size() + 1 + i));
        }

        private static String text(String key, ResultSet row, int column) throws SQLException {
            if (key.equals(HOUR))
                return Instant.ofEpochMilli(row.getLong(column)).toString();
            if (key.equals(DAY)) {
                return Instant.ofEpochMilli(row.getLong(column))
                        .atZone(ZoneOffset.UTC)
                        .toLocalDate()
                        .toString();
            }
            return row.getString(column);
        }
    }
}
