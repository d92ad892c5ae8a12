package dev.sluice.protocol.eventstream;

import dev.sluice.protocol.UpstreamError;
import dev.sluice.protocol.json.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the exceptions that AWS tells as messages of a stream. */
final class StreamException {
    private StreamException() {}

    /**
     * The error that a message tells; null if it tells none.
     *
     * @param payload null if it is no JSON
     */
    static @Nullable UpstreamError of(Map<String, String> headers, @Nullable Json payload) {
        String exception = headers.getOrDefault(":exception-type", headers.getOrDefault(":error-code", ""));
        if (exception.isEmpty()) return null;
        String told = headers.getOrDefault(":error-message", "");
        String message = payload == null
                ? told
                : payload.any("message", "Message", "originalMessage").text(told);
        return new UpstreamError(message, code(exception), null, null);
    }

    /** The stream spells exceptions in camel case, errors elsewhere in Pascal case. */
    private static String code(String exception) {
        return Character.toUpperCase(exception.charAt(0)) + exception.substring(1);
    }
}
