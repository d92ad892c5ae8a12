package dev.sluice.protocol.chat;

import dev.sluice.protocol.chat.ChatRequest.Effort;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How one vendor speaks a format that several vendors share.
 *
 * @param provider id of the provider in the catalogue
 * @param reasoning the member in which the vendor expects wishes about thinking
 * @param efforts those that the vendor has a word for; empty if that is not known
 * @param thinksUnasked whether the model thinks unless it is told not to
 * @param maxTokens the member that limits the output of OpenAI chat
 * @param thoughtsBack what becomes of the thoughts of earlier turns
 * @param toolChoices what the vendor takes as {@code tool_choice}
 * @param callIds the form that ids of calls must have
 * @param mostStops how many stop sequences the vendor takes
 * @param authorNames whether messages may have a name
 * @param extensions the members beyond the format that the vendor understands; others are not sent
 * @param mostOutput the most tokens of one answer of the model; 0 where that is not known
 * @param model the name that tells what the model takes; null where that of the request does
 */
public record Dialect(
        String provider,
        ReasoningField reasoning,
        Set<Effort> efforts,
        boolean thinksUnasked,
        MaxTokensField maxTokens,
        ThoughtsBack thoughtsBack,
        Set<ToolChoiceWord> toolChoices,
        CallIds.Form callIds,
        int mostStops,
        boolean authorNames,
        Set<String> extensions,
        long mostOutput,
        @Nullable String model) {
    /** As many as OpenAI takes. */
    public static final int USUAL_STOPS = 4;

    public static final Dialect PLAIN = new Dialect(
            "openai",
            ReasoningField.EFFORT,
            EnumSet.range(Effort.NONE, Effort.XHIGH),
            false,
            MaxTokensField.MAX_COMPLETION_TOKENS,
            ThoughtsBack.LEFT_OUT,
            ToolChoiceWord.USUAL,
            CallIds.Form.ANY,
            USUAL_STOPS,
            true,
            Set.of(),
            0,
            null);

    public Dialect {
        efforts = Set.copyOf(efforts);
        toolChoices = Set.copyOf(toolChoices);
        extensions = Set.copyOf(extensions);
    }

    /** The same dialect with other members beyond the format. */
    public Dialect withExtensions(Set<String> others) {
        return new Dialect(
                provider,
                reasoning,
                efforts,
                thinksUnasked,
                maxTokens,
                thoughtsBack,
                toolChoices,
                callIds,
                mostStops,
                authorNames,
                others,
                mostOutput,
                model);
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

    /** What may stand in {@code tool_choice}. */
    public enum ToolChoiceWord {
        NONE,
        AUTO,
        /** Some tool, whichever. */
        REQUIRED,
        /** The same in Mistral's word. */
        ANY,
        /** A function by its name. */
        FUNCTION;

        public static final Set<ToolChoiceWord> USUAL = Set.of(NONE, AUTO, REQUIRED, FUNCTION);
    }
}
