package dev.sluice.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An error that the gateway tells a client, before a wire format gives it its form.
 *
 * @param status HTTP status
 * @param type class of the error in OpenAI's words, e.g. {@code invalid_request_error}
 * @param code machine-readable code, e.g. {@code model_not_found}
 * @param message what happened and what to do
 * @param param the request field at fault
 * @param attempts the upstream attempts that were made, in order; empty if none
 */
public record ClientError(
        int status,
        String type,
        String code,
        String message,
        @Nullable String param,
        List<Attempt> attempts) {
    public ClientError {
        attempts = List.copyOf(attempts);
    }

    /**
     * One failed attempt, as shown to the client.
     *
     * @param status the upstream's HTTP status, 0 if there was none
     * @param failure kind of the failure, e.g. {@code rate-limited}
     */
    public record Attempt(String service, String model, int status, String failure) {}
}
