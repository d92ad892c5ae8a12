package dev.sluice.simulator;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Header;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A call as the simulator received it, and what it has come to so far.
 *
 * @param number from 1, in the order of arrival, over all connections
 * @param connection number of the connection from 1; calls on the same connection have the same
 * @param query the raw query without the question mark; empty when there is none
 * @param headers all header lines in their order and spelling
 * @param body the exact bytes
 * @param model the model that answered, without the fault that may be written before it; empty when none was named
 * @param fault the directives that were in force, empty when there were none
 * @param eventsSent events of the answer that were written in full; a whole body is one event
 * @param bytesSent bytes of the answer's body that were written
 * @param tokensSent visible output tokens that were written
 * @param billed what the provider would bill for what it has sent so far
 * @param reported the last usage that was told in the answer; null when none was
 * @param endedAt when the outcome was known; null while the call is open
 */
public record ReceivedCall(
        long number,
        long connection,
        String method,
        String path,
        String query,
        List<Header> headers,
        byte[] body,
        String model,
        String fault,
        Instant arrivedAt,
        Outcome outcome,
        int eventsSent,
        long bytesSent,
        long tokensSent,
        Usage billed,
        @Nullable Usage reported,
        @Nullable Instant endedAt) {
    private static final List<String> CREDENTIAL_HEADERS =
            List.of("authorization", "x-api-key", "api-key", "x-goog-api-key", "x-amz-security-token");

    public ReceivedCall {
        headers = List.copyOf(headers);
        body = body.clone();
    }

    @Override
    public byte[] body() {
        return body.clone();
    }

    /** The body as UTF-8. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /**
     * The body as JSON.
     *
     * @throws io.vertx.core.json.DecodeException when it is not a JSON object
     */
    public JsonObject json() {
        return new JsonObject(text());
    }

    /** The first header of a name, whatever its case. */
    public Optional<String> header(String name) {
        return headers.stream()
                .filter(header -> header.name().equalsIgnoreCase(name))
                .map(Header::value)
                .findFirst();
    }

    /** Where credentials came, in lower case: names of headers, and {@code ?key} for the query. */
    public List<String> credentials() {
        List<String> places = new ArrayList<>();
        for (String name : CREDENTIAL_HEADERS) {
            if (header(name).isPresent()) {
                places.add(name);
            }
        }
        if (query.matches("(.*&)?key=.*")) {
            places.add("?key");
        }
        return places;
    }

    public boolean isCancelled() {
        return outcome == Outcome.CANCELLED;
    }

    public boolean isOpen() {
        return outcome == Outcome.OPEN;
    }
}
