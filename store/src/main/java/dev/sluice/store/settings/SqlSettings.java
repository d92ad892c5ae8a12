package dev.sluice.store.settings;

import dev.sluice.settings.Author;
import dev.sluice.settings.Kind;
import dev.sluice.settings.Resource;
import dev.sluice.settings.Settings;
import dev.sluice.settings.SettingsDiff;
import dev.sluice.settings.SettingsRepository;
import dev.sluice.settings.Stored;
import dev.sluice.store.audit.SqlAuditLog;
import dev.sluice.store.secrets.Sealing;
import dev.sluice.store.sql.Database;
import dev.sluice.store.sql.StoreException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Settings in the database, with the newest ones also in memory.
 *
 * <p>A change writes only the rows that differ. A look at the revision tells whether another process has changed
 * something meanwhile; then only the rows of later revisions are read. While the database is away {@link #current()}
 * answers from memory.
 */
public final class SqlSettings implements SettingsRepository {
    private final Database database;
    private final ResourceRows rows;
    private final SqlAuditLog audit;
    private final Clock clock;
    private final Consumer<Settings> changed;

    private volatile @Nullable Settings newest;
    private volatile @Nullable Settings saved;
    private volatile boolean sealsChecked;

    /** @param changed is told of settings that were read or made newly, once they are committed */
    public SqlSettings(Database database, Sealing sealing, SqlAuditLog audit, Clock clock, Consumer<Settings> changed) {
        this.database = database;
        this.rows = new ResourceRows(sealing);
        this.audit = audit;
        this.clock = clock;
        this.changed = changed;
    }

    /** Settings to answer with until the database has been read. */
    public void assume(Settings settings) {
        saved = settings;
    }

    /** The newest settings; those known before when the database is away. */
    @Override
    public Settings current() {
        Settings known = newest == null ? saved : newest;
        try {
            if (!sealsChecked) bringSealsUpToDate();
            Settings read = database.read("read the settings", c -> refreshed(c, newest));
            return remember(read, false);
        } catch (StoreException e) {
            if (known != null && e.isOutage()) return known;
            throw e;
        }
    }

    @Override
    public Settings change(Author author, UnaryOperator<Settings> edit) {
        Settings result = database.write("change the settings", connection -> {
            Settings before = refreshed(connection, newest);
            Settings after = edit.apply(before);
            SettingsDiff changes = SettingsDiff.between(before, after);
            if (changes.isEmpty()) return before;
            long revision = before.revision() + 1;
            write(connection, changes, revision);
            writeAudit(connection, author, changes);
            setRevision(connection, before.revision(), revision);
            return after.withRevision(revision);
        });
        return remember(result, true);
    }

    private void write(Connection connection, SettingsDiff changes, long revision) throws SQLException {
        List<Stored<?>> gone = new ArrayList<>(changes.removed());
        List<Stored<?>> added = new ArrayList<>(changes.added());
        for (SettingsDiff.Changed update : changes.changed()) {
            gone.add(update.before());
            added.add(update.after());
        }
        rows.delete(connection, gone);
        rows.insert(connection, added, revision);
    }

    private void writeAudit(Connection connection, Author author, SettingsDiff changes) throws SQLException {
        Instant at = clock.instant();
        List<SqlAuditLog.Event> events = new ArrayList<>();
        for (Stored<?> stored : changes.removed()) events.add(event(at, author, "delete", stored, shown(stored), ""));
        for (SettingsDiff.Changed u : changes.changed()) {
            events.add(event(at, author, "update", u.after(), shown(u.before()), shown(u.after())));
        }
        for (Stored<?> stored : changes.added()) events.add(event(at, author, "create", stored, "", shown(stored)));
        audit.append(connection, events);
    }

    private static SqlAuditLog.Event event(
            Instant at, Author author, String action, Stored<?> stored, String before, String after) {
        Resource spec = stored.spec();
        return new SqlAuditLog.Event(
                at, stored.tenant(), author, action, Kind.of(spec).list(), stored.id(), spec.name(), before, after);
    }

    private String shown(Stored<?> stored) {
        return ResourceForm.write(Sealing.redact(stored.spec()));
    }

    /** Makes settings known here; an answer that was overtaken by a newer one gives way to it. */
    private Settings remember(Settings settings, boolean certain) {
        synchronized (this) {
            Settings known = newest;
            if (known != null && known.revision() == settings.revision()) return known;
            if (!certain && known != null && known.revision() > settings.revision()) return known;
            newest = settings;
        }
        changed.accept(settings);
        return settings;
    }

    private Settings refreshed(Connection connection, @Nullable Settings known) throws SQLException {
        long revision = revision(connection);
        if (known != null && known.revision() == revision) return known;
        if (known == null || known.revision() > revision) return read(connection, revision, Map.of(), -1);
        Map<String, Stored<?>> byId = new LinkedHashMap<>();
        for (Kind kind : Kind.values()) {
            for (Stored<?> stored : known.all(kind)) byId.put(stored.id(), stored);
        }
        return read(connection, revision, byId, known.revision());
    }

    /** The known resources with the rows of later revisions put in their place. */
    private Settings read(Connection connection, long revision, Map<String, Stored<?>> known, long since)
            throws SQLException {
        Map<String, Stored<?>> byId = new LinkedHashMap<>(known);
        rows.readSince(connection, since, stored -> byId.put(stored.id(), stored));
        if (rows.count(connection) != byId.size()) {
            Set<String> ids = rows.ids(connection);
            byId.keySet().retainAll(ids);
        }
        return Settings.of(revision, byId.values());
    }

    private static long revision(Connection connection) throws SQLException {
        try (PreparedStatement select =
                        connection.prepareStatement("select revision from settings_revision where id = 1");
                ResultSet row = select.executeQuery()) {
            if (!row.next()) throw new IllegalStateException("the table settings_revision is empty");
            return row.getLong(1);
        }
    }

    private void setRevision(Connection connection, long from, long to) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "update settings_revision set revision = ?, changed_at = ? where id = 1 and revision = ?")) {
            update.setLong(1, to);
            update.setLong(2, clock.millis());
            update.setLong(3, from);
            if (update.executeUpdate() != 1)
                throw new IllegalStateException("revision " + from + " of the settings was overtaken");
        }
    }

    /** After a master key was put in front of others, what is kept under those is sealed anew. */
    private void bringSealsUpToDate() {
        if (database.read("read the settings", rows::hasOldSeals)) {
            database.write("seal secrets under the new master key", connection -> {
                rows.reseal(connection);
                return true;
            });
        }
        sealsChecked = true;
    }
}
