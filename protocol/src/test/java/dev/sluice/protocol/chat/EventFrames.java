package dev.sluice.protocol.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/** Makes messages of AWS's event stream from lines such as {@code event messageStop {"stopReason":"end_turn"}}. */
public final class EventFrames {
    private static final Pattern CHUNK = Pattern.compile("event chunk \\{\"bytes\":\"([^\"]*)\"}");

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

    /** One frame of an invoked model for each line that is an event; a line that begins with {@code exception} is one. */
    public static byte[] invoked(byte[] lines) {
        StringBuilder frames = new StringBuilder();
        for (String line : new String(lines, UTF_8).lines().toList()) {
            if (line.startsWith("{"))
                frames.append("event chunk {\"bytes\":\"")
                        .append(Base64.getEncoder().encodeToString(line.getBytes(UTF_8)))
                        .append("\"}\n");
            else frames.append(line).append('\n');
        }
        return of(frames.toString().getBytes(UTF_8));
    }

    /** The lines of which messages were made; what is none stays as it is. */
    public static byte[] lines(byte[] messages) {
        StringBuilder lines = new StringBuilder();
        ByteBuffer left = ByteBuffer.wrap(messages);
        while (left.remaining() >= 16 && left.getInt(left.position()) <= left.remaining()) {
            int total = left.getInt(left.position());
            int headers = left.getInt(left.position() + 4);
            assertThat(left.getInt(left.position() + total - 4))
                    .isEqualTo(checksum(
                            Arrays.copyOfRange(messages, left.position(), left.position() + total), total - 4));
            byte[] head = Arrays.copyOfRange(messages, left.position() + 12, left.position() + 12 + headers);
            byte[] body = Arrays.copyOfRange(messages, left.position() + 12 + headers, left.position() + total - 4);
            lines.append(words(ByteBuffer.wrap(head)))
                    .append(new String(body, UTF_8))
                    .append('\n');
            left.position(left.position() + total);
        }
        byte[] rest = Arrays.copyOfRange(messages, left.position(), messages.length);
        return (lines + new String(rest, UTF_8)).getBytes(UTF_8);
    }

    /** The lines of which messages of an invoked model were made; what is none stays as it is. */
    public static byte[] events(byte[] messages) {
        Matcher frames = CHUNK.matcher(new String(lines(messages), UTF_8));
        return frames.replaceAll(frame ->
                        Matcher.quoteReplacement(new String(Base64.getDecoder().decode(frame.group(1)), UTF_8)))
                .getBytes(UTF_8);
    }

    /** The type of the message, and of what it holds. */
    private static String words(ByteBuffer headers) {
        Map<String, String> found = new HashMap<>();
        while (headers.hasRemaining()) {
            String name = text(headers, headers.get());
            assertThat(headers.get()).as("type of header %s", name).isEqualTo((byte) 7);
            found.put(name, text(headers, headers.getShort()));
        }
        String kind = found.getOrDefault(":message-type", "");
        return kind + " " + found.get(":" + kind + "-type") + " ";
    }

    private static String text(ByteBuffer from, int size) {
        byte[] text = new byte[size];
        from.get(text);
        return new String(text, UTF_8);
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
