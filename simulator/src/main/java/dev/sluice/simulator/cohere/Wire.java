package dev.sluice.simulator.cohere;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Finish;
import io.vertx.core.json.JsonObject;

/** Shapes that all operations of this format share. */
final class Wire {
    private Wire() {}

    /** An event of a stream; its type stands in the data too. */
    static String event(String type, JsonObject rest) {
        JsonObject data = new JsonObject().put("type", type).mergeIn(rest);
        return "event: " + type + "\ndata: " + data.encode() + "\n\n";
    }

    /** An error has no code here: what is wished as one stands before the message. */
    static JsonObject error(Complaint complaint) {
        return new JsonObject()
                .put("id", "00000000-0000-0000-0000-000000000000")
                .put("message", message(complaint));
    }

    /** A stream that fails ends like one that succeeds, with another reason and the error beside it. */
    static String failure(Complaint complaint) {
        String reason = complaint.status() == 408 || complaint.status() == 504 ? "TIMEOUT" : "ERROR";
        JsonObject delta = new JsonObject().put("error", message(complaint)).put("finish_reason", reason);
        return event("message-end", new JsonObject().put("delta", delta));
    }

    private static String message(Complaint complaint) {
        String code = complaint.code() != null ? complaint.code() : complaint.type();
        String message = complaint.message() != null ? complaint.message() : message(complaint.status());
        return code == null ? message : code + ": " + message;
    }

    private static String message(int status) {
        return switch (status) {
            case 401 -> "invalid api token";
            case 402 -> "your organization has reached its billing limit";
            case 404 ->
                "model not found, make sure the correct model ID was used and that you have access to the model.";
            case 429 -> "You are past the per minute request limit, please wait and try again later.";
            case 498 -> "blocked input";
            case 499 -> "request cancelled by user";
            default -> status < 500 ? "invalid request" : "internal server error, please try again later";
        };
    }

    /** What this format can tell of a usage: it counts thinking as output and has no word for what was written to a cache. */
    static Usage tellable(Usage usage) {
        return new Usage(usage.inputTokens(), usage.cachedInputTokens(), 0, usage.outputTokens(), 0);
    }

    static JsonObject usage(Usage usage) {
        return new JsonObject()
                .put("billed_units", counted(usage))
                .put("tokens", counted(usage))
                .put("cached_tokens", usage.cachedInputTokens());
    }

    private static JsonObject counted(Usage usage) {
        return new JsonObject().put("input_tokens", usage.inputTokens()).put("output_tokens", usage.outputTokens());
    }

    /** What embeddings and rankings say beside their results. */
    static JsonObject meta(JsonObject billed) {
        return new JsonObject()
                .put("api_version", new JsonObject().put("version", "2"))
                .put("billed_units", billed);
    }

    static String finish(Finish finish) {
        return switch (finish) {
            case STOP -> "COMPLETE";
            case LENGTH -> "MAX_TOKENS";
            case TOOL_CALLS -> "TOOL_CALL";
            case CONTENT_FILTER -> "ERROR_TOXIC";
        };
    }
}
