package dev.sluice.store.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.settings.Secret.Reference;
import dev.sluice.store.sql.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsFileTest {
    private static final Map<Reference, String> VALUES = Map.of(
            new Reference("vault", "kv/a#key"),
            "sk-in-a-vault",
            new Reference("file", "/run/key"),
            "x".repeat(64 * 1024) + "ä");

    @TempDir
    Path directory;

    MasterKeys keys;
    SecretsFile file;

    @BeforeEach
    void open() {
        keys = MasterKeys.generate(directory);
        file = new SecretsFile(directory, keys);
    }

    @Test
    void loadsWhatWasSaved() throws IOException {
        file.save(VALUES);

        assertThat(new SecretsFile(directory, keys).load()).isEqualTo(VALUES);
    }

    @Test
    void hasNothingBeforeTheFirstSave() {
        assertThat(file.load()).isEmpty();
    }

    @Test
    void noValueStandsInTheFile() throws IOException {
        file.save(VALUES);

        assertThat(Files.readString(directory.resolve("secrets.saved"), StandardCharsets.ISO_8859_1))
                .doesNotContain("sk-in-a-vault")
                .doesNotContain("kv/a");
    }

    @Test
    void aFileThatWasAlteredIsRefused() throws IOException {
        file.save(VALUES);
        Path path = directory.resolve("secrets.saved");
        byte[] bytes = Files.readAllBytes(path);
        bytes[bytes.length - 1] ^= 1;
        Files.write(path, bytes);

        assertThatThrownBy(file::load).isInstanceOf(StoreException.class).hasMessageContaining("cannot be decrypted");
        Files.writeString(path, "something else");
        assertThatThrownBy(file::load).isInstanceOf(StoreException.class).hasMessageContaining("an unknown form");
    }
}
