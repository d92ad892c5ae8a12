package dev.sluice.simulator.coze;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Complaint;
import io.vertx.core.json.JsonObject;

/** Shapes that all operations share. */
final class Wire {
    /** The data is a string in JSON, unlike that of others. */
    static final String DONE = "event:done\ndata:\"[DONE]\"\n\n";

    private Wire() {}

    static String event(String name, JsonObject data) {
        return "event:" + name + "\ndata:" + data.encode() + "\n\n";
    }

    static JsonObject enveloped(Object data) {
        return new JsonObject().put("data", data).put("code", 0).put("msg", "");
    }

    static JsonObject error(Complaint complaint) {
        return new JsonObject()
                .put("code", code(complaint))
                .put("msg", message(complaint))
                .put("detail", new JsonObject().put("logid", "00000000000000000000000000000000"));
    }

    /** Codes are numbers; what is no number stands in the message. */
    private static int code(Complaint complaint) {
        String code = complaint.code();
        if (code != null && code.matches("[0-9]{1,9}")) {
            return Integer.parseInt(code);
        }
        return switch (complaint.status()) {
            case 401 -> 4100;
            case 403 -> 4101;
            case 404 -> 4200;
            case 429 -> 4013;
            default -> complaint.status() >= 400 && complaint.status() < 500 ? 4000 : 5000;
        };
    }

    private static String message(Complaint complaint) {
        String code = complaint.code() != null ? complaint.code() : complaint.type();
        String message = complaint.message() != null ? complaint.message() : message(complaint.status());
        return code == null || code.matches("[0-9]+") ? message : code + ": " + message;
    }

    private static String message(int status) {
        return switch (status) {
            case 401 -> "The token you entered is incorrect. Please check and try again.";
            case 403 -> "The token you entered does not have permission.";
            case 404 -> "The requested resource does not exist.";
            case 429 -> "Your requests have exceeded the limit. Please try again later.";
            default -> status >= 400 && status < 500 ? "Request parameter error." : "Internal server error.";
        };
    }

    /** What this format can tell of a usage: two sums and what they come to. */
    static Usage tellable(Usage usage) {
        return Usage.of(usage.inputTokens(), usage.outputTokens());
    }

    static JsonObject usage(Usage usage) {
        return new JsonObject()
                .put("token_count", usage.totalTokens())
                .put("output_count", usage.outputTokens())
                .put("input_count", usage.inputTokens());
    }
}
