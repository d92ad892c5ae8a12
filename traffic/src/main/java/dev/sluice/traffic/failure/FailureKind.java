package dev.sluice.traffic.failure;

import dev.sluice.settings.FallbackCondition;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The table of failures: each row says what follows from it. Nothing else in the gateway decides about keys, retries,
 * fallbacks or the client's status by looking at a status or a message.
 *
 * <pre>
 * key      what happens to the provider key: keep, rest until the upstream's Retry-After, reject until an operator looks
 * rotate   whether the same service is tried at once with another key
 * retry    whether the same target may be tried again (as often as the Model API's retries allow)
 * blame    whether it counts against the circuit of key and model, and against the node that it happened on
 * fallback the condition under which the next fallback step takes over; none = never
 * client   status and code that the client gets when nothing is left
 * </pre>
 */
public enum FailureKind {
    // the caller's own doing                key              rotate retry  blame fallback
    // status code
    INVALID_REQUEST(KeyVerdict.KEEP, false, false, Blame.NOBODY, null, 400, "invalid_request_error"),
    UNAUTHENTICATED(KeyVerdict.KEEP, false, false, Blame.NOBODY, null, 401, "invalid_api_key"),
    PERMISSION_DENIED(KeyVerdict.KEEP, false, false, Blame.NOBODY, null, 403, "permission_denied"),
    ROUTE_NOT_FOUND(KeyVerdict.KEEP, false, false, Blame.NOBODY, null, 404, "route_not_found"),
    MODEL_NOT_FOUND(KeyVerdict.KEEP, false, false, Blame.NOBODY, null, 404, "model_not_found"),
    /** A thing that the call names is kept where this gateway cannot get, or knows nothing of. */
    DEPLOYMENT_GONE(KeyVerdict.KEEP, false, false, Blame.NOBODY, null, 404, "deployment_gone"),
    METHOD_NOT_ALLOWED(KeyVerdict.KEEP, false, false, Blame.NOBODY, null, 405, "method_not_allowed"),
    REQUEST_TOO_LARGE(KeyVerdict.KEEP, false, false, Blame.NOBODY, null, 413, "request_too_large"),
    REQUEST_TIMEOUT(KeyVerdict.KEEP, false, false, Blame.NOBODY, null, 408, "request_timeout"),
    CLIENT_LEFT(KeyVerdict.KEEP, false, false, Blame.NOBODY, null, 499, "client_closed_request"),
    // limits of the gateway
    RATE_LIMITED(KeyVerdict.KEEP, false, false, Blame.NOBODY, null, 429, "rate_limit_exceeded"),
    QUOTA_EXHAUSTED(KeyVerdict.KEEP, false, false, Blame.NOBODY, null, 429, "insufficient_quota"),
    // the gateway has nowhere to send it
    UNBOUND(KeyVerdict.KEEP, false, false, Blame.NOBODY, FallbackCondition.GATEWAY_REFUSAL, 503, "no_model_service"),
    NO_USABLE_KEY(
            KeyVerdict.KEEP, false, false, Blame.NOBODY, FallbackCondition.PROVIDER_AUTH, 503, "no_model_service"),
    /** The target's wire format cannot say what the request says, or its service has no such operation. */
    INEXPRESSIBLE(
            KeyVerdict.KEEP,
            false,
            false,
            Blame.NOBODY,
            FallbackCondition.GATEWAY_REFUSAL,
            400,
            "unsupported_parameter"),
    MODEL_REFUSED_BY_SERVICE(
            KeyVerdict.KEEP, false, false, Blame.NOBODY, FallbackCondition.GATEWAY_REFUSAL, 404, "model_not_found"),
    GATEWAY_DEFECT(KeyVerdict.KEEP, false, false, Blame.NOBODY, null, 500, "internal_error"),
    /** The gateway holds as much in memory as it may; soon there is room again. */
    OVERLOADED(KeyVerdict.KEEP, false, false, Blame.NOBODY, null, 503, "overloaded"),
    /** The target was passed over: lately most calls to it have failed. */
    CIRCUIT_OPEN(KeyVerdict.KEEP, false, false, Blame.NOBODY, FallbackCondition.SERVER_ERROR, 503, "upstream_failed"),
    // the upstream's word about our key or account
    PROVIDER_AUTH(KeyVerdict.REJECT, true, false, Blame.NOBODY, FallbackCondition.PROVIDER_AUTH, 502, "upstream_auth"),
    /** The key is good, but not for this model or this operation. */
    PROVIDER_PERMISSION(
            KeyVerdict.KEEP, true, false, Blame.CIRCUIT, FallbackCondition.PROVIDER_AUTH, 502, "upstream_auth"),
    PROVIDER_RATE_LIMITED(
            KeyVerdict.REST, true, true, Blame.NOBODY, FallbackCondition.RATE_LIMITED, 429, "upstream_failed"),
    PROVIDER_QUOTA(KeyVerdict.REST, true, false, Blame.NOBODY, FallbackCondition.RATE_LIMITED, 429, "upstream_failed"),
    // the upstream's word about the request
    UPSTREAM_REFUSED(KeyVerdict.KEEP, false, false, Blame.NOBODY, FallbackCondition.ANY_4XX, 400, "upstream_failed"),
    UPSTREAM_MODEL_NOT_FOUND(
            KeyVerdict.KEEP, false, false, Blame.NOBODY, FallbackCondition.ANY_4XX, 404, "model_not_found"),
    /** The conversation that the client goes on with is not known to the agent that keeps it. */
    CONVERSATION_NOT_FOUND(KeyVerdict.KEEP, false, false, Blame.NOBODY, null, 404, "conversation_not_found"),
    /** The provider keeps nothing under the id that the path names. */
    THING_NOT_FOUND(KeyVerdict.KEEP, false, false, Blame.NOBODY, FallbackCondition.ANY_4XX, 404, "not_found"),
    CONTENT_FILTERED(
            KeyVerdict.KEEP, false, false, Blame.NOBODY, FallbackCondition.CONTENT_FILTER, 400, "content_filter"),
    CONTEXT_TOO_LONG(
            KeyVerdict.KEEP,
            false,
            false,
            Blame.NOBODY,
            FallbackCondition.CONTEXT_LENGTH,
            400,
            "context_length_exceeded"),
    // the upstream failed
    CONNECT(KeyVerdict.KEEP, false, true, Blame.NODE, FallbackCondition.CONNECT_ERROR, 502, "upstream_failed"),
    UPSTREAM_ERROR(KeyVerdict.KEEP, false, true, Blame.NODE, FallbackCondition.SERVER_ERROR, 502, "upstream_failed"),
    UPSTREAM_OVERLOADED(
            KeyVerdict.KEEP, false, true, Blame.NODE, FallbackCondition.SERVER_ERROR, 503, "upstream_failed"),
    /** The answer is no answer: broken JSON, an empty stream, a text of another form. */
    UPSTREAM_MALFORMED(
            KeyVerdict.KEEP, false, true, Blame.NODE, FallbackCondition.SERVER_ERROR, 502, "upstream_failed"),
    /** The answer is longer than the gateway holds to translate it: too much for the gateway, not the upstream's fault. */
    ANSWER_TOO_LONG(KeyVerdict.KEEP, false, false, Blame.NOBODY, null, 502, "answer_too_long"),
    /** The connection broke while the answer was under way. */
    UPSTREAM_CUT(KeyVerdict.KEEP, false, true, Blame.NODE, FallbackCondition.CONNECT_ERROR, 502, "upstream_failed"),
    TIMEOUT(KeyVerdict.KEEP, false, false, Blame.NODE, FallbackCondition.TIMEOUT, 504, "upstream_timeout"),
    FIRST_PACKET_TIMEOUT(
            KeyVerdict.KEEP,
            false,
            false,
            Blame.NODE,
            FallbackCondition.FIRST_PACKET_TIMEOUT,
            504,
            "first_packet_timeout"),
    TOTAL_TIMEOUT(KeyVerdict.KEEP, false, false, Blame.NOBODY, null, 504, "upstream_timeout");

    /** What a failure means for the provider key that was used. */
    public enum KeyVerdict {
        KEEP,
        REST,
        REJECT
    }

    /** What is in trouble, rather than the request, the key or the account. */
    public enum Blame {
        NOBODY,
        /** The key for this model: others go on with it. */
        CIRCUIT,
        /** The node, and the circuit of key and model with it. */
        NODE
    }

    private final KeyVerdict key;
    private final boolean rotate;
    private final boolean retry;
    private final Blame blame;
    private final @Nullable FallbackCondition fallback;
    private final int status;
    private final String code;

    FailureKind(
            KeyVerdict key,
            boolean rotate,
            boolean retry,
            Blame blame,
            @Nullable FallbackCondition fallback,
            int status,
            String code) {
        this.key = key;
        this.rotate = rotate;
        this.retry = retry;
        this.blame = blame;
        this.fallback = fallback;
        this.status = status;
        this.code = code;
    }

    public KeyVerdict key() {
        return key;
    }

    public boolean rotates() {
        return rotate;
    }

    public boolean isRetryable() {
        return retry;
    }

    public Blame blame() {
        return blame;
    }

    public @Nullable FallbackCondition fallback() {
        return fallback;
    }

    public int status() {
        return status;
    }

    public String code() {
        return code;
    }

    /** Whether the upstream, its connection or our account there is at fault, rather than the caller or the gateway. */
    public boolean blamesUpstream() {
        return key != KeyVerdict.KEEP
                || blame == Blame.CIRCUIT
                || fallback == FallbackCondition.CONNECT_ERROR
                || fallback == FallbackCondition.SERVER_ERROR
                || fallback == FallbackCondition.TIMEOUT
                || fallback == FallbackCondition.FIRST_PACKET_TIMEOUT;
    }

    /** How attempts, logs and metrics name it, e.g. {@code provider-rate-limited}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The class of the error in OpenAI's words. */
    public String type() {
        return this == QUOTA_EXHAUSTED ? "insufficient_quota" : typeOf(status);
    }

    static String typeOf(int status) {
        return switch (status) {
            case 401 -> "authentication_error";
            case 403 -> "permission_error";
            case 429 -> "rate_limit_error";
            case 408, 504 -> "timeout_error";
            case 500, 502, 503 -> "server_error";
            default -> "invalid_request_error";
        };
    }

    /** This table for readers. */
    public static String markdown() {
        StringBuilder table = new StringBuilder("""
                | failure | provider key | next key at once | retry | node and circuit | falls back on | client gets |
                |---|---|---|---|---|---|---|
                """);
        for (FailureKind kind : values()) {
            String condition = kind.fallback == null
                    ? "never"
                    : "`" + kind.fallback.name().toLowerCase(Locale.ROOT).replace('_', '-') + "`";
            table.append("| `")
                    .append(kind.label())
                    .append("` | ")
                    .append(kind.key.name().toLowerCase(Locale.ROOT))
                    .append(kind.rotate ? " | yes" : " | no")
                    .append(kind.retry ? " | yes" : " | no")
                    .append(
                            switch (kind.blame) {
                                case NOBODY -> " | – | ";
                                case CIRCUIT -> " | circuit only | ";
                                case NODE -> " | counts | ";
                            })
                    .append(condition)
                    .append(" | ")
                    .append(kind.status)
                    .append(" `")
                    .append(kind.code)
                    .append("` |\n");
        }
        return table.toString();
    }
}
