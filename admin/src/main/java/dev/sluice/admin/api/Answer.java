package dev.sluice.admin.api;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** What a handler answers. */
public sealed interface Answer {
    int status();

    Map<String, String> headers();

    /** An answer that is known as a whole. */
    record Whole(int status, Map<String, String> headers, byte[] body) implements Answer {
        public Whole {
            headers = Map.copyOf(headers);
        }
    }

    /** A long text, sent piece by piece as fast as the caller reads. The stream is closed by whoever sends it. */
    record Streamed(int status, Map<String, String> headers, Stream<String> pieces) implements Answer {
        public Streamed {
            headers = Map.copyOf(headers);
        }
    }

    static Answer json(int status, Object value) {
        return new Whole(status, Map.of("content-type", "application/json"), JsonWriter.bytes(value));
    }

    static Answer text(int status, String mediaType, String text) {
        return new Whole(status, Map.of("content-type", mediaType), text.getBytes(StandardCharsets.UTF_8));
    }

    static Answer nothing() {
        return new Whole(204, Map.of(), new byte[0]);
    }

    default Answer with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers());
        more.put(header, value);
        return switch (this) {
            case Whole w -> new Whole(w.status, more, w.body);
            case Streamed s -> new Streamed(s.status, more, s.pieces);
        };
    }
}
