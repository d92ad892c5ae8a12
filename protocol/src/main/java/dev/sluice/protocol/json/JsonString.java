package dev.sluice.protocol.json;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Decodes the inside of a JSON string that a {@link JsonScanner} found valid. */
public final class JsonString {
    private static final int REPLACEMENT = 0xFFFD;

    private JsonString() {}

    /**
     * The text between two quotes.
     *
     * @param escaped whether it may hold escape sequences
     */
    public static String decode(byte[] json, int from, int to, boolean escaped) {
        if (!escaped) return new String(json, from, to - from, UTF_8);
        byte[] text = new byte[to - from];
        int length = unescape(json, from, to, text, 0);
        return new String(text, 0, length, UTF_8);
    }

    /**
     * Writes the unescaped text as UTF-8 into {@code out} from {@code at} on, as far as it fits. The text is never longer
     * than its escaped form; half a surrogate pair becomes U+FFFD.
     *
     * @return length of the whole text in bytes, whether it fitted or not
     */
    public static int unescape(byte[] json, int from, int to, byte[] out, int at) {
        int write = at;
        int p = from;
        while (p < to) {
            int run = p;
            while (p < to && json[p] != '\\') p++;
            int fits = Math.min(p - run, out.length - write);
            if (fits > 0) System.arraycopy(json, run, out, write, fits);
            write += p - run;
            if (p == to) break;
            byte escape = json[p + 1];
            p += 2;
            if (escape != 'u') {
                if (write < out.length) out[write] = plain(escape);
                write++;
                continue;
            }
            int code = hex(json, p);
            p += 4;
            if (Character.isHighSurrogate((char) code) && p + 6 <= to && json[p] == '\\' && json[p + 1] == 'u') {
                int low = hex(json, p + 2);
                if (Character.isLowSurrogate((char) low)) {
                    code = Character.toCodePoint((char) code, (char) low);
                    p += 6;
                }
            }
            if (code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE) code = REPLACEMENT;
            write = encode(code, out, write);
        }
        return write - at;
    }

    private static byte plain(byte escape) {
        return switch (escape) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> escape;
        };
    }

    private static int hex(byte[] json, int at) {
        int code = 0;
        for (int i = at; i < at + 4; i++) code = code << 4 | Character.digit(json[i], 16);
        return code;
    }

    private static int encode(int code, byte[] out, int at) {
        if (code < 0x80) return put(code, out, at);
        if (code < 0x800) return put(0x80 | code & 0x3F, out, put(0xC0 | code >> 6, out, at));
        int write = code < 0x10000
                ? put(0xE0 | code >> 12, out, at)
                : put(0x80 | code >> 12 & 0x3F, out, put(0xF0 | code >> 18, out, at));
        return put(0x80 | code & 0x3F, out, put(0x80 | code >> 6 & 0x3F, out, write));
    }

    private static int put(int value, byte[] out, int at) {
        if (at < out.length) out[at] = (byte) value;
        return at + 1;
    }
}
