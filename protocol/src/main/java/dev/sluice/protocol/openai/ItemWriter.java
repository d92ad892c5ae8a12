package dev.sluice.protocol.openai;

import dev.sluice.protocol.chat.ChatRequest.Message;
import dev.sluice.protocol.chat.ChatRequest.Role;
import dev.sluice.protocol.chat.Fields;
import dev.sluice.protocol.chat.Part;
import dev.sluice.protocol.chat.Part.Media;
import dev.sluice.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a conversation as the input items of responses. */
final class ItemWriter {
    private final StringBuilder instructions = new StringBuilder();
    private final List<Json> items = new ArrayList<>();

    ItemWriter(List<Message> messages) {
        for (Message message : messages) {
            if (message.role() == Role.SYSTEM && items.isEmpty()) instruct(message);
            else message(message);
        }
        if (items.isEmpty()) items.add(item("user", List.of(text("input_text", ""))));
    }

    /** What stands in front of the conversation; null if nothing does. */
    @Nullable
    String instructions() {
        return instructions.isEmpty() ? null : instructions.toString();
    }

    List<Json> items() {
        return items;
    }

    private void instruct(Message message) {
        for (Part part : message.parts()) {
            if (part instanceof Part.Text text)
                instructions.append(instructions.isEmpty() ? "" : "\n").append(text.text());
        }
    }

    private void message(Message message) {
        String role = switch (message.role()) {
            case SYSTEM -> "developer";
            case USER -> "user";
            case ASSISTANT -> "assistant";
        };
        String kind = message.role() == Role.ASSISTANT ? "output_text" : "input_text";
        List<Json> content = new ArrayList<>();
        for (Part part : message.parts()) {
            Json item = ownItem(part);
            if (item == null) {
                Json json = content(part, kind);
                if (json != null) content.add(json);
            } else {
                flush(role, content);
                items.add(item);
            }
        }
        flush(role, content);
    }

    private void flush(String role, List<Json> content) {
        if (!content.isEmpty()) items.add(item(role, content));
        content.clear();
    }

    private static Json item(String role, List<Json> content) {
        return Json.object()
                .put("type", "message")
                .put("role", role)
                .put("content", Json.array(content))
                .build();
    }

    /** Calls, results and sealed thoughts are items of their own. */
    private static @Nullable Json ownItem(Part part) {
        if (part instanceof Part.ToolCall call)
            return Json.object()
                    .put("type", "function_call")
                    .put("call_id", call.id())
                    .put("name", call.name())
                    .put("arguments", call.arguments())
                    .build();
        if (part instanceof Part.ToolResult result)
            return Json.object()
                    .put("type", "function_call_output")
                    .put("call_id", result.callId())
                    .put("output", output(result))
                    .build();
        if (part instanceof Part.Thinking(String text, String seal) && seal != null)
            return Json.object()
                    .put("type", "reasoning")
                    .put("summary", summary(text))
                    .put("encrypted_content", seal)
                    .build();
        return null;
    }

    static Json summary(String text) {
        return Json.array(text.isEmpty() ? List.of() : List.of(text("summary_text", text)));
    }

    private static Json output(Part.ToolResult result) {
        List<Json> content = new ArrayList<>();
        StringBuilder plain = new StringBuilder();
        boolean texts = true;
        for (Part part : result.inWords()) {
            if (part instanceof Part.Text text) plain.append(text.text());
            else texts = false;
            Json json = content(part, "input_text");
            if (json != null) content.add(json);
        }
        return texts ? Json.of(plain.toString()) : Json.array(content);
    }

    private static Json text(String kind, String text) {
        Json.Builder json = Json.object().put("type", kind).put("text", text);
        if (kind.equals("output_text")) json.put("annotations", Json.array(List.of()));
        return json.build();
    }

    private static @Nullable Json content(Part part, String kind) {
        return switch (part) {
            case Part.Text(String text, var _) -> text.isEmpty() ? null : text(kind, text);
            case Part.Refusal(String text) ->
                Json.object().put("type", "refusal").put("refusal", text).build();
            case Part.Image image -> image(image);
            case Part.Document document -> file(document);
            case Part.Audio _, Part.Video _ -> throw Fields.untranslatable("messages");
            case Part.ToolCall _, Part.ToolResult _, Part.Thinking _, Part.RedactedThinking _ -> null;
        };
    }

    private static Json image(Part.Image image) {
        Json.Builder json = Json.object().put("type", "input_image");
        if (image.media() instanceof Media.FileId(String id)) json.put("file_id", id);
        else json.put("image_url", MessageWriter.url(image.media(), "image"));
        return json.put("detail", image.detail() == null ? "auto" : image.detail())
                .build();
    }

    private static Json file(Part.Document document) {
        Json.Builder json = Json.object().put("type", "input_file");
        return switch (document.media()) {
            case Media.Inline inline ->
                json.put("filename", document.name() == null ? "document" : document.name())
                        .put("file_data", inline.dataUrl())
                        .build();
            case Media.Url(String url, var _) -> json.put("file_url", url).build();
            case Media.FileId(String id) -> json.put("file_id", id).build();
            case Media.PlainText(String text) -> text("input_text", text);
        };
    }
}
