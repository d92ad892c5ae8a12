package dev.sluice.bench.upstream;

import java.nio.charset.StandardCharsets;

/**
 * How a call wants to be answered. It says so in the {@code metadata} at the end of its body, which a gateway passes on:
 * {@code {…,"stream":true,"metadata":{"events":"64","paceMillis":"10"}}}. A fault is asked for by its number.
 *
 * @param events events of a streamed answer; 0 = a whole answer
 * @param paceMillis time between two events
 * @param fault what goes wrong
 */
record Wishes(int events, int paceMillis, Fault fault) {
    static final Wishes WHOLE = new Wishes(0, 0, Fault.NONE);

    /** A gateway may add fields of its own behind the metadata. */
    private static final int TAIL = 320;

    private static final int MIN_EVENTS = 3;
    private static final byte[] EVENTS = "\"events\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FAULT = "\"fault\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] STREAM = "\"stream\":true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PACE = "\"paceMillis\":\"".getBytes(StandardCharsets.US_ASCII);

    static Wishes read(byte[] bytes, int from, int to) {
        int tail = Math.max(from, to - TAIL);
        int events = number(EVENTS, bytes, tail, to);
        Fault fault = Fault.numbered(number(FAULT, bytes, tail, to));
        if (events <= 0) return fault == Fault.NONE ? WHOLE : new Wishes(0, 0, fault);
        return new Wishes(Math.max(MIN_EVENTS, events), Math.max(0, number(PACE, bytes, tail, to)), fault);
    }

    /**
     * The wishes of a request that came in another form, in which the gateway keeps no metadata: a stream is what the load asks for of
     * all streams.
     */
    static Wishes ofMessages(byte[] bytes, int from, int to) {
        for (int i = from; i <= to - STREAM.length; i++) {
            if (bytes[i] == STREAM[0] && matches(STREAM, bytes, i)) return new Wishes(64, 10, Fault.NONE);
        }
        return WHOLE;
    }

    private static int number(byte[] name, byte[] bytes, int from, int to) {
        for (int i = to - name.length; i >= from; i--) {
            if (bytes[i] != name[0] || !matches(name, bytes, i)) continue;
            int value = 0;
            for (int at = i + name.length; at < to && bytes[at] >= '0' && bytes[at] <= '9'; at++) {
                value = Math.min(1_000_000, value * 10 + bytes[at] - '0');
            }
            return value;
        }
        return -1;
    }

    private static boolean matches(byte[] name, byte[] bytes, int at) {
        for (int i = 0; i < name.length; i++) {
            if (bytes[at + i] != name[i]) return false;
        }
        return true;
    }
}
