package dev.sluice.traffic.limits;

/**
 * Counts over the last minute in two buckets: the running minute, and the one before, of which the share counts that
 * still lies within the last 60 seconds. Buckets are numbered so that a late correction finds the one it belongs to.
 * Guarded by its account.
 */
final class Window {
    static final long MILLIS = 60_000;
    /** Counters stop here, so that nothing overflows when they are scaled. */
    static final long MAX = 100_000_000_000_000L;

    private long start;
    private long bucket;
    private long requests;
    private long tokens;
    private long requestsBefore;
    private long tokensBefore;

    Window(long millis) {
        start = minuteOf(millis);
    }

    /** Brings the buckets up to a time that is not before the last one. */
    void advance(long millis) {
        long minutes = (millis - start) / MILLIS;
        if (minutes <= 0) return;
        requestsBefore = minutes == 1 ? requests : 0;
        tokensBefore = minutes == 1 ? tokens : 0;
        requests = 0;
        tokens = 0;
        bucket += minutes;
        start += minutes * MILLIS;
    }

    /** Goes on from another time, as after a clock was set back; what was counted stays counted. */
    void rebase(long millis) {
        start = minuteOf(millis);
    }

    long bucket() {
        return bucket;
    }

    void add(long requestCount, long tokenCount) {
        requests = bounded(requests + requestCount);
        tokens = bounded(tokens + tokenCount);
    }

    /** Corrects the tokens of a bucket, if it still counts. */
    void correct(long inBucket, long difference) {
        if (inBucket == bucket) {
            tokens = bounded(tokens + difference);
        } else if (inBucket == bucket - 1) {
            tokensBefore = bounded(tokensBefore + difference);
        }
    }

    long usedRequests(long millis) {
        return used(requests, requestsBefore, millis);
    }

    long usedTokens(long millis) {
        return used(tokens, tokensBefore, millis);
    }

    long waitForRequests(long limit, long millis) {
        return waitFor(1, limit, requests, requestsBefore, millis);
    }

    long waitForTokens(long need, long limit, long millis) {
        return waitFor(need, limit, tokens, tokensBefore, millis);
    }

    long untilNoRequests(long millis) {
        return untilEmpty(requests, requestsBefore, millis);
    }

    long untilNoTokens(long millis) {
        return untilEmpty(tokens, tokensBefore, millis);
    }

    boolean isEmpty() {
        return requests == 0 && tokens == 0 && requestsBefore == 0 && tokensBefore == 0;
    }

    private long used(long now, long before, long millis) {
        if (before == 0) return now;
        long left = MILLIS - elapsed(millis);
        return now + Math.ceilDiv(before * left, MILLIS);
    }

    /** How long until an amount fits, if nothing else is counted meanwhile. */
    private long waitFor(long need, long limit, long now, long before, long millis) {
        long elapsed = elapsed(millis);
        if (now + need <= limit) {
            return Math.max(1, fadedAt(before, limit - need - now) - elapsed);
        }
        return MILLIS - elapsed + fadedAt(now, Math.max(0, limit - need));
    }

    /** The time within a minute at which no more than some room is taken by what was counted in the minute before. */
    private static long fadedAt(long before, long room) {
        return before <= room ? 0 : MILLIS - room * MILLIS / before;
    }

    private long untilEmpty(long now, long before, long millis) {
        if (now > 0) return 2 * MILLIS - elapsed(millis);
        return before > 0 ? MILLIS - elapsed(millis) : 0;
    }

    private long elapsed(long millis) {
        return Math.clamp(millis - start, 0, MILLIS - 1);
    }

    private static long bounded(long count) {
        return Math.clamp(count, 0, MAX);
    }

    private static long minuteOf(long millis) {
        return Math.floorDiv(millis, MILLIS) * MILLIS;
    }
}
