package dev.sluice.protocol.cohere;

import dev.sluice.protocol.UpstreamError;
import dev.sluice.protocol.chat.SseDecoder;
import dev.sluice.protocol.chat.Steps;
import dev.sluice.protocol.json.Json;
import java.util.HashMap;
import java.util.Map;

/** Reads the events of a streamed chat. */
final class CohereStream implements SseDecoder.Reader {
    private final Map<Long, Integer> calls = new HashMap<>();

    @Override
    public void event(String name, Json data, Steps steps) {
        Json message = data.get("delta").get("message");
        switch (data.get("type").text(name)) {
            case "message-start" -> steps.start(data.get("id").text(""), "", 0);
            case "content-start", "content-delta" -> {
                Json content = message.get("content");
                steps.thinking(content.get("thinking").text(""));
                steps.text(content.get("text").text(""));
            }
            case "tool-plan-delta" -> steps.thinking(message.get("tool_plan").text(""));
            case "tool-call-start" -> {
                Json call = message.get("tool_calls");
                Json function = call.get("function");
                long index = data.get("index").integer(0);
                calls.put(
                        index,
                        steps.call(call.get("id").text(""), function.get("name").text(""), null));
                arguments(index, function, steps);
            }
            case "tool-call-delta" ->
                arguments(
                        data.get("index").integer(0), message.get("tool_calls").get("function"), steps);
            case "message-end" -> {
                Json end = data.get("delta");
                steps.usage(CohereChatFormat.usage(end.get("usage")));
                UpstreamError failure = CohereChatFormat.failure(end);
                if (failure != null) {
                    steps.fail(failure);
                } else {
                    steps.finish(
                            CohereChatFormat.stopReason(end.get("finish_reason").text("COMPLETE")), null);
                    steps.end();
                }
            }
            default -> {
                String told = data.get("message").text("");
                if (!told.isEmpty() && !data.has("type"))
                    steps.fail(new UpstreamError(told, data.get("id").text(), null, null));
            }
        }
    }

    private void arguments(long index, Json function, Steps steps) {
        Integer call = calls.get(index);
        if (call != null) steps.arguments(call, function.get("arguments").text(""));
    }
}
