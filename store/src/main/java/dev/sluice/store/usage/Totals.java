package dev.sluice.store.usage;

import dev.sluice.traffic.usage.Outcome;
import dev.sluice.traffic.usage.UsageRecord;
import java.util.List;

/**
 * Sums over calls, in the order of {@link #COLUMNS}.
 *
 * <p>A job, which is no call, counts for what it consumed. A call has failed when an upstream failed or the client got a status of 500 or above; a refusal (401, 404, 429) and
 * a client that left have not.
 */
final class Totals {
    static final List<String> COLUMNS = List.of(
            "calls",
            "failed_calls",
            "input_tokens",
            "cached_input_tokens",
            "cache_written_tokens",
            "output_tokens",
            "reasoning_tokens",
            "cost_micros",
            "duration_millis",
            "first_content_calls",
            "first_content_millis",
            "images",
            "audio_millis",
            "characters",
            "video_millis");

    private final long[] sums = new long[COLUMNS.size()];

    void add(UsageRecord r) {
        boolean content = r.firstContentMillis() >= 0;
        sums[0] += r.isCall() ? 1 : 0;
        sums[1] += r.outcome() == Outcome.UPSTREAM_FAILED || r.status() >= 500 ? 1 : 0;
        sums[2] += r.usage().inputTokens();
        sums[3] += r.usage().cachedInputTokens();
        sums[4] += r.usage().cacheWrittenTokens();
        sums[5] += r.usage().outputTokens();
        sums[6] += r.usage().reasoningTokens();
        sums[7] += r.costMicros();
        sums[8] += r.durationMillis();
        sums[9] += content ? 1 : 0;
        sums[10] += content ? r.firstContentMillis() : 0;
        sums[11] += r.units().images();
        sums[12] += r.units().audioMillis();
        sums[13] += r.units().characters();
        sums[14] += r.units().videoMillis();
    }

    void add(Totals other) {
        for (int i = 0; i < sums.length; i++) sums[i] += other.sums[i];
    }

    void add(int column, long value) {
        sums[column] += value;
    }

    long sum(int column) {
        return sums[column];
    }
}
