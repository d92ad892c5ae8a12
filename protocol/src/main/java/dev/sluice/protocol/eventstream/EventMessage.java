package dev.sluice.protocol.eventstream;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.protocol.json.Json;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/** Writes messages of AWS's binary event stream, with their checksums. */
public final class EventMessage {
    /** The media type of a stream of messages. */
    public static final String STREAM_TYPE = "application/vnd.amazon.eventstream";

    private static final int FRAME = 16;
    private static final int PRELUDE = 8;
    private static final byte STRING = 7;

    private EventMessage() {}

    public static byte[] event(String type, Json payload) {
        return message("event", type, payload);
    }

    public static byte[] exception(String type, Json payload) {
        return message("exception", type, payload);
    }

    private static byte[] message(String kind, String type, Json payload) {
        ByteArrayOutputStream headers = new ByteArrayOutputStream(96);
        header(":" + kind + "-type", type, headers);
        header(":content-type", "application/json", headers);
        header(":message-type", kind, headers);
        byte[] body = payload.toBytes();
        ByteBuffer message = ByteBuffer.allocate(FRAME + headers.size() + body.length);
        message.putInt(message.capacity()).putInt(headers.size());
        message.putInt(checksum(message.array(), PRELUDE));
        message.put(headers.toByteArray()).put(body);
        message.putInt(checksum(message.array(), message.position()));
        return message.array();
    }

    private static void header(String name, String value, ByteArrayOutputStream out) {
        byte[] text = value.getBytes(UTF_8);
        out.write(name.length());
        out.writeBytes(name.getBytes(UTF_8));
        out.write(STRING);
        out.write(text.length >> 8);
        out.write(text.length & 0xFF);
        out.writeBytes(text);
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
