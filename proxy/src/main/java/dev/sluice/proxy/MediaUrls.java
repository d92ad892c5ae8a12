package dev.sluice.proxy;

import dev.sluice.protocol.chat.ChatRequest;
import dev.sluice.protocol.chat.ChatRequest.Message;
import dev.sluice.protocol.chat.Part;
import dev.sluice.protocol.chat.Part.Media;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts what a conversation names by URL into the conversation itself. */
final class MediaUrls {
    private MediaUrls() {}

    /** The request with the bytes in place of every URL. */
    static ChatRequest inlined(ChatRequest request, Map<String, Media.Inline> byUrl) {
        List<Message> messages = request.messages().stream()
                .map(m -> new Message(m.role(), replaced(m.parts(), byUrl), m.name()))
                .toList();
        return request.withMessages(messages);
    }

    /** Each URL once, in their order. */
    static Set<String> of(ChatRequest request) {
        Set<String> urls = new LinkedHashSet<>();
        for (Message message : request.messages()) collect(message.parts(), urls);
        return urls;
    }

    private static void collect(List<Part> parts, Set<String> urls) {
        for (Part part : parts) {
            if (part instanceof Part.ToolResult result) collect(result.content(), urls);
            // Google keeps what has such a name itself.
            else if (media(part) instanceof Media.Url(String url, String _) && !url.startsWith("gs://")) urls.add(url);
        }
    }

    private static @Nullable Media media(Part part) {
        return switch (part) {
            case Part.Image image -> image.media();
            case Part.Document document -> document.media();
            case Part.Audio audio -> audio.media();
            case Part.Video video -> video.media();
            case Part.Text _,
                    Part.ToolCall _,
                    Part.ToolResult _,
                    Part.Thinking _,
                    Part.RedactedThinking _,
                    Part.Refusal _ -> null;
        };
    }

    private static List<Part> replaced(List<Part> parts, Map<String, Media.Inline> byUrl) {
        List<Part> replaced = new ArrayList<>(parts.size());
        for (Part part : parts) replaced.add(replaced(part, byUrl));
        return replaced;
    }

    private static Part replaced(Part part, Map<String, Media.Inline> byUrl) {
        if (part instanceof Part.ToolResult result) {
            return new Part.ToolResult(
                    result.callId(), result.name(), replaced(result.content(), byUrl), result.failed(), result.cache());
        }
        if (!(media(part) instanceof Media.Url(String url, String _))) return part;
        Media.Inline inline = byUrl.get(url);
        if (inline == null) return part;
        return switch (part) {
            case Part.Image image -> new Part.Image(inline, image.detail(), image.cache());
            case Part.Document document -> new Part.Document(inline, document.name(), document.cache());
            case Part.Audio _ -> new Part.Audio(inline);
            case Part.Video _ -> new Part.Video(inline);
            case Part.Text _,
                    Part.ToolCall _,
                    Part.ToolResult _,
                    Part.Thinking _,
                    Part.RedactedThinking _,
                    Part.Refusal _ -> part;
        };
    }
}
