package dev.sluice.protocol.anthropic;

import dev.sluice.protocol.UpstreamError;
import dev.sluice.protocol.chat.ChatEvent;
import dev.sluice.protocol.chat.Steps;
import dev.sluice.protocol.chat.StreamDecoder;
import dev.sluice.protocol.eventstream.EventStream;
import dev.sluice.protocol.eventstream.StreamException;
import dev.sluice.protocol.json.Json;
import java.util.Base64;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads a stream of messages out of AWS's frames: each {@code chunk} holds one event, in Base64. */
final class InvokedDecoder implements StreamDecoder {
    private final EventStream stream;
    private final StreamReader reader = new StreamReader();
    private final Steps steps = new Steps();

    InvokedDecoder(int maxEventBytes) {
        stream = new EventStream(maxEventBytes);
    }

    @Override
    public void feed(byte[] bytes, int from, int to, Consumer<ChatEvent> sink) {
        steps.into(sink);
        if (steps.isOver()) return;
        stream.feed(bytes, from, to, this::message);
        String broken = stream.broken();
        if (broken != null) steps.malformed(broken);
    }

    @Override
    public void end(Consumer<ChatEvent> sink) {
        steps.into(sink);
        if (!stream.isInside()) steps.end();
    }

    private void message(Map<String, String> headers, byte[] payload) {
        if (steps.isOver()) return;
        Json frame = Json.parse(payload);
        UpstreamError exception = StreamException.of(headers, frame);
        if (exception != null) {
            steps.fail(exception);
        } else if (frame == null) {
            steps.malformed("is not valid JSON");
        } else if (headers.getOrDefault(":event-type", "").equals("chunk")) {
            Json event = event(frame.get("bytes").text(""));
            if (event == null) steps.malformed("holds no event");
            else reader.event("", event, steps);
        }
    }

    private static @Nullable Json event(String base64) {
        try {
            Json event = Json.parse(Base64.getDecoder().decode(base64));
            return event != null && event.isObject() ? event : null;
        } catch (IllegalArgumentException _) {
            return null;
        }
    }
}
