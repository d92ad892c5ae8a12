package dev.sluice.protocol.json;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * The member names that a reader looks for, one per constant of an enum; every other name is the enum's "other" constant.
 * Looked up by length and bytes, without making a string.
 */
public final class Keys<K extends Enum<K>> {
    private record Entry<K>(byte[] name, K key) {}

    private final K other;
    private final List<Entry<K>> entries = new ArrayList<>();
    /** For each length, the positions in {@link #entries} of the names that have it. */
    private final int[][] byLength;

    private Keys(K[] constants, K other, Function<K, String> spelling) {
        this.other = other;
        int longest = 0;
        for (K constant : constants) {
            if (constant == other) continue;
            byte[] name = spelling.apply(constant).getBytes(US_ASCII);
            entries.add(new Entry<>(name, constant));
            longest = Math.max(longest, name.length);
        }
        byLength = new int[longest + 1][];
        for (int length = 0; length <= longest; length++) {
            int wanted = length;
            byLength[length] = java.util.stream.IntStream.range(0, entries.size())
                    .filter(i -> entries.get(i).name.length == wanted)
                    .toArray();
        }
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
            Entry<K> entry = entries.get(candidate);
            if (same(bytes, from, entry.name)) return entry.key;
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
