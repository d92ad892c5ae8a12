package dev.sluice.protocol.gemini;

import dev.sluice.protocol.Usage;
import dev.sluice.protocol.chat.ChatAnswer;
import dev.sluice.protocol.chat.ChatFormat.ClientView;
import dev.sluice.protocol.chat.Part;
import dev.sluice.protocol.chat.Part.Media;
import dev.sluice.protocol.chat.StopReason;
import dev.sluice.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a whole answer. */
final class AnswerWriter {
    private AnswerWriter() {}

    static byte[] write(ChatAnswer answer, ClientView view) {
        List<Json> parts = new ArrayList<>();
        boolean thoughts = Members.showsThoughts(view);
        for (Part part : answer.parts()) {
            if (part instanceof Part.Thinking && !thoughts) continue;
            Json written = part(part);
            if (written != null) parts.add(written);
        }
        // Clients look at the first part without asking whether there is one.
        if (parts.isEmpty()) parts.add(Members.text(""));
        return response(answer.id(), answer.model(), view, parts, answer.stopReason(), answer.usage())
                .toBytes();
    }

    static Json response(
            String id,
            String model,
            ClientView view,
            List<Json> parts,
            @Nullable StopReason reason,
            @Nullable Usage usage) {
        Json content = Json.object()
                .put("parts", Json.array(parts))
                .put("role", "model")
                .build();
        Json candidate = Json.object()
                .put("content", content)
                .put("finishReason", reason == null ? null : Members.word(reason))
                .put("index", 0)
                .build();
        return Json.object()
                .put("candidates", Json.array(List.of(candidate)))
                .put("usageMetadata", Members.usage(usage))
                .put("modelVersion", model.isEmpty() ? view.model() : model)
                .put("responseId", id.isEmpty() ? view.id() : id)
                .build();
    }

    /** Null for what an answer of Gemini cannot hold. */
    static @Nullable Json part(Part part) {
        return switch (part) {
            case Part.Text(String text, var _) -> Members.text(text);
            case Part.Refusal(String text) -> Members.text(text);
            case Part.Thinking(String text, String signature) -> Members.thought(text, signature);
            case Part.ToolCall call -> Members.call(call.id(), call.name(), call.arguments(), call.signature());
            case Part.Image image -> media(image.media());
            case Part.Audio audio -> media(audio.media());
            case Part.Video video -> media(video.media());
            case Part.Document document -> media(document.media());
            case Part.RedactedThinking _, Part.ToolResult _ -> null;
        };
    }

    private static @Nullable Json media(Media media) {
        return switch (media) {
            case Media.Inline inline -> Members.inline(inline);
            case Media.Url(String url, String type) ->
                Json.object()
                        .put(
                                "fileData",
                                Json.object()
                                        .put("mimeType", type)
                                        .put("fileUri", url)
                                        .build())
                        .build();
            case Media.PlainText(String text) -> Members.text(text);
            case Media.FileId _ -> null;
        };
    }
}
