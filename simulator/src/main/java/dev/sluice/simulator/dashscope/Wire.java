package dev.sluice.simulator.dashscope;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Finish;
import dev.sluice.simulator.voice.Heard;
import io.vertx.core.json.JsonObject;

/** Shapes that all operations of this format share. */
final class Wire {
    private Wire() {}

    /** An event of a stream: there is no blank behind a colon, and the status stands in a comment. */
    static String event(int number, String type, int status, String json) {
        return "id:" + number + "\nevent:" + type + "\n:HTTP_STATUS/" + status + "\ndata:" + json + "\n\n";
    }

    static String requestId(Heard heard) {
        return heard.uuid("request");
    }

    static JsonObject error(Complaint complaint) {
        String code = complaint.code() != null ? complaint.code() : complaint.type();
        String message = complaint.message();
        return new JsonObject()
                .put("code", code == null ? code(complaint.status()) : code)
                .put("message", message == null ? message(complaint.status()) : message)
                .put("request_id", "00000000-0000-0000-0000-000000000000");
    }

    private static String code(int status) {
        return switch (status) {
            case 401 -> "InvalidApiKey";
            case 403 -> "AccessDenied";
            case 404 -> "ModelNotFound";
            case 408 -> "RequestTimeOut";
            case 413 -> "BadRequest.TooLarge";
            case 429 -> "Throttling.RateQuota";
            case 503 -> "ModelUnavailable";
            default -> status < 500 ? "InvalidParameter" : "InternalError";
        };
    }

    private static String message(int status) {
        return switch (status) {
            case 401 -> "Invalid API-key provided.";
            case 429 -> "Requests rate limit exceeded, please try again later.";
            default ->
                status < 500 ? "The request is not valid." : "An internal error has occured, please try again later.";
        };
    }

    static JsonObject usage(Usage usage) {
        return new JsonObject()
                .put("input_tokens", usage.inputTokens())
                .put("output_tokens", usage.outputTokens())
                .put("total_tokens", usage.totalTokens())
                .put("output_tokens_details", new JsonObject().put("reasoning_tokens", usage.reasoningTokens()))
                .put("prompt_tokens_details", new JsonObject().put("cached_tokens", usage.cachedInputTokens()));
    }

    static String finish(Finish finish) {
        return switch (finish) {
            case STOP -> "stop";
            case LENGTH -> "length";
            case TOOL_CALLS -> "tool_calls";
            case CONTENT_FILTER -> "content_filter";
        };
    }
}
