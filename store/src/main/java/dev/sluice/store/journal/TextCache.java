package dev.sluice.store.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Texts by their bytes, so that the names that fill the records are decoded and hashed once. For one thread. */
public final class TextCache {
    private static final int SLOTS = 4_096;
    private static final int LONGEST = 64;

    private final byte[] @Nullable [] keys = new byte[SLOTS][];
    private final @Nullable String[] texts = new @Nullable String[SLOTS];

    String text(byte[] bytes, int from, int length) {
        if (length == 0) return "";
        if (length > LONGEST) return new String(bytes, from, length, UTF_8);
        int hash = length;
        for (int i = from; i < from + length; i++) hash = 31 * hash + bytes[i];
        int slot = (hash ^ hash >>> 16) & (SLOTS - 1);
        byte[] key = keys[slot];
        String known = texts[slot];
        if (key != null && known != null && Arrays.equals(key, 0, key.length, bytes, from, from + length)) return known;
        String text = new String(bytes, from, length, UTF_8);
        keys[slot] = Arrays.copyOfRange(bytes, from, from + length);
        texts[slot] = text;
        return text;
    }
}
