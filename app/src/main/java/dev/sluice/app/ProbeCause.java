package dev.sluice.app;

import dev.sluice.protocol.UpstreamError;
import dev.sluice.protocol.json.Json;
import dev.sluice.protocol.openai.OpenAi;
import dev.sluice.traffic.failure.FailureKind;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Why a connection test failed, in plain words, from the error that a client would have got and the kind of failure that the
 * call ended with.
 *
 * @param status that the provider answered with, 0 if it did not
 */
record ProbeCause(int status, String words) {
    /** @param failure label of the failure that ended the call */
    static ProbeCause of(String errorBody, int clientStatus, String failure) {
        byte[] bytes = errorBody.getBytes(StandardCharsets.UTF_8);
        UpstreamError error = OpenAi.readError(bytes);
        String said = error.message().isEmpty() ? "status " + clientStatus : error.message();
        FailureKind kind = FailureKind.valueOf(failure.toUpperCase(Locale.ROOT).replace('-', '_'));
        int status = upstreamStatus(bytes, kind, clientStatus);
        return new ProbeCause(status, words(kind, status, said) + ": " + said);
    }

    private static int upstreamStatus(byte[] body, FailureKind kind, int clientStatus) {
        Json json = Json.parse(body);
        if (json != null
                && json.get("error").get("attempts") instanceof Json.Arr attempts
                && !attempts.elements().isEmpty())
            return (int) attempts.elements().getLast().get("status").integer(0);
        return switch (kind) {
            // The provider's own answer was passed on.
            case UPSTREAM_REFUSED,
                    UPSTREAM_MODEL_NOT_FOUND,
                    CONVERSATION_NOT_FOUND,
                    CONTENT_FILTERED,
                    CONTEXT_TOO_LONG -> clientStatus;
            default -> 0;
        };
    }

    private static String words(FailureKind kind, int status, String said) {
        return switch (kind) {
            case PROVIDER_PERMISSION -> "the provider does not let the key use this model";
            case PROVIDER_AUTH -> "the provider does not accept the key";
            case PROVIDER_QUOTA -> "nothing is left on the account: its balance or quota is used up";
            case PROVIDER_RATE_LIMITED -> "the key works, but the provider limits the rate of its calls";
            case UPSTREAM_MODEL_NOT_FOUND, MODEL_REFUSED_BY_SERVICE, MODEL_NOT_FOUND ->
                "the provider does not know the model, or the key may not use it";
            case TIMEOUT, TOTAL_TIMEOUT, FIRST_PACKET_TIMEOUT -> "the provider did not answer in time";
            case CONNECT -> connection(said);
            case UPSTREAM_CUT ->
                "the provider closed the connection: is the address one of TLS, or of another protocol?";
            case UPSTREAM_MALFORMED -> "the address answers, but not in the protocol of the service";
            case UPSTREAM_OVERLOADED -> "the provider is overloaded";
            case UPSTREAM_ERROR -> "the provider failed";
            case UPSTREAM_REFUSED ->
                status == 404 || status == 405
                        ? "nothing is there at this address: is its path or region right?"
                        : "the provider refuses the request";
            case THING_NOT_FOUND -> "the provider does not know what was asked for";
            case NO_USABLE_KEY, UNBOUND -> "the service is not usable";
            case CIRCUIT_OPEN -> "the last calls failed, so none is sent for a moment";
            case INEXPRESSIBLE -> "the provider has no such operation";
            case INVALID_REQUEST,
                    UNAUTHENTICATED,
                    PERMISSION_DENIED,
                    ROUTE_NOT_FOUND,
                    DEPLOYMENT_GONE,
                    METHOD_NOT_ALLOWED,
                    REQUEST_TOO_LARGE,
                    REQUEST_TIMEOUT,
                    CLIENT_LEFT,
                    RATE_LIMITED,
                    QUOTA_EXHAUSTED,
                    GATEWAY_DEFECT,
                    OVERLOADED,
                    ANSWER_TOO_LONG,
                    CONVERSATION_NOT_FOUND,
                    CONTENT_FILTERED,
                    CONTEXT_TOO_LONG -> "the test failed";
        };
    }

    private static String connection(String said) {
        if (said.contains("cannot be resolved")) return "DNS does not know the host";
        if (said.contains("TLS") || said.contains("certificate")) return "TLS cannot be agreed on";
        if (said.contains("too long")) return "nobody answers at the address";
        return "the address cannot be reached";
    }
}
