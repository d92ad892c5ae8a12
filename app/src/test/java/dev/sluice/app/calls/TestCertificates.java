package dev.sluice.app.calls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Certificates that sign themselves, made with the JDK's own tool. */
public final class TestCertificates {
    private static final String PASSWORD = "password-of-the-test";

    /** A certificate and its key, both PEM; the key is PKCS #8. */
    public record Pair(Path certificate, Path key) {}

    private TestCertificates() {}

    /** @param names as a subject's alternative names, e.g. {@code dns:a.example,ip:127.0.0.1} */
    public static Pair make(Path folder, String file, String names) {
        try {
            Path store = folder.resolve(file + ".p12");
            Process keytool = new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-alias",
                            "a",
                            "-keyalg",
                            "EC",
                            "-groupname",
                            "secp256r1",
                            "-dname",
                            "CN=" + file,
                            "-ext",
                            "san=" + names,
                            "-validity",
                            "30",
                            "-storetype",
                            "PKCS12",
                            "-keystore",
                            store.toString(),
                            "-storepass",
                            PASSWORD))
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve(file + ".log").toFile())
                    .start();
            if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0)
                throw new AssertionError("keytool failed: " + Files.readString(folder.resolve(file + ".log")));
            KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
            Certificate certificate = keys.getCertificate("a");
            Key key = keys.getKey("a", PASSWORD.toCharArray());
            return new Pair(
                    pem(folder.resolve(file + ".crt"), "CERTIFICATE", certificate.getEncoded()),
                    pem(folder.resolve(file + ".key"), "PRIVATE KEY", key.getEncoded()));
        } catch (IOException | GeneralSecurityException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Path pem(Path file, String kind, byte[] der) throws IOException {
        String text = "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(der) + "\n-----END "
                + kind + "-----\n";
        return Files.writeString(file, text);
    }
}
