package dev.sluice.protocol.bedrock;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.protocol.chat.CallIds;
import dev.sluice.protocol.chat.ChatRequest.CacheHint;
import dev.sluice.protocol.chat.ChatRequest.Message;
import dev.sluice.protocol.chat.ChatRequest.Role;
import dev.sluice.protocol.chat.InexpressibleException;
import dev.sluice.protocol.chat.Part;
import dev.sluice.protocol.chat.Part.Media;
import dev.sluice.protocol.json.Json;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes the messages of a conversation: user and assistant in turn, the user first, and no empty text. */
final class ConversationWriter {
    private static final Map<String, String> IMAGES = Map.of(
            "image/png", "png", "image/jpeg", "jpeg", "image/jpg", "jpeg", "image/gif", "gif", "image/webp", "webp");
    private static final Map<String, String> DOCUMENTS = Map.of(
            "application/pdf", "pdf",
            "text/csv", "csv",
            "application/msword", "doc",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx",
            "application/vnd.ms-excel", "xls",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx",
            "text/html", "html",
            "text/plain", "txt",
            "text/markdown", "md");
    private static final String NOTHING = ".";

    private final List<Json> system = new ArrayList<>();
    private final List<Json> messages = new ArrayList<>();
    private final Set<String> toolNames = new LinkedHashSet<>();
    private final CallIds ids = new CallIds(CallIds.Form.WORD);
    private List<Json> blocks = new ArrayList<>();
    private Role turn = Role.USER;

    ConversationWriter(List<Message> conversation, CachePoints cachePoints) {
        for (Message message : conversation) {
            if (message.role() == Role.SYSTEM) {
                for (Part part : message.parts()) add(part, system, cachePoints);
                continue;
            }
            if (message.role() != turn) flush();
            turn = message.role();
            for (Part part : message.parts()) add(part, blocks, cachePoints);
        }
        flush();
        if (messages.isEmpty()) messages.add(message("user", List.of(text(NOTHING))));
    }

    /** The media type of a document's format; of a format that nobody knows, bytes. */
    static String documentType(String format) {
        for (Map.Entry<String, String> known : DOCUMENTS.entrySet()) {
            if (known.getValue().equals(format)) return known.getKey();
        }
        return "application/octet-stream";
    }

    List<Json> system() {
        return system;
    }

    List<Json> messages() {
        return messages;
    }

    boolean mentionsTools() {
        return !toolNames.isEmpty();
    }

    Set<String> toolNames() {
        return toolNames;
    }

    void instruct(String instruction) {
        system.add(text(instruction));
    }

    private void flush() {
        List<Json> content = blocks;
        blocks = new ArrayList<>();
        if (content.isEmpty()) return;
        String role = turn == Role.ASSISTANT ? "assistant" : "user";
        if (messages.isEmpty() && turn == Role.ASSISTANT) messages.add(message("user", List.of(text(NOTHING))));
        // What stood between was empty: the turns on both sides are one.
        if (!messages.isEmpty() && messages.getLast().get("role").text("").equals(role)) {
            List<Json> merged =
                    new ArrayList<>(messages.removeLast().get("content").items());
            merged.addAll(content);
            content = merged;
        }
        messages.add(message(role, content));
    }

    private void add(Part part, List<Json> to, CachePoints points) {
        switch (part) {
            case Part.Text(String text, var cache) -> {
                if (!text.isBlank()) to.add(text(text));
                points.behindText(cache, to);
            }
            case Part.Refusal(String text) -> {
                if (!text.isBlank()) to.add(text(text));
            }
            case Part.Image image -> {
                to.add(image(image.media()));
                points.behindText(image.cache(), to);
            }
            case Part.Document document -> {
                to.add(document(document));
                points.behindText(document.cache(), to);
            }
            case Part.Thinking(String text, String signature) -> {
                // Bedrock does not take thoughts without their seal.
                if (signature != null)
                    to.add(reasoning(
                            "reasoningText",
                            Json.object()
                                    .put("text", text)
                                    .put("signature", signature)
                                    .build()));
            }
            case Part.RedactedThinking(String data) -> to.add(reasoning("redactedContent", Json.of(data)));
            case Part.ToolCall call -> {
                toolNames.add(call.name());
                Json input = Json.parse(call.arguments());
                to.add(Json.object()
                        .put(
                                "toolUse",
                                Json.object()
                                        .put("toolUseId", ids.of(call.id()))
                                        .put("name", call.name())
                                        .put(
                                                "input",
                                                input == null || !input.isObject()
                                                        ? Json.object().build()
                                                        : input)
                                        .build())
                        .build());
                points.behindTool(call.cache(), to);
            }
            case Part.ToolResult result -> {
                to.add(result(result));
                points.behindTool(hint(result), to);
            }
            case Part.Audio _, Part.Video _ ->
                throw new InexpressibleException("Bedrock's Converse takes no sounds and no films here", "messages");
        }
    }

    private Json result(Part.ToolResult result) {
        if (result.name() != null) toolNames.add(result.name());
        List<Json> content = new ArrayList<>();
        for (Part part : result.content()) add(part, content, CachePoints.NONE);
        if (content.isEmpty()) content.add(text(NOTHING));
        return Json.object()
                .put(
                        "toolResult",
                        Json.object()
                                .put("toolUseId", ids.of(result.callId()))
                                .put("content", Json.array(content))
                                .put("status", result.failed() ? "error" : "success")
                                .build())
                .build();
    }

    /** Within a result there are no cache points: a hint there is one behind it. */
    private static @Nullable CacheHint hint(Part.ToolResult result) {
        if (result.cache() != null) return result.cache();
        return result.content().reversed().stream()
                .map(Part::cache)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private static Json image(Media media) {
        if (media instanceof Media.Inline(String type, String base64) && IMAGES.containsKey(type)) {
            return Json.object()
                    .put("image", source(IMAGES.get(type), base64).build())
                    .build();
        }
        throw new InexpressibleException(
                "Bedrock's Converse takes images as data: URLs of PNG, JPEG, GIF or WebP", "messages");
    }

    private static Json document(Part.Document document) {
        String name = document.name() == null ? "document" : document.name().replaceAll("[^A-Za-z0-9 ()\\[\\]-]", "-");
        Json.Builder source = switch (document.media()) {
            case Media.Inline(String type, String base64)
            when DOCUMENTS.containsKey(type) -> source(DOCUMENTS.get(type), base64);
            case Media.PlainText(String text) ->
                source("txt", Base64.getEncoder().encodeToString(text.getBytes(UTF_8)));
            case Media.Inline _, Media.Url _, Media.FileId _ ->
                throw new InexpressibleException(
                        "Bedrock's Converse takes documents within the request, as PDF, Office, HTML, CSV or text",
                        "messages");
        };
        return Json.object().put("document", source.put("name", name).build()).build();
    }

    private static Json.Builder source(@Nullable String format, String base64) {
        return Json.object()
                .put("format", format)
                .put("source", Json.object().put("bytes", base64).build());
    }

    private static Json reasoning(String kind, Json content) {
        return Json.object()
                .put("reasoningContent", Json.object().put(kind, content).build())
                .build();
    }

    private static Json text(String text) {
        return Json.object().put("text", text).build();
    }

    private static Json message(String role, List<Json> content) {
        return Json.object()
                .put("role", role)
                .put("content", Json.array(content))
                .build();
    }
}
