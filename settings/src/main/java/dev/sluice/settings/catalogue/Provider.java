package dev.sluice.settings.catalogue;

import dev.sluice.settings.binding.Default;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One model provider as a row of data.
 *
 * @param id how settings name it, e.g. {@code deepseek}
 * @param kind whether it serves models, agents that are called like a model, or anything
 * @param openai what it offers in the OpenAI protocol; absent if nothing
 * @param own what it offers in its own protocol ({@code protocol: native}); absent if it has none
 * @param variant its own protocol of another service of the vendor: Mantle of Bedrock, the express mode of Vertex
 * @param usageInStream whether a stream of the OpenAI protocol reports usage by itself, only when asked, or never
 * @param dialect how it speaks the OpenAI protocol with which models
 * @param rules what it does not take as the OpenAI protocol has it
 * @param embeddingBatches how many inputs one call for embeddings may have; the first row that covers the model counts
 * @param outputLimits how much models can say in one answer; the first row that covers the model counts, models without one have no known limit
 * @param repeating names or patterns of models whose streams may repeat what came before, whatever they are asked for
 * @param keysUrl where a customer gets a key; absent where nobody sells one
 * @param errors whose codes its errors have
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
        List<DialectRule> dialect,
        List<ParameterRule> rules,
        List<EmbeddingBatch> embeddingBatches,
        List<OutputLimit> outputLimits,
        List<String> repeating,
        @Nullable String keysUrl,
        @Default("words") ErrorDialect errors,
        @Default("none") RateLimitHeaders rateLimits,
        List<String> models) {
    public Provider {
        dialect = List.copyOf(dialect);
        rules = List.copyOf(rules);
        embeddingBatches = List.copyOf(embeddingBatches);
        outputLimits = List.copyOf(outputLimits);
        repeating = List.copyOf(repeating);
        models = List.copyOf(models);
    }

    public enum ProviderKind {
        MODEL,
        AGENT,
        /** No provider at all: any backend. */
        HTTP
    }

    public enum UsageInStream {
        ALWAYS,
        OPT_IN,
        NEVER
    }

    /**
     * Whose codes the errors of a provider have. The envelope around them tells itself: a proxy on the way has one of its own
     * anyway. Words mean the same wherever they come from, numbers and a few words do not.
     */
    public enum ErrorDialect {
        /** Words; a number is a status of HTTP or says nothing. */
        WORDS,
        /** Numbers from 1000 on, with a status of HTTP that may say something else. */
        ZHIPU,
        /** Numbers from 1000 on, with status 200. */
        MINIMAX,
        /** Numbers from 10000 on, with status 200. */
        SPARK,
        /** Words, and status 498. */
        COHERE,
        /** Words, some of which blame the request for what happens behind it. */
        DIFY,
        /** Numbers from 4000 on, often with status 200. */
        COZE
    }

    /** In which headers limits come, beside {@code retry-after}, which anybody may send. */
    public enum RateLimitHeaders {
        NONE,
        /** {@code x-ratelimit-remaining-*} and {@code x-ratelimit-reset-*}. */
        X_RATELIMIT,
        /** {@code anthropic-ratelimit-*}. */
        ANTHROPIC
    }
}
