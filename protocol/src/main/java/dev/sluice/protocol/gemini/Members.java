package dev.sluice.protocol.gemini;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sluice.protocol.Usage;
import dev.sluice.protocol.chat.ChatFormat.ClientView;
import dev.sluice.protocol.chat.Part;
import dev.sluice.protocol.chat.Part.Media;
import dev.sluice.protocol.chat.StopReason;
import dev.sluice.protocol.chat.TokenCount;
import dev.sluice.protocol.json.Json;
import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Members that requests, answers and streams share. */
final class Members {
    /** The wish of a client to see thoughts, which travels with its request; no provider but Google knows it. */
    static final String INCLUDE_THOUGHTS = "include_thoughts";

    private Members() {}

    static boolean showsThoughts(ClientView view) {
        return view.extensions().getOrDefault(INCLUDE_THOUGHTS, Json.none()).isTrue();
    }

    /** An object with the names of its own members in camel case; Google takes both spellings. */
    static Json camel(Json object) {
        if (object.fields().keySet().stream().noneMatch(name -> name.indexOf('_') > 0)) return object;
        Map<String, Json> members = new LinkedHashMap<>();
        object.fields().forEach((name, value) -> members.putIfAbsent(camel(name), value));
        return new Json.Obj(members);
    }

    private static String camel(String name) {
        StringBuilder camel = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            boolean joint = name.charAt(i) == '_' && i > 0 && i + 1 < name.length();
            camel.append(joint ? Character.toUpperCase(name.charAt(++i)) : name.charAt(i));
        }
        return camel.toString();
    }

    static Json text(String text) {
        return Json.object().put("text", text).build();
    }

    static Json thought(String text, @Nullable String signature) {
        return Json.object()
                .put("text", text)
                .put("thought", true)
                .put("thoughtSignature", signature)
                .build();
    }

    static Json call(String id, String name, String arguments, @Nullable String signature) {
        Json call = Json.object()
                .put("id", id.isEmpty() ? null : id)
                .put("name", name)
                .put("args", arguments(arguments))
                .build();
        return Json.object()
                .put("functionCall", call)
                .put("thoughtSignature", signature)
                .build();
    }

    /** The object that arguments are; what a model wrote otherwise is kept as it is, under a name of its own. */
    private static Json arguments(String arguments) {
        Json parsed = Json.parse(arguments);
        if (parsed != null && parsed.isObject()) return parsed;
        if (arguments.isBlank() || arguments.strip().equals("null"))
            return Json.object().build();
        return Json.object().put("_raw", arguments).build();
    }

    static Json inline(Media.Inline media) {
        Json data = Json.object()
                .put("mimeType", media.type())
                .put("data", media.base64())
                .build();
        return Json.object().put("inlineData", data).build();
    }

    /** The media of a part; null for none. */
    static @Nullable Part media(Json part) {
        Json inline = camel(part.get("inlineData"));
        if (inline.isObject()) {
            String type = inline.get("mimeType").text("application/octet-stream");
            return Part.of(new Media.Inline(type, inline.get("data").text("")), type);
        }
        Json file = camel(part.get("fileData"));
        if (!file.isObject()) return null;
        String type = file.get("mimeType").text();
        return Part.of(new Media.Url(file.get("fileUri").text(""), type), type == null ? "" : type);
    }

    /** An unknown word is an end. */
    static StopReason stopReason(String word, boolean calls) {
        return switch (word) {
            case "MAX_TOKENS" -> StopReason.MAX_TOKENS;
            case "SAFETY",
                    "BLOCKLIST",
                    "PROHIBITED_CONTENT",
                    "SPII",
                    "IMAGE_SAFETY",
                    "IMAGE_PROHIBITED_CONTENT",
                    "RECITATION",
                    "IMAGE_RECITATION",
                    "LANGUAGE" -> StopReason.CONTENT_FILTER;
            default -> calls ? StopReason.TOOL_CALLS : StopReason.END;
        };
    }

    static String word(StopReason reason) {
        return switch (reason) {
            case END, STOP_SEQUENCE, TOOL_CALLS, PAUSED -> "STOP";
            case MAX_TOKENS, CONTEXT_FULL -> "MAX_TOKENS";
            case CONTENT_FILTER -> "SAFETY";
        };
    }

    /** Google counts thoughts beside the output and the results of its own tools beside the prompt. */
    static @Nullable Usage usage(Json usage) {
        if (!usage.isObject()) return null;
        long input = TokenCount.of(usage.get("promptTokenCount")) + TokenCount.of(usage.get("toolUsePromptTokenCount"));
        long thoughts = TokenCount.of(usage.get("thoughtsTokenCount"));
        return new Usage(
                input,
                Math.min(input, TokenCount.of(usage.get("cachedContentTokenCount"))),
                0,
                TokenCount.of(usage.get("candidatesTokenCount")) + thoughts,
                thoughts);
    }

    static @Nullable Json usage(@Nullable Usage usage) {
        if (usage == null) return null;
        Json.Builder told = Json.object()
                .put("promptTokenCount", usage.inputTokens())
                .put("candidatesTokenCount", Math.max(0, usage.outputTokens() - usage.reasoningTokens()))
                .put("totalTokenCount", usage.totalTokens());
        if (usage.reasoningTokens() > 0) told.put("thoughtsTokenCount", usage.reasoningTokens());
        if (usage.cachedInputTokens() > 0) told.put("cachedContentTokenCount", usage.cachedInputTokens());
        return told.build();
    }

    /** One event of a stream. */
    static byte[] frame(byte[] json) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(json.length + 10);
        out.writeBytes("data: ".getBytes(US_ASCII));
        out.writeBytes(json);
        out.writeBytes("\r\n\r\n".getBytes(US_ASCII));
        return out.toByteArray();
    }
}
