package dev.sluice.store.usage;

import dev.sluice.store.journal.Position;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The tables {@code usage_block} and {@code journal_position}: what was shipped, and how far. */
final class Blocks {
    private Blocks() {}

    /** Where a block stands among all; blocks are read in this order. */
    record Key(long firstAt, String node, Position start) {}

    record Found(Key key, Block block) {}

    static void insert(Connection connection, String node, Position start, Block block) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into usage_block (node, segment, start_offset, first_at, last_at, records, body)"
                        + " values (?, ?, ?, ?, ?, ?, ?)")) {
            insert.setString(1, node);
            insert.setLong(2, start.segment());
            insert.setLong(3, start.offset());
            insert.setLong(4, block.firstAt());
            insert.setLong(5, block.lastAt());
            insert.setLong(6, block.records());
            insert.setBytes(7, block.body());
            insert.executeUpdate();
        }
    }

    /** Some blocks that may hold calls begun in a range of time, after a key or from the beginning. */
    static List<Found> find(Connection connection, long from, long to, Key after, int limit) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "select first_at, last_at, records, node, segment, start_offset, body from usage_block"
                        + " where last_at >= ? and first_at < ? and (first_at, node, segment, start_offset) > (?, ?, ?, ?)"
                        + " order by first_at, node, segment, start_offset limit ?")) {
            select.setLong(1, from);
            select.setLong(2, to);
            select.setLong(3, after.firstAt());
            select.setString(4, after.node());
            select.setLong(5, after.start().segment());
            select.setLong(6, after.start().offset());
            select.setInt(7, limit);
            List<Found> found = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    Position start = new Position(row.getLong(5), row.getLong(6));
                    found.add(new Found(
                            new Key(row.getLong(1), row.getString(4), start),
                            new Block(row.getLong(1), row.getLong(2), row.getInt(3), row.getBytes(7))));
                }
            }
            return found;
        }
    }

    static Position position(Connection connection, String node) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select segment, next_offset from journal_position where node = ?")) {
            select.setString(1, node);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? new Position(row.getLong(1), row.getLong(2)) : Position.START;
            }
        }
    }

    static void advance(Connection connection, String node, Position to, long now) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement(
                "insert into journal_position (node, segment, next_offset, updated_at) values (?, ?, ?, ?)"
                        + " on conflict (node) do update set segment = excluded.segment,"
                        + " next_offset = excluded.next_offset, updated_at = excluded.updated_at")) {
            upsert.setString(1, node);
            upsert.setLong(2, to.segment());
            upsert.setLong(3, to.offset());
            upsert.setLong(4, now);
            upsert.executeUpdate();
        }
    }
}
