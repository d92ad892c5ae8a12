package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.app.calls.TestCertificates;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder of certificates that change. */
class CertificateFolderTest {
    @TempDir
    Path folder;

    private CertificateFolder certificates;

    @BeforeEach
    void open() throws StartException {
        TestCertificates.make(folder, "default", "dns:first.example");
        certificates = CertificateFolder.open(folder);
    }

    private void change() throws Exception {
        Path fresh = Files.createDirectories(folder.resolve("fresh"));
        TestCertificates.Pair pair = TestCertificates.make(fresh, "default", "dns:second.example");
        put(pair.key(), "default.key");
        put(pair.certificate(), "default.crt");
    }

    private void put(Path file, String name) throws Exception {
        Path target = folder.resolve(name);
        Files.write(target, Files.readAllBytes(file));
        Files.setLastModifiedTime(target, FileTime.from(Instant.now().plusSeconds(60)));
    }

    @Test
    void certificatesThatCouldNotBePutToUseAreTriedAgain() throws Exception {
        change();
        assertThatThrownBy(() -> certificates.reload(_ -> {
                    throw new IllegalStateException("the edge did not answer");
                }))
                .isInstanceOf(IllegalStateException.class);
        List<PemKeyCertOptions> used = new ArrayList<>();
        assertThat(certificates.reload(used::add)).isTrue();
        assertThat(used).containsExactly(certificates.current());
        assertThat(certificates.reload(used::add)).isFalse();
        assertThat(used).hasSize(1);
    }

    @Test
    void eachBrokenStateIsComplainedAboutOnce() throws Exception {
        PemKeyCertOptions before = certificates.current();
        Files.writeString(folder.resolve("default.key"), "no key");
        Files.setLastModifiedTime(
                folder.resolve("default.key"), FileTime.from(Instant.now().plusSeconds(60)));
        List<PemKeyCertOptions> used = new ArrayList<>();
        assertThatThrownBy(() -> certificates.reload(used::add)).isInstanceOf(StartException.class);
        assertThat(certificates.reload(used::add)).isFalse();
        assertThat(used).isEmpty();
        assertThat(certificates.current()).isEqualTo(before);
    }
}
