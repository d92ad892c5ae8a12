package dev.sluice.simulator.gemini;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Fields;
import dev.sluice.simulator.voice.Finish;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Shapes that all operations of the Gemini wire format share. */
final class Wire {
    private static final String TYPES = "type.googleapis.com/google.rpc.";

    private Wire() {}

    /** The spelling of a name that a request uses: Google takes camel case and underscores. */
    static String spelled(Fields fields, String name) {
        if (fields.has(name)) {
            return name;
        }
        StringBuilder underscored = new StringBuilder();
        for (int at = 0; at < name.length(); at++) {
            char letter = name.charAt(at);
            underscored.append(Character.isUpperCase(letter) ? "_" : "").append(Character.toLowerCase(letter));
        }
        return fields.has(underscored.toString()) ? underscored.toString() : name;
    }

    /** Code becomes the reason of the details, as in API_KEY_INVALID; param the delay after which to try again, as in 21s. */
    static JsonObject error(Complaint complaint) {
        String message = complaint.message();
        String type = complaint.type();
        JsonObject error = new JsonObject()
                .put("code", complaint.status())
                .put("message", message == null ? message(complaint.status()) : message)
                .put("status", type == null ? status(complaint.status()) : type);
        JsonArray details = new JsonArray();
        if (complaint.code() != null) {
            details.add(new JsonObject()
                    .put("@type", TYPES + "ErrorInfo")
                    .put("reason", complaint.code())
                    .put("domain", "googleapis.com"));
        }
        String delay = complaint.param();
        if (delay != null && delay.matches("[0-9.]+s")) {
            details.add(new JsonObject().put("@type", TYPES + "RetryInfo").put("retryDelay", delay));
        }
        return new JsonObject().put("error", details.isEmpty() ? error : error.put("details", details));
    }

    private static String status(int status) {
        return switch (status) {
            case 401 -> "UNAUTHENTICATED";
            case 403 -> "PERMISSION_DENIED";
            case 404 -> "NOT_FOUND";
            case 409 -> "ABORTED";
            case 429 -> "RESOURCE_EXHAUSTED";
            case 499 -> "CANCELLED";
            case 501 -> "UNIMPLEMENTED";
            case 503 -> "UNAVAILABLE";
            case 504 -> "DEADLINE_EXCEEDED";
            default -> status < 500 ? "INVALID_ARGUMENT" : "INTERNAL";
        };
    }

    private static String message(int status) {
        return switch (status) {
            case 401 -> "Request had invalid authentication credentials.";
            case 429 -> "Resource has been exhausted (e.g. check quota).";
            case 503 -> "The model is overloaded. Please try again later.";
            default -> status < 500 ? "Request contains an invalid argument." : "Internal error encountered.";
        };
    }

    static JsonObject usage(Usage usage) {
        long visible = usage.outputTokens() - usage.reasoningTokens();
        JsonObject told = new JsonObject()
                .put("promptTokenCount", usage.inputTokens())
                .put("candidatesTokenCount", visible)
                .put("totalTokenCount", usage.totalTokens());
        if (usage.reasoningTokens() > 0) {
            told.put("thoughtsTokenCount", usage.reasoningTokens());
        }
        if (usage.cachedInputTokens() > 0) {
            told.put("cachedContentTokenCount", usage.cachedInputTokens());
        }
        return told;
    }

    /** A call of tools is an end like any other here. */
    static String finish(Finish finish) {
        return switch (finish) {
            case STOP, TOOL_CALLS -> "STOP";
            case LENGTH -> "MAX_TOKENS";
            case CONTENT_FILTER -> "SAFETY";
        };
    }
}
