package dev.sluice.protocol.dashscope;

import dev.sluice.protocol.UpstreamError;
import dev.sluice.protocol.chat.ChatAnswer;
import dev.sluice.protocol.chat.ChatFormat.AnswerRead;
import dev.sluice.protocol.chat.Part;
import dev.sluice.protocol.chat.StopReason;
import dev.sluice.protocol.error.ErrorReader;
import dev.sluice.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;

/** Reads a whole answer, a message or a bare text. */
final class AnswerReader {
    private AnswerReader() {}

    static AnswerRead read(byte[] body, int from, int to) {
        Json json = Json.parse(body, from, to);
        if (json == null) return new AnswerRead.Malformed("the answer is not valid JSON");
        if (!json.get("code").text("").isEmpty()) return new AnswerRead.Failed(ErrorReader.explain(body, from, to));
        Json output = json.get("output");
        List<Json> choices = output.get("choices").items();
        if (!choices.isEmpty()) {
            Json choice = choices.getFirst();
            return answer(json, parts(choice.get("message")), choice.get("finish_reason"));
        }
        if (output.get("text").isText()) {
            List<Part> parts = new ArrayList<>();
            text(output.get("text").text(""), parts);
            return answer(json, parts, output.get("finish_reason"));
        }
        // Models that speak answer with a sound and nothing else.
        String sound = output.get("audio").get("url").text();
        if (sound != null)
            return answer(json, List.of(new Part.Audio(Part.Media.ofUrl(sound))), output.get("finish_reason"));
        UpstreamError told = ErrorReader.find(body, from, to);
        return told == null || told.message().isEmpty()
                ? new AnswerRead.Malformed("the answer has no output")
                : new AnswerRead.Failed(told);
    }

    private static AnswerRead answer(Json json, List<Part> parts, Json word) {
        boolean calls = parts.stream().anyMatch(part -> part instanceof Part.ToolCall);
        StopReason reason = Members.stopReason(word.text(""), calls);
        if (reason == null) reason = calls ? StopReason.TOOL_CALLS : StopReason.END;
        String id = json.get("request_id").text("");
        return new AnswerRead.Read(
                new ChatAnswer(id, "", 0, parts, reason, null, Members.usage(json.get("usage")), null));
    }

    private static List<Part> parts(Json message) {
        List<Part> parts = new ArrayList<>();
        String thoughts = message.get("reasoning_content").text("");
        if (!thoughts.isEmpty()) parts.add(new Part.Thinking(thoughts, null));
        Json content = message.get("content");
        text(content.text(""), parts);
        for (Json part : content.items()) {
            text(part.get("text").text(""), parts);
            String image = part.get("image").text("");
            if (!image.isEmpty()) parts.add(new Part.Image(Part.Media.ofUrl(image)));
        }
        List<Json> calls = message.get("tool_calls").items();
        for (int i = 0; i < calls.size(); i++) {
            Json function = calls.get(i).get("function");
            String id = calls.get(i).get("id").text("");
            parts.add(new Part.ToolCall(
                    id.isEmpty() ? "call_" + i : id,
                    function.get("name").text(""),
                    function.get("arguments").text("")));
        }
        return parts;
    }

    private static void text(String text, List<Part> parts) {
        if (!text.isEmpty()) parts.add(new Part.Text(text));
    }
}
