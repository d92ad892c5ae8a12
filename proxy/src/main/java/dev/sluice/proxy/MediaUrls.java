package dev.sluice.proxy;

import dev.sluice.protocol.chat.ChatRequest;
import dev.sluice.protocol.chat.ChatRequest.Message;
import dev.sluice.protocol.chat.Part;
import dev.sluice.protocol.chat.Part.Media;
import dev.sluice.upstreams.media.MediaLimits;
import dev.sluice.upstreams.media.RemoteMedia;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Puts what a conversation names by URL into the conversation itself. */
final class MediaUrls {
    private MediaUrls() {}

    static boolean any(ChatRequest request) {
        return !urls(request).isEmpty();
    }

    /** The request with the bytes in place of every URL; each URL is fetched once. */
    static Future<ChatRequest> inline(ChatRequest request, RemoteMedia media, MediaLimits limits) {
        return fetched(urls(request), media, limits).map(byUrl -> {
            List<Message> messages = request.messages().stream()
                    .map(m -> new Message(m.role(), replaced(m.parts(), byUrl), m.name()))
                    .toList();
            return request.withMessages(messages);
        });
    }

    /** What stands behind each URL. */
    static Future<Map<String, Media.Inline>> fetched(Set<String> urls, RemoteMedia media, MediaLimits limits) {
        List<String> each = List.copyOf(urls);
        List<Future<Media.Inline>> fetched =
                each.stream().map(url -> media.fetch(url, limits)).toList();
        return Future.all(fetched)
                .map(_ -> IntStream.range(0, each.size())
                        .boxed()
                        .collect(Collectors.toMap(each::get, i -> fetched.get(i).result())));
    }

    private static Set<String> urls(ChatRequest request) {
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
