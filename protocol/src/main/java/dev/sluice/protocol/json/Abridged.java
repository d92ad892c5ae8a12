package dev.sluice.protocol.json;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A document of JSON that passes by in pieces and is too long to be kept: all of it but the rest of long strings and the numbers of lists that begin
 * with one. What remains has the document's shape, so it still tells what a long answer cost, e.g. the usage behind pictures in Base64.
 */
public final class Abridged {
    private static final int LONGEST_STRING = 256;
    private static final int MOST_BYTES = 256 << 10;
    /** The next byte says what the escape is that has begun. */
    private static final int BEGUN = -1;

    private byte[] kept = new byte[4096];
    private int length;
    private boolean full;
    private boolean inString;
    private int stringLength;
    private boolean cut;
    /** {@link #BEGUN}, or how many digits the escape still has. */
    private int escape;
    /** Directly behind an opening bracket. */
    private boolean first;
    /** How deep lists are nested from one of numbers on; 0 outside of such a list. */
    private int numbers;

    public void feed(byte[] bytes) {
        for (byte b : bytes) {
            if (inString) string(b);
            else outside(b);
        }
    }

    /** What remains of the document; null if that is still too much. */
    public byte @Nullable [] toBytes() {
        return full ? null : Arrays.copyOf(kept, length);
    }

    private void string(byte b) {
        // A character is not cut in two, nor an escape.
        boolean between = escape == 0 && (b & 0xC0) != 0x80;
        if (between && b == '"') {
            inString = false;
            keep(b);
            return;
        }
        if (between && stringLength >= LONGEST_STRING) cut = true;
        if (escape == BEGUN) escape = b == 'u' ? 4 : 0;
        else if (escape > 0) escape--;
        else if (b == '\\') escape = BEGUN;
        if (cut) return;
        stringLength++;
        keep(b);
    }

    private void outside(byte b) {
        if (first && b > ' ') {
            first = false;
            if (b == '-' || b >= '0' && b <= '9') numbers = 1;
        }
        switch (b) {
            case '"' -> {
                inString = true;
                cut = false;
                stringLength = 0;
            }
            case '[' -> {
                if (numbers > 0) numbers++;
                else first = true;
            }
            case ']' -> {
                if (numbers > 0) numbers--;
            }
            default -> {}
        }
        keep(b);
    }

    private void keep(byte b) {
        if (numbers > 0 || full) return;
        if (length == kept.length) kept = Arrays.copyOf(kept, 2 * length);
        kept[length++] = b;
        if (length < MOST_BYTES) return;
        full = true;
        kept = new byte[0];
    }
}
