package dev.sluice.traffic.health;

import java.nio.charset.StandardCharsets;

/** Turns what calls have in common into a number that consistent hashing goes by. */
public final class HashKey {
    /** The call has nothing to hash by. */
    public static final long NONE = 0;
    /** How much of a prompt counts: long enough to tell system prompts apart. */
    public static final int PROMPT_BYTES = 1_024;

    private static final long OFFSET = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    private HashKey() {}

    public static long of(String text) {
        return text.isEmpty() ? NONE : of(text.getBytes(StandardCharsets.UTF_8), Integer.MAX_VALUE);
    }

    /** @param most bytes that count */
    public static long of(byte[] bytes, int most) {
        int length = Math.min(bytes.length, most);
        if (length == 0) return NONE;
        long hash = OFFSET;
        for (int i = 0; i < length; i++) hash = (hash ^ (bytes[i] & 0xff)) * PRIME;
        hash = mix(hash);
        return hash == NONE ? 1 : hash;
    }

    /** Spreads a number over all bits (the finisher of MurmurHash 3). */
    static long mix(long x) {
        x = (x ^ (x >>> 33)) * 0xff51afd7ed558ccdL;
        x = (x ^ (x >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return x ^ (x >>> 33);
    }
}
