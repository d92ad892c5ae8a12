package dev.sluice.protocol;

/**
 * Tokens that one call consumed, in one normal form for all vendors.
 *
 * @param inputTokens all input tokens, cached ones included
 * @param cachedInputTokens the part of the input that the vendor read from its cache
 * @param cacheWrittenTokens the part of the input that the vendor wrote to its cache
 * @param outputTokens all output tokens, reasoning included
 * @param reasoningTokens the part of the output spent on reasoning
 */
public record Usage(
        long inputTokens, long cachedInputTokens, long cacheWrittenTokens, long outputTokens, long reasoningTokens) {
    public static final Usage ZERO = new Usage(0, 0, 0, 0, 0);

    public static Usage of(long inputTokens, long outputTokens) {
        return new Usage(inputTokens, 0, 0, outputTokens, 0);
    }

    /** The sum of two calls. */
    public Usage plus(Usage other) {
        return new Usage(
                inputTokens + other.inputTokens,
                cachedInputTokens + other.cachedInputTokens,
                cacheWrittenTokens + other.cacheWrittenTokens,
                outputTokens + other.outputTokens,
                reasoningTokens + other.reasoningTokens);
    }

    /** What is left of it when a part has been paid. */
    public Usage less(Usage paid) {
        long input = Math.max(0, inputTokens - paid.inputTokens);
        long output = Math.max(0, outputTokens - paid.outputTokens);
        long cached = Math.clamp(cachedInputTokens - paid.cachedInputTokens, 0, input);
        return new Usage(
                input,
                cached,
                Math.clamp(cacheWrittenTokens - paid.cacheWrittenTokens, 0, input - cached),
                output,
                Math.clamp(reasoningTokens - paid.reasoningTokens, 0, output));
    }

    public long totalTokens() {
        return inputTokens + outputTokens;
    }
}
