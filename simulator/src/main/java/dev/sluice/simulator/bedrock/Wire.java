package dev.sluice.simulator.bedrock;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Finish;
import dev.sluice.simulator.voice.Frame;
import dev.sluice.simulator.voice.Header;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Script;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** Shapes that all operations of the Bedrock runtime share. */
final class Wire {
    private static final String EVENTS = "application/vnd.amazon.eventstream";

    private Wire() {}

    static Header requestId(Heard heard) {
        return new Header("x-amzn-requestid", heard.uuid("request"));
    }

    static Script stream(Heard heard, List<Frame> frames, Usage usage) {
        return new Script(200, EVENTS, List.of(requestId(heard)), true, frames, usage);
    }

    static String message(Complaint complaint) {
        String message = complaint.message();
        if (message == null) {
            message = complaint.status() == 429
                    ? "Too many requests, please wait before trying again."
                    : complaint.status() < 500 ? "The request is not valid." : "The system had an unexpected error.";
        }
        return new JsonObject().put("message", message).encode();
    }

    /** The name of an error as it stands in a header, such as ThrottlingException. */
    static String errorType(Complaint complaint) {
        String type = complaint.type() != null ? complaint.type() : complaint.code();
        if (type != null) {
            return Character.toUpperCase(type.charAt(0)) + type.substring(1);
        }
        return switch (complaint.status()) {
            case 401, 403 -> "AccessDeniedException";
            case 404 -> "ResourceNotFoundException";
            case 408 -> "ModelTimeoutException";
            case 424 -> "ModelErrorException";
            case 429 -> "ThrottlingException";
            case 503 -> "ServiceUnavailableException";
            default -> complaint.status() < 500 ? "ValidationException" : "InternalServerException";
        };
    }

    /** The name of an error as it stands in a stream, such as throttlingException. */
    static String exceptionType(Complaint complaint) {
        String type = complaint.status() == 424 ? "ModelStreamErrorException" : errorType(complaint);
        return Character.toLowerCase(type.charAt(0)) + type.substring(1);
    }

    /** Input tokens are told without those that a cache gave or took. */
    static JsonObject usage(Usage usage) {
        long input = usage.inputTokens() - usage.cachedInputTokens() - usage.cacheWrittenTokens();
        return new JsonObject()
                .put("inputTokens", input)
                .put("outputTokens", usage.outputTokens())
                .put("totalTokens", usage.totalTokens())
                .put("cacheReadInputTokens", usage.cachedInputTokens())
                .put("cacheWriteInputTokens", usage.cacheWrittenTokens());
    }

    static String finish(Finish finish) {
        return switch (finish) {
            case STOP -> "end_turn";
            case LENGTH -> "max_tokens";
            case TOOL_CALLS -> "tool_use";
            case CONTENT_FILTER -> "content_filtered";
        };
    }
}
