package dev.sluice.protocol.bedrock;

import dev.sluice.protocol.chat.OutputTool;
import dev.sluice.protocol.chat.Steps;
import dev.sluice.protocol.chat.StopReason;
import dev.sluice.protocol.eventstream.FrameDecoder;
import dev.sluice.protocol.json.Json;
import java.util.HashMap;
import java.util.Map;

/** Reads a converse stream. The type of an event is a header of its message; an exception ends the stream. */
final class ConverseReader implements FrameDecoder.Reader {
    /** The number of a block that is the text of a structured answer. */
    private static final int OUTPUT = -1;

    private final Map<Long, Integer> calls = new HashMap<>();

    @Override
    public void event(String type, Json data, Steps steps) {
        switch (type) {
            case "messageStart" -> steps.start("", "", 0);
            case "contentBlockStart" -> {
                Json tool = data.get("start").get("toolUse");
                if (tool.isObject()) start(data.get("contentBlockIndex").integer(0), tool, steps);
            }
            case "contentBlockDelta" -> delta(data.get("contentBlockIndex").integer(0), data.get("delta"), steps);
            case "messageStop" -> {
                StopReason reason = Words.stopReason(data.get("stopReason").text(""));
                steps.finish(reason == StopReason.TOOL_CALLS && steps.calls() == 0 ? StopReason.END : reason, null);
            }
            case "metadata" -> steps.usage(Words.usage(data.get("usage")));
            default -> {}
        }
    }

    private void start(long block, Json tool, Steps steps) {
        String name = tool.get("name").text("");
        calls.put(
                block,
                name.equals(OutputTool.name())
                        ? OUTPUT
                        : steps.call(tool.get("toolUseId").text(""), name, null));
    }

    private void delta(long block, Json delta, Steps steps) {
        steps.text(delta.get("text").text(""));
        Json reasoning = delta.get("reasoningContent");
        steps.thinking(reasoning.get("text").text(""));
        String signature = reasoning.get("signature").text("");
        if (!signature.isEmpty()) steps.thinkingSignature(signature);
        String redacted = reasoning.get("redactedContent").text("");
        if (!redacted.isEmpty()) steps.redactedThinking(redacted);
        Integer call = calls.get(block);
        String fragment = delta.get("toolUse").get("input").text("");
        if (call == null) return;
        if (call == OUTPUT) steps.text(fragment);
        else steps.arguments(call, fragment);
    }
}
