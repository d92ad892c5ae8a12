package dev.sluice.proxy;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What is in flight in this process. Safe for all event loops. */
public final class Load {
    private final LongAdder calls = new LongAdder();
    private final AtomicLong bufferedBytes = new AtomicLong();
    private final AtomicInteger connections = new AtomicInteger();
    private final ConcurrentMap<String, Integer> connectionsByAddress = new ConcurrentHashMap<>();
    private volatile boolean draining;

    public long callsInFlight() {
        return calls.sum();
    }

    /** What calls hold in memory: request bodies, and what their URLs led to. */
    public long bufferedBytes() {
        return bufferedBytes.get();
    }

    /** Connections of clients. */
    public int connections() {
        return connections.get();
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

    /**
     * Counts a connection, unless there are too many.
     *
     * @param address null when connections are not counted by address
     */
    boolean connected(@Nullable String address, int max, int maxOfAddress) {
        if (connections.incrementAndGet() > max) {
            connections.decrementAndGet();
            return false;
        }
        if (address == null || connectionsByAddress.merge(address, 1, Integer::sum) <= maxOfAddress) return true;
        disconnected(address);
        return false;
    }

    void disconnected(@Nullable String address) {
        connections.decrementAndGet();
        if (address != null) connectionsByAddress.computeIfPresent(address, (_, n) -> n == 1 ? null : n - 1);
    }

    boolean buffer(int bytes, long max) {
        if (bufferedBytes.addAndGet(bytes) <= max) return true;
        bufferedBytes.addAndGet(-bytes);
        return false;
    }

    void release(long bytes) {
        bufferedBytes.addAndGet(-bytes);
    }
}
