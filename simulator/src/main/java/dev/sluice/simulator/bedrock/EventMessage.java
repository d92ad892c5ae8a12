package dev.sluice.simulator.bedrock;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * One message of AWS's binary event stream: lengths, a checksum of them, headers, payload, a checksum of everything.
 *
 * @param headers names and texts in their order
 */
record EventMessage(List<Entry> headers, String payload) {
    private static final int PRELUDE_BYTES = 8;
    private static final int CHECKSUM_BYTES = 4;
    private static final byte TEXT = 7;

    /** A header whose value is a text, which is all that Bedrock uses. */
    record Entry(String name, String value) {}

    EventMessage {
        headers = List.copyOf(headers);
    }

    static EventMessage event(String type, String payload) {
        return new EventMessage(headers(":event-type", type, "event"), payload);
    }

    static EventMessage exception(String type, String payload) {
        return new EventMessage(headers(":exception-type", type, "exception"), payload);
    }

    private static List<Entry> headers(String kind, String type, String message) {
        return List.of(
                new Entry(kind, type),
                new Entry(":content-type", "application/json"),
                new Entry(":message-type", message));
    }

    /** Reads a message that was written here. */
    static EventMessage read(Buffer bytes) {
        int headersEnd = PRELUDE_BYTES + CHECKSUM_BYTES + bytes.getInt(4);
        List<Entry> headers = new ArrayList<>();
        for (int at = PRELUDE_BYTES + CHECKSUM_BYTES; at < headersEnd; ) {
            int nameEnd = at + 1 + bytes.getUnsignedByte(at);
            int valueEnd = nameEnd + 3 + bytes.getUnsignedShort(nameEnd + 1);
            headers.add(new Entry(
                    bytes.getString(at + 1, nameEnd, "UTF-8"), bytes.getString(nameEnd + 3, valueEnd, "UTF-8")));
            at = valueEnd;
        }
        return new EventMessage(headers, bytes.getString(headersEnd, bytes.length() - CHECKSUM_BYTES, "UTF-8"));
    }

    Buffer bytes() {
        Buffer lines = Buffer.buffer();
        for (Entry entry : headers) {
            byte[] name = entry.name().getBytes(StandardCharsets.UTF_8);
            byte[] value = entry.value().getBytes(StandardCharsets.UTF_8);
            lines.appendByte((byte) name.length).appendBytes(name).appendByte(TEXT);
            lines.appendUnsignedShort(value.length).appendBytes(value);
        }
        Buffer content = Buffer.buffer(payload);
        int length = PRELUDE_BYTES + lines.length() + content.length() + 2 * CHECKSUM_BYTES;
        Buffer message = Buffer.buffer(length).appendInt(length).appendInt(lines.length());
        message.appendUnsignedInt(checksum(message));
        message.appendBuffer(lines).appendBuffer(content);
        return message.appendUnsignedInt(checksum(message));
    }

    private static long checksum(Buffer bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes.getBytes());
        return crc.getValue();
    }
}
