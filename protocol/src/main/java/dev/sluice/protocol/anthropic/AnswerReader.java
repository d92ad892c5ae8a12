package dev.sluice.protocol.anthropic;

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

/** Reads a whole answer of messages. */
final class AnswerReader {
    private AnswerReader() {}

    static AnswerRead read(byte[] body, int from, int to) {
        Json json = Json.parse(body, from, to);
        if (json == null) return new AnswerRead.Malformed("the answer is not valid JSON");
        boolean error =
                json.get("type").text("").equals("error") || json.get("error").isPresent();
        if (error) return new AnswerRead.Failed(ErrorReader.explain(body, from, to));
        if (!json.get("content").isArray()) {
            UpstreamError told = ErrorReader.find(body, from, to);
            return told == null || told.message().isEmpty()
                    ? new AnswerRead.Malformed("the answer has no content")
                    : new AnswerRead.Failed(told);
        }
        return new AnswerRead.Read(answer(json));
    }

    private static ChatAnswer answer(Json json) {
        List<Part> parts = new ArrayList<>();
        for (Json block : json.get("content").items()) block(block, parts);
        StopReason reason = Members.stopReason(json.get("stop_reason").text(""));
        boolean calls = parts.stream().anyMatch(part -> part instanceof Part.ToolCall);
        // The forced tool of a structured answer is no call.
        if (reason == StopReason.TOOL_CALLS && !calls) reason = StopReason.END;
        String explanation = json.get("stop_details").get("explanation").text("");
        if (reason == StopReason.CONTENT_FILTER && !explanation.isEmpty()) parts.add(new Part.Refusal(explanation));
        return new ChatAnswer(
                json.get("id").text(""),
                json.get("model").text(""),
                0,
                parts,
                reason,
                json.get("stop_sequence").text(),
                Members.usage(json.get("usage")),
                null);
    }

    /** Blocks of the vendor's own tools are left out. */
    private static void block(Json block, List<Part> parts) {
        switch (block.get("type").text("")) {
            case "text" -> {
                String text = block.get("text").text("");
                if (!text.isEmpty()) parts.add(new Part.Text(text));
            }
            case "thinking" -> {
                String signature = block.get("signature").text("");
                parts.add(new Part.Thinking(block.get("thinking").text(""), signature.isEmpty() ? null : signature));
            }
            case "redacted_thinking" ->
                parts.add(new Part.RedactedThinking(block.get("data").text("")));
            case "tool_use" -> call(block, parts);
            default -> {}
        }
    }

    private static void call(Json block, List<Part> parts) {
        String name = block.get("name").text("");
        String arguments = block.get("input").isObject() ? block.get("input").toJson() : "{}";
        if (name.equals(OutputTool.name())) parts.add(new Part.Text(arguments));
        else parts.add(new Part.ToolCall(block.get("id").text(""), name, arguments));
    }
}
