package dev.sluice.protocol.gemini;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sluice.protocol.chat.ChatRequest.Message;
import dev.sluice.protocol.chat.ChatRequest.Role;
import dev.sluice.protocol.chat.InexpressibleException;
import dev.sluice.protocol.chat.Part;
import dev.sluice.protocol.chat.Part.Media;
import dev.sluice.protocol.json.Json;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes the contents of a conversation: instructions apart, user and model in turn, the user first. */
final class ContentWriter {
    /** Google takes this in place of the seal of a call that came from elsewhere. */
    private static final String UNSEALED =
            Base64.getEncoder().encodeToString("skip_thought_signature_validator".getBytes(US_ASCII));
    /** What a user says who says nothing. */
    private static final Json NOTHING = Members.text(".");

    private final Generation generation;
    private final Map<String, String> names = new HashMap<>();
    private final List<Json> system = new ArrayList<>();
    private final List<Json> contents = new ArrayList<>();
    private final List<Json> parts = new ArrayList<>();
    private Role turn = Role.USER;
    private boolean called;

    ContentWriter(List<Message> conversation, Generation generation) {
        this.generation = generation;
        for (Message message : conversation) {
            if (message.role() == Role.SYSTEM) {
                for (Part part : message.parts()) part(part, system);
                continue;
            }
            if (message.role() != turn) flush();
            turn = message.role();
            for (Part part : message.parts()) part(part, parts);
        }
        flush();
        if (contents.isEmpty()) contents.add(content("user", List.of(NOTHING)));
    }

    List<Json> system() {
        return system;
    }

    List<Json> contents() {
        return contents;
    }

    private void flush() {
        called = false;
        if (parts.isEmpty()) return;
        if (turn == Role.ASSISTANT && contents.isEmpty()) contents.add(content("user", List.of(NOTHING)));
        contents.add(content(turn == Role.ASSISTANT ? "model" : "user", parts));
        parts.clear();
    }

    private static Json content(String role, List<Json> parts) {
        return Json.object().put("role", role).put("parts", Json.array(parts)).build();
    }

    private void part(Part part, List<Json> to) {
        switch (part) {
            case Part.Text(String text, var _) -> {
                if (!text.isEmpty()) to.add(Members.text(text));
            }
            case Part.Refusal(String text) -> to.add(Members.text(text));
            case Part.ToolCall call -> to.add(call(call));
            case Part.ToolResult result -> result(result, to);
            case Part.Image image -> to.add(media(image.media(), "image/jpeg"));
            case Part.Audio audio -> to.add(media(audio.media(), "audio/wav"));
            case Part.Video video -> to.add(media(video.media(), "video/mp4"));
            case Part.Document document -> to.add(media(document.media(), "application/pdf"));
            // Thoughts go back as the seals of calls only.
            case Part.Thinking _, Part.RedactedThinking _ -> {}
        }
    }

    private Json call(Part.ToolCall call) {
        names.put(call.id(), call.name());
        String signature = call.signature();
        if (signature == null && !called && generation.wantsSignatures()) signature = UNSEALED;
        called = true;
        return Members.call(call.id(), call.name(), call.arguments(), signature);
    }

    private void result(Part.ToolResult result, List<Json> to) {
        StringBuilder text = new StringBuilder();
        List<Json> media = new ArrayList<>();
        for (Part part : result.content()) {
            if (part instanceof Part.Text(String more, var _))
                text.append(text.isEmpty() ? "" : "\n").append(more);
            else part(part, media);
        }
        String name = names.getOrDefault(result.callId(), result.name());
        if (name == null)
            throw new InexpressibleException(
                    "the result of a tool names a call that no earlier message makes; Gemini needs the name of the tool",
                    "messages");
        Json response = Json.object()
                .put("id", result.callId())
                .put("name", name)
                .put("response", response(text.toString(), result.failed()))
                .build();
        to.add(Json.object().put("functionResponse", response).build());
        to.addAll(media);
    }

    private static Json response(String text, boolean failed) {
        if (failed) return Json.object().put("error", text).build();
        Json parsed = Json.parse(text);
        if (parsed != null && parsed.isObject()) return parsed;
        return Json.object().put("output", text).build();
    }

    private static Json media(Media media, String otherwise) {
        return switch (media) {
            case Media.Inline inline -> Members.inline(inline);
            case Media.Url(String url, String type) -> {
                Json file = Json.object()
                        .put("mimeType", type == null ? type(url, otherwise) : type)
                        .put("fileUri", url)
                        .build();
                yield Json.object().put("fileData", file).build();
            }
            case Media.PlainText(String text) -> Members.text(text);
            case Media.FileId _ ->
                throw new InexpressibleException(
                        "a file that another vendor keeps cannot be sent to Gemini; send its content", "messages");
        };
    }

    private static String type(String url, String otherwise) {
        String known = known(url.substring(url.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
        return known == null ? otherwise : known;
    }

    private static @Nullable String known(String extension) {
        return switch (extension) {
            case "png", "webp", "gif", "heic", "jpeg" -> "image/" + extension;
            case "jpg" -> "image/jpeg";
            case "pdf" -> "application/pdf";
            case "mp3", "wav", "ogg", "flac" -> "audio/" + extension;
            case "mp4", "webm", "mpeg" -> "video/" + extension;
            default -> null;
        };
    }
}
