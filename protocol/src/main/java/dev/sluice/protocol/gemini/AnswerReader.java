package dev.sluice.protocol.gemini;

import dev.sluice.protocol.UpstreamError;
import dev.sluice.protocol.chat.ChatAnswer;
import dev.sluice.protocol.chat.ChatFormat.AnswerRead;
import dev.sluice.protocol.chat.Part;
import dev.sluice.protocol.chat.StopReason;
import dev.sluice.protocol.error.ErrorReader;
import dev.sluice.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;

/** Reads a whole answer. A prompt that was blocked is an answer without content that the filter ended. */
final class AnswerReader {
    private AnswerReader() {}

    static AnswerRead read(byte[] body, int from, int to) {
        Json json = Json.parse(body, from, to);
        if (json == null) return new AnswerRead.Malformed("the answer is not valid JSON");
        if (json.get("error").isPresent()) return new AnswerRead.Failed(ErrorReader.explain(body, from, to));
        Json feedback = json.get("promptFeedback");
        if (!json.get("candidates").items().isEmpty()) return new AnswerRead.Read(answer(json));
        if (feedback.get("blockReason").isPresent()) return new AnswerRead.Read(blocked(json, feedback));
        UpstreamError told = ErrorReader.find(body, from, to);
        return told == null || told.message().isEmpty()
                ? new AnswerRead.Malformed("the answer has no candidates")
                : new AnswerRead.Failed(told);
    }

    private static ChatAnswer answer(Json json) {
        Json candidate = json.get("candidates").items().getFirst();
        String id = json.get("responseId").text("");
        List<Part> parts = merged(new PartReader().read(candidate.get("content").get("parts"), id));
        boolean calls = parts.stream().anyMatch(part -> part instanceof Part.ToolCall);
        StopReason reason = Members.stopReason(candidate.get("finishReason").text(""), calls);
        return answer(json, parts, reason);
    }

    private static ChatAnswer blocked(Json json, Json feedback) {
        String message = feedback.get("blockReasonMessage").text("");
        List<Part> parts = message.isEmpty() ? List.of() : List.of(new Part.Refusal(message));
        return answer(json, parts, StopReason.CONTENT_FILTER);
    }

    private static ChatAnswer answer(Json json, List<Part> parts, StopReason reason) {
        return new ChatAnswer(
                json.get("responseId").text(""),
                json.get("modelVersion").text(""),
                0,
                parts,
                reason,
                null,
                Members.usage(json.get("usageMetadata")),
                null);
    }

    /** Texts that follow one another are one text. */
    private static List<Part> merged(List<Part> parts) {
        List<Part> merged = new ArrayList<>();
        for (Part part : parts) {
            Part last = merged.isEmpty() ? null : merged.getLast();
            if (part instanceof Part.Text more && last instanceof Part.Text text)
                merged.set(merged.size() - 1, new Part.Text(text.text() + more.text()));
            else merged.add(part);
        }
        return merged;
    }
}
