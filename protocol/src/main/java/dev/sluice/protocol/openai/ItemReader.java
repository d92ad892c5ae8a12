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

/** Reads the input items of responses. What a model said, thought and called in one turn stands in several items. */
final class ItemReader {
    private final List<Message> messages = new ArrayList<>();
    private final List<Part> turn = new ArrayList<>();
    private final List<Part> results = new ArrayList<>();

    private ItemReader() {}

    static List<Message> read(@Nullable String instructions, Json input) {
        ItemReader reader = new ItemReader();
        if (instructions != null && !instructions.isEmpty())
            reader.messages.add(Message.of(Role.SYSTEM, new Part.Text(instructions)));
        String text = input.text();
        if (text != null) reader.messages.add(Message.of(Role.USER, new Part.Text(text)));
        else if (!input.isArray()) throw Fields.wrong("input", "a text or a list of items");
        List<Json> items = input.items();
        for (int i = 0; i < items.size(); i++) reader.item(items.get(i), "input[" + i + "]");
        reader.flush();
        if (reader.messages.isEmpty()) throw Fields.wrong("input", "a text or a list of items");
        return reader.messages;
    }

    private void item(Json item, String path) {
        switch (item.get("type").text("message")) {
            case "message" -> message(item, path);
            case "function_call" -> {
                flushResults();
                turn.add(new Part.ToolCall(
                        item.get("call_id").text(item.get("id").text("")),
                        item.get("name").text(""),
                        MessageReader.arguments(item)));
            }
            case "function_call_output" -> {
                flushTurn();
                results.add(new Part.ToolResult(
                        item.get("call_id").text(""),
                        null,
                        content(item.get("output"), path + ".output"),
                        false,
                        null));
            }
            case "reasoning" -> {
                flushResults();
                String thought = thought(item);
                String seal = item.get("encrypted_content").text();
                if (!thought.isEmpty() || seal != null) turn.add(new Part.Thinking(thought, seal));
            }
            default -> throw Fields.untranslatable(path + ".type");
        }
    }

    /** The summary of thoughts, or the thoughts themselves where a vendor shows them. */
    static String thought(Json reasoning) {
        StringBuilder text = new StringBuilder();
        for (String member : List.of("summary", "content")) {
            if (!text.isEmpty()) break;
            for (Json piece : reasoning.get(member).items())
                text.append(piece.get("text").text(""));
        }
        return text.toString();
    }

    private void message(Json item, String path) {
        List<Part> parts = content(item.get("content"), path + ".content");
        switch (item.get("role").text("")) {
            case "assistant" -> {
                flushResults();
                turn.addAll(parts);
            }
            case "user" -> add(Role.USER, parts);
            case "system", "developer" -> add(Role.SYSTEM, parts);
            default -> throw Fields.wrong(path + ".role", "user, assistant, system or developer");
        }
    }

    private void add(Role role, List<Part> parts) {
        flush();
        messages.add(new Message(role, parts, null));
    }

    private void flush() {
        flushTurn();
        flushResults();
    }

    private void flushTurn() {
        if (!turn.isEmpty()) messages.add(new Message(Role.ASSISTANT, turn, null));
        turn.clear();
    }

    private void flushResults() {
        if (!results.isEmpty()) messages.add(new Message(Role.USER, results, null));
        results.clear();
    }

    private static List<Part> content(Json content, String path) {
        String text = content.text();
        if (text != null) return text.isEmpty() ? List.of() : List.of(new Part.Text(text));
        List<Part> parts = new ArrayList<>();
        List<Json> given = content.items();
        for (int i = 0; i < given.size(); i++) {
            Part part = part(given.get(i), path + "[" + i + "]");
            if (part != null) parts.add(part);
        }
        return parts;
    }

    private static @Nullable Part part(Json part, String path) {
        return switch (part.get("type").text("")) {
            case "input_text", "output_text", "text", "summary_text" -> {
                String text = part.get("text").text("");
                yield text.isEmpty() ? null : new Part.Text(text);
            }
            case "refusal" -> new Part.Refusal(part.get("refusal").text(""));
            case "input_image" -> {
                String url = part.get("image_url").text("");
                String id = part.get("file_id").text("");
                if (url.isEmpty() && id.isEmpty()) throw Fields.wrong(path, "an image with image_url or file_id");
                yield new Part.Image(
                        url.isEmpty() ? new Media.FileId(id) : Media.ofUrl(url),
                        part.get("detail").text(),
                        null);
            }
            case "input_file" -> file(part, path);
            default -> throw Fields.untranslatable(path + ".type");
        };
    }

    private static Part file(Json part, String path) {
        String name = part.get("filename").text();
        String id = part.get("file_id").text();
        if (id != null) return new Part.Document(new Media.FileId(id), name, null);
        String data = part.get("file_data").text(part.get("file_url").text(""));
        if (data.isEmpty()) throw Fields.wrong(path, "a file with file_data, file_url or file_id");
        Media media = Media.ofUrl(data);
        if (media instanceof Media.Url && !data.contains(":")) media = new Media.Inline("application/pdf", data);
        return new Part.Document(media, name, null);
    }
}
