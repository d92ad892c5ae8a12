package dev.sluice.store.audit;

import static dev.sluice.store.Samples.ALICE;
import static dev.sluice.store.Samples.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.admin.audit.AuditEntry;
import dev.sluice.admin.audit.AuditLog.Filter;
import dev.sluice.settings.Author;
import dev.sluice.store.sql.Database;
import java.nio.file.Path;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqlAuditLogTest {
    private static final Filter ALL = new Filter(null, null, null, null, null, null);

    @TempDir
    Path directory;

    Database database;
    SqlAuditLog audit;

    @BeforeEach
    void open() {
        database = new Database(directory.resolve("test.db"), Duration.ofMillis(50), Duration.ofSeconds(10));
        audit = new SqlAuditLog(database, Clock.fixed(NOON, ZoneOffset.UTC));
    }

    @AfterEach
    void close() {
        database.close();
    }

    /** Adds entries one minute apart, named e1, e2, … */
    private void add(int count) {
        List<SqlAuditLog.Event> events = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            events.add(new SqlAuditLog.Event(
                    NOON.plusSeconds(60L * i),
                    "default",
                    i % 2 == 0 ? ALICE : new Author("bob", "local"),
                    i % 3 == 0 ? "delete" : "update",
                    "services",
                    "svc_" + i,
                    "e" + i,
                    "{}",
                    "{\"a\":1}"));
        }
        database.write("add", c -> {
            audit.append(c, events);
            return true;
        });
    }

    private void tamper(String sql) {
        database.write("tamper", c -> {
            try (Statement statement = c.createStatement()) {
                return statement.executeUpdate(sql);
            }
        });
    }

    private List<String> names(Filter filter) {
        return audit.read(filter, 0, 100).items().stream().map(AuditEntry::name).toList();
    }

    @Test
    void isWholeWhenEmpty() {
        assertThat(audit.firstBrokenLink()).isEqualTo(-1);
        assertThat(audit.read(ALL, 0, 10).items()).isEmpty();
    }

    @Test
    void notesADeniedAttempt() {
        audit.note(ALICE, "default", "denied", "needs \"services:write\"\n");

        AuditEntry entry = audit.read(ALL, 0, 10).items().getFirst();
        assertThat(entry.action()).isEqualTo("denied");
        assertThat(entry.actor()).isEqualTo("alice");
        assertThat(entry.at()).isEqualTo(NOON);
        assertThat(entry.after()).isEqualTo("{\"detail\":\"needs \\\"services:write\\\"\\u000a\"}");
        assertThat(entry.sequence()).isEqualTo(1);
        assertThat(audit.firstBrokenLink()).isEqualTo(-1);
    }

    @Test
    void readsNewestFirstInPages() {
        add(5);

        assertThat(audit.read(ALL, 0, 2).items()).extracting(AuditEntry::name).containsExactly("e5", "e4");
        assertThat(audit.read(ALL, 4, 2).items()).extracting(AuditEntry::name).containsExactly("e1");
        assertThat(audit.read(ALL, 4, 2).total()).isEqualTo(5);
        assertThat(audit.read(ALL, 0, 0).items()).isEmpty();
    }

    @Test
    void refusesANegativeOffset() {
        assertThatThrownBy(() -> audit.read(ALL, -1, 10)).hasMessage("offset: -1 (expected: >= 0)");
    }

    @Test
    void filtersByEachField() {
        add(6);
        audit.note(ALICE, "default", "denied", "");

        assertThat(names(new Filter(null, null, "bob", null, null, null))).containsExactly("e5", "e3", "e1");
        assertThat(names(new Filter(null, null, "", "delete", null, null))).containsExactly("e6", "e3");
        assertThat(names(new Filter(null, null, "bob", "delete", "services", null)))
                .containsExactly("e3");
        assertThat(names(new Filter(null, null, null, null, null, "e2"))).containsExactly("e2");
        Instant from = NOON.plusSeconds(120);
        assertThat(names(new Filter(from, NOON.plusSeconds(240), null, null, null, null)))
                .containsExactly("e3", "e2");
        assertThat(audit.read(new Filter(null, null, "bob", null, null, null), 0, 1)
                        .total())
                .isEqualTo(3);
    }

    @Test
    void findsAnEntryThatWasAltered() {
        add(2_500);
        assertThat(audit.firstBrokenLink()).isEqualTo(-1);

        tamper("update audit_entry set actor = 'mallory' where sequence = 2001");

        assertThat(audit.firstBrokenLink()).isEqualTo(2001);
    }

    @Test
    void findsEveryAlteredField() {
        add(3);
        for (String column : List.of(
                "tenant",
                "actor",
                "address",
                "action",
                "kind",
                "resource_id",
                "name",
                "before_json",
                "after_json",
                "hash")) {
            tamper("update audit_entry set " + column + " = " + column + " || 'x' where sequence = 2");
            assertThat(audit.firstBrokenLink()).as(column).isEqualTo(2);
            tamper("update audit_entry set " + column + " = substr(" + column + ", 1, length(" + column
                    + ") - 1) where sequence = 2");
        }
        tamper("update audit_entry set at = at + 1 where sequence = 2");
        assertThat(audit.firstBrokenLink()).isEqualTo(2);
    }

    @Test
    void findsEntriesThatWereRemovedAnywhere() {
        add(10);
        tamper("delete from audit_entry where sequence = 5");
        assertThat(audit.firstBrokenLink()).isEqualTo(6);

        tamper("delete from audit_entry where sequence >= 5");
        assertThat(audit.firstBrokenLink()).isEqualTo(5);

        tamper("delete from audit_entry where sequence = 1");
        assertThat(audit.firstBrokenLink()).isEqualTo(2);

        tamper("delete from audit_entry");
        assertThat(audit.firstBrokenLink()).isEqualTo(1);
    }

    @Test
    void deletesOldEntriesAndStaysVerifiable() {
        add(2_500);

        assertThat(audit.prune(NOON.plusSeconds(60L * 2_300))).isEqualTo(2_299);

        assertThat(audit.read(ALL, 0, 1).total()).isEqualTo(201);
        assertThat(audit.firstBrokenLink()).isEqualTo(-1);
        add(1);
        assertThat(audit.firstBrokenLink()).isEqualTo(-1);
        tamper("delete from audit_entry where sequence = 2300");
        assertThat(audit.firstBrokenLink()).isEqualTo(2301);
    }

    @Test
    void goesOnAfterEverythingWasDeleted() {
        add(3);
        audit.prune(NOON.plus(Duration.ofDays(1)));
        assertThat(audit.firstBrokenLink()).isEqualTo(-1);

        audit.note(ALICE, "default", "denied", "");

        assertThat(audit.read(ALL, 0, 1).items().getFirst().sequence()).isEqualTo(4);
        assertThat(audit.firstBrokenLink()).isEqualTo(-1);
    }
}
