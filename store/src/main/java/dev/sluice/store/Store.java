package dev.sluice.store;

import dev.sluice.admin.audit.AuditLog;
import dev.sluice.settings.Secret;
import dev.sluice.settings.Settings;
import dev.sluice.settings.SettingsRepository;
import dev.sluice.store.audit.SqlAuditLog;
import dev.sluice.store.journal.Journal;
import dev.sluice.store.journal.JournalState;
import dev.sluice.store.secrets.MasterKeys;
import dev.sluice.store.secrets.Sealing;
import dev.sluice.store.secrets.SecretsFile;
import dev.sluice.store.settings.SnapshotFile;
import dev.sluice.store.settings.SnapshotSaver;
import dev.sluice.store.settings.SqlSettings;
import dev.sluice.store.sql.Database;
import dev.sluice.store.sql.StoreException;
import dev.sluice.store.sql.StoreException.Reason;
import dev.sluice.store.usage.CallDetails;
import dev.sluice.store.usage.Jobs;
import dev.sluice.store.usage.Shipper;
import dev.sluice.store.usage.SqlUsageReports;
import dev.sluice.traffic.usage.UsageLedger;
import dev.sluice.traffic.usage.UsageRecord;
import dev.sluice.traffic.usage.UsageReports;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * All that one gateway keeps in its data directory: {@code sluice.db} (settings, audit log, usage), {@code journal/}
 * (calls on their way there), {@code settings.snapshot} (settings for when the database is away) and
 * {@code master.key}.
 *
 * <p>A database that is locked or damaged does not keep a store from opening: calls are journaled, settings come from
 * the snapshot file, and the database is taken into use when it is back.
 */
public final class Store implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.sluice.store");
    private static final Duration STARTING = Duration.ofSeconds(2);
    private static final Duration CLOSING = Duration.ofSeconds(5);

    private final StoreOptions options;
    private final DataDirectory directory;
    private final Database database;
    private final MasterKeys keys;
    private final SnapshotFile snapshotFile;
    private final SnapshotSaver snapshotSaver;
    private final SecretsFile secretsFile;
    private final SqlSettings settings;
    private final SqlAuditLog audit;
    private final Journal journal;
    private final Shipper shipper;
    private final SqlUsageReports reports;
    private final CallDetails calls;

    /**
     * Settings to start from.
     *
     * @param problem why they come from the snapshot file and may be old; empty when they come from the database
     */
    public record Start(Settings settings, Optional<String> problem) {}

    /** @param shippingProblem why usage stays in the journal; empty when it goes through to the database */
    public record State(JournalState journal, Optional<String> shippingProblem) {}

    /**
     * Opens the store of a data directory and holds the directory against other processes.
     *
     * @param observers are given every batch of usage records once the journal has tried to write it; called on the
     *     journal's thread
     * @throws StoreException when the directory is in use or the master key is missing
     */
    public static Store open(StoreOptions options, Clock clock, List<Consumer<List<UsageRecord>>> observers) {
        List<AutoCloseable> opened = new ArrayList<>();
        boolean ready = false;
        try {
            DataDirectory directory = DataDirectory.hold(options.dataDirectory());
            opened.add(directory);
            Database database =
                    new Database(directory.path().resolve("sluice.db"), options.lockPatience(), options.workTimeout());
            opened.add(database);
            MasterKeys keys = masterKeys(options, database);
            Store store = new Store(options, directory, database, keys, clock, observers);
            ready = true;
            return store;
        } finally {
            if (!ready) opened.reversed().forEach(Store::closeQuietly);
        }
    }

    private Store(
            StoreOptions options,
            DataDirectory directory,
            Database database,
            MasterKeys keys,
            Clock clock,
            List<Consumer<List<UsageRecord>>> observers) {
        this.options = options;
        this.directory = directory;
        this.database = database;
        this.keys = keys;
        // First, because it alone can fail.
        this.journal = Journal.open(directory.path().resolve("journal"), options.journal(), clock, observers);
        this.snapshotFile = new SnapshotFile(directory.path(), keys);
        this.snapshotSaver = new SnapshotSaver(snapshotFile);
        this.secretsFile = new SecretsFile(directory.path(), keys);
        this.audit = new SqlAuditLog(database, clock);
        this.settings = new SqlSettings(database, new Sealing(keys), audit, clock, snapshotSaver::save);
        this.shipper = new Shipper(journal, database, clock);
        this.reports = new SqlUsageReports(database);
        this.calls = new CallDetails(database);
    }

    /** Keys for a purpose of their own, one of each master key, the active one's first; the same on every node that has the same ones. */
    public List<byte[]> derivedKeys(String purpose) {
        return keys.derived(purpose);
    }

    /** The configured keys, or a fresh one where nothing is encrypted yet. */
    private static MasterKeys masterKeys(StoreOptions options, Database database) {
        Optional<MasterKeys> found = MasterKeys.find(options.masterKey(), options.dataDirectory());
        if (found.isPresent()) return found.get();
        if (Files.exists(database.file())) {
            List<String> needed = sealedBy(database);
            if (!needed.isEmpty()) {
                throw new StoreException(
                        Reason.MASTER_KEY,
                        "the secrets in " + database.file() + " are encrypted under master key "
                                + String.join(", ", needed) + ", but there is no master key: put back "
                                + options.dataDirectory().resolve(MasterKeys.FILE) + " or set " + MasterKeys.SETTING,
                        null);
            }
        }
        return MasterKeys.generate(options.dataDirectory());
    }

    private static List<String> sealedBy(Database database) {
        return database.read("look for encrypted secrets", connection -> {
            List<String> ids = new ArrayList<>();
            try (PreparedStatement select = connection.prepareStatement(
                            "select distinct sealed_by from resource where sealed_by <> '' order by sealed_by");
                    ResultSet row = select.executeQuery()) {
                while (row.next()) ids.add(row.getString(1));
            }
            return ids;
        });
    }

    /**
     * The newest settings of the database or, when it is away, of the snapshot file. First brings the calls that an
     * earlier process left in the journal into the reports, so that quotas go on from what was really used.
     */
    public Start start() {
        try {
            Settings newest = settings.current();
            shipLeftovers();
            return new Start(newest, Optional.empty());
        } catch (StoreException e) {
            if (!e.isOutage()) throw e;
            Settings saved = snapshotFile.load().orElseThrow(() -> e);
            settings.assume(saved);
            return new Start(saved, Optional.of(String.valueOf(e.getMessage())));
        }
    }

    private void shipLeftovers() {
        try {
            if (!shipper.shipNow(STARTING)) LOG.log(Level.INFO, "many calls wait in the journal; they follow shortly");
        } catch (StoreException e) {
            LOG.log(Level.WARNING, "calls of an earlier run stay in the journal for now: " + e.getMessage());
        }
    }

    /** The values of secrets that live elsewhere, as they were saved last; none when they cannot be read. */
    public Map<Secret.Reference, String> savedSecrets() {
        try {
            return secretsFile.load();
        } catch (StoreException e) {
            LOG.log(Level.WARNING, "secrets are read at their sources alone: " + e.getMessage());
            return Map.of();
        }
    }

    /** Keeps the values of secrets that live elsewhere, encrypted, for a start at which their sources are away. */
    public void saveSecrets(Map<Secret.Reference, String> values) {
        try {
            secretsFile.save(values);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the values of secrets could not be saved: " + e.getMessage());
        }
    }

    public SettingsRepository settings() {
        return settings;
    }

    public UsageLedger ledger() {
        return journal;
    }

    public UsageReports reports() {
        return reports;
    }

    public CallDetails calls() {
        return calls;
    }

    /** The ids of the jobs that were charged last, the latest at the end; none while the database is away. */
    public List<String> chargedJobs(int most) {
        try {
            return database.read("read charged jobs", connection -> Jobs.charged(connection, most));
        } catch (StoreException e) {
            if (!e.isOutage()) throw e;
            return List.of();
        }
    }

    public AuditLog audit() {
        return audit;
    }

    public State state() {
        return new State(journal.state(), shipper.problem());
    }

    /** Waits until all calls noted before are safe in the journal; false when that takes longer. */
    public boolean flush(Duration patience) {
        return journal.flush(patience);
    }

    /** Brings what was noted before into the database now; false when that takes longer. */
    public boolean shipNow(Duration patience) {
        long start = System.nanoTime();
        if (!journal.flush(patience)) return false;
        return shipper.shipNow(patience.minusNanos(System.nanoTime() - start));
    }

    /** Deletes what has been kept long enough. To be called now and then, on a thread that may wait. */
    public long prune(Instant now) {
        return options.retention().prune(database, now) + audit.prune(now.minus(options.auditRetention()));
    }

    /** Writes what waits, ships what can be shipped in a few seconds, and lets go of the directory. */
    @Override
    public void close() {
        journal.close();
        shipper.close();
        try {
            if (!shipper.shipNow(CLOSING)) LOG.log(Level.INFO, "some usage records are shipped at the next start");
        } catch (StoreException e) {
            LOG.log(Level.WARNING, "usage records wait in the journal for the next start: " + e.getMessage());
        }
        snapshotSaver.close();
        database.close();
        directory.close();
    }

    private static void closeQuietly(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            LOG.log(Level.WARNING, "a part of the store could not be closed", e);
        }
    }
}
