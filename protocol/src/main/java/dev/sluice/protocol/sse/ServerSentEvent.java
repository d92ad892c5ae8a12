package dev.sluice.protocol.sse;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;

/**
 * The name and the data of one server-sent event, as ranges. Data in one line is not copied; several {@code data:} lines
 * are joined with {@code \n} in a buffer of their own. Comments and other fields are passed over.
 *
 * <p>Reused from event to event by one event loop.
 */
public final class ServerSentEvent {
    private static final byte[] DATA = "data".getBytes(US_ASCII);
    private static final byte[] EVENT = "event".getBytes(US_ASCII);

    private byte[] bytes = new byte[0];
    private int nameFrom;
    private int nameTo;
    private byte[] data = bytes;
    private int dataFrom;
    private int dataTo;
    private int dataLines;
    private byte[] joined = new byte[0];

    /** Reads the event in {@code [from, to)}; ranges of the one before are void. */
    public void read(byte[] event, int from, int to) {
        bytes = event;
        nameFrom = 0;
        nameTo = 0;
        data = event;
        dataFrom = from;
        dataTo = from;
        dataLines = 0;
        int p = from;
        if (to - p >= 3 && event[p] == (byte) 0xEF && event[p + 1] == (byte) 0xBB && event[p + 2] == (byte) 0xBF)
            p += 3;
        while (p < to) {
            int lineEnd = LineEnds.next(event, p, to);
            if (lineEnd > p) line(p, lineEnd);
            p = lineEnd + 1;
        }
    }

    private void line(int from, int to) {
        int value = value(from, to, DATA);
        if (value >= 0) {
            data(value, to);
            return;
        }
        value = value(from, to, EVENT);
        if (value < 0) return;
        nameFrom = value;
        nameTo = to;
    }

    /** Offset of the field's value, or -1 if the line is not of this field. */
    private int value(int from, int to, byte[] field) {
        int colon = from + field.length;
        if (colon > to || !Arrays.equals(bytes, from, colon, field, 0, field.length)) return -1;
        if (colon == to) return to;
        if (bytes[colon] != ':') return -1;
        return colon + 1 < to && bytes[colon + 1] == ' ' ? colon + 2 : colon + 1;
    }

    private void data(int from, int to) {
        dataLines++;
        if (dataLines == 1) {
            dataFrom = from;
            dataTo = to;
            return;
        }
        int before = dataTo - dataFrom;
        int size = before + 1 + to - from;
        if (size > joined.length) {
            byte[] larger = new byte[2 * size];
            System.arraycopy(data, dataFrom, larger, 0, before);
            joined = larger;
        } else if (dataLines == 2) {
            System.arraycopy(data, dataFrom, joined, 0, before);
        }
        joined[before] = '\n';
        System.arraycopy(bytes, from, joined, before + 1, to - from);
        data = joined;
        dataFrom = 0;
        dataTo = size;
    }

    public boolean hasData() {
        return dataLines > 0;
    }

    /** Whether the data is a copy, because it came in several lines; its offsets are not those of the event then. */
    public boolean isJoined() {
        return dataLines > 1;
    }

    /** The array that holds the data. */
    public byte[] data() {
        return data;
    }

    public int dataFrom() {
        return dataFrom;
    }

    public int dataTo() {
        return dataTo;
    }

    /** The array that holds the event's name. */
    public byte[] bytes() {
        return bytes;
    }

    /** Offset of the event's name in {@link #bytes}; the name is empty if none is given. */
    public int nameFrom() {
        return nameFrom;
    }

    public int nameTo() {
        return nameTo;
    }
}
