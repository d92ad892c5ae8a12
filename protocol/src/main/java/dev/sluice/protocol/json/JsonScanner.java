package dev.sluice.protocol.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A validating cursor over JSON bytes (RFC 8259, UTF-8). It never builds a value that nobody asks for.
 *
 * <p>The caller steps into the containers it cares about ({@link #enter}, then {@link #nextMember} or
 * {@link #nextElement} until false) and ignores the rest: a value that was not taken is validated and stepped over by the
 * next step. After the first mistake every step returns false, so that loops end by themselves; the caller asks once, at
 * the end, with {@link #finish}.
 *
 * <pre>{@code
 * scanner.reset(body, 0, body.length);
 * if (scanner.type() == JsonType.OBJECT && scanner.enter()) {
 *     while (scanner.nextMember()) {
 *         if (scanner.key(KEYS) == Key.MODEL && scanner.type() == JsonType.STRING) model = scanner.takeString();
 *     }
 * }
 * if (!scanner.finish()) return broken(scanner.failure());
 * }</pre>
 *
 * <p>Not thread-safe; may be reused for any number of documents.
 */
public final class JsonScanner {
    /** How deep containers may be nested. */
    public static final int MAX_DEPTH = 512;

    /** Is told of long strings while a value is stepped over. */
    @FunctionalInterface
    public interface LongStrings {
        /** A string lies in {@code [from, to)}, quotes excluded. */
        void string(int from, int to);
    }

    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long TOPS = 0x8080808080808080L;
    private static final int BROKEN = -1;
    private static final String TOO_DEEP = "nested deeper than " + MAX_DEPTH + " levels";
    private static final String CUT = "the document ends too early";

    private byte[] json = new byte[0];
    private int start;
    private int end;
    private int at;
    private int depth;
    /** Nothing has been read yet of the container that was entered last. */
    private boolean first;
    /** The value at the cursor has not been taken. */
    private boolean due;

    private int keyFrom;
    private int keyTo;
    private boolean keyEscaped;
    private int nameTo;
    private int comma;
    private int valueFrom;
    private int valueTo;
    private boolean escaped;
    private int longerThan = Integer.MAX_VALUE;
    private @Nullable LongStrings longStrings;
    /** One bit per level of a value that is stepped over: set for an array, clear for an object. */
    private final long[] arrays = new long[MAX_DEPTH / Long.SIZE];

    private @Nullable String reason;
    private int brokenAt;

    /** Offset behind a UTF-8 byte order mark, which readers of JSON may pass over (RFC 8259, section 8.1). */
    public static int afterMark(byte[] json, int from, int to) {
        boolean marked = to - from >= 3
                && json[from] == (byte) 0xEF
                && json[from + 1] == (byte) 0xBB
                && json[from + 2] == (byte) 0xBF;
        return marked ? from + 3 : from;
    }

    /** Places the cursor before the one value that the bytes in {@code [from, to)} must hold. */
    public JsonScanner reset(byte[] bytes, int from, int to) {
        Objects.checkFromToIndex(from, to, bytes.length);
        json = bytes;
        start = from;
        end = to;
        at = from;
        depth = 0;
        first = false;
        due = true;
        comma = -1;
        reason = null;
        return this;
    }

    /** What stands at the cursor. */
    public JsonType type() {
        if (reason != null) return JsonType.INVALID;
        int p = space(at);
        at = p;
        if (p == end) return invalid(p);
        return switch (json[p]) {
            case '{' -> JsonType.OBJECT;
            case '[' -> JsonType.ARRAY;
            case '"' -> JsonType.STRING;
            case 't' -> JsonType.TRUE;
            case 'f' -> JsonType.FALSE;
            case 'n' -> JsonType.NULL;
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> JsonType.NUMBER;
            default -> invalid(p);
        };
    }

    private JsonType invalid(int p) {
        value(p);
        return JsonType.INVALID;
    }

    /** Offset of the cursor; on the first byte of a value after {@link #type}, behind a container that was left. */
    public int position() {
        return at;
    }

    /** Steps into the object or array at the cursor. */
    public boolean enter() {
        JsonType type = type();
        if (type != JsonType.OBJECT && type != JsonType.ARRAY) return false;
        if (depth == MAX_DEPTH) {
            broken(at, TOO_DEEP);
            return false;
        }
        depth++;
        at++;
        first = true;
        due = false;
        return true;
    }

    /** Steps to the value of the next member of the object entered last; leaves the object and returns false behind the last one. */
    public boolean nextMember() {
        int p = next('}', "expected ',' or '}'");
        if (p < 0) return false;
        escaped = false;
        int value = name(p);
        if (value < 0) return false;
        keyFrom = p + 1;
        keyTo = nameTo;
        keyEscaped = escaped;
        at = value;
        due = true;
        return true;
    }

    /** Steps to the next element of the array entered last; leaves the array and returns false behind the last one. */
    public boolean nextElement() {
        int p = next(']', "expected ',' or ']'");
        if (p < 0) return false;
        at = p;
        due = true;
        return true;
    }

    /** Offset where the next entry of the container begins, or negative if there is none. */
    private int next(char close, String expected) {
        if (due) skip();
        if (reason != null) return BROKEN;
        int p = space(at);
        if (p == end) return broken(p, CUT);
        if (json[p] == close) {
            at = p + 1;
            depth--;
            first = false;
            return BROKEN;
        }
        if (first) {
            first = false;
            comma = -1;
            return p;
        }
        if (json[p] != ',') return broken(p, expected);
        comma = p;
        return space(p + 1);
    }

    /** Which of the known names the current member has; escapes in a name count as what they stand for. */
    public <K extends Enum<K>> K key(Keys<K> keys) {
        if (!keyEscaped) return keys.find(json, keyFrom, keyTo);
        byte[] name = new byte[keyTo - keyFrom];
        int length = JsonString.unescape(json, keyFrom, keyTo, name, 0);
        return keys.find(name, 0, length);
    }

    /** The current member's name. */
    public String name() {
        return JsonString.decode(json, keyFrom, keyTo, keyEscaped);
    }

    /** Offset of the opening quote of the current member's name. */
    public int memberFrom() {
        return keyFrom - 1;
    }

    /** Offset of the comma before the current member, or -1 if it is the first. */
    public int commaBefore() {
        return comma;
    }

    /** Validates the value at the cursor, of any type, and steps over it. Its range is kept, quotes included. */
    public boolean skip() {
        if (reason != null) return false;
        int p = space(at);
        escaped = false;
        int after = value(p);
        if (after < 0) return false;
        valueFrom = p;
        valueTo = after;
        at = after;
        first = false;
        due = false;
        return true;
    }

    /** As {@link #skip()}, and tells of every string in the value, names included, that is longer than the given length. */
    public boolean skip(int longerThan, LongStrings sink) {
        this.longerThan = longerThan;
        this.longStrings = sink;
        boolean valid = skip();
        this.longerThan = Integer.MAX_VALUE;
        this.longStrings = null;
        return valid;
    }

    /** Takes the string at the cursor and decodes it; null if there is none. */
    public @Nullable String takeString() {
        if (type() != JsonType.STRING || !skip()) return null;
        return JsonString.decode(json, valueFrom + 1, valueTo - 1, escaped);
    }

    /**
     * Takes the number at the cursor as a whole one: a fraction is dropped, what lies outside of the range of a long
     * becomes its nearest end. Returns {@code otherwise} if there is no number.
     */
    public long takeLong(long otherwise) {
        if (type() != JsonType.NUMBER || !skip()) return otherwise;
        boolean negative = json[valueFrom] == '-';
        long value = 0;
        for (int i = negative ? valueFrom + 1 : valueFrom; i < valueTo; i++) {
            int digit = json[i] - '0';
            if (digit < 0 || digit > 9) return fraction();
            if (value > (Long.MAX_VALUE - digit) / 10) return fraction();
            value = value * 10 + digit;
        }
        return negative ? -value : value;
    }

    /** Takes the number at the cursor; {@code otherwise} if there is none. */
    public double takeDecimal(double otherwise) {
        if (type() != JsonType.NUMBER || !skip()) return otherwise;
        return Double.parseDouble(JsonString.decode(json, valueFrom, valueTo, false));
    }

    private long fraction() {
        // The conversion saturates, and parsing is linear in the number of characters whatever the exponent.
        return (long) Double.parseDouble(JsonString.decode(json, valueFrom, valueTo, false));
    }

    /** Offset of the first byte of the value stepped over last; a string's opening quote. */
    public int valueFrom() {
        return valueFrom;
    }

    /** Offset behind the last byte of the value stepped over last; behind a string's closing quote. */
    public int valueTo() {
        return valueTo;
    }

    /** Whether the string stepped over last holds escape sequences. */
    public boolean isEscaped() {
        return escaped;
    }

    /** Takes what is left of the one value and sees that only white space follows. Returns whether all was valid. */
    public boolean finish() {
        if (due) skip();
        if (reason != null) return false;
        int p = space(at);
        if (p < end) broken(p, "more follows after the end of the document");
        return p == end;
    }

    /** Whether a mistake was found so far. */
    public boolean isBroken() {
        return reason != null;
    }

    /** What is wrong and where, without quoting the document, e.g. {@code byte 17: expected ',' or '}'}. */
    public String failure() {
        return "byte " + (brokenAt - start) + ": " + Objects.requireNonNullElse(reason, "nothing wrong");
    }

    private int broken(int p, String why) {
        if (reason == null) {
            reason = why;
            brokenAt = p;
        }
        return BROKEN;
    }

    private int space(int from) {
        byte[] b = json;
        int p = from;
        while (p < end) {
            byte c = b[p];
            if (c > ' ' || c != ' ' && c != '\n' && c != '\r' && c != '\t') break;
            p++;
        }
        return p;
    }

    /** Validates the value that starts at p; returns the offset behind it or {@link #BROKEN}. */
    private int value(int p) {
        if (p >= end) return broken(p, CUT);
        return switch (json[p]) {
            case '"' -> string(p + 1);
            case '{', '[' -> container(p);
            case 't' -> literal(p, "true");
            case 'f' -> literal(p, "false");
            case 'n' -> literal(p, "null");
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number(p);
            default -> broken(p, p == start && json[p] < 0 ? foreign(p) : "expected a value");
        };
    }

    private String foreign(int p) {
        boolean mark =
                p + 2 < end && json[p] == (byte) 0xEF && json[p + 1] == (byte) 0xBB && json[p + 2] == (byte) 0xBF;
        return mark ? "starts with a byte order mark, which JSON does not allow" : "not UTF-8 encoded JSON";
    }

    private int literal(int p, String word) {
        int length = word.length();
        if (p + length > end) return broken(p, "expected " + word);
        for (int i = 1; i < length; i++) {
            if (json[p + i] != word.charAt(i)) return broken(p, "expected " + word);
        }
        return p + length;
    }

    private int number(int from) {
        int p = json[from] == '-' ? from + 1 : from;
        if (p < end && json[p] == '0') {
            p++;
        } else {
            p = digits(p);
            if (p < 0) return BROKEN;
        }
        if (p < end && json[p] == '.') {
            p = digits(p + 1);
            if (p < 0) return BROKEN;
        }
        if (p < end && (json[p] | 0x20) == 'e') {
            p++;
            if (p < end && (json[p] == '+' || json[p] == '-')) p++;
            p = digits(p);
        }
        return p;
    }

    private int digits(int from) {
        int p = from;
        while (p < end && json[p] >= '0' && json[p] <= '9') p++;
        return p > from ? p : broken(p, "expected a digit");
    }

    /** Validates a member's name whose quote should be at p, and its colon; returns the offset behind that. */
    private int name(int p) {
        if (p >= end) return broken(p, CUT);
        if (json[p] != '"') return broken(p, "expected a member name in double quotes");
        int q = string(p + 1);
        if (q < 0) return BROKEN;
        nameTo = q - 1;
        q = space(q);
        if (q == end) return broken(q, CUT);
        return json[q] == ':' ? q + 1 : broken(q, "expected ':'");
    }

    /** Validates the object or array at p and all that is in it, without recursion. */
    private int container(int from) {
        int level = depth;
        int p = from;
        while (true) {
            p = space(p);
            if (p == end) return broken(p, CUT);
            byte c = json[p];
            boolean opened = false;
            if (c == '{' || c == '[') {
                if (level == MAX_DEPTH) return broken(p, TOO_DEEP);
                boolean array = c == '[';
                if (array) arrays[level >> 6] |= 1L << level;
                else arrays[level >> 6] &= ~(1L << level);
                level++;
                p = space(p + 1);
                if (p == end) return broken(p, CUT);
                opened = json[p] != (array ? ']' : '}');
            } else {
                p = value(p);
                if (p < 0) return BROKEN;
            }
            boolean array = isArray(level - 1);
            if (opened) {
                if (!array) p = name(p);
                if (p < 0) return BROKEN;
                continue;
            }
            while (true) {
                p = space(p);
                if (p == end) return broken(p, CUT);
                c = json[p];
                if (c == ',') break;
                if (c != (array ? ']' : '}')) return broken(p, array ? "expected ',' or ']'" : "expected ',' or '}'");
                p++;
                level--;
                if (level == depth) return p;
                array = isArray(level - 1);
            }
            p++;
            if (!array) p = name(space(p));
            if (p < 0) return BROKEN;
        }
    }

    private boolean isArray(int level) {
        return (arrays[level >> 6] >>> level & 1) != 0;
    }

    /** Validates a string from behind its opening quote; returns the offset behind the closing one. */
    private int string(int from) {
        byte[] b = json;
        int last = end - Long.BYTES;
        int p = from;
        while (true) {
            // Eight bytes at a time up to the first quote, backslash, control character or byte outside of ASCII.
            while (p <= last) {
                long word = (long) WORDS.get(b, p);
                long quote = word ^ ONES * '"';
                long slash = word ^ ONES * '\\';
                long special = (word - ONES * ' ' | quote - ONES | slash - ONES | word) & TOPS;
                // A borrow can flag a byte above the first special one, never one below it.
                if (special != 0) {
                    p += Long.numberOfTrailingZeros(special) >> 3;
                    break;
                }
                p += Long.BYTES;
            }
            if (p >= end) return broken(end, "the document ends inside a string");
            byte c = b[p];
            if (c == '"') {
                if (p - from > longerThan && longStrings != null) longStrings.string(from, p);
                return p + 1;
            }
            if (c == '\\') {
                escaped = true;
                p = escape(p);
            } else if (c < 0) {
                // Characters outside of ASCII come in runs.
                do p = character(p);
                while (p >= 0 && p < end && b[p] < 0);
            } else if (c < ' ') {
                return broken(p, "a control character in a string must be escaped");
            } else {
                p++;
            }
            if (p < 0) return BROKEN;
        }
    }

    private int escape(int p) {
        if (p + 1 >= end) return broken(p, CUT);
        switch (json[p + 1]) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
                return p + 2;
            case 'u':
                if (p + 6 > end) return broken(p, CUT);
                for (int i = p + 2; i < p + 6; i++) {
                    if (Character.digit(json[i], 16) < 0) return broken(p, "expected four hexadecimal digits");
                }
                return p + 6;
            default:
                return broken(p, "unknown escape sequence");
        }
    }

    /** Validates one character outside of ASCII: no overlong form, no surrogate, nothing above U+10FFFF. */
    private int character(int p) {
        byte first = json[p];
        // Most of what is not ASCII is Chinese, Japanese or Korean, of which every form of these lead bytes is valid.
        if (first >= (byte) 0xE1 && first <= (byte) 0xEC && p + 2 < end && follows(p + 1) && follows(p + 2))
            return p + 3;
        int lead = first & 0xFF;
        int length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        if (lead < 0xC2 || lead > 0xF4 || p + length > end) return broken(p, "not UTF-8");
        int second = json[p + 1] & 0xFF;
        boolean valid = switch (lead) {
            case 0xE0 -> second >= 0xA0;
            case 0xED -> second < 0xA0;
            case 0xF0 -> second >= 0x90;
            case 0xF4 -> second < 0x90;
            default -> true;
        };
        for (int i = 1; i < length; i++) valid &= follows(p + i);
        return valid ? p + length : broken(p, "not UTF-8");
    }

    private boolean follows(int p) {
        return (json[p] & 0xC0) == 0x80;
    }
}
