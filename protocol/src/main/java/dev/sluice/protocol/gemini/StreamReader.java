package dev.sluice.protocol.gemini;

import dev.sluice.protocol.chat.Part;
import dev.sluice.protocol.chat.SseDecoder;
import dev.sluice.protocol.chat.Steps;
import dev.sluice.protocol.chat.StopReason;
import dev.sluice.protocol.error.ErrorReader;
import dev.sluice.protocol.json.Json;

/** Reads the responses of which a streamed answer consists. Their parts add up, their usage is a total. */
final class StreamReader implements SseDecoder.Reader {
    private final PartReader parts = new PartReader();
    private String id = "";

    @Override
    public void event(String name, Json data, Steps steps) {
        if (data.get("error").isPresent()) {
            byte[] bytes = data.toBytes();
            steps.fail(ErrorReader.explain(bytes, 0, bytes.length));
            return;
        }
        if (id.isEmpty()) id = data.get("responseId").text("");
        steps.start(id, data.get("modelVersion").text(""), 0);
        Json candidates = data.get("candidates");
        Json candidate =
                candidates.items().isEmpty() ? Json.none() : candidates.items().getFirst();
        for (Part part : parts.read(candidate.get("content").get("parts"), id)) step(part, steps);
        steps.usage(Members.usage(data.get("usageMetadata")));
        String reason = candidate.get("finishReason").text("");
        Json feedback = data.get("promptFeedback");
        if (!reason.isEmpty()) {
            steps.finish(Members.stopReason(reason, steps.calls() > 0), null);
        } else if (feedback.get("blockReason").isPresent()) {
            steps.refusal(feedback.get("blockReasonMessage").text(""));
            steps.finish(StopReason.CONTENT_FILTER, null);
        }
    }

    private static void step(Part part, Steps steps) {
        switch (part) {
            case Part.Text text -> steps.text(text.text());
            case Part.Refusal refusal -> steps.refusal(refusal.text());
            case Part.Thinking(String text, String signature) -> {
                steps.thinking(text);
                if (signature != null) steps.thinkingSignature(signature);
            }
            case Part.ToolCall call ->
                steps.arguments(steps.call(call.id(), call.name(), call.signature()), call.arguments());
            case Part.Image _, Part.Audio _, Part.Video _, Part.Document _ -> steps.media(part);
            case Part.RedactedThinking _, Part.ToolResult _ -> {}
        }
    }
}
