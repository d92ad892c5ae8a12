package dev.sluice.app;

import dev.sluice.app.cli.GatewayOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder of certificates with their keys, NAME.crt beside NAME.key, in PEM. Which names a certificate is for is read from
 * the certificate, wildcards included; the one called {@code default}, else the first by name, answers for all others.
 * Confined to one thread at a time.
 */
final class CertificateFolder {
    private static final String CERTIFICATE = ".crt";
    private static final String KEY = ".key";
    private static final byte[] PROBE = {1, 2, 3};

    private final Path folder;
    private Map<Path, FileTime> seen;
    private PemKeyCertOptions current;

    private CertificateFolder(Path folder, Map<Path, FileTime> seen, PemKeyCertOptions current) {
        this.folder = folder;
        this.seen = seen;
        this.current = current;
    }

    /** The folder that the options name; null where nothing listens for TLS. */
    static @Nullable CertificateFolder of(GatewayOptions options) throws StartException {
        boolean listens = options.transport().tlsPort() != null;
        if (listens && options.certificates() == null)
            throw new StartException(
                    "--tls-port: there are no certificates (expected: --tls-cert-dir with a folder of them)");
        if (!listens && options.certificates() != null)
            throw new StartException("--tls-cert-dir: nothing listens for TLS (expected: --tls-port too)");
        return options.certificates() == null ? null : open(options.certificates());
    }

    static CertificateFolder open(Path folder) throws StartException {
        Map<Path, FileTime> files = files(folder);
        return new CertificateFolder(folder, files, load(folder, files));
    }

    Path folder() {
        return folder;
    }

    PemKeyCertOptions current() {
        return current;
    }

    /**
     * Looks for changed files; true when there are other certificates in use now. What cannot be put to use is tried again the
     * next time.
     *
     * @param use puts certificates to use, everywhere or with an exception
     * @throws StartException when the folder is not in order: what was loaded last stays, and each state is complained about once
     */
    boolean reload(Consumer<PemKeyCertOptions> use) throws StartException {
        Map<Path, FileTime> files = files(folder);
        if (files.equals(seen)) return false;
        PemKeyCertOptions loaded;
        try {
            loaded = load(folder, files);
        } catch (StartException e) {
            seen = files;
            throw e;
        }
        boolean news = !loaded.equals(current);
        if (news) use.accept(loaded);
        seen = files;
        current = loaded;
        return news;
    }

    private static Map<Path, FileTime> files(Path folder) throws StartException {
        Map<Path, FileTime> files = new TreeMap<>(Comparator.comparing(Path::toString));
        try (Stream<Path> found = Files.list(folder)) {
            for (Path file : found.toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(CERTIFICATE) || name.endsWith(KEY)) files.put(file, Files.getLastModifiedTime(file));
            }
        } catch (IOException e) {
            throw new StartException(
                    "--tls-cert-dir: " + folder + " cannot be read (expected: a folder of certificates)");
        }
        return files;
    }

    private static PemKeyCertOptions load(Path folder, Map<Path, FileTime> files) throws StartException {
        List<String> problems = new ArrayList<>();
        List<Path> certificates = files.keySet().stream()
                .filter(file -> file.toString().endsWith(CERTIFICATE))
                .sorted(Comparator.comparingInt(
                        file -> file.getFileName().toString().equals("default.crt") ? 0 : 1))
                .toList();
        if (certificates.isEmpty())
            problems.add("--tls-cert-dir: " + folder + " holds no certificate (expected: NAME.crt with NAME.key)");
        PemKeyCertOptions all = new PemKeyCertOptions();
        for (Path certificate : certificates) {
            String file = certificate.getFileName().toString();
            Path key = certificate.resolveSibling(file.substring(0, file.length() - CERTIFICATE.length()) + KEY);
            try {
                byte[] chain = Files.readAllBytes(certificate);
                byte[] secret = Files.readAllBytes(key);
                check(chain, secret);
                all.addCertValue(Buffer.buffer(chain)).addKeyValue(Buffer.buffer(secret));
            } catch (IOException e) {
                problems.add("--tls-cert-dir: " + certificate + " cannot be read together with " + key.getFileName()
                        + " (expected: both)");
            } catch (GeneralSecurityException | IllegalArgumentException e) {
                problems.add("--tls-cert-dir: " + certificate + " and " + key.getFileName()
                        + " are no certificate with its key, in PEM");
            }
        }
        if (!problems.isEmpty()) throw new StartException(problems);
        return all;
    }

    /** A key that does not belong to its certificate would only show when a client connects. */
    private static void check(byte[] chain, byte[] secret) throws GeneralSecurityException {
        Certificate own =
                CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(chain)).stream()
                        .findFirst()
                        .orElseThrow(() -> new GeneralSecurityException("no certificate"));
        PrivateKey key = PemKey.read(secret);
        String algorithm = switch (own.getPublicKey().getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> own.getPublicKey().getAlgorithm();
        };
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(PROBE);
        byte[] signed = signature.sign();
        signature.initVerify(own);
        signature.update(PROBE);
        if (!signature.verify(signed)) throw new GeneralSecurityException("another key");
    }

    /** Keys in PKCS #8, as today's tools write them; the older forms are left to a conversion by the operator. */
    private static final class PemKey {
        private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
        private static final String END = "-----END PRIVATE KEY-----";

        static PrivateKey read(byte[] pem) throws GeneralSecurityException {
            String text = new String(pem, java.nio.charset.StandardCharsets.US_ASCII);
            int begin = text.indexOf(BEGIN);
            int end = text.indexOf(END);
            if (begin < 0 || end < begin) throw new GeneralSecurityException("no key in PKCS #8");
            byte[] der = Base64.getMimeDecoder().decode(text.substring(begin + BEGIN.length(), end));
            java.security.spec.PKCS8EncodedKeySpec spec = new java.security.spec.PKCS8EncodedKeySpec(der);
            for (String algorithm : List.of("RSA", "EC", "Ed25519")) {
                try {
                    return java.security.KeyFactory.getInstance(algorithm).generatePrivate(spec);
                } catch (java.security.spec.InvalidKeySpecException _) {
                    // of another algorithm
                }
            }
            throw new GeneralSecurityException("a key of an unknown algorithm");
        }
    }
}
