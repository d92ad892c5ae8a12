package dev.sluice.protocol.openai;

import dev.sluice.protocol.Usage;
import dev.sluice.protocol.chat.ChatAnswer;
import dev.sluice.protocol.chat.ChatFormat.ClientView;
import dev.sluice.protocol.chat.Notes;
import dev.sluice.protocol.chat.Part;
import dev.sluice.protocol.chat.Part.Media;
import dev.sluice.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a whole answer of chat completions. */
final class ChatAnswerWriter {
    private ChatAnswerWriter() {}

    static byte[] write(ChatAnswer answer, ClientView view) {
        Json choice = Json.object()
                .put("index", 0)
                .put("message", message(answer.parts(), answer.notes()))
                .put("logprobs", Json.none())
                .put("finish_reason", FinishReasons.word(answer.stopReason()))
                .build();
        Json.Builder json = Json.object()
                .put("id", id(answer.id(), view, "chatcmpl-"))
                .put("object", "chat.completion")
                .put("created", created(answer.createdSeconds(), view))
                .put("model", model(answer.model(), view))
                .put("choices", Json.array(List.of(choice)));
        if (answer.usage() != null) json.put("usage", usage(answer.usage()));
        return json.build().toBytes();
    }

    static String id(String given, ClientView view, String prefix) {
        return given.isEmpty() ? prefix + view.id() : given;
    }

    static long created(long given, ClientView view) {
        return given == 0 ? view.nowSeconds() : given;
    }

    static String model(String given, ClientView view) {
        return given.isEmpty() ? view.model() : given;
    }

    private static Json message(List<Part> parts, Notes notes) {
        StringBuilder text = new StringBuilder();
        StringBuilder refusal = new StringBuilder();
        List<Part> thoughts = new ArrayList<>();
        List<Json> calls = new ArrayList<>();
        List<Json> images = new ArrayList<>();
        @Nullable Json audio = null;
        for (Part part : parts) {
            switch (part) {
                case Part.Text told -> text.append(told.text());
                case Part.Refusal told -> refusal.append(told.text());
                case Part.Thinking _, Part.RedactedThinking _ -> thoughts.add(part);
                case Part.ToolCall call -> calls.add(call(call, call.id()));
                case Part.Image image -> images.add(image(image));
                case Part.Audio sound -> audio = audio(sound);
                case Part.Video _, Part.Document _, Part.ToolResult _ -> {}
            }
        }
        boolean silent =
                text.isEmpty() && (!calls.isEmpty() || !refusal.isEmpty() || !images.isEmpty() || audio != null);
        String plain = plainThoughts(thoughts);
        Json.Builder message = Json.object()
                .put("role", "assistant")
                .put("content", silent ? Json.none() : Json.of(text.toString()))
                .put("refusal", refusal.isEmpty() ? Json.none() : Json.of(refusal.toString()));
        if (!plain.isEmpty()) message.put("reasoning_content", plain);
        Annotations.write(notes, message);
        return message.putUnlessEmpty("thinking_blocks", sealedThoughts(thoughts))
                .putUnlessEmpty("images", images)
                .put("audio", audio)
                .putUnlessEmpty("tool_calls", calls)
                .build();
    }

    static Json call(Part.ToolCall call, String id) {
        Json.Builder json = Json.object()
                .put("id", id)
                .put("type", "function")
                .put(
                        "function",
                        Json.object()
                                .put("name", call.name())
                                .put("arguments", call.arguments())
                                .build());
        if (call.signature() != null) json.put("extra_content", seal(call.signature()));
        return json.build();
    }

    /** Where Google's own OpenAI format keeps the seal on a call. */
    static Json seal(String signature) {
        return Json.object()
                .put("google", Json.object().put("thought_signature", signature).build())
                .build();
    }

    static Json image(Part.Image image) {
        return Json.object()
                .put("type", "image_url")
                .put(
                        "image_url",
                        Json.object()
                                .put("url", MessageWriter.url(image.media(), "image"))
                                .build())
                .build();
    }

    static @Nullable Json audio(Part.Audio sound) {
        return sound.media() instanceof Media.Inline(String _, String base64)
                ? Json.object().put("data", base64).build()
                : null;
    }

    static String plainThoughts(List<Part> thoughts) {
        StringBuilder text = new StringBuilder();
        for (Part part : thoughts) {
            if (part instanceof Part.Thinking thinking) text.append(thinking.text());
        }
        return text.toString();
    }

    /** All thoughts, if one of them has a seal or is encrypted; otherwise none, for the plain text says it all. */
    static List<Json> sealedThoughts(List<Part> thoughts) {
        List<Json> blocks = new ArrayList<>();
        boolean sealed = false;
        for (Part part : thoughts) {
            if (part instanceof Part.Thinking(String text, String signature)) {
                sealed |= signature != null;
                blocks.add(thinkingBlock(text, signature));
            } else if (part instanceof Part.RedactedThinking(String encrypted)) {
                sealed = true;
                blocks.add(redactedBlock(encrypted));
            }
        }
        return sealed ? blocks : List.of();
    }

    static Json thinkingBlock(String text, @Nullable String signature) {
        return Json.object()
                .put("type", "thinking")
                .put("thinking", text)
                .put("signature", signature)
                .build();
    }

    static Json redactedBlock(String encrypted) {
        return Json.object()
                .put("type", "redacted_thinking")
                .put("data", encrypted)
                .build();
    }

    static Json usage(Usage usage) {
        return Json.object()
                .put("prompt_tokens", usage.inputTokens())
                .put("completion_tokens", usage.outputTokens())
                .put("total_tokens", usage.totalTokens())
                .put(
                        "prompt_tokens_details",
                        Json.object()
                                .put("cached_tokens", usage.cachedInputTokens())
                                .put("cache_write_tokens", usage.cacheWrittenTokens())
                                .build())
                .put(
                        "completion_tokens_details",
                        Json.object()
                                .put("reasoning_tokens", usage.reasoningTokens())
                                .build())
                .build();
    }
}
