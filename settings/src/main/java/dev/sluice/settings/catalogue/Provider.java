package dev.sluice.settings.catalogue;

import dev.sluice.settings.binding.Default;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One model provider as a row of data.
 *
 * @param id how settings name it, e.g. {@code deepseek}
 * @param kind whether it serves models, or agents that are called like a model
 * @param openai what it offers in the OpenAI protocol; absent if nothing
 * @param own what it offers in its own protocol ({@code protocol: native}); absent if it has none
 * @param variant its own protocol of another service of the vendor: Mantle of Bedrock, the express mode of Vertex
 * @param usageInStream whether a stream of the OpenAI protocol reports usage by itself, only when asked, or never
 * @param reasoning where it expects wishes about thinking in the OpenAI protocol
 * @param maxTokens which member limits the output in the OpenAI protocol
 * @param echoesReasoning whether it wants the thoughts of earlier turns back
 * @param extensions members beyond the OpenAI protocol that it understands
 * @param rules what it does not take as the OpenAI protocol has it
 * @param keysUrl where a customer gets a key; absent where nobody sells one
 * @param errors the envelope in which it tells errors
 * @param rateLimits the headers in which it tells what is left of its limits
 * @param models names for drop-downs and for the list of models; other names work as well
 */
public record Provider(
        String id,
        String displayName,
        @Default("model") ProviderKind kind,
        @Nullable Offer openai,
        @Nullable Offer own,
        @Nullable Offer variant,
        @Default("opt-in") UsageInStream usageInStream,
        @Default("effort") ReasoningField reasoning,
        @Default("max-tokens") MaxTokensField maxTokens,
        @Default("false") boolean echoesReasoning,
        List<String> extensions,
        List<ParameterRule> rules,
        @Nullable String keysUrl,
        @Default("openai") ErrorDialect errors,
        @Default("none") RateLimitHeaders rateLimits,
        List<String> models) {
    public Provider {
        extensions = List.copyOf(extensions);
        rules = List.copyOf(rules);
        models = List.copyOf(models);
    }

    public enum ProviderKind {
        MODEL,
        AGENT
    }

    public enum UsageInStream {
        ALWAYS,
        OPT_IN,
        NEVER
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

    /** In which envelope errors come. */
    public enum ErrorDialect {
        /** {@code {"error": {"message", "type", "code"}}}. */
        OPENAI,
        /** {@code {"type": "error", "error": {"type", "message"}}}. */
        ANTHROPIC,
        /** {@code {"error": {"code", "message", "status", "details"}}}. */
        GOOGLE,
        /** {@code x-amzn-errortype} and {@code {"message"}}. */
        AWS,
        /** {@code {"code", "message", "request_id"}}. */
        DASHSCOPE,
        /** {@code {"Response": {"Error": {"Code", "Message"}}}} with status 200. */
        TENCENT,
        /** {@code {"base_resp": {"status_code", "status_msg"}}} with status 200. */
        MINIMAX,
        /** {@code {"message"}} without more around it. */
        FLAT,
        /** {@code {"detail"}}. */
        DETAIL
    }

    /** In which headers limits come. */
    public enum RateLimitHeaders {
        NONE,
        /** {@code x-ratelimit-*} with durations. */
        X_RATELIMIT,
        /** {@code anthropic-ratelimit-*} with instants. */
        ANTHROPIC,
        /** {@code retry-after} alone. */
        RETRY_AFTER
    }
}
