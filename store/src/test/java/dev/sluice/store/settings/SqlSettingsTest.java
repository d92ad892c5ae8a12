package dev.sluice.store.settings;

import static dev.sluice.store.Samples.ALICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.admin.audit.AuditEntry;
import dev.sluice.admin.audit.AuditLog;
import dev.sluice.settings.Kind;
import dev.sluice.settings.ProviderKey;
import dev.sluice.settings.Resource;
import dev.sluice.settings.Secret;
import dev.sluice.settings.Settings;
import dev.sluice.settings.Stored;
import dev.sluice.store.Samples;
import dev.sluice.store.audit.SqlAuditLog;
import dev.sluice.store.secrets.MasterKeys;
import dev.sluice.store.secrets.Sealing;
import dev.sluice.store.sql.Database;
import dev.sluice.store.sql.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqlSettingsTest {
    private static final String OLD_KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    private static final String NEW_KEY = "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    private static final Clock CLOCK = Clock.fixed(Samples.NOON, ZoneOffset.UTC);
    private static final AuditLog.Filter ALL = new AuditLog.Filter(null, null, null, null, null, null);

    @TempDir
    Path directory;

    final List<Settings> told = new ArrayList<>();
    Database database;
    SqlAuditLog audit;
    SqlSettings settings;

    @BeforeEach
    void open() {
        database = new Database(directory.resolve("test.db"), Duration.ofMillis(50), Duration.ofSeconds(20));
        audit = new SqlAuditLog(database, CLOCK);
        settings = openWith(OLD_KEY);
    }

    private SqlSettings openWith(String masterKeys) {
        Sealing sealing = new Sealing(MasterKeys.find(masterKeys, directory).orElseThrow());
        return new SqlSettings(database, sealing, audit, CLOCK, told::add);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private Settings add(Stored<?>... resources) {
        return settings.change(ALICE, s -> s.putAll(List.of(resources)));
    }

    @Test
    void beginsEmptyAtRevisionZero() {
        assertThat(settings.current()).isEqualTo(Settings.EMPTY);
    }

    @Test
    void keepsEveryKindOfResourceOverARestart() {
        List<Stored<Resource>> all = EveryKind.resources();

        Settings changed = settings.change(ALICE, s -> s.putAll(all));

        Settings reread = openWith(OLD_KEY).current();
        assertThat(reread).isEqualTo(changed);
        assertThat(reread.revision()).isEqualTo(1);
        assertThat(all.stream().map(s -> Kind.of(s.spec())).distinct()).hasSize(Kind.values().length);
    }

    @Test
    void raisesTheRevisionByOneForEachChange() {
        assertThat(add(Samples.consumer("a", "")).revision()).isEqualTo(1);
        assertThat(add(Samples.consumer("b", ""), Samples.consumer("c", "")).revision())
                .isEqualTo(2);
        assertThat(settings.current().revision()).isEqualTo(2);
    }

    @Test
    void changesNothingWhenTheEditReturnsItsArgument() {
        add(Samples.consumer("a", ""));

        Settings same = settings.change(ALICE, s -> s);

        assertThat(same.revision()).isEqualTo(1);
        assertThat(audit.read(ALL, 0, 10).total()).isEqualTo(1);
    }

    @Test
    void changesNothingWhenTheEditPutsWhatIsThereAlready() {
        add(Samples.consumer("a", ""));

        assertThat(add(Samples.consumer("a", "")).revision()).isEqualTo(1);
        assertThat(audit.read(ALL, 0, 10).total()).isEqualTo(1);
    }

    @Test
    void undoesEverythingWhenTheEditThrows() {
        add(Samples.consumer("a", ""));
        IllegalArgumentException refusal = new IllegalArgumentException("no");

        assertThatThrownBy(() -> settings.change(ALICE, s -> {
                    throw refusal;
                }))
                .isSameAs(refusal);

        assertThat(settings.current().revision()).isEqualTo(1);
        assertThat(add(Samples.consumer("b", "")).revision()).isEqualTo(2);
    }

    @Test
    void undoesEverythingWhenARowCannotBeWritten() {
        add(Samples.consumer("a", ""));
        Stored<Resource> twin =
                Samples.stored("con_a", Samples.consumer("other", "").spec());

        assertThatThrownBy(() -> settings.change(ALICE, s -> s.putAll(List.of(Samples.consumer("new", ""), twin))))
                .isInstanceOf(StoreException.class);

        assertThat(openWith(OLD_KEY).current().all(Kind.CONSUMER)).hasSize(1);
        assertThat(audit.read(ALL, 0, 10).total()).isEqualTo(1);
    }

    @Test
    void writesOnlyTheRowsThatDiffer() throws SQLException {
        add(Samples.consumer("a", ""), Samples.consumer("b", ""));

        add(Samples.consumer("b", "changed"));

        assertThat(column("select name from resource where revision = 2")).containsExactly("b");
        assertThat(column("select name from resource where revision = 1")).containsExactly("a");
    }

    @Test
    void removesRows() {
        add(Samples.consumer("a", ""), Samples.consumer("b", ""));

        settings.change(ALICE, s -> s.remove(Kind.CONSUMER, "default", "a"));

        assertThat(openWith(OLD_KEY).current().all(Kind.CONSUMER))
                .extracting(s -> s.spec().name())
                .containsExactly("b");
    }

    @Test
    void letsTwoResourcesSwapTheirNames() {
        add(Samples.consumer("a", ""), Samples.consumer("b", ""));

        settings.change(
                ALICE,
                s -> s.putAll(List.of(
                        Samples.stored("con_a", Samples.consumer("b", "was a").spec()),
                        Samples.stored("con_b", Samples.consumer("a", "was b").spec()))));

        Settings reread = openWith(OLD_KEY).current();
        assertThat(reread.find(Kind.CONSUMER, "default", "a").orElseThrow().id())
                .isEqualTo("con_b");
        assertThat(reread).isEqualTo(settings.current());
    }

    @Test
    void noticesTheChangesOfAnotherWriter() {
        SqlSettings other = openWith(OLD_KEY);
        add(Samples.consumer("a", ""), Samples.consumer("b", ""), Samples.consumer("c", ""));
        assertThat(other.current()).isEqualTo(settings.current());

        add(Samples.consumer("b", "changed"), Samples.consumer("d", ""));
        settings.change(ALICE, s -> s.remove(Kind.CONSUMER, "default", "c"));

        Settings seen = other.current();
        assertThat(seen.revision()).isEqualTo(3);
        assertThat(seen.all(Kind.CONSUMER))
                .containsExactlyInAnyOrderElementsOf(settings.current().all(Kind.CONSUMER));
    }

    @Test
    void editsTheNewestSettingsOfAnotherWriter() {
        SqlSettings other = openWith(OLD_KEY);
        other.current();
        add(Samples.consumer("a", ""));

        Settings result = other.change(ALICE, s -> s.put(Samples.consumer("b", "")));

        assertThat(result.revision()).isEqualTo(2);
        assertThat(result.all(Kind.CONSUMER)).hasSize(2);
    }

    @Test
    void losesNoneOfManyConcurrentChanges() throws Exception {
        SqlSettings other = openWith(OLD_KEY);
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Settings>> changes = IntStream.range(0, 40)
                    .<Callable<Settings>>mapToObj(i -> () ->
                            (i % 2 == 0 ? settings : other).change(ALICE, s -> s.put(Samples.consumer("c" + i, ""))))
                    .toList();
            for (Future<Settings> change : pool.invokeAll(changes)) change.get();
        }

        assertThat(settings.current().revision()).isEqualTo(40);
        assertThat(settings.current().all(Kind.CONSUMER)).hasSize(40);
        assertThat(audit.firstBrokenLink()).isEqualTo(-1);
    }

    @Test
    void auditsEachChangedResourceWithSecretsRedacted() {
        add(Samples.providerKey("openai", "sk-first-secret"));
        add(Samples.providerKey("openai", "sk-second-secret"), Samples.consumer("a", ""));
        settings.change(ALICE, s -> s.remove(Kind.PROVIDER_KEY, "default", "openai"));

        List<AuditEntry> entries = audit.read(ALL, 0, 10).items();

        assertThat(entries)
                .extracting(AuditEntry::action, AuditEntry::kind, AuditEntry::name)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("delete", "providerKeys", "openai"),
                        org.assertj.core.groups.Tuple.tuple("create", "consumers", "a"),
                        org.assertj.core.groups.Tuple.tuple("update", "providerKeys", "openai"),
                        org.assertj.core.groups.Tuple.tuple("create", "providerKeys", "openai"));
        assertThat(entries).allSatisfy(e -> {
            assertThat(e.actor()).isEqualTo("alice");
            assertThat(e.address()).isEqualTo("10.0.0.7");
            assertThat(e.at()).isEqualTo(Samples.NOON);
            assertThat(e.before() + e.after()).doesNotContain("secret-").doesNotContain("-secret");
        });
        assertThat(entries.get(0).after()).isEmpty();
        assertThat(entries.get(0).before()).contains("[redacted]");
        assertThat(entries.get(3).before()).isEmpty();
        assertThat(entries.get(3).after()).contains("[redacted]").contains("\"provider\":\"openai\"");
    }

    @Test
    void keepsNoSecretReadableInAnyFile() throws IOException {
        add(Samples.providerKey("openai", "sk-very-secret"));

        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain("sk-very-secret");
            }
        }
    }

    @Test
    void sealsEverythingUnderANewMasterKeyPutInFrontOfTheOldOne() throws SQLException {
        add(Samples.providerKey("openai", "sk-secret"), Samples.consumer("a", ""));
        Settings before = settings.current();

        assertThat(openWith(NEW_KEY + "," + OLD_KEY).current()).isEqualTo(before);

        assertThat(openWith(NEW_KEY).current()).isEqualTo(before);
        assertThat(column("select distinct sealed_by from resource where sealed_by <> ''"))
                .hasSize(1);
    }

    @Test
    void refusesAWrongMasterKeyAndLeavesTheSecretsAsTheyAre() {
        add(Samples.providerKey("openai", "sk-secret"));

        assertThatThrownBy(() -> openWith(NEW_KEY).current())
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("the secret of provider key \"openai\" (pvk_openai)")
                .hasMessageContaining("SLUICE_MASTER_KEY=<new>,<old>");

        Stored<?> key = openWith(OLD_KEY)
                .current()
                .find(Kind.PROVIDER_KEY, "default", "openai")
                .orElseThrow();
        assertThat(((ProviderKey) key.spec()).secret()).isEqualTo(new Secret.Literal("sk-secret"));
    }

    @Test
    void answersFromMemoryWhileTheDatabaseIsAway() {
        Settings known = add(Samples.consumer("a", ""));
        database.close();

        assertThat(settings.current()).isEqualTo(known);
        assertThatThrownBy(() -> add(Samples.consumer("b", ""))).isInstanceOf(StoreException.class);
    }

    @Test
    void tellsOfNewSettingsOnce() {
        settings.current();
        add(Samples.consumer("a", ""));
        settings.current();
        settings.change(ALICE, s -> s);

        assertThat(told).extracting(Settings::revision).containsExactly(0L, 1L);
    }

    @Test
    void changesOneOfManyWithoutReadingOrWritingTheOthers() throws SQLException {
        List<Stored<Resource>> many = IntStream.range(0, 20_000)
                .mapToObj(i -> Samples.consumer("c" + i, ""))
                .toList();
        settings.change(ALICE, s -> s.putAll(many));
        Settings before = settings.current();

        Settings after = add(Samples.consumer("c500", "changed"));

        assertThat(column("select name from resource where revision = 2")).containsExactly("c500");
        assertThat(after.find(Kind.CONSUMER, "default", "c19999").orElseThrow())
                .isSameAs(before.find(Kind.CONSUMER, "default", "c19999").orElseThrow());
        assertThat(audit.read(ALL, 0, 1).total()).isEqualTo(20_001);
    }

    private List<String> column(String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("test.db"));
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) values.add(row.getString(1));
        }
        return values;
    }
}
