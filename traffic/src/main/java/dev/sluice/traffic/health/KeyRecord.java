package dev.sluice.traffic.health;

import dev.sluice.settings.snapshot.BoundKey;
import dev.sluice.traffic.failure.Failure;
import dev.sluice.traffic.failure.FailureKind;

/**
 * How one provider key fares. Counters and verdict change under the record's lock, which is held for a few instructions;
 * the fields that {@link KeyPool#choose} reads for every call are volatile.
 */
final class KeyRecord {
    private static final long FIRST_REST = 1_000;
    private static final long LONGEST_BACKOFF = 60_000;
    private static final long LONGEST_REST = 600_000;
    /** An empty account is not refilled within seconds. */
    private static final long FIRST_QUOTA_REST = 300_000;

    private static final long LONGEST_QUOTA_REST = 3_600_000;
    private static final int MAX_ERROR_LENGTH = 256;

    /** Tells a new secret from the one that was judged, without keeping it. */
    private volatile int secretHash;

    private volatile boolean rejected;
    private volatile long restingUntil;
    private volatile int inFlight;
    private volatile long calls;
    private long failures;
    private String lastError = "";
    /** Rests in a row, without a success between. */
    private int rests;

    private boolean restsForQuota;
    /** The key has rested and nothing has shown yet that it works again: one call at a time finds out. */
    private volatile boolean onProbation;

    private volatile boolean probing;

    KeyRecord(BoundKey key) {
        secretHash = key.secret().hashCode();
    }

    /** Whether the key may be used now. A new secret starts with a clean slate. */
    boolean isUsable(BoundKey key, long nowMillis) {
        if (secretHash != key.secret().hashCode()) takeSecret(key);
        return !rejected && restingUntil <= nowMillis && !(onProbation && probing);
    }

    boolean isRejected() {
        return rejected;
    }

    long restingUntil() {
        return restingUntil;
    }

    int inFlight() {
        return inFlight;
    }

    long calls() {
        return calls;
    }

    /**
     * Counts a call in.
     *
     * @param forced the key is used although it rests or is being probed, as nothing better is left
     * @return false when another call has just become the probe
     */
    synchronized boolean begin(boolean forced, long nowMillis) {
        if (onProbation && restingUntil <= nowMillis) {
            if (probing && !forced) return false;
            probing = true;
        }
        inFlight++;
        calls++;
        return true;
    }

    synchronized void abandoned(long beganAtMillis) {
        end(beganAtMillis);
    }

    /** The provider has begun to answer: the key works. */
    void answered(BoundKey key, long beganAtMillis) {
        if (onProbation) wellAgain(key, beganAtMillis);
    }

    synchronized void succeeded(BoundKey key, long beganAtMillis) {
        end(beganAtMillis);
        wellAgain(key, beganAtMillis);
    }

    synchronized void failed(BoundKey key, Failure failure, long beganAtMillis, long nowMillis) {
        end(beganAtMillis);
        FailureKind kind = failure.kind();
        if (!kind.blamesUpstream()) return;
        failures++;
        lastError = described(failure);
        if (!isJudged(key)) return;
        switch (kind.key()) {
            case KEEP -> {}
            case REST -> rest(kind == FailureKind.PROVIDER_QUOTA, failure.retryAfterMillis(), nowMillis);
            case REJECT -> rejected = true;
        }
    }

    synchronized void reinstate() {
        rejected = false;
        restingUntil = 0;
        rests = 0;
        onProbation = false;
        probing = false;
    }

    synchronized KeyState state(String keyId, long nowMillis) {
        boolean resting = !rejected && restingUntil > nowMillis;
        KeyState.Status status =
                rejected ? KeyState.Status.REJECTED : resting ? KeyState.Status.RESTING : KeyState.Status.ACTIVE;
        return new KeyState(keyId, status, calls, failures, lastError, resting ? restingUntil : 0);
    }

    private void end(long beganAtMillis) {
        inFlight = Math.max(0, inFlight - 1);
        // Only the probe can have begun since the rest was over.
        if (beganAtMillis >= restingUntil) probing = false;
    }

    private synchronized void wellAgain(BoundKey key, long beganAtMillis) {
        // A call that began before the key was sent to rest says nothing about now.
        if (!isJudged(key) || beganAtMillis < restingUntil) return;
        rests = 0;
        onProbation = false;
    }

    private void rest(boolean quota, long retryAfterMillis, long nowMillis) {
        onProbation = true;
        long longest = quota ? LONGEST_QUOTA_REST : LONGEST_REST;
        if (retryAfterMillis >= 0) {
            restingUntil = Math.max(restingUntil, nowMillis + Math.min(retryAfterMillis, longest));
            return;
        }
        // Calls that were under way together fail together: that is one reason to rest, not many.
        if (restingUntil > nowMillis && (restsForQuota || !quota)) return;
        long first = quota ? FIRST_QUOTA_REST : FIRST_REST;
        long pause = Math.min(first << Math.min(rests, 10), quota ? LONGEST_QUOTA_REST : LONGEST_BACKOFF);
        rests++;
        restsForQuota = quota;
        restingUntil = nowMillis + pause;
    }

    private synchronized void takeSecret(BoundKey key) {
        if (isJudged(key)) return;
        secretHash = key.secret().hashCode();
        reinstate();
    }

    /** Whether what is known is about this very secret. */
    private boolean isJudged(BoundKey key) {
        return secretHash == key.secret().hashCode();
    }

    private static String described(Failure failure) {
        String words = failure.upstream().message().isEmpty()
                ? failure.message()
                : failure.upstream().message();
        String text = (failure.isUpstream() ? failure.upstreamStatus() + " " : "")
                + failure.kind().label() + ": " + words;
        return text.length() <= MAX_ERROR_LENGTH ? text : text.substring(0, MAX_ERROR_LENGTH - 1) + "…";
    }
}
