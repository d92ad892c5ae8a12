package dev.sluice.protocol.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Builds a small JSON document: literal syntax from the code, values escaped. */
public final class JsonWriter {
    private static final String HEX = "0123456789abcdef";

    private byte[] out = new byte[256];
    private int length;

    /** Writes syntax as it is; never text from outside. */
    public JsonWriter raw(String syntax) {
        if (syntax.length() == 1 && syntax.charAt(0) < 0x80) return one(syntax.charAt(0));
        return raw(syntax.getBytes(UTF_8));
    }

    /** Writes a part of a valid document, or other bytes that need no escapes, as they are. */
    public JsonWriter raw(byte[] json, int from, int to) {
        reserve(to - from);
        System.arraycopy(json, from, out, length, to - from);
        length += to - from;
        return this;
    }

    public JsonWriter raw(byte[] json) {
        return raw(json, 0, json.length);
    }

    /** Writes a string in quotes, or null. */
    public JsonWriter string(@Nullable String text) {
        if (text == null) return raw("null");
        byte[] utf8 = text.getBytes(UTF_8);
        int start = length;
        reserve(utf8.length + 2);
        one('"');
        int run = 0;
        boolean mayHide = true;
        for (int i = 0; i < utf8.length; i++) {
            byte b = utf8[i];
            if (b == '?' && mayHide) {
                if (hasHalf(text)) {
                    length = start;
                    return byCharacter(text);
                }
                mayHide = false;
            }
            if (needsNoEscape(b)) continue;
            raw(utf8, run, i).escape((char) b);
            run = i + 1;
        }
        return raw(utf8, run, utf8.length).one('"');
    }

    public JsonWriter number(long value) {
        return raw(Long.toString(value));
    }

    public byte[] toBytes() {
        return Arrays.copyOf(out, length);
    }

    /** Half a surrogate pair has no UTF-8 form, and a question mark takes its place; its escape has. */
    private JsonWriter byCharacter(String text) {
        one('"');
        text.codePoints().forEach(code -> {
            if (isHalf(code) || code < 0x80 && !needsNoEscape((byte) code)) escape((char) code);
            else raw(Character.toString(code));
        });
        return one('"');
    }

    private static boolean hasHalf(String text) {
        return text.codePoints().anyMatch(JsonWriter::isHalf);
    }

    private static boolean isHalf(int code) {
        return code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE;
    }

    /** Bytes of characters beyond ASCII are negative. */
    private static boolean needsNoEscape(byte b) {
        return (b >= ' ' || b < 0) && b != '"' && b != '\\' && b != 0x7F;
    }

    private void escape(char c) {
        switch (c) {
            case '"' -> raw("\\\"");
            case '\\' -> raw("\\\\");
            case '\n' -> raw("\\n");
            case '\r' -> raw("\\r");
            case '\t' -> raw("\\t");
            default -> {
                raw("\\u");
                for (int shift = 12; shift >= 0; shift -= 4) one(HEX.charAt(c >> shift & 0xF));
            }
        }
    }

    private JsonWriter one(char ascii) {
        reserve(1);
        out[length++] = (byte) ascii;
        return this;
    }

    private void reserve(int more) {
        if (out.length - length < more) out = Arrays.copyOf(out, Math.max(2 * out.length, length + more));
    }
}
