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

/** Reads the messages of chat completions, those of earlier forms and of gateways that know thoughts too. */
final class MessageReader {
    private final List<Message> messages = new ArrayList<>();
    private final List<Part> results = new ArrayList<>();
    private String path = "messages";
    private int legacyCalls;

    private MessageReader() {}

    static List<Message> read(List<Json> given) {
        MessageReader reader = new MessageReader();
        for (int i = 0; i < given.size(); i++) {
            reader.path = "messages[" + i + "]";
            reader.message(given.get(i));
        }
        reader.flushResults();
        if (reader.messages.isEmpty()) throw Fields.wrong("messages", "a list with at least one message");
        return reader.messages;
    }

    private void message(Json message) {
        String role = message.get("role").text("");
        switch (role) {
            case "tool" -> result(message, message.get("tool_call_id").text(""));
            case "function" -> result(message, "call_" + legacyCalls);
            case "system", "developer" -> add(Role.SYSTEM, content(message.get("content")), message);
            case "user" -> add(Role.USER, content(message.get("content")), message);
            case "assistant" -> add(Role.ASSISTANT, assistant(message), message);
            default -> throw Fields.wrong(path + ".role", "system, developer, user, assistant or tool");
        }
    }

    private void add(Role role, List<Part> parts, Json message) {
        flushResults();
        messages.add(new Message(role, parts, message.get("name").text()));
    }

    /** Consecutive results are one message of the user. */
    private void result(Json message, String callId) {
        if (callId.isEmpty()) throw Fields.wrong(path + ".tool_call_id", "the id of a call");
        results.add(new Part.ToolResult(
                callId,
                message.get("name").text(),
                content(message.get("content")),
                false,
                ChatRequestReader.cache(message)));
    }

    private void flushResults() {
        if (results.isEmpty()) return;
        messages.add(new Message(Role.USER, results, null));
        results.clear();
    }

    private List<Part> assistant(Json message) {
        if (message.get("audio").isPresent()) throw Fields.untranslatable(path + ".audio");
        List<Part> parts = new ArrayList<>(Thoughts.ofWhole(message));
        parts.addAll(content(message.get("content")));
        String refusal = message.get("refusal").text("");
        if (!refusal.isEmpty()) parts.add(new Part.Refusal(refusal));
        for (Json call : message.get("tool_calls").items()) parts.add(call(call));
        Json legacy = message.get("function_call");
        if (legacy.isObject())
            parts.add(new Part.ToolCall(
                    "call_" + ++legacyCalls, legacy.get("name").text(""), arguments(legacy)));
        return parts;
    }

    private Part call(Json call) {
        if (!call.get("type").text("function").equals("function")) throw Fields.untranslatable(path + ".tool_calls");
        return toolCall(call);
    }

    static Part.ToolCall toolCall(Json call) {
        Json function = call.get("function");
        String signature =
                call.get("extra_content").get("google").get("thought_signature").text();
        return new Part.ToolCall(
                call.get("id").text(""),
                function.get("name").text(""),
                arguments(function),
                signature,
                ChatRequestReader.cache(call));
    }

    /** Arguments as they were written; some vendors write the object itself. */
    static String arguments(Json function) {
        Json arguments = function.get("arguments");
        if (arguments.isObject()) return arguments.toJson();
        String text = arguments.text("").strip();
        return text.isEmpty() || text.equals("null") ? "{}" : arguments.text("{}");
    }

    private List<Part> content(Json content) {
        return Fields.parts(content, path + ".content", MessageReader::part);
    }

    private static @Nullable Part part(Json part, String where) {
        String type = part.get("type").text(part.isText() ? "text" : "");
        return switch (type) {
            case "text" -> {
                String text = part.get("text").text(part.text(""));
                yield text.isEmpty() ? null : new Part.Text(text, ChatRequestReader.cache(part));
            }
            case "refusal" -> new Part.Refusal(part.get("refusal").text(""));
            case "thinking" -> Thoughts.block(part);
            case "redacted_thinking" ->
                new Part.RedactedThinking(part.get("data").text(""));
            case "image_url" -> image(part, where);
            case "video_url" ->
                new Part.Video(Media.ofUrl(part.get("video_url").get("url").text("")));
            case "input_audio" -> audio(part.get("input_audio"), where);
            case "file" -> document(part, where);
            default -> throw Fields.untranslatable(where + ".type");
        };
    }

    private static Part image(Json part, String where) {
        Json image = part.get("image_url");
        String url = image.text(image.get("url").text(""));
        if (url.isEmpty()) throw Fields.wrong(where + ".image_url.url", "a URL");
        Media media = Media.ofUrl(url);
        // A file in the place of an image, as some clients send PDF.
        if (media instanceof Media.Inline(String type, String _) && !type.startsWith("image/"))
            return Part.of(media, type);
        return new Part.Image(media, image.get("detail").text(), ChatRequestReader.cache(part));
    }

    private static Part audio(Json audio, String where) {
        String data = audio.get("data").text("");
        if (data.isEmpty()) throw Fields.wrong(where + ".input_audio.data", "a sound in base64");
        Media media = Media.ofUrl(data);
        if (!(media instanceof Media.Url)) return new Part.Audio(media);
        if (data.startsWith("http://") || data.startsWith("https://")) return new Part.Audio(media);
        String format = audio.get("format").text("wav");
        return new Part.Audio(new Media.Inline("audio/" + (format.equals("mp3") ? "mpeg" : format), data));
    }

    private static Part document(Json part, String where) {
        Json file = part.get("file");
        String name = file.get("filename").text();
        String id = file.get("file_id").text();
        String data = file.get("file_data").text("");
        if (id == null && data.isEmpty()) throw Fields.wrong(where + ".file", "an object with file_data or file_id");
        Media media = id != null ? new Media.FileId(id) : Media.ofUrl(data);
        if (media instanceof Media.Url(String bare, String _) && !bare.contains(":"))
            media = new Media.Inline("application/pdf", bare);
        return new Part.Document(media, name, ChatRequestReader.cache(part));
    }
}
