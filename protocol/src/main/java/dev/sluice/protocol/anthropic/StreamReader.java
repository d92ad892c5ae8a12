package dev.sluice.protocol.anthropic;

import dev.sluice.protocol.chat.OutputTool;
import dev.sluice.protocol.chat.SseDecoder;
import dev.sluice.protocol.chat.Steps;
import dev.sluice.protocol.chat.StopReason;
import dev.sluice.protocol.error.ErrorReader;
import dev.sluice.protocol.json.Json;
import java.util.HashMap;
import java.util.Map;

/** Reads the events of a streamed answer of messages. */
final class StreamReader implements SseDecoder.Reader {
    /** The number of a block that is the text of a structured answer. */
    private static final int OUTPUT = -1;

    private final Map<Long, Integer> calls = new HashMap<>();
    private Json usage = Json.none();

    @Override
    public void event(String name, Json data, Steps steps) {
        switch (data.get("type").text(name)) {
            case "message_start" -> start(data.get("message"), steps);
            case "content_block_start" -> block(data.get("index").integer(0), data.get("content_block"), steps);
            case "content_block_delta" -> delta(data.get("index").integer(0), data.get("delta"), steps);
            case "message_delta" -> end(data, steps);
            case "message_stop" -> {
                if (!steps.isFinished()) steps.finish(steps.calls() > 0 ? StopReason.TOOL_CALLS : StopReason.END, null);
                steps.end();
            }
            case "error" -> fail(data, steps);
            case "ping" -> steps.ping();
            default -> {
                if (data.get("error").isPresent()) fail(data, steps);
            }
        }
    }

    private static void fail(Json data, Steps steps) {
        byte[] bytes = data.toBytes();
        steps.fail(ErrorReader.explain(bytes, 0, bytes.length));
    }

    private void start(Json message, Steps steps) {
        usage = message.get("usage");
        steps.begun(Members.usage(usage));
        steps.start(message.get("id").text(""), message.get("model").text(""), 0);
    }

    private void block(long index, Json block, Steps steps) {
        switch (block.get("type").text("")) {
            case "text" -> steps.text(block.get("text").text(""));
            case "thinking" -> steps.thinking(block.get("thinking").text(""));
            case "redacted_thinking" -> steps.redactedThinking(block.get("data").text(""));
            case "tool_use" -> {
                String name = block.get("name").text("");
                boolean output = name.equals(OutputTool.name());
                calls.put(index, output ? OUTPUT : steps.call(block.get("id").text(""), name, null));
                Json input = block.get("input");
                if (!input.fields().isEmpty()) arguments(index, input.toJson(), steps);
            }
            default -> {}
        }
    }

    private void delta(long index, Json delta, Steps steps) {
        switch (delta.get("type").text("")) {
            case "text_delta" -> steps.text(delta.get("text").text(""));
            case "thinking_delta" -> steps.thinking(delta.get("thinking").text(""));
            case "signature_delta" -> {
                String signature = delta.get("signature").text("");
                if (!signature.isEmpty()) steps.thinkingSignature(signature);
            }
            case "input_json_delta" ->
                arguments(index, delta.get("partial_json").text(""), steps);
            default -> {}
        }
    }

    /** Fragments of the vendor's own tools belong to no call. */
    private void arguments(long index, String fragment, Steps steps) {
        Integer call = calls.get(index);
        if (call == null) return;
        if (call == OUTPUT) steps.text(fragment);
        else steps.arguments(call, fragment);
    }

    /** Numbers at the end are totals: they stand in place of those of the start. */
    private void end(Json data, Steps steps) {
        for (Map.Entry<String, Json> told : data.get("usage").fields().entrySet()) {
            if (told.getValue().isPresent()) usage = usage.with(told.getKey(), told.getValue());
        }
        steps.usage(Members.usage(usage));
        Json delta = data.get("delta");
        String word = delta.get("stop_reason").text("");
        if (word.isEmpty()) return;
        StopReason reason = Members.stopReason(word);
        if (reason == StopReason.TOOL_CALLS && steps.calls() == 0) reason = StopReason.END;
        String explanation = delta.get("stop_details").get("explanation").text("");
        if (reason == StopReason.CONTENT_FILTER) steps.refusal(explanation);
        steps.finish(reason, delta.get("stop_sequence").text());
    }
}
