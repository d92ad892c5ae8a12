package dev.sluice.protocol.bedrock;

import dev.sluice.protocol.chat.ChatRequest.CacheHint;
import dev.sluice.protocol.chat.Fields;
import dev.sluice.protocol.chat.Part;
import dev.sluice.protocol.chat.Part.Media;
import dev.sluice.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the blocks of a client's messages. */
final class BlockReader {
    private BlockReader() {}

    static List<Part> blocks(Json content, String path) {
        if (content.isPresent() && !content.isArray()) throw Fields.wrong(path, "a list of blocks");
        List<Part> parts = new ArrayList<>();
        List<Json> blocks = content.items();
        for (int i = 0; i < blocks.size(); i++) {
            Json block = blocks.get(i);
            if (block.get("cachePoint").isObject()) mark(parts, cache(block));
            else add(block, path + "[" + i + "]", parts);
        }
        return parts;
    }

    /** A point of the cache stands behind what it covers. */
    static CacheHint cache(Json block) {
        return new CacheHint(block.get("cachePoint").get("ttl").text());
    }

    private static void add(Json block, String path, List<Part> parts) {
        String text = block.get("text").text();
        Json guarded = block.get("guardContent").get("text").get("text");
        Json tool = block.get("toolUse");
        Json result = block.get("toolResult");
        Json reasoning = block.get("reasoningContent");
        if (text != null || guarded.isText()) {
            String said = text == null ? guarded.text("") : text;
            if (!said.isEmpty()) parts.add(new Part.Text(said));
        } else if (block.get("json").isPresent()) {
            parts.add(new Part.Text(block.get("json").toJson()));
        } else if (block.get("image").isObject()) {
            parts.add(new Part.Image(inline("image/", block.get("image"), path + ".image")));
        } else if (block.get("audio").isObject()) {
            parts.add(new Part.Audio(inline("audio/", block.get("audio"), path + ".audio")));
        } else if (block.get("video").isObject()) {
            parts.add(new Part.Video(inline("video/", block.get("video"), path + ".video")));
        } else if (block.get("document").isObject()) {
            parts.add(document(block.get("document"), path + ".document"));
        } else if (tool.isObject()) {
            Json input = tool.get("input");
            parts.add(new Part.ToolCall(
                    tool.get("toolUseId").text(""),
                    tool.get("name").text(""),
                    input.isObject() ? input.toJson() : "{}"));
        } else if (result.isObject()) {
            parts.add(new Part.ToolResult(
                    result.get("toolUseId").text(""),
                    null,
                    blocks(result.get("content"), path + ".toolResult.content"),
                    result.get("status").text("").equals("error"),
                    null));
        } else if (reasoning.isObject()) {
            parts.add(thought(reasoning));
        } else {
            throw Fields.untranslatable(path);
        }
    }

    private static Part thought(Json reasoning) {
        String redacted = reasoning.get("redactedContent").text();
        if (redacted != null) return new Part.RedactedThinking(redacted);
        Json said = reasoning.get("reasoningText");
        return new Part.Thinking(
                said.get("text").text(""), said.get("signature").text());
    }

    private static Media inline(String family, Json block, String path) {
        String bytes = block.get("source").get("bytes").text();
        if (bytes == null) throw Fields.untranslatable(path + ".source");
        return new Media.Inline(family + block.get("format").text(""), bytes);
    }

    private static Part document(Json document, String path) {
        Json source = document.get("source");
        String text = source.get("text").text();
        String bytes = source.get("bytes").text();
        if (text == null && bytes == null) throw Fields.untranslatable(path + ".source");
        Media media = text != null
                ? new Media.PlainText(text)
                : new Media.Inline(
                        ConversationWriter.documentType(document.get("format").text("")), bytes == null ? "" : bytes);
        return new Part.Document(media, document.get("name").text(), null);
    }

    private static void mark(List<Part> parts, CacheHint hint) {
        if (!parts.isEmpty()) parts.add(marked(parts.removeLast(), hint));
    }

    private static Part marked(Part part, @Nullable CacheHint hint) {
        return switch (part) {
            case Part.Text(String text, var _) -> new Part.Text(text, hint);
            case Part.Image(Media media, String detail, var _) -> new Part.Image(media, detail, hint);
            case Part.Document(Media media, String name, var _) -> new Part.Document(media, name, hint);
            case Part.ToolCall(String id, String name, String arguments, String signature, var _) ->
                new Part.ToolCall(id, name, arguments, signature, hint);
            case Part.ToolResult(String id, String name, List<Part> content, boolean failed, var _) ->
                new Part.ToolResult(id, name, content, failed, hint);
            case Part.Audio _, Part.Video _, Part.Thinking _, Part.RedactedThinking _, Part.Refusal _ -> part;
        };
    }
}
