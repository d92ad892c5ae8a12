package dev.sluice.protocol.sse;

import java.util.Arrays;

/**
 * Cuts a byte stream into server-sent events. Bytes that do not yet make an event are kept, up to a limit.
 * Accepts {@code \n}, {@code \r\n} and {@code \r} as line ends.
 *
 * <p>Every byte is looked at once, and an event that lies whole within a chunk is not copied. All events and the rest, one
 * after the other, are the stream; where it is cut does not depend on the chunks. A {@code \r} that ends a blank line
 * waits for the next byte, which may be its {@code \n}, unless the event has shown that it uses {@code \r} alone: so
 * neither kind of stream is held up.
 */
public final class EventSplitter implements Splitter {
    /** Receives complete events. */
    @FunctionalInterface
    public interface Sink {
        /** One event with its closing blank line; the bytes are valid only during the call. */
        void event(byte[] bytes, int from, int to);
    }

    private static final int FIRST_SIZE = 1024;
    /** A buffer that grew beyond this is given back after its event. */
    private static final int KEPT_SIZE = 64 * 1024;

    private final int maxEventBytes;
    private byte[] kept = new byte[0];
    private int length;
    private boolean overflown;

    /** The current line has no byte yet. */
    private boolean blank = true;
    /** The byte before was a {@code \r}. */
    private boolean turned;
    /** That {@code \r} ended a blank line; its event ends with it or with the next byte. */
    private boolean ending;
    /** A {@code \r} without {@code \n} ended a line of the current event. */
    private boolean bare;

    public EventSplitter(int maxEventBytes) {
        if (maxEventBytes < 1)
            throw new IllegalArgumentException("maxEventBytes: " + maxEventBytes + " (expected: >= 1)");
        this.maxEventBytes = maxEventBytes;
    }

    @Override
    public boolean feed(byte[] chunk, int from, int to, Sink sink) {
        if (overflown) return false;
        int start = from;
        int p = from;
        while (p < to) {
            int cut = -1;
            if (turned) {
                turned = false;
                boolean pair = chunk[p] == '\n';
                if (pair) p++;
                else bare = true;
                if (ending) cut = p;
                else if (pair) continue;
            }
            if (cut < 0) {
                int lineEnd = LineEnds.next(chunk, p, to);
                if (lineEnd > p) blank = false;
                if (lineEnd == to) break;
                p = lineEnd + 1;
                turned = chunk[lineEnd] == '\r';
                if (blank) {
                    if (!turned || bare) cut = p;
                    else ending = true;
                }
                blank = true;
            }
            if (cut >= 0) {
                ending = false;
                bare = false;
                if (!emit(chunk, start, cut, sink)) return false;
                start = cut;
            }
        }
        return keep(chunk, start, to);
    }

    /** Hands over what is left when the stream ended without a closing blank line, if it holds anything but white space. */
    @Override
    public void end(Sink sink) {
        int rest = length;
        length = 0;
        for (int i = 0; i < rest; i++) {
            if (kept[i] > ' ' || kept[i] < 0) {
                sink.event(kept, 0, rest);
                return;
            }
        }
    }

    /** How many bytes of an unfinished event are kept. */
    public int pending() {
        return length;
    }

    private boolean emit(byte[] chunk, int from, int to, Sink sink) {
        if (length == 0) {
            if (to - from > maxEventBytes) return overflow();
            sink.event(chunk, from, to);
            return true;
        }
        if (!keep(chunk, from, to)) return false;
        int size = length;
        length = 0;
        sink.event(kept, 0, size);
        if (kept.length > KEPT_SIZE) kept = new byte[0];
        return true;
    }

    private boolean keep(byte[] chunk, int from, int to) {
        int more = to - from;
        if (more == 0) return true;
        if (more > maxEventBytes - length) return overflow();
        int size = length + more;
        if (size > kept.length) {
            long doubled = Math.max(FIRST_SIZE, 2L * kept.length);
            kept = Arrays.copyOf(kept, (int) Math.max(size, Math.min(doubled, maxEventBytes)));
        }
        System.arraycopy(chunk, from, kept, length, more);
        length = size;
        return true;
    }

    private boolean overflow() {
        overflown = true;
        length = 0;
        kept = new byte[0];
        return false;
    }
}
