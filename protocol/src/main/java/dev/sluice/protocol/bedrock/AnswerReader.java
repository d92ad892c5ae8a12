package dev.sluice.protocol.bedrock;

import dev.sluice.protocol.UpstreamError;
import dev.sluice.protocol.chat.ChatAnswer;
import dev.sluice.protocol.chat.ChatFormat.AnswerRead;
import dev.sluice.protocol.chat.OutputTool;
import dev.sluice.protocol.chat.Part;
import dev.sluice.protocol.chat.StopReason;
import dev.sluice.protocol.error.ErrorReader;
import dev.sluice.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;

/** Reads a whole answer of Converse. It names neither itself nor its model. */
final class AnswerReader {
    private AnswerReader() {}

    static AnswerRead read(byte[] body, int from, int to) {
        Json json = Json.parse(body, from, to);
        if (json == null) return new AnswerRead.Malformed("the answer is not valid JSON");
        Json content = json.get("output").get("message").get("content");
        if (!content.isArray()) {
            UpstreamError told = ErrorReader.find(body, from, to);
            return told == null || told.message().isEmpty()
                    ? new AnswerRead.Malformed("the answer has no output")
                    : new AnswerRead.Failed(told);
        }
        List<Part> parts = new ArrayList<>();
        for (Json block : content.items()) add(block, parts);
        StopReason reason = Words.stopReason(json.get("stopReason").text(""));
        // The forced tool of a structured answer is no call.
        if (reason == StopReason.TOOL_CALLS && parts.stream().noneMatch(Part.ToolCall.class::isInstance))
            reason = StopReason.END;
        return new AnswerRead.Read(
                new ChatAnswer("", "", 0, parts, reason, null, Words.usage(json.get("usage")), null));
    }

    private static void add(Json block, List<Part> parts) {
        String text = block.get("text").text("");
        if (!text.isEmpty()) parts.add(new Part.Text(text));
        Json tool = block.get("toolUse");
        if (tool.isObject()) {
            Json input = tool.get("input");
            String name = tool.get("name").text("");
            String arguments = input.isObject() ? input.toJson() : "{}";
            parts.add(
                    name.equals(OutputTool.name())
                            ? new Part.Text(arguments)
                            : new Part.ToolCall(tool.get("toolUseId").text(""), name, arguments));
        }
        Json reasoning = block.get("reasoningContent");
        Json thought = reasoning.get("reasoningText");
        if (thought.isObject())
            parts.add(new Part.Thinking(
                    thought.get("text").text(""), thought.get("signature").text()));
        String redacted = reasoning.get("redactedContent").text("");
        if (!redacted.isEmpty()) parts.add(new Part.RedactedThinking(redacted));
    }
}
