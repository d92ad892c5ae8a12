package dev.sluice.simulator.dify;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Complaint;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Shapes that all applications share. */
final class Wire {
    /** What keeps a stream alive; it has no data. */
    static final String PING = "event: ping\n\n";

    private Wire() {}

    static String event(String type, JsonObject rest) {
        return "data: " + new JsonObject().put("event", type).mergeIn(rest).encode() + "\n\n";
    }

    static JsonObject error(Complaint complaint) {
        String code = complaint.code() != null ? complaint.code() : complaint.type();
        return new JsonObject()
                .put("code", code == null ? code(complaint.status()) : code)
                .put("message", message(complaint))
                .put("status", complaint.status());
    }

    private static String code(int status) {
        return switch (status) {
            case 401 -> "unauthorized";
            case 403 -> "forbidden";
            case 404 -> "not_found";
            case 413 -> "file_too_large";
            case 415 -> "unsupported_file_type";
            case 429 -> "too_many_requests";
            default -> status < 500 ? "invalid_param" : "internal_server_error";
        };
    }

    static String message(Complaint complaint) {
        String message = complaint.message();
        if (message != null) {
            return message;
        }
        return switch (complaint.status()) {
            case 401 -> "Access token is invalid";
            case 404 -> "Conversation Not Exists.";
            case 429 -> "Too many requests. Please try again later.";
            default ->
                complaint.status() < 500
                        ? "Arg user must be provided."
                        : "The server encountered an internal error and was unable to complete your request.";
        };
    }

    /** What this format can tell of a usage: two sums. */
    static Usage tellable(Usage usage) {
        return Usage.of(usage.inputTokens(), usage.outputTokens());
    }

    static JsonObject metadata(Usage usage, boolean told) {
        JsonObject metadata = new JsonObject();
        if (told) {
            metadata.put(
                    "usage",
                    new JsonObject()
                            .put("prompt_tokens", usage.inputTokens())
                            .put("prompt_unit_price", "0.001")
                            .put("completion_tokens", usage.outputTokens())
                            .put("completion_unit_price", "0.002")
                            .put("total_tokens", usage.totalTokens())
                            .put("total_price", "0.0000000")
                            .put("currency", "USD")
                            .put("latency", 0.321));
        }
        return metadata.put("retriever_resources", new JsonArray());
    }
}
