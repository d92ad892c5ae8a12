package dev.sluice.store.audit;

import dev.sluice.admin.audit.AuditEntry;
import dev.sluice.admin.audit.AuditLog;
import dev.sluice.settings.Author;
import dev.sluice.store.sql.Batch;
import dev.sluice.store.sql.Database;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The audit log as a table. Each entry's hash covers the entry and the hash before it; both ends of the chain are kept
 * apart, so entries that go missing at either end show as well, other than those that {@link #prune} takes off the
 * old end.
 */
public final class SqlAuditLog implements AuditLog {
    private static final String COLUMNS =
            "sequence, at, tenant, actor, address, action, kind, resource_id, name, before_json, after_json, hash";
    private static final int PAGE = 1_000;

    private final Database database;
    private final Clock clock;

    /** Something to be noted, without its place in the chain. */
    public record Event(
            Instant at,
            String tenant,
            Author author,
            String action,
            String kind,
            String resourceId,
            String name,
            String before,
            String after) {}

    private record End(long sequence, String hash) {}

    public SqlAuditLog(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    @Override
    public void note(Author author, String tenant, String action, String detail) {
        String after = detail.isEmpty() ? "" : "{\"detail\":" + quoted(detail) + "}";
        Event event = new Event(clock.instant(), tenant, author, action, "", "", "", "", after);
        database.write("write the audit log", connection -> {
            append(connection, List.of(event));
            return true;
        });
    }

    /** Adds entries as a part of the transaction that this connection is in. */
    public void append(Connection connection, List<Event> events) throws SQLException {
        End end = end(connection, "newest");
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into audit_entry (" + COLUMNS + ") values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            Batch batch = new Batch(insert);
            for (Event event : events) {
                AuditEntry entry = chained(event, end);
                insert.setLong(1, entry.sequence());
                insert.setLong(2, entry.at().toEpochMilli());
                insert.setString(3, entry.tenant());
                insert.setString(4, entry.actor());
                insert.setString(5, entry.address());
                insert.setString(6, entry.action());
                insert.setString(7, entry.kind());
                insert.setString(8, entry.resourceId());
                insert.setString(9, entry.name());
                insert.setString(10, entry.before());
                insert.setString(11, entry.after());
                insert.setString(12, entry.hash());
                batch.add();
                end = new End(entry.sequence(), entry.hash());
            }
            batch.flush();
        }
        moveEnd(connection, "newest", end);
    }

    private static AuditEntry chained(Event event, End end) {
        AuditEntry entry = new AuditEntry(
                end.sequence() + 1,
                Instant.ofEpochMilli(event.at().toEpochMilli()),
                event.tenant(),
                event.author().name(),
                event.author().address(),
                event.action(),
                event.kind(),
                event.resourceId(),
                event.name(),
                event.before(),
                event.after(),
                "");
        return withHash(entry, hash(end.hash(), entry));
    }

    @Override
    public Page read(Filter filter, int offset, int limit) {
        if (offset < 0) throw new IllegalArgumentException("offset: " + offset + " (expected: >= 0)");
        if (limit < 0) throw new IllegalArgumentException("limit: " + limit + " (expected: >= 0)");
        Condition condition = Condition.of(filter);
        return database.read("read the audit log", connection -> {
            long total;
            try (PreparedStatement count =
                    connection.prepareStatement("select count(*) from audit_entry" + condition.sql())) {
                condition.bind(count);
                try (ResultSet row = count.executeQuery()) {
                    total = row.next() ? row.getLong(1) : 0;
                }
            }
            try (PreparedStatement select = connection.prepareStatement("select " + COLUMNS + " from audit_entry"
                    + condition.sql() + " order by sequence desc limit ? offset ?")) {
                int next = condition.bind(select);
                select.setInt(next, limit);
                select.setInt(next + 1, offset);
                return new Page(entries(select), total);
            }
        });
    }

    /** Walks the chain in pages, each seen together with both ends of the chain. */
    @Override
    public long firstBrokenLink() {
        End previous = new End(0, "");
        while (true) {
            long from = previous.sequence();
            Stretch stretch = database.read("verify the audit log", c -> stretch(c, from));
            if (stretch.deleted().sequence() > from || from == 0) previous = stretch.deleted();
            for (AuditEntry entry : stretch.entries()) {
                boolean fits = entry.sequence() == previous.sequence() + 1
                        && entry.hash().equals(hash(previous.hash(), entry));
                if (!fits) return entry.sequence();
                previous = new End(entry.sequence(), entry.hash());
            }
            if (stretch.entries().size() == PAGE) continue;
            boolean whole = previous.equals(stretch.newest());
            return whole
                    ? -1
                    : Math.min(previous.sequence() + 1, stretch.newest().sequence());
        }
    }

    private record Stretch(End deleted, End newest, List<AuditEntry> entries) {}

    private static Stretch stretch(Connection connection, long after) throws SQLException {
        End deleted = end(connection, "deleted");
        return new Stretch(deleted, end(connection, "newest"), after(connection, Math.max(after, deleted.sequence())));
    }

    /**
     * Deletes entries from before a time, oldest first, in small transactions; the chain stays verifiable from the
     * oldest entry that is left.
     *
     * @return how many were deleted
     */
    public long prune(Instant before) {
        long deleted = 0;
        while (true) {
            int some = database.write("delete old audit entries", c -> pruneSome(c, before.toEpochMilli()));
            deleted += some;
            if (some < PAGE) return deleted;
        }
    }

    private static int pruneSome(Connection connection, long before) throws SQLException {
        End oldest = end(connection, "deleted");
        End last = oldest;
        try (PreparedStatement select = connection.prepareStatement(
                "select sequence, hash, at from audit_entry where sequence > ? order by sequence limit " + PAGE)) {
            select.setLong(1, oldest.sequence());
            try (ResultSet row = select.executeQuery()) {
                while (row.next() && row.getLong(3) < before) last = new End(row.getLong(1), row.getString(2));
            }
        }
        if (last.sequence() == oldest.sequence()) return 0;
        moveEnd(connection, "deleted", last);
        try (PreparedStatement delete = connection.prepareStatement("delete from audit_entry where sequence <= ?")) {
            delete.setLong(1, last.sequence());
            return delete.executeUpdate();
        }
    }

    private static List<AuditEntry> after(Connection connection, long sequence) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "select " + COLUMNS + " from audit_entry where sequence > ? order by sequence limit " + PAGE)) {
            select.setLong(1, sequence);
            return entries(select);
        }
    }

    private static List<AuditEntry> entries(PreparedStatement select) throws SQLException {
        List<AuditEntry> entries = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                entries.add(new AuditEntry(
                        row.getLong(1),
                        Instant.ofEpochMilli(row.getLong(2)),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getString(6),
                        row.getString(7),
                        row.getString(8),
                        row.getString(9),
                        row.getString(10),
                        row.getString(11),
                        row.getString(12)));
            }
        }
        return entries;
    }

    private static End end(Connection connection, String which) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select sequence, hash from audit_end where which = ?")) {
            select.setString(1, which);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? new End(row.getLong(1), row.getString(2)) : new End(0, "");
            }
        }
    }

    private static void moveEnd(Connection connection, String which, End end) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("insert into audit_end (which, sequence, hash) values (?, ?, ?)"
                        + " on conflict (which) do update set sequence = excluded.sequence, hash = excluded.hash")) {
            update.setString(1, which);
            update.setLong(2, end.sequence());
            update.setString(3, end.hash());
            update.executeUpdate();
        }
    }

    private static AuditEntry withHash(AuditEntry e, String hash) {
        return new AuditEntry(
                e.sequence(),
                e.at(),
                e.tenant(),
                e.actor(),
                e.address(),
                e.action(),
                e.kind(),
                e.resourceId(),
                e.name(),
                e.before(),
                e.after(),
                hash);
    }

    /** Texts go in with their lengths, so that none can pass for a part of its neighbour. */
    private static String hash(String previous, AuditEntry entry) {
        MessageDigest digest = sha256();
        for (String text : new String[] {
            previous,
            Long.toString(entry.sequence()),
            Long.toString(entry.at().toEpochMilli()),
            entry.tenant(),
            entry.actor(),
            entry.address(),
            entry.action(),
            entry.kind(),
            entry.resourceId(),
            entry.name(),
            entry.before(),
            entry.after()
        }) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            digest.update(ByteBuffer.allocate(4).putInt(bytes.length).flip());
            digest.update(bytes);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime has no SHA-256", e);
        }
    }

    private static String quoted(String text) {
        StringBuilder out = new StringBuilder(text.length() + 8).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') out.append('\\').append(c);
            else if (c < 0x20) out.append(String.format("\\u%04x", (int) c));
            else out.append(c);
        }
        return out.append('"').toString();
    }

    /** The where clause of a filter and its values. */
    private record Condition(String sql, List<Object> values) {
        static Condition of(Filter filter) {
            List<String> terms = new ArrayList<>();
            List<Object> values = new ArrayList<>();
            if (filter.from() != null) {
                terms.add("at >= ?");
                values.add(filter.from().toEpochMilli());
            }
            if (filter.to() != null) {
                terms.add("at < ?");
                values.add(filter.to().toEpochMilli());
            }
            addText(terms, values, "actor", filter.actor());
            addText(terms, values, "action", filter.action());
            addText(terms, values, "kind", filter.kind());
            addText(terms, values, "name", filter.name());
            return new Condition(terms.isEmpty() ? "" : " where " + String.join(" and ", terms), values);
        }

        private static void addText(List<String> terms, List<Object> values, String column, @Nullable String value) {
            if (value == null || value.isEmpty()) return;
            terms.add(column + " = ?");
            values.add(value);
        }

        /** The number of the first parameter that is still free. */
        int bind(PreparedStatement statement) throws SQLException {
            int next = 1;
            for (Object value : values) statement.setObject(next++, value);
            return next;
        }
    }
}
