package dev.sluice.protocol.anthropic;

import dev.sluice.protocol.chat.Fields;
import dev.sluice.protocol.chat.Part.Media;
import dev.sluice.protocol.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The request of a client of Anthropic for another vendor of Claude. It is not translated: what the vendor takes as well goes on as it
 * is.
 *
 * @param body an object
 */
public record HostedRequest(Json body) {
    private static final String CONTENT = "content";

    /** @throws dev.sluice.protocol.chat.InexpressibleException if the body is no JSON object */
    public static HostedRequest read(byte[] body) {
        return new HostedRequest(Fields.body(body));
    }

    /** Where images and documents are that the request names only, which no other vendor fetches; with the field of each. */
    public Map<String, String> urls() {
        Map<String, String> urls = new LinkedHashMap<>();
        List<Json> messages = body.get("messages").items();
        for (int i = 0; i < messages.size(); i++)
            collect(messages.get(i).get(CONTENT).items(), "messages[" + i + "]." + CONTENT, urls);
        return urls;
    }

    private static void collect(List<Json> blocks, String path, Map<String, String> urls) {
        for (int i = 0; i < blocks.size(); i++) {
            String at = path + "[" + i + "]";
            String url = url(blocks.get(i));
            if (url != null) urls.putIfAbsent(url, at + ".source");
            else collect(blocks.get(i).get(CONTENT).items(), at + "." + CONTENT, urls);
        }
    }

    private static @Nullable String url(Json block) {
        Json source = block.get("source");
        return source.get("type").text("").equals("url") ? source.get("url").text() : null;
    }

    /**
     * The same request with the bytes in place of URLs.
     *
     * @throws dev.sluice.protocol.chat.InexpressibleException if they are of a kind that Claude does not look at
     */
    public HostedRequest inlined(Map<String, Media.Inline> byUrl) {
        List<Json> messages = new ArrayList<>();
        for (Json message : body.get("messages").items()) messages.add(inContent(message, byUrl));
        return new HostedRequest(body.with("messages", Json.array(messages)));
    }

    private static Json inContent(Json holder, Map<String, Media.Inline> byUrl) {
        if (!holder.get(CONTENT).isArray()) return holder;
        List<Json> blocks = new ArrayList<>();
        for (Json block : holder.get(CONTENT).items()) {
            String url = url(block);
            Media.Inline media = url == null ? null : byUrl.get(url);
            blocks.add(media == null ? inContent(block, byUrl) : block.with("source", source(block, media)));
        }
        return holder.with(CONTENT, Json.array(blocks));
    }

    private static Json source(Json block, Media media) {
        return block.get("type").text("").equals("image")
                ? ConversationWriter.imageSource(media)
                : ConversationWriter.documentSource(media);
    }

    /**
     * The body for {@link Anthropic#onVertex}.
     *
     * @param betas the values of the header {@code anthropic-beta}, which goes on as {@link Anthropic#betasOnVertex} has it
     */
    public byte[] forVertex(List<String> betas) {
        return HostedFormat.VERTEX.host(body, betas).toBytes();
    }

    /**
     * The body for {@link Anthropic#onBedrock}.
     *
     * @param betas the values of the header {@code anthropic-beta}; those that Bedrock knows stand in the body, and nowhere else
     */
    public byte[] forBedrock(List<String> betas) {
        return HostedFormat.BEDROCK.host(body, betas).toBytes();
    }
}
