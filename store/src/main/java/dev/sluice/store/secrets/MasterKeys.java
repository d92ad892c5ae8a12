package dev.sluice.store.secrets;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.store.sql.StoreException;
import dev.sluice.store.sql.StoreException.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The ring of master keys, AES-256 each. The first one encrypts, all of them decrypt, so a key is rotated by putting a
 * new one in front. What is sealed names the key it is sealed under and is bound to a context (whose secret it is), so
 * that it cannot be moved elsewhere.
 *
 * <p>Keys come from {@value #SETTING} and, behind those, from the file {@value #FILE} of the data directory, which is
 * generated when there is neither.
 */
public final class MasterKeys {
    public static final String SETTING = "SLUICE_MASTER_KEY";
    public static final String FILE = "master.key";

    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    /** The JVM takes the processor's instructions for the cipher only once it has been called some thousand times. */
    private static final int PIECE = 1024;

    private static final String FORM = "sealed:v1:";

    private final List<Key> ring;
    private final SecureRandom random = new SecureRandom();

    private record Key(String id, SecretKeySpec secret) {
        static Key of(byte[] bytes) {
            byte[] hash = sha256(bytes);
            return new Key(HexFormat.of().formatHex(hash, 0, 4), new SecretKeySpec(bytes, "AES"));
        }

        @Override
        public String toString() {
            return id;
        }
    }

    private MasterKeys(List<Key> ring) {
        this.ring = List.copyOf(ring);
    }

    /**
     * The keys that are configured, if any are.
     *
     * @param setting value of {@value #SETTING}; null when it is not set
     */
    public static Optional<MasterKeys> find(@Nullable String setting, Path dataDirectory) {
        List<Key> ring = new ArrayList<>();
        if (setting != null && !setting.isBlank()) addAll(ring, setting, SETTING);
        Path file = dataDirectory.resolve(FILE);
        try {
            if (Files.exists(file)) addAll(ring, Files.readString(file, UTF_8), file.toString());
        } catch (IOException e) {
            throw new StoreException(
                    Reason.MASTER_KEY, "the master key file " + file + " cannot be read: " + e.getMessage(), e);
        }
        return ring.isEmpty() ? Optional.empty() : Optional.of(new MasterKeys(ring));
    }

    /** Makes a fresh key and keeps it in {@value #FILE}, readable by its owner only. */
    public static MasterKeys generate(Path dataDirectory) {
        byte[] bytes = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(bytes);
        Path file = dataDirectory.resolve(FILE);
        try {
            writeOnce(file, Base64.getEncoder().encodeToString(bytes) + "\n");
        } catch (FileAlreadyExistsException e) {
            throw new StoreException(
                    Reason.MASTER_KEY, "the master key file " + file + " exists but holds no key; remove it", e);
        } catch (IOException e) {
            throw new UncheckedIOException("the master key file " + file + " cannot be written", e);
        }
        return new MasterKeys(List.of(Key.of(bytes)));
    }

    private static void writeOnce(Path file, String text) throws IOException {
        boolean posix = Files.getFileStore(file.toAbsolutePath().getParent()).supportsFileAttributeView("posix");
        FileAttribute<?>[] rights = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        try (FileChannel out =
                FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), rights)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(US_ASCII));
            while (bytes.hasRemaining()) out.write(bytes);
            out.force(true);
        }
    }

    private static void addAll(List<Key> ring, String text, String where) {
        int position = 0;
        for (String part : Arrays.stream(text.split("[,\\s]+", -1))
                .filter(p -> !p.isEmpty())
                .toList()) {
            position++;
            Key key = Key.of(decode(part, where, position));
            if (ring.stream().noneMatch(k -> k.id().equals(key.id()))) ring.add(key);
        }
    }

    private static byte[] decode(String part, String where, int position) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(part);
        } catch (IllegalArgumentException _) {
            throw notAKey(where, position, "text that is not base64");
        }
        if (bytes.length != KEY_BYTES) throw notAKey(where, position, bytes.length + " bytes");
        return bytes;
    }

    private static StoreException notAKey(String where, int position, String found) {
        return new StoreException(
                Reason.MASTER_KEY,
                where + ": key number " + position + " is " + found + " (expected: 32 random bytes in base64, as of"
                        + " `openssl rand -base64 32`; several keys separated by commas, the newest first)",
                null);
    }

    /** Names the key that seals from now on. */
    public String activeId() {
        return ring.getFirst().id();
    }

    /** Whether a text has the form that {@link #seal(String, String)} gives. */
    public static boolean isSealed(String text) {
        return text.startsWith(FORM);
    }

    /** A text encrypted under the active key, readable again only in the same context. */
    public String seal(String context, String plain) {
        return FORM + activeId() + ":"
                + Base64.getUrlEncoder().withoutPadding().encodeToString(seal(context, plain.getBytes(UTF_8)));
    }

    /**
     * The text that was sealed.
     *
     * @param whose what it is the secret of, for the message when it cannot be decrypted
     */
    public String open(String context, String sealed, String whose) {
        String rest = sealed.substring(FORM.length());
        int colon = rest.indexOf(':');
        String id = colon < 0 ? "" : rest.substring(0, colon);
        try {
            return new String(
                    open(context, id, Base64.getUrlDecoder().decode(rest.substring(colon + 1)), whose), UTF_8);
        } catch (IllegalArgumentException e) {
            throw damaged(whose, id, e);
        }
    }

    /** Bytes encrypted under the active key; {@link #activeId()} must be kept beside them. */
    public byte[] seal(String context, byte[] plain) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, ring.getFirst(), nonce, context);
            byte[] out = Arrays.copyOf(nonce, NONCE_BYTES + cipher.getOutputSize(plain.length));
            int at = NONCE_BYTES;
            int from = 0;
            for (; plain.length - from > PIECE; from += PIECE) at += cipher.update(plain, from, PIECE, out, at);
            cipher.doFinal(plain, from, plain.length - from, out, at);
            return out;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime cannot encrypt with AES-GCM", e);
        }
    }

    public byte[] open(String context, String keyId, byte[] sealed, String whose) {
        Key key = ring.stream()
                .filter(k -> k.id().equals(keyId))
                .findFirst()
                .orElseThrow(() -> new StoreException(Reason.MASTER_KEY, unknown(whose, keyId), null));
        if (sealed.length < NONCE_BYTES) throw damaged(whose, keyId, null);
        try {
            return cipher(Cipher.DECRYPT_MODE, key, Arrays.copyOf(sealed, NONCE_BYTES), context)
                    .doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES);
        } catch (GeneralSecurityException e) {
            throw damaged(whose, keyId, e);
        }
    }

    /** Keys for another purpose, one of each master key, the active one's first; they tell nothing of the master keys. */
    public List<byte[]> derived(String purpose) {
        return ring.stream().map(key -> derived(key, purpose)).toList();
    }

    private static byte[] derived(Key key, String purpose) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.secret().getEncoded(), "HmacSHA256"));
            return mac.doFinal(("sluice " + purpose).getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime has no HMAC-SHA256", e);
        }
    }

    private String unknown(String whose, String keyId) {
        return whose + " is encrypted under master key " + keyId + ", but the keys at hand are " + ring
                + "; add the missing key behind the new one (" + SETTING + "=<new>,<old>), or put back the file " + FILE
                + " that belongs to this data directory";
    }

    private static StoreException damaged(String whose, String keyId, @Nullable Exception cause) {
        return new StoreException(
                Reason.MASTER_KEY,
                whose + " cannot be decrypted with master key " + keyId
                        + ": it was altered or copied from elsewhere; restore it from a backup",
                cause);
    }

    private static Cipher cipher(int mode, Key key, byte[] nonce, String context) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key.secret(), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(context.getBytes(UTF_8));
        return cipher;
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update("sluice master key id".getBytes(US_ASCII));
            return digest.digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime has no SHA-256", e);
        }
    }

    /** Names the keys, never shows them. */
    @Override
    public String toString() {
        return "MasterKeys" + ring;
    }
}
