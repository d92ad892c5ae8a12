package dev.sluice.protocol.eventstream;

import dev.sluice.protocol.UpstreamError;
import dev.sluice.protocol.Usage;
import dev.sluice.protocol.chat.ChatEvent;
import dev.sluice.protocol.chat.Steps;
import dev.sluice.protocol.chat.StreamDecoder;
import dev.sluice.protocol.json.Json;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Decodes a stream of AWS's frames whose payload is JSON; what the JSON means is the matter of a {@link Reader}. */
public final class FrameDecoder implements StreamDecoder {
    /** Understands the frames of one format, for one stream. */
    public interface Reader {
        /** @param type of the event; empty if it has none */
        void event(String type, Json payload, Steps steps);
    }

    private final EventStream stream;
    private final Reader reader;
    private final Steps steps = new Steps();

    public FrameDecoder(int maxEventBytes, Reader reader) {
        this.stream = new EventStream(maxEventBytes);
        this.reader = reader;
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

    @Override
    public @Nullable Usage told() {
        return steps.told();
    }

    private void message(Map<String, String> headers, byte[] payload) {
        if (steps.isOver()) return;
        Json json = Json.parse(payload);
        UpstreamError exception = StreamException.of(headers, json);
        if (exception != null) steps.fail(exception);
        else if (json == null) steps.malformed("is not valid JSON");
        else reader.event(headers.getOrDefault(":event-type", ""), json, steps);
    }
}
