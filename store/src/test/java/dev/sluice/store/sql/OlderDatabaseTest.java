package dev.sluice.store.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that an earlier version wrote is brought to the schema of this one, and keeps what it holds. */
class OlderDatabaseTest {
    private static final List<String> TABLES = List.of("usage_minute", "usage_hour", "usage_day");

    @TempDir
    Path directory;

    @Test
    void usageOfTheFirstVersionHasNoUnits() {
        Migrations first = new Migrations(List.of("V1__settings_audit_usage.sql"));
        try (Database older = new Database(file(), Duration.ofMillis(50), Duration.ofSeconds(10), first)) {
            older.write("count calls", c -> {
                try (Statement statement = c.createStatement()) {
                    for (String table : TABLES)
                        statement.execute(
                                "insert into " + table + " values (60000, 7, 1, 0, 10, 0, 0, 5, 0, 99, 400, 1, 30)");
                    return true;
                }
            });
        }
        try (Database database = new Database(file(), Duration.ofMillis(50), Duration.ofSeconds(10))) {
            for (String table : TABLES) {
                List<Long> row = database.read("read usage", c -> {
                    try (Statement statement = c.createStatement();
                            ResultSet found = statement.executeQuery(
                                    "select calls, cost_micros, images + audio_millis + characters + video_millis from "
                                            + table)) {
                        assertThat(found.next()).isTrue();
                        return List.of(found.getLong(1), found.getLong(2), found.getLong(3));
                    }
                });
                assertThat(row).as(table).containsExactly(1L, 99L, 0L);
            }
        }
    }

    private Path file() {
        return directory.resolve("test.db");
    }
}
