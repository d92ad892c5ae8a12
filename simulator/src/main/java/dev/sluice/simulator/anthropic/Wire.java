package dev.sluice.simulator.anthropic;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Finish;
import dev.sluice.simulator.voice.Header;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Script;
import io.vertx.core.json.JsonObject;

/** Shapes that all operations of the Anthropic wire format share. */
final class Wire {
    private Wire() {}

    static Header requestId(Heard heard) {
        return new Header("request-id", "req_" + heard.id("request"));
    }

    static String event(String type, JsonObject data) {
        return event(type, new JsonObject().put("type", type).mergeIn(data).encode());
    }

    static String event(String type, String json) {
        return "event: " + type + "\ndata: " + json + "\n\n";
    }

    static Script refusal(Complaint complaint) {
        return Script.error(
                complaint.status(),
                error(complaint).put("request_id", "req_simulator"),
                new Header("request-id", "req_simulator"));
    }

    static JsonObject error(Complaint complaint) {
        String type = complaint.type() != null ? complaint.type() : complaint.code();
        String message = complaint.message();
        return new JsonObject()
                .put("type", "error")
                .put(
                        "error",
                        new JsonObject()
                                .put("type", type == null ? type(complaint.status()) : type)
                                .put("message", message == null ? message(complaint.status()) : message));
    }

    private static String type(int status) {
        return switch (status) {
            case 401 -> "authentication_error";
            case 402 -> "billing_error";
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            case 413 -> "request_too_large";
            case 429 -> "rate_limit_error";
            case 504 -> "timeout_error";
            case 529 -> "overloaded_error";
            default -> status < 500 ? "invalid_request_error" : "api_error";
        };
    }

    private static String message(int status) {
        return switch (status) {
            case 401 -> "invalid x-api-key";
            case 404 -> "not found";
            case 429 -> "This request would exceed the rate limit of your organization.";
            case 529 -> "Overloaded";
            default -> status < 500 ? "The request is not valid." : "Internal server error";
        };
    }

    /** Input tokens are told without those that a cache gave or took. */
    static JsonObject usage(Usage usage, long output) {
        return new JsonObject()
                .put("input_tokens", usage.inputTokens() - usage.cachedInputTokens() - usage.cacheWrittenTokens())
                .put("cache_creation_input_tokens", usage.cacheWrittenTokens())
                .put("cache_read_input_tokens", usage.cachedInputTokens())
                .put(
                        "cache_creation",
                        new JsonObject()
                                .put("ephemeral_5m_input_tokens", usage.cacheWrittenTokens())
                                .put("ephemeral_1h_input_tokens", 0))
                .put("output_tokens", output)
                .put("service_tier", "standard");
    }

    static String finish(Finish finish) {
        return switch (finish) {
            case STOP -> "end_turn";
            case LENGTH -> "max_tokens";
            case TOOL_CALLS -> "tool_use";
            case CONTENT_FILTER -> "refusal";
        };
    }
}
