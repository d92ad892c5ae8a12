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

    KeyRecord(BoundKey key) {
        secretHash = key.secret().hashCode();
    }

    /** Whether the key may be used now. A new secret starts with a clean slate. */
    boolean isUsable(BoundKey key, long nowMillis) {
        if (secretHash != key.secret().hashCode()) takeSecret(key);
        return !rejected && restingUntil <= nowMillis;
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

    synchronized void begin() {
        inFlight++;
        calls++;
    }

    synchronized void end() {
        inFlight = Math.max(0, inFlight - 1);
    }

    synchronized void succeeded(BoundKey key, long nowMillis) {
        end();
        // A call that began before the key was sent to rest says nothing about now.
        if (isJudged(key) && restingUntil <= nowMillis) rests = 0;
    }

    synchronized void failed(BoundKey key, Failure failure, long nowMillis) {
        end();
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
    }

    synchronized KeyState state(String keyId, long nowMillis) {
        boolean resting = !rejected && restingUntil > nowMillis;
        KeyState.Status status =
                rejected ? KeyState.Status.REJECTED : resting ? KeyState.Status.RESTING : KeyState.Status.ACTIVE;
        return new KeyState(keyId, status, calls, failures, lastError, resting ? restingUntil : 0);
    }

    private void rest(boolean quota, long retryAfterMillis, long nowMillis) {
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
