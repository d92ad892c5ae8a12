package dev.sluice.protocol.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/** Makes messages of AWS's event stream from lines such as {@code event messageStop {"stopReason":"end_turn"}}. */
public final class EventFrames {
    private EventFrames() {}

    /** One message for each line; the first word is the type of the message, the second that of the event. */
    public static byte[] of(byte[] lines) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String line : new String(lines, UTF_8).lines().toList()) {
            if (line.isBlank()) continue;
            String[] words = line.split(" ", 3);
            out.writeBytes(message(words[0], words[1], words[2]));
        }
        return out.toByteArray();
    }

    private static byte[] message(String messageType, String type, String payload) {
        ByteArrayOutputStream headers = new ByteArrayOutputStream();
        header(headers, ":" + messageType + "-type", type);
        header(headers, ":content-type", "application/json");
        header(headers, ":message-type", messageType);
        byte[] body = payload.getBytes(UTF_8);
        ByteBuffer message = ByteBuffer.allocate(16 + headers.size() + body.length);
        message.putInt(message.capacity()).putInt(headers.size());
        message.putInt(checksum(message.array(), 8));
        message.put(headers.toByteArray()).put(body);
        message.putInt(checksum(message.array(), message.position()));
        return message.array();
    }

    private static void header(ByteArrayOutputStream out, String name, String value) {
        out.write(name.length());
        out.writeBytes(name.getBytes(UTF_8));
        out.write(7);
        out.write(value.length() >> 8);
        out.write(value.length() & 0xFF);
        out.writeBytes(value.getBytes(UTF_8));
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
