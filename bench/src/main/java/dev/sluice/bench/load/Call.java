package dev.sluice.bench.load;

import java.nio.charset.StandardCharsets;

/** What one call asks for. */
public sealed interface Call {
    /** A whole answer of the mock provider. */
    record Whole() implements Call {}

    /**
     * A streamed answer of the mock provider.
     *
     * @param events how many events it has, {@code [DONE]} not counted
     * @param paceMillis the time between them
     */
    record Streamed(int events, int paceMillis) implements Call {
        public Streamed {
            if (events < 3) throw new IllegalArgumentException("events: " + events + " (expected: >= 3)");
            if (paceMillis < 0) throw new IllegalArgumentException("pace: " + paceMillis + " ms (expected: >= 0)");
        }
    }

    /** The request with head and body; about 1.5 kB, as a chat with a short history sends it. */
    default byte[] request(Target target) {
        String wishes = switch (this) {
            case Whole() -> ",\"stream\":false}";
            case Streamed(int events, int paceMillis) ->
                ",\"stream\":true,\"stream_options\":{\"include_usage\":true},\"metadata\":{\"events\":\"" + events
                        + "\",\"paceMillis\":\"" + paceMillis + "\"}}";
        };
        byte[] body = (Conversation.opening(target.model()) + wishes).getBytes(StandardCharsets.UTF_8);
        StringBuilder further = new StringBuilder();
        target.headers()
                .forEach((name, value) ->
                        further.append(name).append(": ").append(value).append("\r\n"));
        byte[] head = ("POST " + target.path() + " HTTP/1.1\r\nHost: " + target.host()
                        + "\r\nUser-Agent: sluice-bench\r\nAccept: application/json\r\nAuthorization: Bearer "
                        + target.key()
                        + "\r\n" + further
                        + "Content-Type: application/json\r\nContent-Length: " + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] request = new byte[head.length + body.length];
        System.arraycopy(head, 0, request, 0, head.length);
        System.arraycopy(body, 0, request, head.length, body.length);
        return request;
    }
}
