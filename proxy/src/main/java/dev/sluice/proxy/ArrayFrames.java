package dev.sluice.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.chat.ChatEvent;
import dev.sluice.protocol.chat.StreamEncoder;
import dev.sluice.protocol.sse.EventSplitter;
import dev.sluice.protocol.sse.ServerSentEvent;
import dev.sluice.settings.Operation;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Makes the events of Gemini's stream into one JSON array that grows by an element at a time, for clients that did not ask for events.
 * Upstreams are always asked for events.
 */
final class ArrayFrames {
    static final String CONTENT_TYPE = "application/json";
    private static final byte[] CLOSE = "]".getBytes(US_ASCII);

    private final EventSplitter splitter;
    private final ServerSentEvent event = new ServerSentEvent();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    private boolean begun;

    private ArrayFrames(int maxEventBytes) {
        this.splitter = new EventSplitter(maxEventBytes);
    }

    /** Null for a client that takes the stream as it comes. */
    static @Nullable ArrayFrames of(Exchange x, int maxEventBytes) {
        if (x.operation() != Operation.STREAM_GENERATE_CONTENT) return null;
        String query = x.request.query();
        boolean events = query != null && Arrays.asList(query.split("&", -1)).contains("alt=sse");
        return events ? null : new ArrayFrames(maxEventBytes);
    }

    static StreamEncoder around(StreamEncoder encoder, Exchange x, int maxEventBytes) {
        ArrayFrames frames = of(x, maxEventBytes);
        return frames == null ? encoder : new Encoder(encoder, frames);
    }

    /** The elements that these bytes complete. */
    byte[] next(byte[] bytes) {
        splitter.feed(bytes, 0, bytes.length, this::element);
        return taken();
    }

    /** The end of the array, behind what is still held. */
    byte[] end() {
        splitter.end(this::element);
        if (!begun) out.write('[');
        begun = true;
        out.writeBytes(CLOSE);
        return taken();
    }

    private byte[] taken() {
        byte[] bytes = out.toByteArray();
        out.reset();
        return bytes;
    }

    private void element(byte[] bytes, int from, int to) {
        event.read(bytes, from, to);
        if (!event.hasData() || event.dataFrom() == event.dataTo()) return;
        out.writeBytes((begun ? ",\r\n" : "[").getBytes(US_ASCII));
        begun = true;
        out.write(event.data(), event.dataFrom(), event.dataTo() - event.dataFrom());
    }

    private record Encoder(StreamEncoder inner, ArrayFrames frames) implements StreamEncoder {
        @Override
        public void write(ChatEvent step, ByteArrayOutputStream to) {
            ByteArrayOutputStream events = new ByteArrayOutputStream();
            inner.write(step, events);
            to.writeBytes(frames.next(events.toByteArray()));
            if (step instanceof ChatEvent.Ended) to.writeBytes(frames.end());
        }

        @Override
        public void fail(ClientError error, ByteArrayOutputStream to) {
            ByteArrayOutputStream events = new ByteArrayOutputStream();
            inner.fail(error, events);
            to.writeBytes(frames.next(events.toByteArray()));
            to.writeBytes(frames.end());
        }

        @Override
        public String contentType() {
            return CONTENT_TYPE;
        }
    }
}
