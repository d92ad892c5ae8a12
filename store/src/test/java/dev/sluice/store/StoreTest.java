package dev.sluice.store;

import static dev.sluice.store.Samples.ALICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.settings.Settings;
import dev.sluice.store.journal.Journal;
import dev.sluice.store.journal.JournalLimits;
import dev.sluice.store.sql.StoreException;
import dev.sluice.store.sql.StoreException.Reason;
import dev.sluice.store.usage.Retention;
import dev.sluice.traffic.usage.UsageQuery;
import dev.sluice.traffic.usage.UsageRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreTest {
    private static final Clock CLOCK = Clock.fixed(Samples.NOON, ZoneOffset.UTC);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    private static final String OTHER_KEY = "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    @TempDir
    Path parent;

    private Path directory() {
        return parent.resolve("data");
    }

    private Store open(String masterKey) {
        return Store.open(options(masterKey), CLOCK, List.of());
    }

    private StoreOptions options(String masterKey) {
        return new StoreOptions(
                directory(),
                masterKey,
                JournalLimits.DEFAULT,
                Retention.DEFAULT,
                Duration.ofDays(365),
                Duration.ofMillis(50),
                Duration.ofSeconds(20));
    }

    private static long count(Store store) {
        return store.reports()
                .query(new UsageQuery(Instant.EPOCH, Instant.parse("2100-01-01T00:00:00Z"), List.of(), Map.of()))
                .getFirst()
                .calls();
    }

    private static StoreException failure(Runnable work) {
        StoreException e = catchThrowableOfType(StoreException.class, work::run);
        assertThat(e).isNotNull();
        return e;
    }

    @Test
    void keepsEverythingOverARestart() {
        Settings changed;
        try (Store store = open(null)) {
            changed = store.settings().change(ALICE, s -> s.put(Samples.providerKey("p", "sk-secret")));
            store.ledger().append(Samples.call("a", Samples.NOON));
        }
        try (Store store = open(null)) {
            assertThat(store.start()).isEqualTo(new Store.Start(changed, java.util.Optional.empty()));
            assertThat(count(store)).isEqualTo(1);
            assertThat(store.audit().firstBrokenLink()).isEqualTo(-1);
        }
    }

    @Test
    void countsAtTheStartWhatAnEarlierProcessLeftInTheJournal() throws IOException {
        // A process that is killed leaves a journal behind that was not shipped.
        try (Journal journal = Journal.open(
                Files.createDirectories(directory().resolve("journal")), JournalLimits.DEFAULT, CLOCK, List.of())) {
            journal.append(Samples.call("a", Samples.NOON));
        }
        try (Store store = open(null)) {
            store.start();

            assertThat(store.reports().tokensByApiKeySince(Samples.NOON)).isEqualTo(Map.of("id-of-key-a", 120L));
        }
    }

    @Test
    void makesADataDirectoryForItsOwnerOnly() throws IOException {
        open(null).close();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory())))
                .isEqualTo("rwx------");
        for (String file : List.of("sluice.db", "master.key", "settings.snapshot")) {
            Path path = directory().resolve(file);
            if (file.equals("master.key") || Files.exists(path))
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                        .isEqualTo("rw-------");
        }
    }

    @Test
    void refusesADirectoryThatAnotherGatewayUses() {
        try (Store first = open(null)) {
            StoreException e = failure(() -> open(null));

            assertThat(e.reason()).isEqualTo(Reason.IN_USE);
            assertThat(e)
                    .hasMessageContaining(directory().toString())
                    .hasMessageContaining("process " + ProcessHandle.current().pid());
            first.settings().change(ALICE, s -> s.put(Samples.consumer("a", "")));
        }
        open(null).close();
    }

    @Test
    void shipsByItselfAndTellsObservers() throws InterruptedException {
        List<UsageRecord> observed = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch told = new CountDownLatch(1);
        try (Store store = Store.open(options(null), CLOCK, List.of(batch -> {
            observed.addAll(batch);
            told.countDown();
        }))) {
            store.ledger().append(Samples.call("a", Samples.NOON));

            assertThat(told.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(store.shipNow(PATIENCE)).isTrue();
            assertThat(observed).containsExactly(Samples.call("a", Samples.NOON));
            assertThat(count(store)).isEqualTo(1);
            assertThat(store.state().shippingProblem()).isEmpty();
            assertThat(store.state().journal().queued()).isZero();
        }
    }

    @Test
    @SuppressWarnings("try") // The lock is let go of in the middle.
    void startsFromTheSnapshotFileWhileTheDatabaseIsLockedAndRecovers() throws SQLException {
        Settings known;
        try (Store store = open(KEY)) {
            known = store.settings().change(ALICE, s -> s.put(Samples.providerKey("p", "sk-secret")));
        }
        try (Connection other =
                        DriverManager.getConnection("jdbc:sqlite:" + directory().resolve("sluice.db"));
                Statement statement = other.createStatement()) {
            statement.execute("pragma locking_mode = exclusive");
            statement.execute("begin exclusive");
            statement.execute("update settings_revision set changed_at = 1");
            try (Store store = open(KEY)) {
                Store.Start start = store.start();

                assertThat(start.settings()).isEqualTo(known);
                assertThat(start.problem().orElseThrow()).contains("locked by another process");
                assertThat(store.settings().current()).isEqualTo(known);
                assertThatThrownBy(() -> store.settings().change(ALICE, s -> s.put(Samples.consumer("a", ""))))
                        .isInstanceOf(StoreException.class);
                store.ledger().append(Samples.call("a", Samples.NOON));
                assertThat(store.flush(PATIENCE)).isTrue();

                statement.execute("rollback");
                other.close();

                assertThat(store.shipNow(PATIENCE)).isTrue();
                assertThat(count(store)).isEqualTo(1);
                assertThat(store.settings()
                                .change(ALICE, s -> s.put(Samples.consumer("a", "")))
                                .revision())
                        .isEqualTo(2);
            }
        }
    }

    @Test
    void startsFromTheSnapshotFileWhenTheDatabaseIsDamaged() throws IOException {
        Settings known;
        try (Store store = open(null)) {
            known = store.settings().change(ALICE, s -> s.put(Samples.providerKey("p", "sk-secret")));
        }
        Files.write(directory().resolve("sluice.db"), "garbage ".repeat(4096).getBytes(StandardCharsets.US_ASCII));
        try (Store store = open(null)) {
            Store.Start start = store.start();

            assertThat(start.settings()).isEqualTo(known);
            assertThat(start.problem().orElseThrow()).contains("damaged or not a SQLite database");
            store.ledger().append(Samples.call("a", Samples.NOON));
            assertThat(store.flush(PATIENCE)).isTrue();
        }
    }

    @Test
    void doesNotStartEmptyWhenThereIsNeitherDatabaseNorSnapshot() throws IOException {
        open(null).close();
        Files.deleteIfExists(directory().resolve("settings.snapshot"));
        Files.write(directory().resolve("sluice.db"), "garbage ".repeat(4096).getBytes(StandardCharsets.US_ASCII));
        try (Store store = open(null)) {
            assertThat(failure(store::start).reason()).isEqualTo(Reason.DAMAGED);
        }
    }

    @Test
    void takesTheDatabaseIntoUseWhenItIsBackWithNewerSettings() throws IOException {
        try (Store store = open(KEY)) {
            store.settings().change(ALICE, s -> s.put(Samples.consumer("a", "")));
        }
        byte[] snapshot = Files.readAllBytes(directory().resolve("settings.snapshot"));
        Settings newest;
        try (Store store = open(KEY)) {
            newest = store.settings().change(ALICE, s -> s.put(Samples.consumer("b", "")));
        }
        Files.write(directory().resolve("settings.snapshot"), snapshot);
        Path file = directory().resolve("sluice.db");
        byte[] good = Files.readAllBytes(file);
        Files.write(file, "garbage ".repeat(4096).getBytes(StandardCharsets.US_ASCII));
        try (Store store = open(KEY)) {
            assertThat(store.start().settings().revision()).isEqualTo(1);

            Files.write(file, good);

            assertThat(store.settings().current()).isEqualTo(newest);
        }
    }

    @Test
    void refusesToStartWithoutTheMasterKeyOfItsSecrets() throws IOException {
        try (Store store = open(null)) {
            store.settings().change(ALICE, s -> s.put(Samples.providerKey("p", "sk-secret")));
        }
        Path key = directory().resolve("master.key");
        byte[] kept = Files.readAllBytes(key);
        Files.delete(key);

        StoreException e = failure(() -> open(null));

        assertThat(e.reason()).isEqualTo(Reason.MASTER_KEY);
        assertThat(e).hasMessageContaining("put back " + key).hasMessageContaining("SLUICE_MASTER_KEY");
        assertThat(key).doesNotExist();
        Files.write(key, kept);
        try (Store store = open(null)) {
            assertThat(store.start().problem()).isEmpty();
        }
    }

    @Test
    void refusesAWrongMasterKey() {
        try (Store store = open(KEY)) {
            store.settings().change(ALICE, s -> s.put(Samples.providerKey("p", "sk-secret")));
        }
        try (Store store = open(OTHER_KEY)) {
            StoreException e = failure(store::start);
            assertThat(e.reason()).isEqualTo(Reason.MASTER_KEY);
            assertThat(e)
                    .hasMessageContaining("provider key \"p\"")
                    .hasMessageContaining("SLUICE_MASTER_KEY=<new>,<old>");
        }
    }

    @Test
    void rotatesTheMasterKey() {
        Settings known;
        try (Store store = open(KEY)) {
            known = store.settings().change(ALICE, s -> s.put(Samples.providerKey("p", "sk-secret")));
        }
        try (Store store = open(OTHER_KEY + "," + KEY)) {
            assertThat(store.start().settings()).isEqualTo(known);
        }
        try (Store store = open(OTHER_KEY)) {
            assertThat(store.start().settings()).isEqualTo(known);
        }
    }

    @Test
    void prunesUsageAndAuditLog() {
        try (Store store = open(null)) {
            store.ledger().append(Samples.call("a", Samples.NOON));
            store.shipNow(PATIENCE);
            store.audit().note(ALICE, "default", "denied", "");

            assertThat(store.prune(Samples.NOON)).isZero();
            assertThat(store.prune(Samples.NOON.plus(Duration.ofDays(400)))).isPositive();

            assertThat(count(store)).isZero();
            assertThat(store.audit().firstBrokenLink()).isEqualTo(-1);
        }
    }
}
