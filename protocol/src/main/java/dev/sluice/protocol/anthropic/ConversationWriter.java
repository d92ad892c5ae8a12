package dev.sluice.protocol.anthropic;

import dev.sluice.protocol.chat.CallIds;
import dev.sluice.protocol.chat.ChatRequest.Message;
import dev.sluice.protocol.chat.ChatRequest.Role;
import dev.sluice.protocol.chat.Fields;
import dev.sluice.protocol.chat.InexpressibleException;
import dev.sluice.protocol.chat.Part;
import dev.sluice.protocol.chat.Part.Media;
import dev.sluice.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes the messages of a conversation: instructions apart, user and assistant in turn, the user first, results of tools in front, and no
 * text without a visible character.
 */
final class ConversationWriter {
    private static final Set<String> IMAGES = Set.of("image/jpeg", "image/png", "image/gif", "image/webp");
    /** What a user says who says nothing. */
    private static final Json NOTHING = Members.text(".");

    private final List<Json> system = new ArrayList<>();
    private final List<Json> messages = new ArrayList<>();
    private final CallIds ids = new CallIds(CallIds.Form.WORD);
    private final List<Json> results = new ArrayList<>();
    private final List<Json> blocks = new ArrayList<>();
    private Role turn = Role.USER;

    ConversationWriter(List<Message> conversation) {
        for (Message message : conversation) {
            if (message.role() == Role.SYSTEM) {
                for (Part part : message.parts()) add(part, system);
                continue;
            }
            if (message.role() != turn) flush();
            turn = message.role();
            for (Part part : message.parts()) add(part, part instanceof Part.ToolResult ? results : blocks);
        }
        if (turn == Role.ASSISTANT) trimEnd();
        flush();
        if (messages.isEmpty()) messages.add(message("user", List.of(NOTHING)));
    }

    List<Json> system() {
        return system;
    }

    List<Json> messages() {
        return messages;
    }

    /** Adds an instruction of the gateway. */
    void instruct(String instruction) {
        system.add(Members.text(instruction));
    }

    private void flush() {
        List<Json> content = new ArrayList<>(results);
        content.addAll(blocks);
        results.clear();
        blocks.clear();
        if (content.isEmpty()) return;
        if (turn == Role.ASSISTANT && messages.isEmpty()) messages.add(message("user", List.of(NOTHING)));
        String role = turn == Role.ASSISTANT ? "assistant" : "user";
        // What stood between was empty: the turns on both sides are one.
        if (!messages.isEmpty() && messages.getLast().get("role").text("").equals(role)) {
            List<Json> merged =
                    new ArrayList<>(messages.removeLast().get("content").items());
            merged.addAll(content);
            content = merged;
        }
        messages.add(message(role, content));
    }

    private static Json message(String role, List<Json> content) {
        return Json.object()
                .put("role", role)
                .put("content", Json.array(content))
                .build();
    }

    /** The beginning of the answer, which the model shall continue, may not end in white space. */
    private void trimEnd() {
        if (blocks.isEmpty()) return;
        String text = blocks.getLast().get("text").text();
        if (text == null) return;
        blocks.set(blocks.size() - 1, blocks.getLast().with("text", Json.of(text.stripTrailing())));
    }

    private void add(Part part, List<Json> to) {
        switch (part) {
            case Part.Text(String text, var cache) -> {
                if (!text.isBlank())
                    to.add(Members.cached(Json.object().put("type", "text").put("text", text), cache)
                            .build());
            }
            case Part.Refusal(String text) -> {
                if (!text.isBlank()) to.add(Members.text(text));
            }
            case Part.Image image ->
                to.add(Members.cached(
                                Json.object().put("type", "image").put("source", imageSource(image.media())),
                                image.cache())
                        .build());
            case Part.Document document ->
                to.add(Members.cached(
                                Json.object()
                                        .put("type", "document")
                                        .put("source", documentSource(document.media()))
                                        .put("title", document.name()),
                                document.cache())
                        .build());
            // Anthropic does not take thoughts without its seal.
            case Part.Thinking(String text, String signature) -> {
                if (signature != null)
                    to.add(Json.object()
                            .put("type", "thinking")
                            .put("thinking", text)
                            .put("signature", signature)
                            .build());
            }
            case Part.RedactedThinking(String encrypted) ->
                to.add(Json.object()
                        .put("type", "redacted_thinking")
                        .put("data", encrypted)
                        .build());
            case Part.ToolCall call ->
                to.add(Members.cached(
                                Json.object()
                                        .put("type", "tool_use")
                                        .put("id", ids.of(call.id()))
                                        .put("name", call.name())
                                        .put("input", AnswerWriter.input(call.arguments())),
                                call.cache())
                        .build());
            case Part.ToolResult result -> to.add(result(result));
            case Part.Audio _, Part.Video _ ->
                throw new InexpressibleException("Anthropic's protocol has no sounds and no films", "messages");
        }
    }

    private Json result(Part.ToolResult result) {
        List<Json> content = new ArrayList<>();
        for (Part part : result.content()) add(part, content);
        boolean plain = content.size() == 1
                && content.getFirst().fields().size() == 2
                && content.getFirst().has("text");
        Json.Builder json = Json.object()
                .put("type", "tool_result")
                .put("tool_use_id", ids.of(result.callId()))
                .put(
                        "content",
                        plain ? content.getFirst().get("text") : content.isEmpty() ? Json.of("") : Json.array(content));
        if (result.failed()) json.put("is_error", true);
        return Members.cached(json, result.cache()).build();
    }

    static Json imageSource(Media media) {
        if (media instanceof Media.Inline inline && !IMAGES.contains(inline.type()))
            throw new InexpressibleException(
                    "Anthropic's protocol takes images as JPEG, PNG, GIF and WebP only", "messages");
        return source(media);
    }

    static Json documentSource(Media media) {
        if (!(media instanceof Media.Inline inline)) return source(media);
        if (inline.type().equals("application/pdf")) return source(media);
        String text = inline.type().startsWith("text/") ? decoded(inline.base64()) : null;
        if (text == null)
            throw new InexpressibleException("Anthropic's protocol takes documents as PDF and text only", "messages");
        return source(new Media.PlainText(text));
    }

    private static @Nullable String decoded(String base64) {
        try {
            return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    private static Json source(Media media) {
        return switch (media) {
            case Media.Inline(String type, String base64) ->
                Json.object()
                        .put("type", "base64")
                        .put("media_type", type)
                        .put("data", base64)
                        .build();
            case Media.Url(String url, var _) ->
                Json.object().put("type", "url").put("url", url).build();
            case Media.PlainText(String text) ->
                Json.object()
                        .put("type", "text")
                        .put("media_type", "text/plain")
                        .put("data", text)
                        .build();
            case Media.FileId(String id) -> {
                // Files of OpenAI are spelled with a hyphen; nobody else has them.
                if (id.startsWith("file-")) throw Fields.untranslatable("messages");
                yield Json.object().put("type", "file").put("file_id", id).build();
            }
        };
    }
}
