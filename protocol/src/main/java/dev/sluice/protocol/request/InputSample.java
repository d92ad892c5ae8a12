package dev.sluice.protocol.request;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sluice.protocol.TextSample;
import dev.sluice.protocol.json.JsonScanner;
import java.util.Arrays;

/** Measures the text-bearing ranges of one request body; long inline media are left out and count a fixed number of bytes each. */
public final class InputSample implements JsonScanner.LongStrings {
    /** Strings up to this length are text, whatever they hold. */
    public static final int LONGEST_PLAIN = 1024;
    /** What an image or a sound counts, near what vendors charge for one. */
    public static final int MEDIA_BYTES = 1000;

    private static final byte[] DATA_URL = "data:".getBytes(US_ASCII);
    /** The comma of a data URL comes within this many bytes. */
    private static final int DATA_URL_HEAD = 256;

    private static final boolean[] BASE64 = new boolean[256];

    static {
        // The backslash is there for encoders that write "\/".
        for (byte c : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=\\".getBytes(US_ASCII)) {
            BASE64[c] = true;
        }
    }

    private final byte[] body;
    /** Pairs of offsets of what belongs to the head. */
    private int[] ranges = new int[16];

    private int count;
    private int headBytes;
    private long total;
    private int textFrom;

    public InputSample(byte[] body) {
        this.body = body;
    }

    /** Takes the value at the cursor into the sample. */
    public void take(JsonScanner scanner) {
        scanner.type();
        textFrom = scanner.position();
        if (scanner.skip(LONGEST_PLAIN, this)) text(scanner.valueTo());
    }

    @Override
    public void string(int from, int to) {
        if (!isMedia(from, to)) return;
        text(from);
        total += MEDIA_BYTES;
        textFrom = to;
    }

    public TextSample result() {
        byte[] head = new byte[headBytes];
        int write = 0;
        for (int i = 0; i < count; i += 2) {
            int length = ranges[i + 1] - ranges[i];
            System.arraycopy(body, ranges[i], head, write, length);
            write += length;
        }
        return new TextSample(head, total);
    }

    private void text(int to) {
        total += to - textFrom;
        int length = Math.min(to - textFrom, TextSample.MAX_HEAD - headBytes);
        if (length <= 0) return;
        if (count == ranges.length) ranges = Arrays.copyOf(ranges, 2 * count);
        ranges[count++] = textFrom;
        ranges[count++] = textFrom + length;
        headBytes += length;
    }

    private boolean isMedia(int from, int to) {
        if (Arrays.equals(body, from, from + DATA_URL.length, DATA_URL, 0, DATA_URL.length)) {
            for (int i = from; i < from + DATA_URL_HEAD && body[i] > ' '; i++) {
                if (body[i] == ',') return true;
            }
        }
        for (int i = from; i < to; i++) {
            if (!BASE64[body[i] & 0xFF]) return false;
        }
        return true;
    }
}
