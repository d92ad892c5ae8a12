package dev.sluice.protocol.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/** Builds a small JSON document: literal syntax from the code, values escaped. */
public final class JsonWriter {
    private static final String HEX = "0123456789abcdef";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);

    /** Writes syntax as it is; never text from outside. */
    public JsonWriter raw(String syntax) {
        out.writeBytes(syntax.getBytes(UTF_8));
        return this;
    }

    /** Writes a part of a valid document, or other bytes that need no escapes, as they are. */
    public JsonWriter raw(byte[] json, int from, int to) {
        out.write(json, from, to - from);
        return this;
    }

    public JsonWriter raw(byte[] json) {
        return raw(json, 0, json.length);
    }

    /** Writes a string in quotes, or null. */
    public JsonWriter string(@Nullable String text) {
        if (text == null) return raw("null");
        StringBuilder escaped = new StringBuilder(text.length() + 16).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> escaped.append("\\\"");
                case '\\' -> escaped.append("\\\\");
                case '\n' -> escaped.append("\\n");
                case '\r' -> escaped.append("\\r");
                case '\t' -> escaped.append("\\t");
                default -> {
                    if (c < ' ' || c == 0x7F || isHalf(text, i)) unicode(escaped, c);
                    else escaped.append(c);
                }
            }
        }
        return raw(escaped.append('"').toString());
    }

    public JsonWriter number(long value) {
        return raw(Long.toString(value));
    }

    public byte[] toBytes() {
        return out.toByteArray();
    }

    /** Half a surrogate pair has no UTF-8 form; its escape has. */
    private static boolean isHalf(String text, int i) {
        char c = text.charAt(i);
        if (Character.isHighSurrogate(c))
            return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
        return Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
    }

    private static void unicode(StringBuilder out, char c) {
        out.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) out.append(HEX.charAt(c >> shift & 0xF));
    }
}
