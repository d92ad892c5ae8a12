package dev.sluice.traffic.limits;

import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Counts over the last minute in slots of one second: what counts is the running second and the 60 full seconds before
 * it. So the window is never shorter than a minute, and whatever is counted has left it after 61 seconds. Slots are
 * numbered so that a late correction finds the one it belongs to. Times given to questions are those last advanced to,
 * or later ones within the running second. Guarded by its account.
 */
final class Window {
    /** Counters stop here, so that nothing overflows when they are added up. */
    static final long MAX = 100_000_000_000_000L;

    private static final long SLOT_MILLIS = 1000;
    /** The running second and the minute before it. */
    private static final int SLOTS = 61;

    /** When the running slot began. */
    private long start;
    /** The running slot. */
    private long slot;

    // Rings by slot number. Most keys are idle most of the time: there are none while nothing counts.
    private int @Nullable [] requests;
    private long @Nullable [] tokens;
    private long requestSum;
    private long tokenSum;

    Window(long millis) {
        start = secondOf(millis);
    }

    /** Brings the slots up to a time that is not before the last one. */
    void advance(long millis) {
        long seconds = (millis - start) / SLOT_MILLIS;
        if (seconds <= 0) return;
        start += seconds * SLOT_MILLIS;
        if (seconds >= SLOTS) {
            slot += seconds;
            clear();
            return;
        }
        for (long i = 0; i < seconds; i++) {
            slot++;
            expire();
        }
    }

    /** Goes on from another time, as after a clock was set back; what was counted stays counted. */
    void rebase(long millis) {
        start = secondOf(millis);
    }

    /** The number of the running slot. */
    long bucket() {
        return slot;
    }

    void add(long requestCount, long tokenCount) {
        if (requests == null) requests = new int[SLOTS];
        int i = index(slot);
        int count = Math.clamp(requests[i] + requestCount, 0, Integer.MAX_VALUE);
        requestSum += count - requests[i];
        requests[i] = count;
        correct(slot, tokenCount);
    }

    /** Corrects the tokens of a slot, if it still counts. */
    void correct(long inBucket, long difference) {
        if (inBucket > slot || inBucket <= slot - SLOTS) return;
        if (tokens == null) tokens = new long[SLOTS];
        int i = index(inBucket);
        long count = Math.clamp(tokens[i] + difference, 0, MAX);
        tokenSum += count - tokens[i];
        tokens[i] = count;
    }

    long usedRequests(long millis) {
        return requestSum;
    }

    long usedTokens(long millis) {
        return tokenSum;
    }

    long waitForRequests(long limit, long millis) {
        return waitFor(limit, requestSum, this::requestsIn, millis);
    }

    long waitForTokens(long limit, long millis) {
        return waitFor(limit, tokenSum, this::tokensIn, millis);
    }

    long untilNoRequests(long millis) {
        return untilEmpty(requestSum, this::requestsIn, millis);
    }

    long untilNoTokens(long millis) {
        return untilEmpty(tokenSum, this::tokensIn, millis);
    }

    boolean isEmpty() {
        return requestSum == 0 && tokenSum == 0;
    }

    /** How long until one more fits, if nothing else is counted meanwhile: at most until the running slot has left. */
    private long waitFor(long limit, long sum, LongUnaryOperator counts, long millis) {
        long left = sum;
        long leaving = slot - SLOTS;
        while (left >= limit && leaving < slot) {
            leaving++;
            left -= counts.applyAsLong(leaving);
        }
        return Math.max(1, untilGone(leaving, millis));
    }

    /** How long until the newest slot in which anything was counted has left; 0 if there is none. */
    private long untilEmpty(long sum, LongUnaryOperator counts, long millis) {
        if (sum == 0) return 0;
        long newest = slot;
        while (counts.applyAsLong(newest) == 0) newest--;
        return untilGone(newest, millis);
    }

    private long untilGone(long leaving, long millis) {
        long elapsed = Math.clamp(millis - start, 0, SLOT_MILLIS - 1);
        return (leaving + SLOTS - slot) * SLOT_MILLIS - elapsed;
    }

    private long requestsIn(long number) {
        return requests == null ? 0 : requests[index(number)];
    }

    private long tokensIn(long number) {
        return tokens == null ? 0 : tokens[index(number)];
    }

    /** Forgets what the slot counted whose place the running one takes. */
    private void expire() {
        int i = index(slot);
        if (requests != null) {
            requestSum -= requests[i];
            requests[i] = 0;
        }
        if (tokens != null) {
            tokenSum -= tokens[i];
            tokens[i] = 0;
        }
    }

    private void clear() {
        requests = null;
        tokens = null;
        requestSum = 0;
        tokenSum = 0;
    }

    private static int index(long number) {
        return Math.floorMod(number, SLOTS);
    }

    private static long secondOf(long millis) {
        return Math.floorDiv(millis, SLOT_MILLIS) * SLOT_MILLIS;
    }
}
