package dev.sluice.protocol.chat;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How one vendor speaks a format that several vendors share.
 *
 * @param provider id of the provider in the catalogue
 * @param reasoning the member in which the vendor expects wishes about thinking
 * @param maxTokens the member that limits the output of OpenAI chat
 * @param thoughtsBack what becomes of the thoughts of earlier turns
 * @param extensions the members beyond the format that the vendor understands; others are not sent
 * @param mostOutput the most tokens of one answer of the model; 0 where that is not known
 * @param model the name that tells what the model takes; null where that of the request does
 */
public record Dialect(
        String provider,
        ReasoningField reasoning,
        MaxTokensField maxTokens,
        ThoughtsBack thoughtsBack,
        Set<String> extensions,
        long mostOutput,
        @Nullable String model) {
    public static final Dialect PLAIN = new Dialect(
            "openai",
            ReasoningField.EFFORT,
            MaxTokensField.MAX_COMPLETION_TOKENS,
            ThoughtsBack.LEFT_OUT,
            Set.of(),
            0,
            null);

    public Dialect {
        extensions = Set.copyOf(extensions);
    }

    /** The same dialect with other members beyond the format. */
    public Dialect withExtensions(Set<String> others) {
        return new Dialect(provider, reasoning, maxTokens, thoughtsBack, others, mostOutput, model);
    }

    /** The name by which a format tells what the model of a request takes. */
    public String family(ChatRequest request) {
        return model == null ? request.model() : model;
    }

    /** Where a vendor of the OpenAI format expects wishes about thinking. */
    public enum ReasoningField {
        /** {@code reasoning_effort}. */
        EFFORT,
        /** {@code thinking: {type: enabled | disabled}}: Zhipu, Ark, DeepSeek. */
        THINKING_TYPE,
        /** {@code enable_thinking} and {@code thinking_budget}: Qwen, SiliconFlow. */
        ENABLE_THINKING,
        /** {@code reasoning: {effort | max_tokens}}: OpenRouter. */
        REASONING_OBJECT,
        /** The vendor knows no such wish. */
        NONE
    }

    public enum MaxTokensField {
        MAX_TOKENS,
        MAX_COMPLETION_TOKENS
    }

    /** What becomes of the thoughts of earlier turns. */
    public enum ThoughtsBack {
        LEFT_OUT,
        /** They go back as {@code reasoning_content}. */
        TAKEN,
        /** The same, and while the model thinks the vendor refuses turns with calls that have none. */
        REQUIRED
    }
}
