package dev.sluice.traffic.affinity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sluice.settings.snapshot.BoundModelApi;
import dev.sluice.traffic.health.HashKey;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Writes into the id of a thing which deployment keeps it, and reads it out again. A sealed id is the vendor's own with 32
 * characters put in behind its prefix:
 *
 * <pre>
 * file-  slc1  AbCd…(28)  the rest of the vendor's id
 *              base64url of: Model API (5 bytes), service (5), provider key (4), signature (7)
 * </pre>
 *
 * The three are hashes of tenant and name, so that replicas agree that were told the same settings each on its own. The
 * signature covers them and the vendor's id: nobody without the gateway's secret can point an id elsewhere. The same
 * thing always gets the same id.
 */
public final class IdSeal {
    private static final String MARK = "slc1";
    private static final int SIGNATURE = 7;
    private static final int PLACE = 14;
    private static final int TEXT = 28;
    private static final int LONGEST = 300;
    private static final long FIVE_BYTES = 0xFF_FFFF_FFFFL;
    private static final long FOUR_BYTES = 0xFFFF_FFFFL;
    private static final byte[] MARK_BYTES = MARK.getBytes(US_ASCII);

    private final List<SecretKeySpec> keys;

    /**
     * What a sealed id says.
     *
     * @param id the vendor's own
     */
    record Opened(long api, long service, long key, String id) {}

    private IdSeal(List<SecretKeySpec> keys) {
        this.keys = keys;
    }

    /** @param keys the first signs, any of them proves a signature */
    public static IdSeal of(List<byte[]> keys) {
        if (keys.isEmpty()) throw new IllegalArgumentException("keys: none (expected: at least one)");
        return new IdSeal(
                keys.stream().map(key -> new SecretKeySpec(key, "HmacSHA256")).toList());
    }

    /** The id that the client gets; the vendor's own if it holds characters that have no place in a path. */
    public String seal(BoundModelApi api, Deployment keeper, String id) {
        if (!isPlain(id)) return id;
        int prefix = prefix(id);
        byte[] sealed = new byte[PLACE + SIGNATURE];
        ByteBuffer place = ByteBuffer.wrap(sealed);
        putFive(place, hash(api));
        putFive(place, hash(keeper));
        place.putInt((int) keyHash(keeper));
        System.arraycopy(sign(keys.getFirst(), sealed, id), 0, sealed, PLACE, SIGNATURE);
        return id.substring(0, prefix) + MARK + Base64.getUrlEncoder().encodeToString(sealed) + id.substring(prefix);
    }

    /** Whether a text has the form of a sealed id. */
    public static boolean isSealed(String text) {
        int length = text.length();
        if (length > LONGEST + MARK.length() + TEXT) return false;
        int prefix = prefix(text);
        return length > prefix + MARK.length() + TEXT && text.startsWith(MARK, prefix) && isPlain(text);
    }

    /** Whether bytes may hold a sealed id. */
    public static boolean mayHold(byte[] bytes) {
        // The mark has four different bytes: most steps pass over four.
        for (int at = 3; at < bytes.length; ) {
            switch (bytes[at]) {
                case '1' -> {
                    if (bytes[at - 1] == MARK_BYTES[2]
                            && bytes[at - 2] == MARK_BYTES[1]
                            && bytes[at - 3] == MARK_BYTES[0]) return true;
                    at += 4;
                }
                case 'c' -> at += 1;
                case 'l' -> at += 2;
                case 's' -> at += 3;
                default -> at += 4;
            }
        }
        return false;
    }

    /** Whether a text may hold a sealed id. */
    public static boolean mayHold(String text) {
        return text.contains(MARK);
    }

    /** What a text that {@link #isSealed} says; null if it was not sealed with one of the keys. */
    @Nullable
    Opened open(String text) {
        int prefix = prefix(text);
        int from = prefix + MARK.length();
        byte[] sealed;
        try {
            sealed = Base64.getUrlDecoder().decode(text.substring(from, from + TEXT));
        } catch (IllegalArgumentException e) {
            return null;
        }
        String id = text.substring(0, prefix) + text.substring(from + TEXT);
        byte[] shown = Arrays.copyOfRange(sealed, PLACE, PLACE + SIGNATURE);
        for (SecretKeySpec key : keys) {
            if (!MessageDigest.isEqual(shown, sign(key, sealed, id))) continue;
            ByteBuffer place = ByteBuffer.wrap(sealed);
            return new Opened(five(place), five(place), place.getInt() & FOUR_BYTES, id);
        }
        return null;
    }

    static long hash(BoundModelApi api) {
        return HashKey.of("api/" + api.tenant() + '/' + api.name()) & FIVE_BYTES;
    }

    static long hash(Deployment keeper) {
        return serviceHash(keeper.service().tenant(), keeper.service().name());
    }

    static long serviceHash(String tenant, String name) {
        return HashKey.of("service/" + tenant + '/' + name) & FIVE_BYTES;
    }

    static long keyHash(Deployment keeper) {
        return keeper.key() == null
                ? 0
                : HashKey.of("key/" + keeper.service().tenant() + '/'
                                + keeper.key().name())
                        & FOUR_BYTES;
    }

    private static byte[] sign(SecretKeySpec key, byte[] place, String id) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update(place, 0, PLACE);
            return Arrays.copyOf(mac.doFinal(id.getBytes(US_ASCII)), SIGNATURE);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime has no HMAC-SHA256", e);
        }
    }

    /** How much of an id is its kind: letters and what parts them from the rest; 0 if it has none. */
    private static int prefix(String id) {
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            if (i > 0 && (c == '_' || c == '-')) return i + 1;
            if (c < 'a' || c > 'z') return 0;
        }
        return 0;
    }

    private static boolean isPlain(String id) {
        if (id.isEmpty() || id.length() > LONGEST + MARK.length() + TEXT) return false;
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            boolean plain = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            if (!plain && c != '-' && c != '_' && c != '.' && c != '~') return false;
        }
        return true;
    }

    private static void putFive(ByteBuffer to, long value) {
        to.put((byte) (value >>> 32)).putInt((int) value);
    }

    private static long five(ByteBuffer from) {
        return (from.get() & 0xFFL) << 32 | from.getInt() & FOUR_BYTES;
    }
}
