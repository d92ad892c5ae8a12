package dev.sluice.store.sql;

import dev.sluice.store.sql.StoreException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * The numbered scripts that bring a database to the schema of this version, each applied once and in its own
 * transaction. A script that has been released is never changed; a new one is added.
 */
final class Migrations {
    static final Migrations ALL =
            new Migrations(List.of("V1__settings_audit_usage.sql", "V2__usage_units.sql", "V3__usage_job.sql"));

    private final List<String> scripts;

    /** Scripts beside this class in the order of their versions, the first being version 1. */
    Migrations(List<String> scripts) {
        this.scripts = List.copyOf(scripts);
        for (int i = 0; i < scripts.size(); i++) {
            String start = "V" + (i + 1) + "__";
            if (!scripts.get(i).startsWith(start))
                throw new IllegalArgumentException(
                        "script " + scripts.get(i) + " (expected to start with: " + start + ")");
        }
    }

    void run(Session session, Path file, Duration timeout) throws SQLException {
        int version = version(session, timeout);
        if (version > scripts.size()) {
            throw new StoreException(
                    Reason.NEWER_SCHEMA,
                    "the database " + file + " has schema version " + version
                            + ", this gateway knows only versions up to " + scripts.size()
                            + "; start the newer gateway that wrote it, or restore an older backup",
                    null);
        }
        for (int next = version + 1; next <= scripts.size(); next++) apply(session, next, timeout);
    }

    private static int version(Session session, Duration timeout) throws SQLException {
        session.begin(true, timeout);
        boolean done = false;
        try (Statement statement = session.connection().createStatement()) {
            statement.execute("create table if not exists schema_version (version bigint not null primary key,"
                    + " script text not null, applied_at bigint not null)");
            int version;
            try (ResultSet row = statement.executeQuery("select coalesce(max(version), 0) from schema_version")) {
                version = row.next() ? row.getInt(1) : 0;
            }
            session.commit();
            done = true;
            return version;
        } finally {
            if (!done) session.rollBack();
        }
    }

    private void apply(Session session, int version, Duration timeout) throws SQLException {
        String script = scripts.get(version - 1);
        session.begin(true, timeout);
        boolean done = false;
        try {
            for (String sql : statements(script)) {
                try (Statement statement = session.connection().createStatement()) {
                    statement.execute(sql);
                }
            }
            note(session.connection(), version, script);
            session.commit();
            done = true;
        } finally {
            if (!done) session.rollBack();
        }
    }

    private static void note(Connection connection, int version, String script) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into schema_version (version, script, applied_at) values (?, ?, ?)")) {
            insert.setLong(1, version);
            insert.setString(2, script);
            insert.setLong(3, System.currentTimeMillis());
            insert.executeUpdate();
        }
    }

    /** Scripts are plain statements, each ended by a semicolon at the end of a line. */
    private static List<String> statements(String script) {
        try (InputStream in = Migrations.class.getResourceAsStream(script)) {
            if (in == null) throw new IllegalStateException("the migration " + script + " is missing from this build");
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8).replaceAll("(?m)^\\s*--.*$", "");
            return Arrays.stream(text.split(";\\s*(\n|$)", -1))
                    .map(String::strip)
                    .filter(s -> !s.isEmpty())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("the migration " + script + " cannot be read", e);
        }
    }
}
