package dev.sluice.protocol.openai;

import dev.sluice.protocol.chat.CallIds;
import dev.sluice.protocol.chat.ChatRequest.CacheHint;
import dev.sluice.protocol.chat.ChatRequest.Message;
import dev.sluice.protocol.chat.ChatRequest.Role;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.chat.Fields;
import dev.sluice.protocol.chat.InexpressibleException;
import dev.sluice.protocol.chat.Part;
import dev.sluice.protocol.chat.Part.Media;
import dev.sluice.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the messages of chat completions. */
final class MessageWriter {
    private static final String CACHE = "cache_control";

    private final Dialect dialect;
    private final CallIds ids;
    private final List<Json> messages = new ArrayList<>();

    private MessageWriter(Dialect dialect) {
        this.dialect = dialect;
        this.ids = new CallIds(dialect.callIds());
    }

    static Json write(List<Message> messages, Dialect dialect) {
        MessageWriter writer = new MessageWriter(dialect);
        for (Message message : messages) {
            switch (message.role()) {
                case SYSTEM -> writer.system(message);
                case USER -> writer.user(message);
                case ASSISTANT -> writer.assistant(message);
            }
        }
        // A list without messages is refused by every vendor.
        if (writer.messages.isEmpty()) writer.add("user", Message.of(Role.USER), Json.of(""));
        return Json.array(writer.messages);
    }

    /** Adds a hint for vendors that take one. */
    static Json.Builder cached(Json.Builder part, @Nullable CacheHint cache, Dialect dialect) {
        if (cache == null || !dialect.extensions().contains(CACHE)) return part;
        return part.put(
                CACHE,
                Json.object().put("type", "ephemeral").put("ttl", cache.ttl()).build());
    }

    private void system(Message message) {
        Json content = content(message.parts(), "\n");
        if (content != null) add("system", message, content);
    }

    private void add(String role, Message message, Json content) {
        messages.add(Json.object()
                .put("role", role)
                .put("name", name(message))
                .put("content", content)
                .build());
    }

    private @Nullable String name(Message message) {
        return dialect.authorNames() ? message.name() : null;
    }

    /** Results of tools come first, each a message; what they hold but text follows as the user's. */
    private void user(Message message) {
        List<Part> others = new ArrayList<>();
        for (Part part : message.parts()) {
            if (part instanceof Part.ToolResult result) result(result, others);
        }
        for (Part part : message.parts()) {
            if (!(part instanceof Part.ToolResult)) others.add(part);
        }
        Json content = content(others, "\n");
        if (content != null) add("user", message, content);
    }

    private void result(Part.ToolResult result, List<Part> others) {
        StringBuilder text = new StringBuilder();
        String separator = "";
        for (Part part : result.inWords()) {
            String words = words(part);
            if (words == null) {
                others.add(part);
            } else {
                text.append(separator).append(words);
                separator = "\n";
            }
        }
        Json.Builder json = Json.object()
                .put("role", "tool")
                .put("tool_call_id", ids.of(result.callId()))
                .put("content", text.toString());
        messages.add(cached(json, result.cache(), dialect).build());
    }

    private static @Nullable String words(Part part) {
        return switch (part) {
            case Part.Text text -> text.text();
            case Part.Refusal refusal -> refusal.text();
            case Part.Document(Media.PlainText(String text), String _, CacheHint _) -> text;
            case Part.Document _,
                    Part.Image _,
                    Part.Audio _,
                    Part.Video _,
                    Part.ToolCall _,
                    Part.ToolResult _,
                    Part.Thinking _,
                    Part.RedactedThinking _ -> null;
        };
    }

    private void assistant(Message message) {
        List<Part> said = new ArrayList<>();
        List<Json> calls = new ArrayList<>();
        List<Part> thoughts = new ArrayList<>();
        for (Part part : message.parts()) {
            switch (part) {
                case Part.ToolCall call -> calls.add(ChatAnswerWriter.call(call, ids.of(call.id())));
                case Part.Thinking _, Part.RedactedThinking _ -> thoughts.add(part);
                case Part.Text _,
                        Part.Refusal _,
                        Part.Image _,
                        Part.Audio _,
                        Part.Video _,
                        Part.Document _,
                        Part.ToolResult _ -> said.add(part);
            }
        }
        Json content = content(said, "");
        if (content == null && calls.isEmpty()) return;
        Json.Builder json = Json.object()
                .put("role", "assistant")
                .put("name", name(message))
                .put("content", content == null ? Json.none() : content);
        if (dialect.thoughtsBack() != Dialect.ThoughtsBack.LEFT_OUT) {
            String plain = ChatAnswerWriter.plainThoughts(thoughts);
            if (!plain.isEmpty()) json.put("reasoning_content", plain);
        }
        if (dialect.extensions().contains("thinking_blocks"))
            json.putUnlessEmpty("thinking_blocks", ChatAnswerWriter.sealedThoughts(thoughts));
        if (dialect.extensions().contains(Thoughts.DETAILS))
            json.putUnlessEmpty(Thoughts.DETAILS, Thoughts.details(thoughts));
        messages.add(json.putUnlessEmpty("tool_calls", calls).build());
    }

    /** A string if there is only text, otherwise parts; null if there is nothing. */
    private @Nullable Json content(List<Part> parts, String separator) {
        boolean plain = true;
        StringBuilder text = new StringBuilder();
        List<Json> written = new ArrayList<>();
        for (Part part : parts) {
            String words = words(part);
            if (words == null) {
                plain = false;
                Json json = media(part);
                if (json != null) written.add(json);
            } else if (!words.isEmpty()) {
                text.append(text.isEmpty() ? "" : separator).append(words);
                CacheHint cache = part instanceof Part.Text told ? told.cache() : null;
                Json.Builder json = cached(Json.object().put("type", "text").put("text", words), cache, dialect);
                if (cache != null && dialect.extensions().contains(CACHE)) plain = false;
                written.add(json.build());
            }
        }
        if (written.isEmpty()) return null;
        return plain ? Json.of(text.toString()) : Json.array(written);
    }

    private @Nullable Json media(Part part) {
        return switch (part) {
            case Part.Image image ->
                cached(
                                Json.object()
                                        .put("type", "image_url")
                                        .put(
                                                "image_url",
                                                Json.object()
                                                        .put("url", url(image.media(), "image"))
                                                        .put("detail", image.detail())
                                                        .build()),
                                image.cache(),
                                dialect)
                        .build();
            case Part.Audio(Media media) -> audio(media);
            case Part.Video(Media media) ->
                Json.object()
                        .put("type", "video_url")
                        .put(
                                "video_url",
                                Json.object().put("url", url(media, "video")).build())
                        .build();
            case Part.Document document -> document(document);
            case Part.Text _,
                    Part.Refusal _,
                    Part.ToolCall _,
                    Part.ToolResult _,
                    Part.Thinking _,
                    Part.RedactedThinking _ -> null;
        };
    }

    static String url(Media media, String what) {
        return switch (media) {
            case Media.Inline inline -> inline.dataUrl();
            case Media.Url(String url, String _) -> url;
            case Media.FileId _, Media.PlainText _ ->
                throw new InexpressibleException(
                        "a file that another vendor keeps cannot be sent as " + what + "; send its bytes", "messages");
        };
    }

    private static Json audio(Media media) {
        if (!(media instanceof Media.Inline inline)) throw Fields.untranslatable("messages");
        String type = inline.type();
        String format = switch (type) {
            case "audio/mpeg", "audio/mp3" -> "mp3";
            case "audio/wav", "audio/x-wav", "audio/wave" -> "wav";
            default -> type.substring(type.indexOf('/') + 1);
        };
        return Json.object()
                .put("type", "input_audio")
                .put(
                        "input_audio",
                        Json.object()
                                .put("data", inline.base64())
                                .put("format", format)
                                .build())
                .build();
    }

    private Json document(Part.Document document) {
        Json.Builder file = Json.object();
        switch (document.media()) {
            case Media.Inline inline ->
                file.put("filename", document.name() == null ? "document" : document.name())
                        .put("file_data", inline.dataUrl());
            case Media.FileId(String id) -> file.put("file_id", id);
            case Media.Url _ ->
                throw new InexpressibleException(
                        "a document by URL cannot be sent in chat completions; send its bytes", "messages");
            case Media.PlainText _ -> throw Fields.untranslatable("messages");
        }
        return cached(Json.object().put("type", "file").put("file", file.build()), document.cache(), dialect)
                .build();
    }
}
