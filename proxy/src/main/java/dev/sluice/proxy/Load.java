package dev.sluice.proxy;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What is in flight in this process. Safe for all event loops. */
public final class Load {
    /** So much of an answer every call may hold uncounted: most answers are shorter. */
    private static final int SHORT_ANSWER = 64 << 10;

    private final LongAdder calls = new LongAdder();
    private final AtomicLong bufferedBytes = new AtomicLong();
    private final AtomicInteger connections = new AtomicInteger();
    private final ConcurrentMap<String, Integer> connectionsByAddress = new ConcurrentHashMap<>();
    private volatile boolean draining;

    public long callsInFlight() {
        return calls.sum();
    }

    /** What calls hold in memory: request bodies, what their URLs led to, and long answers that wait to be judged. */
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

    /** Counts that a call holds so many more bytes of its answer, unless there is no room for them. */
    boolean hold(Exchange x, int more, long max) {
        int counted = counted(x.answerBytes + more) - counted(x.answerBytes);
        if (counted > 0 && !buffer(counted, max)) return false;
        x.answerBytes += more;
        return true;
    }

    /** Nothing of a call's answer is held any more. */
    void letGo(Exchange x) {
        int counted = counted(x.answerBytes);
        if (counted > 0) release(counted);
        x.answerBytes = 0;
    }

    private static int counted(int answerBytes) {
        return Math.max(0, answerBytes - SHORT_ANSWER);
    }

    void release(long bytes) {
        bufferedBytes.addAndGet(-bytes);
    }
}
