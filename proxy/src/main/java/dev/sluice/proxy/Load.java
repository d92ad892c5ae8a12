package dev.sluice.proxy;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What is in flight in this process. Safe for all event loops. */
public final class Load {
    private final LongAdder calls = new LongAdder();
    private final AtomicLong bufferedBytes = new AtomicLong();
    private volatile boolean draining;

    public long callsInFlight() {
        return calls.sum();
    }

    /** Request bodies held in memory. */
    public long bufferedBytes() {
        return bufferedBytes.get();
    }

    /** From now on connections close after their answer, so that clients move on to other nodes. */
    public void drain() {
        draining = true;
    }

    public boolean isDraining() {
        return draining;
    }

    void began() {
        calls.increment();
    }

    void ended() {
        calls.decrement();
    }

    boolean buffer(int bytes, long max) {
        if (bufferedBytes.addAndGet(bytes) <= max) return true;
        bufferedBytes.addAndGet(-bytes);
        return false;
    }

    void release(int bytes) {
        bufferedBytes.addAndGet(-bytes);
    }
}
