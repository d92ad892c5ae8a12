package dev.sluice.protocol.anthropic;

import dev.sluice.protocol.chat.Steps;
import dev.sluice.protocol.eventstream.FrameDecoder;
import dev.sluice.protocol.json.Json;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Reads a stream of messages out of AWS's frames: each {@code chunk} holds one event, in Base64. */
final class InvokedReader implements FrameDecoder.Reader {
    private final StreamReader reader = new StreamReader();

    @Override
    public void event(String type, Json frame, Steps steps) {
        if (!type.equals("chunk")) return;
        Json event = event(frame.get("bytes").text(""));
        if (event == null) steps.malformed("holds no event");
        else reader.event("", event, steps);
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
