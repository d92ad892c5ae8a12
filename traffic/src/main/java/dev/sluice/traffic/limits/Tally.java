package dev.sluice.traffic.limits;

import dev.sluice.settings.Quota;
import org.jspecify.annotations.Nullable;

/**
 * Tokens of one key in one calendar period: used, and set aside for calls under way. A call counts in the period in
 * which it was admitted, as its usage record does. Guarded by its account.
 */
final class Tally {
    private static final long MAX = Long.MAX_VALUE / 4;

    private final QuotaPeriod period;
    private long end;
    /** Which period this is; a reservation of an earlier one no longer concerns it. */
    private long generation;

    private long counted;
    private long stored;
    private long reserved;

    Tally(QuotaPeriod period, long millis) {
        this.period = period;
        this.end = period.endOf(millis);
    }

    void advance(long millis) {
        if (millis < end) return;
        end = period.endOf(millis);
        generation++;
        counted = 0;
        stored = 0;
        reserved = 0;
    }

    /** Goes on from another time, as after a clock was set back; what was counted stays counted. */
    void rebase(long millis) {
        end = period.endOf(millis);
    }

    long generation() {
        return generation;
    }

    void reserve(long tokens) {
        reserved += tokens;
    }

    void release(long inGeneration, long tokens) {
        if (inGeneration == generation) reserved = Math.max(0, reserved - tokens);
    }

    void count(long inGeneration, long tokens) {
        if (inGeneration == generation) counted = Math.min(MAX, counted + tokens);
    }

    /** Takes in what was used before this process counted; never lowers what is known. */
    void seed(long tokens, boolean holdsCounted, long asOfMillis) {
        if (period.endOf(asOfMillis) != end) return;
        long before = holdsCounted ? tokens - counted : tokens;
        stored = Math.clamp(before, stored, MAX);
    }

    long used() {
        return Math.min(MAX, stored + counted);
    }

    long reserved() {
        return reserved;
    }

    QuotaPeriod period() {
        return period;
    }

    @Nullable
    Long limit(Quota quota) {
        return period.limit(quota);
    }

    String label() {
        return period.label();
    }

    /** When the period ends, {@link Long#MAX_VALUE} if never. */
    long end() {
        return end;
    }
}
