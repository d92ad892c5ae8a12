package dev.sluice.protocol.openai;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sluice.protocol.Splice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Replaces ids in lines of JSON that pass by in chunks of any size: the requests of a batch. Holds back the beginning of a string that may
 * be an id, nothing else. What takes the place of an id is filled up with spaces behind it, so that no byte moves and the length of
 * what is sent can be told in advance.
 *
 * <p>A line end ends every string, as it cannot stand in one: what is no JSON does no harm to the line behind it.
 */
public final class KeptIdLines {
    private static final int LONGEST = 400;
    private static final byte[] NONE = new byte[0];

    private final Function<String, @Nullable String> spelling;
    private byte[] held = NONE;

    private boolean inString;
    private boolean escaped;
    /** Whether the string may be an id so far: short, and without an escape. */
    private boolean plain;

    private int stringFrom;
    /** The last byte outside of strings that is no white space; a quote behind a string. */
    private byte before;

    private byte beforeString;
    private Name last = Name.OTHER;
    /** The member whose value is read. */
    private Name member = Name.OTHER;
    /** How many objects have been entered from the client's own metadata on. */
    private int inMetadata;

    private enum Name {
        ID,
        METADATA,
        OTHER
    }

    /** @param spelling the new spelling of an id, not longer than the old one; null to leave it */
    public KeptIdLines(Function<String, @Nullable String> spelling) {
        this.spelling = spelling;
    }

    /** The next bytes to pass on. */
    public byte[] feed(byte[] bytes) {
        int resume = held.length;
        byte[] all = resume == 0 ? bytes : Arrays.copyOf(held, resume + bytes.length);
        if (resume > 0) System.arraycopy(bytes, 0, all, resume, bytes.length);
        List<Splice> edits = new ArrayList<>(0);
        for (int i = resume; i < all.length; i++) {
            if (inString) inside(all, i, edits);
            else outside(all[i], i);
        }
        int ready = all.length;
        if (inString && plain) {
            ready = stringFrom;
            stringFrom = 0;
        }
        held = ready == all.length ? NONE : Arrays.copyOfRange(all, ready, all.length);
        byte[] out = ready == all.length ? all : Arrays.copyOf(all, ready);
        return edits.isEmpty() ? out : Splice.apply(out, edits);
    }

    /** What is still held back. */
    public byte[] end() {
        byte[] rest = held;
        held = NONE;
        return rest;
    }

    private void inside(byte[] all, int i, List<Splice> edits) {
        byte b = all[i];
        if (b == '\n') {
            inString = false;
            line();
        } else if (escaped) {
            escaped = false;
        } else if (b == '\\') {
            escaped = true;
            plain = false;
        } else if (b == '"') {
            inString = false;
            before = '"';
            last = Name.OTHER;
            if (plain) string(all, i, edits);
        } else if (i - stringFrom > LONGEST) {
            plain = false;
        }
    }

    /** @param to of the closing quote */
    private void string(byte[] all, int to, List<Splice> edits) {
        String text = new String(all, stringFrom + 1, to - stringFrom - 1, ISO_8859_1);
        last = text.equals("metadata") ? Name.METADATA : KeptIds.isId(text) ? Name.ID : Name.OTHER;
        boolean isValue = beforeString == ':' || beforeString == '[' || beforeString == ',';
        if (!isValue || member != Name.ID || inMetadata > 0) return;
        String other = spelling.apply(text);
        if (other == null || other.length() > text.length()) return;
        String filled = '"' + other + '"' + " ".repeat(text.length() - other.length());
        edits.add(new Splice(stringFrom, to + 1, filled.getBytes(ISO_8859_1)));
    }

    private void outside(byte b, int i) {
        switch (b) {
            case '"' -> {
                inString = true;
                escaped = false;
                plain = true;
                stringFrom = i;
                beforeString = before;
            }
            case '\n' -> line();
            case ' ', '\t', '\r' -> {}
            default -> {
                if (b == ':') member = before == '"' ? last : Name.OTHER;
                if (b == '{' && (inMetadata > 0 || before == ':' && member == Name.METADATA)) inMetadata++;
                if (b == '}' && inMetadata > 0) inMetadata--;
                before = b;
            }
        }
    }

    private void line() {
        before = 0;
        inMetadata = 0;
        member = Name.OTHER;
        last = Name.OTHER;
    }
}
