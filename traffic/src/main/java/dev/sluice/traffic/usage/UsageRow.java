package dev.sluice.traffic.usage;

import java.util.Map;

/**
 * One line of an answer of the roll-ups.
 *
 * @param groups value per asked dimension; day and hour as ISO 8601 in UTC
 * @param failedCalls calls whose answer was not delivered whole for a reason other than the caller's own
 */
public record UsageRow(
        Map<UsageQuery.Dimension, String> groups,
        long calls,
        long failedCalls,
        long inputTokens,
        long cachedInputTokens,
        long cacheWrittenTokens,
        long outputTokens,
        long reasoningTokens,
        long images,
        long audioMillis,
        long characters,
        long videoMillis,
        long costMicros) {
    public UsageRow {
        groups = Map.copyOf(groups);
    }

    public long totalTokens() {
        return inputTokens + outputTokens;
    }
}
