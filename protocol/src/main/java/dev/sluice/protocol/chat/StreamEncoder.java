package dev.sluice.protocol.chat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sluice.protocol.ClientError;
import java.io.ByteArrayOutputStream;

/** Writes the events of one answer in a client's format. Used by one event loop only. */
public interface StreamEncoder {
    /** Appends the bytes of an event; may append nothing, or more than one event of the client's format. */
    void write(ChatEvent event, ByteArrayOutputStream out);

    /** Appends an error and the end of a stream that has begun and cannot go on. */
    void fail(ClientError error, ByteArrayOutputStream out);

    /** Appends a comment to server-sent events, which parsers skip: the stream goes on. */
    static void ping(ByteArrayOutputStream out) {
        out.writeBytes(": ping\n\n".getBytes(US_ASCII));
    }

    /** The media type of the stream. */
    default String contentType() {
        return "text/event-stream";
    }
}
