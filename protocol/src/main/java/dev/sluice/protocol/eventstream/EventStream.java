package dev.sluice.protocol.eventstream;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Cuts AWS's binary event stream into messages: total length, length of the headers, CRC of both, headers, payload, CRC of all.
 * A message whose checksums are wrong, or that is longer than allowed, breaks the stream.
 *
 * @see <a href="https://docs.aws.amazon.com/lexv2/latest/dg/event-stream-encoding.html">AWS</a>
 */
final class EventStream {
    /** Receives complete messages. */
    interface Sink {
        /** @param headers those that are strings */
        void message(Map<String, String> headers, byte[] payload);
    }

    private static final int PRELUDE = 12;
    private static final int CHECKSUM = 4;
    private static final int FIRST_SIZE = 2048;

    private final int maxMessageBytes;
    private byte[] kept = new byte[FIRST_SIZE];
    private int length;
    private @Nullable String broken;

    EventStream(int maxMessageBytes) {
        this.maxMessageBytes = maxMessageBytes;
    }

    /** What is wrong with the stream; null if nothing is. */
    @Nullable
    String broken() {
        return broken;
    }

    /** Whether bytes of an unfinished message are kept. */
    boolean isInside() {
        return length > 0;
    }

    void feed(byte[] bytes, int from, int to, Sink sink) {
        if (broken != null) return;
        append(bytes, from, to);
        int at = 0;
        while (broken == null && length - at >= PRELUDE) {
            int total = ByteBuffer.wrap(kept, at, length - at).getInt();
            if (total < PRELUDE + CHECKSUM || total > maxMessageBytes) {
                broken = "has a message of " + Integer.toUnsignedString(total) + " bytes (allowed: " + maxMessageBytes
                        + ")";
                break;
            }
            if (length - at < total) break;
            message(at, total, sink);
            at += total;
        }
        System.arraycopy(kept, at, kept, 0, length - at);
        length -= at;
    }

    private void append(byte[] bytes, int from, int to) {
        int size = length + to - from;
        if (size > kept.length) kept = Arrays.copyOf(kept, Math.max(size, 2 * kept.length));
        System.arraycopy(bytes, from, kept, length, to - from);
        length = size;
    }

    private void message(int at, int total, Sink sink) {
        ByteBuffer message = ByteBuffer.wrap(kept, at, total).slice();
        int headerBytes = message.getInt(4);
        boolean sound = checksum(at, 8) == message.getInt(8)
                && checksum(at, total - CHECKSUM) == message.getInt(total - CHECKSUM)
                && headerBytes >= 0
                && headerBytes <= total - PRELUDE - CHECKSUM;
        if (!sound) {
            broken = "has a message with a wrong checksum";
            return;
        }
        Map<String, String> headers = headers(message.slice(PRELUDE, headerBytes));
        if (headers == null) {
            broken = "has a message with broken headers";
            return;
        }
        int payload = at + PRELUDE + headerBytes;
        sink.message(headers, Arrays.copyOfRange(kept, payload, at + total - CHECKSUM));
    }

    private int checksum(int from, int bytes) {
        CRC32 crc = new CRC32();
        crc.update(kept, from, bytes);
        return (int) crc.getValue();
    }

    /** Null if they are broken. Values of other types than string are stepped over. */
    private static @Nullable Map<String, String> headers(ByteBuffer bytes) {
        Map<String, String> headers = new HashMap<>();
        while (bytes.hasRemaining()) {
            int nameBytes = bytes.get() & 0xFF;
            if (bytes.remaining() < nameBytes + 1) return null;
            String name = text(bytes, nameBytes);
            int type = bytes.get();
            int size = size(type, bytes);
            if (size < 0 || bytes.remaining() < size) return null;
            String value = text(bytes, size);
            if (type == 7) headers.put(name, value);
        }
        return headers;
    }

    /** Bytes of a value; -1 if its type is unknown or its length is missing. */
    private static int size(int type, ByteBuffer bytes) {
        return switch (type) {
            case 0, 1 -> 0;
            case 2 -> 1;
            case 3 -> 2;
            case 4 -> 4;
            case 5, 8 -> 8;
            case 6, 7 -> bytes.remaining() < 2 ? -1 : bytes.getShort() & 0xFFFF;
            case 9 -> 16;
            default -> -1;
        };
    }

    private static String text(ByteBuffer bytes, int size) {
        byte[] text = new byte[size];
        bytes.get(text);
        return new String(text, UTF_8);
    }
}
