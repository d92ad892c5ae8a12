package dev.sluice.protocol.json;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * The member names that a reader looks for, one per constant of an enum; every other name is the enum's "other" constant.
 * Looked up by length and bytes, without making a string.
 */
public final class Keys<K extends Enum<K>> {
    private final K other;
    private final K[] keys;
    /** The name of each key; empty for the "other" one. */
    private final byte[][] names;
    /** For each length, the positions in {@link #keys} of the names that have it. */
    private final int[][] byLength;

    private Keys(K[] keys, K other, Function<K, String> spelling) {
        this.other = other;
        this.keys = keys;
        this.names = Arrays.stream(keys)
                .map(key -> key == other ? new byte[0] : spelling.apply(key).getBytes(US_ASCII))
                .toArray(byte[][]::new);
        int longest = Arrays.stream(names).mapToInt(name -> name.length).max().orElse(0);
        this.byLength = IntStream.rangeClosed(0, longest)
                .mapToObj(length -> IntStream.range(0, keys.length)
                        .filter(i -> keys[i] != other && names[i].length == length)
                        .toArray())
                .toArray(int[][]::new);
    }

    /** Names spelled as the enum's constants in lower case. */
    public static <K extends Enum<K>> Keys<K> of(Class<K> type, K other) {
        return of(type, other, key -> key.name().toLowerCase(Locale.ROOT));
    }

    /** Names with their own spelling, ASCII only. */
    public static <K extends Enum<K>> Keys<K> of(Class<K> type, K other, Function<K, String> spelling) {
        return new Keys<>(type.getEnumConstants(), other, spelling);
    }

    /** The constant whose name stands in {@code [from, to)}, unescaped. */
    public K find(byte[] bytes, int from, int to) {
        int length = to - from;
        if (length >= byLength.length) return other;
        for (int candidate : byLength[length]) {
            if (same(bytes, from, names[candidate])) return keys[candidate];
        }
        return other;
    }

    private static boolean same(byte[] bytes, int from, byte[] name) {
        for (int i = 0; i < name.length; i++) {
            if (bytes[from + i] != name[i]) return false;
        }
        return true;
    }
}
