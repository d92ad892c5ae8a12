package dev.sluice.protocol.openai;

import dev.sluice.protocol.TextSample;
import dev.sluice.protocol.json.JsonScanner;
import dev.sluice.protocol.json.JsonString;
import dev.sluice.protocol.json.JsonType;
import dev.sluice.protocol.json.Keys;
import java.util.Arrays;

/** The generated text of one answer: its bounded beginning, unescaped, and its whole length. */
final class OutputSample {
    private enum Part {
        TEXT,
        THINKING,
        REFUSAL,
        TRANSCRIPT,
        NAME,
        ARGUMENTS,
        INPUT,
        CODE,
        OTHER
    }

    private static final Keys<Part> PARTS = Keys.of(Part.class, Part.OTHER);
    private static final int FIRST_SIZE = 256;

    private byte[] head = new byte[0];
    private int length;
    private long total;

    /** Takes the string at the cursor, if one is there and it is not empty; anything else is left to be skipped. */
    boolean takeString(byte[] json, JsonScanner scanner) {
        if (scanner.type() != JsonType.STRING || !scanner.skip()) return false;
        return add(json, scanner.valueFrom() + 1, scanner.valueTo() - 1, scanner.isEscaped());
    }

    /** Takes a string as it is, and of an object or array every string that is generated text; false if there is nothing in it. */
    boolean takeAll(byte[] json, JsonScanner scanner) {
        return switch (scanner.type()) {
            case STRING -> takeString(json, scanner);
            case ARRAY -> {
                boolean any = false;
                scanner.enter();
                while (scanner.nextElement()) {
                    any = true;
                    if (scanner.type() != JsonType.STRING) takeAll(json, scanner);
                }
                yield any;
            }
            case OBJECT -> {
                boolean any = false;
                scanner.enter();
                while (scanner.nextMember()) {
                    any = true;
                    takeMember(json, scanner);
                }
                yield any;
            }
            case NUMBER, TRUE, FALSE, NULL, INVALID -> false;
        };
    }

    private void takeMember(byte[] json, JsonScanner scanner) {
        switch (scanner.key(PARTS)) {
            case TEXT, THINKING, REFUSAL, TRANSCRIPT, NAME, CODE -> takeAll(json, scanner);
            case ARGUMENTS, INPUT -> {
                // Some vendors send the arguments as an object and not as a string that holds one.
                if (scanner.type() == JsonType.OBJECT) {
                    if (scanner.skip()) add(json, scanner.valueFrom(), scanner.valueTo(), false);
                } else {
                    takeAll(json, scanner);
                }
            }
            case OTHER -> {
                if (scanner.type() != JsonType.STRING) takeAll(json, scanner);
            }
        }
    }

    /** Adds the inside of a string; false if it is empty. */
    boolean add(byte[] json, int from, int to, boolean escaped) {
        if (from == to) return false;
        if (length < TextSample.MAX_HEAD) grow(to - from);
        int size;
        if (escaped) {
            size = JsonString.unescape(json, from, to, head, length);
        } else {
            size = to - from;
            int fits = Math.min(size, head.length - length);
            System.arraycopy(json, from, head, length, fits);
        }
        length = Math.min(head.length, length + size);
        total += size;
        return true;
    }

    private void grow(int more) {
        int needed = (int) Math.min(TextSample.MAX_HEAD, (long) length + more);
        if (needed <= head.length) return;
        head = Arrays.copyOf(
                head, Math.min(TextSample.MAX_HEAD, Math.max(needed, Math.max(FIRST_SIZE, 2 * head.length))));
    }

    boolean isEmpty() {
        return total == 0;
    }

    TextSample toSample() {
        return total == 0 ? TextSample.EMPTY : new TextSample(Arrays.copyOf(head, length), total);
    }
}
