package dev.sluice.protocol.anthropic;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.chat.ChatEvent;
import dev.sluice.protocol.chat.ChatFormat.ClientView;
import dev.sluice.protocol.chat.StreamEncoder;
import dev.sluice.protocol.eventstream.AwsErrors;
import dev.sluice.protocol.eventstream.EventMessage;
import dev.sluice.protocol.json.Json;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Base64;

/** Writes a stream of messages into AWS's frames, as {@link InvokedReader} reads it. */
final class InvokedWriter implements StreamEncoder {
    private static final byte[] DATA = "\ndata: ".getBytes(US_ASCII);

    private final StreamWriter writer;
    private final ByteArrayOutputStream events = new ByteArrayOutputStream();

    InvokedWriter(ClientView view) {
        writer = new StreamWriter(view);
    }

    @Override
    public void write(ChatEvent event, ByteArrayOutputStream out) {
        writer.write(event, events);
        if (events.size() == 0) return;
        frames(events.toByteArray(), out);
        events.reset();
    }

    @Override
    public void fail(ClientError error, ByteArrayOutputStream out) {
        out.writeBytes(AwsErrors.event(error));
    }

    @Override
    public String contentType() {
        return EventMessage.STREAM_TYPE;
    }

    static byte[] end() {
        return frame("{\"type\":\"message_stop\"}".getBytes(US_ASCII));
    }

    /** One frame for each event: the line of its data, which has no other line break in it. */
    private static void frames(byte[] events, ByteArrayOutputStream out) {
        int at = 0;
        while (at < events.length) {
            int line = at;
            while (events[line] != '\n') line++;
            int from = line + DATA.length;
            int to = from;
            while (events[to] != '\n') to++;
            out.writeBytes(frame(Arrays.copyOfRange(events, from, to)));
            at = to + 2;
        }
    }

    private static byte[] frame(byte[] event) {
        return EventMessage.event(
                "chunk",
                Json.object()
                        .put("bytes", Base64.getEncoder().encodeToString(event))
                        .build());
    }
}
