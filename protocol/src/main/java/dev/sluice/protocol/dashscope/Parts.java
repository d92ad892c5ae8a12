package dev.sluice.protocol.dashscope;

import dev.sluice.protocol.chat.ChatRequest;
import dev.sluice.protocol.chat.Fields;
import dev.sluice.protocol.chat.InexpressibleException;
import dev.sluice.protocol.chat.Part;
import dev.sluice.protocol.chat.Part.Media;
import dev.sluice.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The contents of messages: a text, or a list of parts whose only member tells what they are. */
final class Parts {
    private static final Pattern MULTIMODAL = Pattern.compile("-vl|qvq|omni|-audio|-ocr|qwen3\\.5");

    private Parts() {}

    static boolean isMultimodal(ChatRequest request) {
        return MULTIMODAL.matcher(request.model()).find()
                || request.messages().stream()
                        .flatMap(message -> message.parts().stream())
                        .anyMatch(Parts::isMedia);
    }

    private static boolean isMedia(Part part) {
        return part instanceof Part.Image
                || part instanceof Part.Audio
                || part instanceof Part.Video
                || part instanceof Part.ToolResult result
                        && result.content().stream().anyMatch(Parts::isMedia);
    }

    static List<Part> read(Json content, String path) {
        if (content.isPresent() && !content.isText() && !content.isArray())
            throw Fields.wrong(path, "a string or a list of parts");
        List<Part> parts = new ArrayList<>();
        add(content.text(""), parts);
        for (Json part : content.items()) {
            if (part.get("text").isText()) add(part.get("text").text(""), parts);
            else if (part.get("image").isText())
                parts.add(new Part.Image(Media.ofUrl(part.get("image").text(""))));
            else if (part.get("audio").isText())
                parts.add(new Part.Audio(Media.ofUrl(part.get("audio").text(""))));
            else if (part.get("video").isText())
                parts.add(new Part.Video(Media.ofUrl(part.get("video").text(""))));
            else throw Fields.untranslatable(path);
        }
        return parts;
    }

    private static void add(String text, List<Part> parts) {
        if (!text.isEmpty()) parts.add(new Part.Text(text));
    }

    /** Calls, results and thoughts stand outside of a content. */
    static Json write(List<Part> parts, boolean multimodal) {
        List<Json> written = new ArrayList<>();
        StringBuilder texts = new StringBuilder();
        for (Part part : parts) {
            switch (part) {
                case Part.Text(String text, var _) -> text(text, written, texts);
                case Part.Refusal(String text) -> text(text, written, texts);
                case Part.Image image -> written.add(part("image", url(image.media())));
                case Part.Audio audio -> written.add(part("audio", url(audio.media())));
                case Part.Video video -> written.add(part("video", url(video.media())));
                case Part.Document(Media.PlainText(String text), var _, var _) -> text(text, written, texts);
                case Part.Document _ -> throw unsayable();
                case Part.ToolCall _, Part.ToolResult _, Part.Thinking _, Part.RedactedThinking _ -> {}
            }
        }
        return multimodal ? Json.array(written) : Json.of(texts.toString());
    }

    private static void text(String text, List<Json> written, StringBuilder texts) {
        written.add(part("text", text));
        if (!texts.isEmpty()) texts.append('\n');
        texts.append(text);
    }

    private static Json part(String name, String value) {
        return Json.object().put(name, value).build();
    }

    private static String url(Media media) {
        return switch (media) {
            case Media.Inline inline -> inline.dataUrl();
            case Media.Url(String url, var _) -> url;
            case Media.FileId _, Media.PlainText _ -> throw unsayable();
        };
    }

    private static InexpressibleException unsayable() {
        return new InexpressibleException(
                "DashScope takes texts, images, sounds and films; send the text of a document instead of its file",
                "messages");
    }
}
