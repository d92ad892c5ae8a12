package dev.sluice.settings.catalogue;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a provider speaks the OpenAI protocol with some of its models. Of the rules that cover a model, what a later one says replaces what an
 * earlier one said; extensions add up. What none says is as {@code openai-compatible} has it.
 *
 * @param models names or patterns with {@code *}; empty = all
 * @param reasoning where it expects wishes about thinking
 * @param maxTokens which member limits the output
 * @param thoughtsBack what becomes of the thoughts of earlier turns
 * @param extensions members beyond the OpenAI protocol that it understands
 */
public record DialectRule(
        List<String> models,
        @Nullable ReasoningField reasoning,
        @Nullable MaxTokensField maxTokens,
        @Nullable ThoughtsBack thoughtsBack,
        List<String> extensions) {
    public DialectRule {
        models = List.copyOf(models);
        extensions = List.copyOf(extensions);
    }

    /** Where wishes about thinking go. */
    public enum ReasoningField {
        /** {@code reasoning_effort}. */
        EFFORT,
        /** {@code thinking: {type: enabled | disabled}}. */
        THINKING_TYPE,
        /** {@code enable_thinking} and {@code thinking_budget}. */
        ENABLE_THINKING,
        /** {@code reasoning: {effort | max_tokens}}. */
        REASONING_OBJECT,
        NONE
    }

    public enum MaxTokensField {
        MAX_TOKENS,
        MAX_COMPLETION_TOKENS
    }

    /** What becomes of the thoughts of earlier turns. */
    public enum ThoughtsBack {
        LEFT_OUT,
        /** {@code reasoning_content} of the turn that they belong to. */
        TAKEN,
        /** The same, and while it thinks it refuses turns with calls that have none. */
        REQUIRED
    }
}
