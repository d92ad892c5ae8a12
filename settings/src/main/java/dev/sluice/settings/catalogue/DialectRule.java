package dev.sluice.settings.catalogue;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a provider speaks the OpenAI protocol with some of its models. Of the rules that cover a model, what a later one says replaces what an
 * earlier one said; extensions add up. What none says is as {@code openai-compatible} has it.
 *
 * @param models names or patterns with {@code *}; empty = all
 * @param reasoning where it expects wishes about thinking
 * @param efforts the words that it knows in {@code reasoning_effort}; empty = nothing new
 * @param thinksUnasked whether it thinks unless it is told not to
 * @param maxTokens which member limits the output
 * @param thoughtsBack what becomes of the thoughts of earlier turns
 * @param toolChoices what it takes as {@code tool_choice}; empty = nothing new
 * @param callIds the form that ids of calls must have
 * @param mostStops how many stop sequences it takes
 * @param authorNames whether messages may have a {@code name}
 * @param developers whether messages of developers are known beside those of the system
 * @param extensions members beyond the OpenAI protocol that it understands
 */
public record DialectRule(
        List<String> models,
        @Nullable ReasoningField reasoning,
        List<Effort> efforts,
        @Nullable Boolean thinksUnasked,
        @Nullable MaxTokensField maxTokens,
        @Nullable ThoughtsBack thoughtsBack,
        List<ToolChoice> toolChoices,
        @Nullable CallIds callIds,
        @Nullable Integer mostStops,
        @Nullable Boolean authorNames,
        @Nullable Boolean developers,
        List<String> extensions)
        implements OfModels {
    public DialectRule {
        models = List.copyOf(models);
        efforts = List.copyOf(efforts);
        toolChoices = List.copyOf(toolChoices);
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

    public enum Effort {
        NONE,
        MINIMAL,
        LOW,
        MEDIUM,
        HIGH,
        XHIGH,
        MAX
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

    /** What may stand in {@code tool_choice}. */
    public enum ToolChoice {
        NONE,
        AUTO,
        /** Some tool, whichever. */
        REQUIRED,
        /** The same in Mistral's word. */
        ANY,
        /** A function by its name. */
        FUNCTION
    }

    /** What ids of calls may be. */
    public enum CallIds {
        ANY,
        /** Nine letters and digits. */
        NINE
    }
}
