package dev.sluice.store.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.store.sql.StoreException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {
    @TempDir
    Path directory;

    Path file;
    Database database;

    @BeforeEach
    void open() {
        file = directory.resolve("test.db");
        database = new Database(file, Duration.ofMillis(50), Duration.ofSeconds(10));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void commitsWorkThatReturns() {
        database.write("add", c -> execute(c, "insert into usage_deleted values ('x', 7)"));

        assertThat(number(database, "select before from usage_deleted where grain = 'x'"))
                .isEqualTo(7);
    }

    @Test
    void rollsBackWorkThatThrows() {
        IllegalStateException bug = new IllegalStateException("a bug");

        assertThatThrownBy(() -> database.write("add", c -> {
                    execute(c, "insert into usage_deleted values ('x', 7)");
                    throw bug;
                }))
                .isSameAs(bug);

        assertThat(number(database, "select count(*) from usage_deleted")).isZero();
        database.write("add", c -> execute(c, "insert into usage_deleted values ('x', 8)"));
        assertThat(number(database, "select before from usage_deleted")).isEqualTo(8);
    }

    @Test
    void readsOneConsistentStateWhileOthersWrite() {
        database.write("add", c -> execute(c, "insert into usage_deleted values ('x', 1)"));

        List<Long> seen = database.read("read", c -> {
            long before = number(c, "select before from usage_deleted");
            database.write("change", w -> execute(w, "update usage_deleted set before = 2"));
            return List.of(before, number(c, "select before from usage_deleted"));
        });

        assertThat(seen).containsExactly(1L, 1L);
        assertThat(number(database, "select before from usage_deleted")).isEqualTo(2);
    }

    @Test
    void refusesToWriteThroughAReader() {
        assertThatThrownBy(() -> database.read("read", c -> execute(c, "insert into usage_deleted values ('x', 7)")))
                .isInstanceOf(StoreException.class);
    }

    @Test
    void saysThatAnotherProcessHoldsTheLockAndGoesOnWhenItIsReleased() throws SQLException {
        database.write("migrate", _ -> true);
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = other.createStatement()) {
            statement.execute("begin immediate");

            StoreException e = failure(() -> database.write("save", _ -> true));
            assertThat(e).hasMessageContaining("could not save").hasMessageContaining("locked by another process");
            assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE);

            statement.execute("rollback");
        }
        assertThat(number(database, "select count(*) from usage_deleted")).isZero();
    }

    @Test
    void opensLaterWhenItIsLockedAtTheStart() throws SQLException {
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = other.createStatement()) {
            statement.execute("create table t (x)");
            statement.execute("begin exclusive");
            assertThat(failure(() -> database.read("read", _ -> true)).reason()).isEqualTo(Reason.UNAVAILABLE);
            statement.execute("rollback");
        }
        assertThat(number(database, "select count(*) from usage_deleted")).isZero();
    }

    @Test
    void interruptsWorkThatTakesTooLong() {
        Database impatient = new Database(file, Duration.ofMillis(50), Duration.ofMillis(100));
        try (impatient) {
            impatient.write("migrate", _ -> true);

            StoreException e = failure(() -> impatient.read(
                    "count for ever",
                    c -> number(
                            c,
                            "with recursive n(x) as (select 1 union all select x + 1 from n) select max(x) from n")));

            assertThat(e).hasMessageContaining("took longer than 100 ms");
            assertThat(number(impatient, "select 1")).isEqualTo(1);
        }
    }

    @Test
    void saysThatAFileIsNotADatabase() throws IOException {
        Files.writeString(
                file, "This is not a database, and it is longer than a database header would be. ".repeat(40));

        StoreException e = failure(() -> database.read("read", _ -> true));

        assertThat(e.reason()).isEqualTo(Reason.DAMAGED);
        assertThat(e).hasMessageContaining(file.toString()).hasMessageContaining("backup");
    }

    @Test
    void isReadableByItsOwnerOnly() throws IOException {
        database.write("migrate", _ -> true);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void appliesEachMigrationOnce() {
        Migrations newest = new Migrations(List.of(
                "V1__settings_audit_usage.sql", "V2__usage_units.sql", "V3__usage_job.sql", "V4__of_a_test.sql"));
        database.write("migrate", _ -> true);
        database.close();

        for (int i = 0; i < 2; i++) {
            try (Database newer = new Database(file, Duration.ofMillis(50), Duration.ofSeconds(10), newest)) {
                assertThat(number(newer, "select count(*) from of_a_test")).isEqualTo(1);
                assertThat(number(newer, "select max(version) from schema_version"))
                        .isEqualTo(4);
            }
        }
    }

    @Test
    void appliesNothingOfAMigrationThatFails() {
        Migrations broken = new Migrations(
                List.of("V1__settings_audit_usage.sql", "V2__usage_units.sql", "V3__usage_job.sql", "V4__broken.sql"));
        try (Database newer = new Database(file, Duration.ofMillis(50), Duration.ofSeconds(10), broken)) {
            assertThatThrownBy(() -> newer.read("read", _ -> true)).isInstanceOf(StoreException.class);
        }

        assertThat(number(database, "select max(version) from schema_version")).isEqualTo(3);
        assertThat(number(database, "select count(*) from sqlite_master where name = 'half_made'"))
                .isZero();
    }

    @Test
    void refusesADatabaseOfANewerVersion() {
        database.write("migrate", c -> execute(c, "insert into schema_version values (99, 'V99__future.sql', 0)"));
        database.close();

        Database older = new Database(file, Duration.ofMillis(50), Duration.ofSeconds(10));
        try (older) {
            StoreException e = failure(() -> older.read("read", _ -> true));
            assertThat(e.reason()).isEqualTo(Reason.NEWER_SCHEMA);
            assertThat(e).hasMessageContaining("schema version 99").hasMessageContaining("newer gateway");
        }
    }

    private static StoreException failure(Runnable work) {
        StoreException e = catchThrowableOfType(StoreException.class, work::run);
        assertThat(e).isNotNull();
        return e;
    }

    private static boolean execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
            return true;
        }
    }

    private static long number(Database database, String sql) {
        return database.read("read", c -> number(c, sql));
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql);
                ResultSet row = select.executeQuery()) {
            return row.next() ? row.getLong(1) : -1;
        }
    }
}
