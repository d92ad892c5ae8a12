package dev.sluice.protocol.anthropic;

import dev.sluice.protocol.chat.Fields;
import dev.sluice.protocol.chat.Part;
import dev.sluice.protocol.chat.Part.Media;
import dev.sluice.protocol.json.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the blocks of a client's messages. */
final class BlockReader {
    private BlockReader() {}

    static List<Part> blocks(Json content, String path) {
        return Fields.parts(content, path, BlockReader::block);
    }

    private static @Nullable Part block(Json block, String path) {
        return switch (block.get("type").text("")) {
            case "text" -> {
                String text = block.get("text").text("");
                yield text.isEmpty() ? null : new Part.Text(text, Members.cache(block));
            }
            case "image" -> new Part.Image(media(block.get("source"), path), null, Members.cache(block));
            case "document" ->
                new Part.Document(
                        media(block.get("source"), path), block.get("title").text(), Members.cache(block));
            case "thinking" -> {
                String signature = block.get("signature").text("");
                yield new Part.Thinking(block.get("thinking").text(""), signature.isEmpty() ? null : signature);
            }
            case "redacted_thinking" ->
                new Part.RedactedThinking(block.get("data").text(""));
            case "tool_use" ->
                new Part.ToolCall(
                        block.get("id").text(""),
                        block.get("name").text(""),
                        block.get("input").isObject() ? block.get("input").toJson() : "{}",
                        null,
                        Members.cache(block));
            case "tool_result" ->
                new Part.ToolResult(
                        block.get("tool_use_id").text(""),
                        null,
                        blocks(block.get("content"), path + ".content"),
                        block.get("is_error").isTrue(),
                        Members.cache(block));
            default -> throw Fields.untranslatable(path + ".type");
        };
    }

    private static Media media(Json source, String path) {
        return switch (source.get("type").text("")) {
            case "base64" ->
                new Media.Inline(
                        source.get("media_type").text(""), source.get("data").text(""));
            case "url" -> new Media.Url(source.get("url").text(""), null);
            case "file" -> new Media.FileId(source.get("file_id").text(""));
            case "text" -> new Media.PlainText(source.get("data").text(""));
            default -> throw Fields.untranslatable(path + ".source.type");
        };
    }
}
