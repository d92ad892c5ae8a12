package dev.sluice.simulator.openai;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Finish;
import dev.sluice.simulator.voice.Frame;
import dev.sluice.simulator.voice.Header;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Script;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shapes that all operations of the OpenAI wire format share. */
final class Wire {
    static final String DONE = "data: [DONE]\n\n";
    static final String FINGERPRINT = "fp_simulator";

    private static final String JSON = "application/json";
    private static final String EVENTS = "text/event-stream; charset=utf-8";

    private Wire() {}

    static String event(JsonObject object) {
        return event(object.encode());
    }

    static String event(String json) {
        return "data: " + json + "\n\n";
    }

    static Script whole(Heard heard, JsonObject body, Usage usage, boolean told) {
        return whole(heard, body.encode(), usage, told);
    }

    static Script whole(Heard heard, String body, Usage usage, boolean told) {
        int output = Math.toIntExact(Math.min(Integer.MAX_VALUE, usage.outputTokens() - usage.reasoningTokens()));
        Frame frame = Frame.content(body, output).reporting(told ? usage : null);
        return new Script(200, JSON, List.of(requestId(heard)), false, List.of(frame), usage);
    }

    static Script stream(Heard heard, List<Frame> frames, Usage usage) {
        List<Header> headers = List.of(new Header("cache-control", "no-cache"), requestId(heard));
        return new Script(200, EVENTS, headers, true, frames, usage);
    }

    private static Header requestId(Heard heard) {
        return new Header("x-request-id", "req_" + heard.id("request"));
    }

    static Script refusal(Complaint complaint) {
        JsonObject body = new JsonObject().put("error", error(complaint));
        Frame frame = Frame.content(body.encode(), 0);
        return new Script(complaint.status(), JSON, List.of(), false, List.of(frame), Usage.ZERO);
    }

    static JsonObject error(Complaint complaint) {
        String message = complaint.message();
        String type = complaint.type();
        String code = complaint.code();
        boolean usual = type == null && code == null;
        return new JsonObject()
                .put("message", message == null ? message(complaint.status()) : message)
                .put("type", type == null ? type(complaint.status()) : type)
                .put("param", complaint.param())
                .put("code", usual ? code(complaint.status()) : code);
    }

    private static String type(int status) {
        return switch (status) {
            case 400, 401, 404, 405, 413, 415, 422 -> "invalid_request_error";
            case 402 -> "insufficient_quota";
            case 403 -> "permission_error";
            case 408, 504 -> "timeout_error";
            case 409 -> "conflict_error";
            case 429 -> "rate_limit_error";
            default -> status < 500 ? "invalid_request_error" : "server_error";
        };
    }

    private static @Nullable String code(int status) {
        return switch (status) {
            case 401 -> "invalid_api_key";
            case 402 -> "insufficient_quota";
            case 404 -> "model_not_found";
            case 413 -> "request_too_large";
            case 429 -> "rate_limit_exceeded";
            case 503 -> "service_unavailable";
            default -> null;
        };
    }

    private static String message(int status) {
        return switch (status) {
            case 401 -> "Incorrect API key provided.";
            case 402 -> "You exceeded your current quota, please check your plan and billing details.";
            case 403 -> "You do not have access to this resource.";
            case 404 -> "The requested resource does not exist.";
            case 408, 504 -> "The request timed out.";
            case 429 -> "Rate limit reached, please try again later.";
            case 503 -> "The engine is currently overloaded, please try again later.";
            default ->
                status < 500 ? "The request is not valid." : "The server had an error while processing the request.";
        };
    }

    static JsonObject usage(Usage usage) {
        return new JsonObject()
                .put("prompt_tokens", usage.inputTokens())
                .put("completion_tokens", usage.outputTokens())
                .put("total_tokens", usage.totalTokens())
                .put(
                        "prompt_tokens_details",
                        new JsonObject()
                                .put("cached_tokens", usage.cachedInputTokens())
                                .put("audio_tokens", 0)
                                .put("cache_write_tokens", usage.cacheWrittenTokens()))
                .put(
                        "completion_tokens_details",
                        new JsonObject()
                                .put("reasoning_tokens", usage.reasoningTokens())
                                .put("audio_tokens", 0)
                                .put("accepted_prediction_tokens", 0)
                                .put("rejected_prediction_tokens", 0));
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
