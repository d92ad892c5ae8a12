package dev.sluice.protocol.bedrock;

import dev.sluice.protocol.UpstreamError;
import dev.sluice.protocol.chat.ChatEvent;
import dev.sluice.protocol.chat.OutputTool;
import dev.sluice.protocol.chat.Steps;
import dev.sluice.protocol.chat.StopReason;
import dev.sluice.protocol.chat.StreamDecoder;
import dev.sluice.protocol.eventstream.EventStream;
import dev.sluice.protocol.eventstream.StreamException;
import dev.sluice.protocol.json.Json;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Reads a converse stream. The type of an event is a header of its message; an exception ends the stream. */
final class EventStreamDecoder implements StreamDecoder {
    /** The number of a block that is the text of a structured answer. */
    private static final int OUTPUT = -1;

    private final EventStream stream;
    private final Steps steps = new Steps();
    private final Map<Long, Integer> calls = new HashMap<>();

    EventStreamDecoder(int maxEventBytes) {
        stream = new EventStream(maxEventBytes);
    }

    @Override
    public void feed(byte[] bytes, int from, int to, Consumer<ChatEvent> sink) {
        steps.into(sink);
        if (steps.isOver()) return;
        stream.feed(bytes, from, to, this::message);
        String broken = stream.broken();
        if (broken != null) steps.malformed(broken);
    }

    @Override
    public void end(Consumer<ChatEvent> sink) {
        steps.into(sink);
        if (!stream.isInside()) steps.end();
    }

    private void message(Map<String, String> headers, byte[] payload) {
        Json data = Json.parse(payload);
        UpstreamError exception = StreamException.of(headers, data);
        if (exception != null) {
            steps.fail(exception);
        } else if (data == null) {
            steps.malformed("is not valid JSON");
        } else {
            event(headers.getOrDefault(":event-type", ""), data);
        }
    }

    private void event(String type, Json data) {
        switch (type) {
            case "messageStart" -> steps.start("", "", 0);
            case "contentBlockStart" -> {
                Json tool = data.get("start").get("toolUse");
                if (tool.isObject()) start(data.get("contentBlockIndex").integer(0), tool);
            }
            case "contentBlockDelta" -> delta(data.get("contentBlockIndex").integer(0), data.get("delta"));
            case "messageStop" -> {
                StopReason reason = Words.stopReason(data.get("stopReason").text(""));
                steps.finish(reason == StopReason.TOOL_CALLS && steps.calls() == 0 ? StopReason.END : reason, null);
            }
            case "metadata" -> steps.usage(Words.usage(data.get("usage")));
            default -> {}
        }
    }

    private void start(long block, Json tool) {
        String name = tool.get("name").text("");
        calls.put(
                block,
                name.equals(OutputTool.name())
                        ? OUTPUT
                        : steps.call(tool.get("toolUseId").text(""), name, null));
    }

    private void delta(long block, Json delta) {
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
