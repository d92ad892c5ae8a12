package dev.sluice.traffic.health;

import dev.sluice.settings.Health;

/**
 * The circuit breaker of one key and model of a service. Closed it counts calls and failures of the last while; when too
 * many fail it opens and lets nothing through; after a pause a few probes decide whether it closes or opens again.
 *
 * <p>A call that was let through holds a pass, which names the round of the circuit that it belongs to: what a call of an
 * earlier round comes to says nothing about this one. State changes under the lock, held for a few instructions; whether
 * a closed circuit lets a call through is one volatile read.
 */
final class Circuit {
    /** The pass of a call that was refused. */
    static final int REFUSED = -1;
    /** The pass of a call that was made although the circuit refused it, as nothing better was left. */
    static final int FORCED = -2;

    private static final int SLOTS = 10;

    private volatile CircuitState.Status status = CircuitState.Status.CLOSED;
    private volatile long openUntil;
    private volatile long usedAt;
    private volatile int round;
    private int probesOut;
    private int probesPassed;
    private final int[] calls = new int[SLOTS];
    private final int[] failures = new int[SLOTS];
    private long slotMillis;
    /** Number of the newest slot since the epoch. */
    private long slot;

    CircuitState.Status status() {
        return status;
    }

    boolean isIdleSince(long millis) {
        return usedAt < millis && openUntil < millis;
    }

    /** Whether {@link #enter} would let a call through. */
    boolean lets(Health.Breaker breaker, long nowMillis) {
        return switch (status) {
            case CLOSED -> true;
            case OPEN -> nowMillis >= openUntil;
            case HALF_OPEN -> hasProbe(breaker);
        };
    }

    /** The pass for a call, {@link #REFUSED} if it must not be made. */
    int enter(Health.Breaker breaker, long nowMillis) {
        // A pass of a round that ends just now is as good as one of a moment ago.
        if (status == CircuitState.Status.CLOSED) return round;
        synchronized (this) {
            switch (status) {
                case CLOSED -> {}
                case OPEN -> {
                    if (nowMillis < openUntil) return REFUSED;
                    halfOpen();
                    probesOut = 1;
                }
                case HALF_OPEN -> {
                    if (!hasProbe(breaker)) return REFUSED;
                    probesOut++;
                }
            }
            return round;
        }
    }

    /** The answer to a call has begun: a probe need not end to be good. Whether the call was a probe and is counted now. */
    boolean answered(int pass, Health.Breaker breaker) {
        if (status != CircuitState.Status.HALF_OPEN) return false;
        synchronized (this) {
            if (status != CircuitState.Status.HALF_OPEN || pass != round) return false;
            probesOut--;
            passed(breaker);
            return true;
        }
    }

    synchronized void succeeded(int pass, Health.Breaker breaker, long nowMillis) {
        usedAt = nowMillis;
        switch (status) {
            case CLOSED -> {
                if (pass == round || pass == FORCED) count(false, breaker, nowMillis);
            }
            case OPEN -> {
                // Proof that it works is welcome before its time.
                if (pass == FORCED) {
                    halfOpen();
                    passed(breaker);
                }
            }
            case HALF_OPEN -> {
                if (pass == round) probesOut--;
                if (pass == round || pass == FORCED) passed(breaker);
            }
        }
    }

    synchronized void failed(int pass, Health.Breaker breaker, long nowMillis) {
        usedAt = nowMillis;
        switch (status) {
            case CLOSED -> {
                if (pass != round && pass != FORCED) return;
                count(true, breaker, nowMillis);
                int all = sum(calls);
                if (all >= breaker.minimumCalls()
                        && sum(failures) * 100L >= (long) all * breaker.failureRatePercent()) {
                    open(breaker, nowMillis);
                }
            }
            case OPEN -> {}
            case HALF_OPEN -> {
                if (pass == round || pass == FORCED) open(breaker, nowMillis);
            }
        }
    }

    /** The call came to nothing that says anything about the target. */
    synchronized void abandoned(int pass) {
        if (status == CircuitState.Status.HALF_OPEN && pass == round) probesOut--;
    }

    synchronized CircuitState state(String key, String model, Health.Breaker breaker, long nowMillis) {
        forgetOld(breaker, nowMillis);
        return new CircuitState(
                key, model, status, sum(calls), sum(failures), status == CircuitState.Status.OPEN ? openUntil : 0);
    }

    private synchronized boolean hasProbe(Health.Breaker breaker) {
        return probesOut + probesPassed < breaker.halfOpenProbes();
    }

    private synchronized void halfOpen() {
        status = CircuitState.Status.HALF_OPEN;
        nextRound();
        probesOut = 0;
        probesPassed = 0;
    }

    private synchronized void passed(Health.Breaker breaker) {
        if (++probesPassed < breaker.halfOpenProbes()) return;
        status = CircuitState.Status.CLOSED;
        nextRound();
        clear();
    }

    private synchronized void open(Health.Breaker breaker, long nowMillis) {
        status = CircuitState.Status.OPEN;
        openUntil = nowMillis + breaker.openMs();
        nextRound();
        clear();
    }

    private synchronized void nextRound() {
        round = round + 1;
    }

    private void count(boolean failure, Health.Breaker breaker, long nowMillis) {
        forgetOld(breaker, nowMillis);
        int at = (int) (slot % SLOTS);
        calls[at]++;
        if (failure) failures[at]++;
    }

    private void forgetOld(Health.Breaker breaker, long nowMillis) {
        long length = Math.max(1, breaker.windowMs() / SLOTS);
        long newest = nowMillis / length;
        if (length != slotMillis || newest - slot >= SLOTS || newest < slot) {
            slotMillis = length;
            slot = newest;
            clear();
            return;
        }
        while (slot < newest) {
            slot++;
            int at = (int) (slot % SLOTS);
            calls[at] = 0;
            failures[at] = 0;
        }
    }

    private void clear() {
        java.util.Arrays.fill(calls, 0);
        java.util.Arrays.fill(failures, 0);
    }

    private static int sum(int[] counts) {
        int sum = 0;
        for (int count : counts) sum += count;
        return sum;
    }
}
