package dev.sluice.store.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.store.sql.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MasterKeysTest {
    static final String OLD = key(1);
    static final String NEW = key(2);

    @TempDir
    Path directory;

    static String key(int seed) {
        byte[] bytes = new byte[32];
        new Random(seed).nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    private MasterKeys keys(String setting) {
        return MasterKeys.find(setting, directory).orElseThrow();
    }

    @Test
    void opensWhatItSealed() {
        String sealed = keys(OLD).seal("resource:1", "sk-secret");

        assertThat(sealed).startsWith("sealed:v1:").doesNotContain("sk-secret");
        assertThat(keys(OLD).open("resource:1", sealed, "x")).isEqualTo("sk-secret");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1023, 1024, 1025, 2048, 2049, 100_000})
    void opensBytesOfAnyLength(int length) {
        byte[] plain = new byte[length];
        new Random(length).nextBytes(plain);
        MasterKeys keys = keys(OLD);

        assertThat(keys.open("file", keys.activeId(), keys.seal("file", plain), "x"))
                .isEqualTo(plain);
    }

    @Test
    void neverSealsTheSameTextTheSameWay() {
        assertThat(keys(OLD).seal("a", "text")).isNotEqualTo(keys(OLD).seal("a", "text"));
    }

    @Test
    void doesNotOpenASecretThatWasMovedToAnotherResource() {
        String sealed = keys(OLD).seal("resource:1", "sk-secret");

        assertThatThrownBy(() -> keys(OLD).open("resource:2", sealed, "the secret of key \"b\""))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("the secret of key \"b\"")
                .hasMessageContaining("altered or copied");
    }

    @Test
    void doesNotOpenWhatWasAltered() {
        String sealed = keys(OLD).seal("a", "sk-secret");
        char last = sealed.charAt(sealed.length() - 3);
        String altered = sealed.substring(0, sealed.length() - 3)
                + (last == 'A' ? 'B' : 'A')
                + sealed.substring(sealed.length() - 2);

        assertThatThrownBy(() -> keys(OLD).open("a", altered, "x")).hasMessageContaining("altered");
    }

    @Test
    void opensWithAnOldKeyBehindANewOne() {
        String sealed = keys(OLD).seal("a", "sk-secret");
        MasterKeys rotated = keys(NEW + "," + OLD);

        assertThat(rotated.open("a", sealed, "x")).isEqualTo("sk-secret");
        assertThat(rotated.activeId())
                .isEqualTo(keys(NEW).activeId())
                .isNotEqualTo(keys(OLD).activeId());
    }

    @Test
    void saysWhichKeyIsMissingAndWhatToDo() {
        String sealed = keys(OLD).seal("a", "sk-secret");

        assertThatThrownBy(() -> keys(NEW).open("a", sealed, "the secret of provider key \"p\""))
                .hasMessageContaining("the secret of provider key \"p\"")
                .hasMessageContaining("master key " + keys(OLD).activeId())
                .hasMessageContaining("SLUICE_MASTER_KEY=<new>,<old>");
    }

    @Test
    void generatesAFileThatOnlyItsOwnerReads() throws IOException {
        MasterKeys generated = MasterKeys.generate(directory);

        Path file = directory.resolve("master.key");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(MasterKeys.find(null, directory).orElseThrow().activeId()).isEqualTo(generated.activeId());
    }

    @Test
    void doesNotGenerateOverAKeyThatIsThere() {
        MasterKeys.generate(directory);

        assertThatThrownBy(() -> MasterKeys.generate(directory)).isInstanceOf(StoreException.class);
    }

    @Test
    void takesTheSettingBeforeTheFile() {
        MasterKeys file = MasterKeys.generate(directory);
        String sealed = file.seal("a", "sk-secret");

        assertThat(keys(NEW).activeId()).isNotEqualTo(file.activeId());
        assertThat(keys(NEW).open("a", sealed, "x")).isEqualTo("sk-secret");
    }

    @Test
    void hasNoKeysWithoutSettingAndFile() {
        assertThat(MasterKeys.find(null, directory)).isEmpty();
        assertThat(MasterKeys.find("  ", directory)).isEmpty();
    }

    @Test
    void refusesKeysOfAnotherLengthWithoutShowingThem() {
        String shorter = Base64.getEncoder().encodeToString("short and secret".getBytes());

        assertThatThrownBy(() -> keys(OLD + "," + shorter))
                .hasMessageContaining("SLUICE_MASTER_KEY: key number 2 is 16 bytes (expected: 32 random bytes")
                .hasMessageNotContaining(shorter);
        assertThatThrownBy(() -> keys("not-base64!"))
                .hasMessageContaining("not base64")
                .hasMessageNotContaining("not-base64!");
    }

    @Test
    void neverShowsAKey() {
        assertThat(keys(OLD).toString()).doesNotContain(OLD);
    }
}
