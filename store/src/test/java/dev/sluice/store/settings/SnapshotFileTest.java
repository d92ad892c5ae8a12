package dev.sluice.store.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.settings.Kind;
import dev.sluice.settings.Settings;
import dev.sluice.store.Samples;
import dev.sluice.store.secrets.MasterKeys;
import dev.sluice.store.sql.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotFileTest {
    private static final Settings SETTINGS = Settings.of(7, EveryKind.resources());

    @TempDir
    Path directory;

    MasterKeys keys;
    SnapshotFile file;

    @BeforeEach
    void open() {
        keys = MasterKeys.generate(directory);
        file = new SnapshotFile(directory, keys);
    }

    @Test
    void loadsWhatWasSaved() throws IOException {
        file.save(SETTINGS);

        assertThat(new SnapshotFile(directory, keys).load()).contains(SETTINGS);
    }

    @Test
    void hasNothingBeforeTheFirstSave() {
        assertThat(file.load()).isEmpty();
    }

    @Test
    void isReplacedByTheNextSaveAndLeavesNoOtherFile() throws IOException {
        file.save(SETTINGS);
        file.save(SETTINGS.put(Samples.consumer("new", "")).withRevision(8));

        assertThat(file.load().orElseThrow().revision()).isEqualTo(8);
        try (var files = Files.list(directory)) {
            assertThat(files.map(p -> p.getFileName().toString()))
                    .containsExactlyInAnyOrder("master.key", "settings.snapshot");
        }
    }

    @Test
    void savesEditsOfManyResourcesOneAfterAnother() throws IOException {
        Settings settings = SETTINGS;
        for (int i = 0; i < 2000; i++) settings = settings.put(Samples.consumer("many-" + i, ""));
        file.save(settings);
        for (int i = 0; i < 2000; i += 397) {
            settings = settings.put(Samples.consumer("many-" + i, "edited"))
                    .remove(Kind.CONSUMER, Settings.DEFAULT_TENANT, "many-" + (i + 1))
                    .withRevision(settings.revision() + 1);
            file.save(settings);

            assertThat(new SnapshotFile(directory, keys).load()).contains(settings);
        }
    }

    @Test
    void isNotHarmedByASaveThatWasKilled() throws IOException {
        file.save(SETTINGS);
        Files.writeString(directory.resolve("settings.snapshot.next"), "half a fi");

        assertThat(file.load()).contains(SETTINGS);
        file.save(SETTINGS.withRevision(9));
        assertThat(file.load().orElseThrow().revision()).isEqualTo(9);
    }

    @Test
    void isEncrypted() throws IOException {
        file.save(SETTINGS);

        assertThat(new String(Files.readAllBytes(directory.resolve("settings.snapshot")), StandardCharsets.ISO_8859_1))
                .doesNotContain("sk-very-secret")
                .doesNotContain("chat");
    }

    @Test
    void refusesAFlippedByteAnywhere() throws IOException {
        file.save(SETTINGS);
        Path path = directory.resolve("settings.snapshot");
        byte[] good = Files.readAllBytes(path);
        for (int at : new int[] {0, 20, 40, good.length / 2, good.length - 1}) {
            byte[] bad = good.clone();
            bad[at] ^= 4;
            Files.write(path, bad);
            assertThatThrownBy(() -> file.load()).as("byte " + at).isInstanceOf(StoreException.class);
        }
    }

    @Test
    void saverSavesTheNewestOfManyChanges() throws Exception {
        try (SnapshotSaver saver = new SnapshotSaver(file)) {
            for (int i = 1; i <= 500; i++) saver.save(SETTINGS.withRevision(i));
            saver.flush();
            assertThat(file.load().orElseThrow().revision()).isEqualTo(500);

            saver.save(SETTINGS.withRevision(501));
        }
        assertThat(file.load().orElseThrow().revision()).isEqualTo(501);
    }
}
