package dev.sluice.store.settings;

import dev.sluice.settings.Kind;
import dev.sluice.settings.Owner;
import dev.sluice.settings.Resource;
import dev.sluice.settings.Stored;
import dev.sluice.store.secrets.Sealing;
import dev.sluice.store.sql.Batch;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** The table {@code resource}: rows to resources and back, secrets sealed on the way. */
final class ResourceRows {
    private static final String COLUMNS =
            "id, kind, tenant, name, version, owner, created_at, updated_at, revision, sealed_by, body";

    private final Sealing sealing;

    ResourceRows(Sealing sealing) {
        this.sealing = sealing;
    }

    /** Hands out the rows that changed after a revision, ordered by name. */
    void readSince(Connection connection, long revision, Consumer<Stored<?>> rows) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "select " + COLUMNS + " from resource where revision > ? order by kind, tenant, name")) {
            select.setLong(1, revision);
            readAll(select, rows);
        }
    }

    private void readAll(PreparedStatement select, Consumer<Stored<?>> rows) throws SQLException {
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                Kind kind = kind(row.getString(2));
                String id = row.getString(1);
                Resource kept = ResourceForm.read(kind, row.getString(11));
                rows.accept(new Stored<>(
                        id,
                        row.getString(3),
                        row.getLong(5),
                        Owner.valueOf(row.getString(6)),
                        Instant.ofEpochMilli(row.getLong(7)),
                        Instant.ofEpochMilli(row.getLong(8)),
                        sealing.open(id, kind.label(), kept)));
            }
        }
    }

    private static Kind kind(String list) {
        return Kind.ofList(list)
                .orElseThrow(() ->
                        new IllegalStateException("the database holds resources of the unknown kind \"" + list + "\""));
    }

    long count(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select count(*) from resource");
                ResultSet row = select.executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    Set<String> ids(Connection connection) throws SQLException {
        Set<String> ids = new HashSet<>();
        try (PreparedStatement select = connection.prepareStatement("select id from resource");
                ResultSet row = select.executeQuery()) {
            while (row.next()) ids.add(row.getString(1));
        }
        return ids;
    }

    /** Deletions go first: a name may pass from one resource to another within one change. */
    void delete(Connection connection, Iterable<Stored<?>> gone) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("delete from resource where id = ?")) {
            Batch batch = new Batch(delete);
            for (Stored<?> stored : gone) {
                delete.setString(1, stored.id());
                batch.add();
            }
            batch.flush();
        }
    }

    void insert(Connection connection, List<Stored<?>> added, long revision) throws SQLException {
        if (added.isEmpty()) return;
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into resource (" + COLUMNS + ") values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            Batch batch = new Batch(insert);
            for (Stored<?> stored : added) {
                Sealing.Sealed sealed = sealing.seal(stored.id(), stored.spec());
                insert.setString(1, stored.id());
                insert.setString(2, Kind.of(stored.spec()).list());
                insert.setString(3, stored.tenant());
                insert.setString(4, stored.spec().name());
                insert.setLong(5, stored.version());
                insert.setString(6, stored.owner().name());
                insert.setLong(7, stored.createdAt().toEpochMilli());
                insert.setLong(8, stored.updatedAt().toEpochMilli());
                insert.setLong(9, revision);
                insert.setString(10, sealed.keyId());
                insert.setString(11, ResourceForm.write(sealed.resource()));
                batch.add();
            }
            batch.flush();
        }
    }

    /** Whether a row is sealed under a key other than the active one. */
    boolean hasOldSeals(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "select 1 from resource where sealed_by <> '' and sealed_by <> ? limit 1")) {
            select.setString(1, sealing.keys().activeId());
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    /** Brings every row under the active key; neither versions nor the revision change. */
    void reseal(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                        "select " + COLUMNS + " from resource where sealed_by <> '' and sealed_by <> ?");
                PreparedStatement update =
                        connection.prepareStatement("update resource set sealed_by = ?, body = ? where id = ?")) {
            select.setString(1, sealing.keys().activeId());
            List<Stored<?>> rows = new ArrayList<>();
            readAll(select, rows::add);
            for (Stored<?> row : rows) {
                Sealing.Sealed sealed = sealing.seal(row.id(), row.spec());
                update.setString(1, sealed.keyId());
                update.setString(2, ResourceForm.write(sealed.resource()));
                update.setString(3, row.id());
                update.executeUpdate();
            }
        }
    }
}
