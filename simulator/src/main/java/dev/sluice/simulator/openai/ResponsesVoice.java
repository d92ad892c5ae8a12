package dev.sluice.simulator.openai;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Finish;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Prompt;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Reply;
import dev.sluice.simulator.voice.Script;
import dev.sluice.simulator.voice.Shelf;
import dev.sluice.simulator.voice.ToolCall;
import dev.sluice.simulator.voice.UsageReport;
import dev.sluice.simulator.voice.Wishes;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /v1/responses}. A response is kept for its key unless {@code store} is false; a {@code previous_response_id} must be kept, and
 * is given back, no more.
 */
final class ResponsesVoice implements JsonVoice {
    /** Members of the request that the answer gives back, with what they are when the request lacks them. */
    private static final JsonObject GIVEN_BACK = new JsonObject()
            .put("background", false)
            .put("instructions", null)
            .put("max_output_tokens", null)
            .put("max_tool_calls", null)
            .put("metadata", new JsonObject())
            .put("parallel_tool_calls", true)
            .put("previous_response_id", null)
            .put("reasoning", new JsonObject().put("effort", null).put("summary", null))
            .put("service_tier", "default")
            .put("store", true)
            .put("temperature", 1.0)
            .put("text", new JsonObject().put("format", new JsonObject().put("type", "text")))
            .put("tool_choice", "auto")
            .put("tools", new JsonArray())
            .put("top_logprobs", 0)
            .put("top_p", 1.0)
            .put("truncation", "disabled")
            .put("user", null);

    private final Shelf shelf;

    ResponsesVoice(Shelf shelf) {
        this.shelf = shelf;
    }

    @Override
    public List<String> cues() {
        return List.of(KeptVoice.OWNER);
    }

    @Override
    public boolean isPure() {
        return false;
    }

    @Override
    public Script reply(Heard heard, Wishes wishes) throws Rejection {
        Body body = Body.of(heard);
        String owner = heard.cue(KeptVoice.OWNER);
        String previous = body.text("previous_response_id");
        if (previous != null && shelf.find(owner, "response", previous) == null) {
            throw new Rejection(new Complaint(
                    400,
                    "Previous response with id '" + previous + "' not found.",
                    null,
                    "previous_response_not_found",
                    "previous_response_id"));
        }
        Prompt prompt = ResponsesPrompt.read(body);
        Reply reply = Reply.to(prompt, wishes, heard, 0);
        Usage usage = Reply.usage(prompt.tokens(), List.of(reply), wishes);
        List<JsonObject> output = output(heard, reply, usage.reasoningTokens() > 0);
        Usage told = wishes.report() == UsageReport.NEVER ? null : usage;
        JsonObject response = response(heard, body, reply.finish(), output, told);
        if (body.flag("store", true)) {
            shelf.put(owner, "response", response);
        }
        if (!body.flag("stream", false)) {
            return Wire.whole(heard, response, usage, told != null);
        }
        return Wire.stream(heard, new ResponseEvents(response, reply).frames(told), usage);
    }

    @Override
    public Buffer errorEvent(Complaint complaint, int eventsBefore) {
        JsonObject error = Wire.error(complaint);
        return Buffer.buffer(ResponseEvents.event(new JsonObject()
                .put("type", "error")
                .put("sequence_number", eventsBefore)
                .put("code", error.getValue("code"))
                .put("message", error.getValue("message"))
                .put("param", error.getValue("param"))));
    }

    private static JsonObject response(
            Heard heard, Body body, Finish finish, List<JsonObject> output, @Nullable Usage told) {
        String reason = switch (finish) {
            case LENGTH -> "max_output_tokens";
            case CONTENT_FILTER -> "content_filter";
            case STOP, TOOL_CALLS -> null;
        };
        JsonObject response = new JsonObject()
                .put("id", "resp_" + heard.id("response"))
                .put("object", "response")
                .put("created_at", heard.createdAt())
                .put("status", reason == null ? "completed" : "incomplete")
                .put("error", null)
                .put("incomplete_details", reason == null ? null : new JsonObject().put("reason", reason))
                .put("model", heard.model())
                .put("output", new JsonArray(output));
        for (String name : GIVEN_BACK.fieldNames()) {
            Object given = body.value(name);
            response.put(name, given == null ? GIVEN_BACK.getValue(name) : given);
        }
        return response.put("usage", told == null ? null : usage(told));
    }

    private static JsonObject usage(Usage usage) {
        return new JsonObject()
                .put("input_tokens", usage.inputTokens())
                .put(
                        "input_tokens_details",
                        new JsonObject()
                                .put("cached_tokens", usage.cachedInputTokens())
                                .put("cache_write_tokens", usage.cacheWrittenTokens()))
                .put("output_tokens", usage.outputTokens())
                .put("output_tokens_details", new JsonObject().put("reasoning_tokens", usage.reasoningTokens()))
                .put("total_tokens", usage.totalTokens());
    }

    private static List<JsonObject> output(Heard heard, Reply reply, boolean reasoned) {
        List<JsonObject> output = new ArrayList<>();
        if (reasoned) {
            output.add(new JsonObject()
                    .put("id", "rs_" + heard.id("reasoning"))
                    .put("type", "reasoning")
                    .put("summary", new JsonArray()));
        }
        for (ToolCall call : reply.calls()) {
            boolean freeform = call.tool().freeform();
            output.add(new JsonObject()
                    .put("id", (freeform ? "ctc_" : "fc_") + call.id())
                    .put("type", freeform ? "custom_tool_call" : "function_call")
                    .put("status", "completed")
                    .put("call_id", "call_" + call.id())
                    .put("name", call.tool().name())
                    .put(freeform ? "input" : "arguments", call.input()));
        }
        if (reply.calls().isEmpty()) {
            boolean whole = reply.finish() == Finish.STOP || reply.finish() == Finish.TOOL_CALLS;
            output.add(new JsonObject()
                    .put("id", "msg_" + heard.id("message"))
                    .put("type", "message")
                    .put("status", whole ? "completed" : "incomplete")
                    .put("role", "assistant")
                    .put("content", new JsonArray().add(ResponseEvents.textPart(reply.joinedText()))));
        }
        return output;
    }
}
