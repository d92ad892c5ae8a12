package dev.sluice.proxy;

import io.vertx.core.Future;
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
    /** What waits at most for a client whose queue is full, beside longer pieces: what a queue takes, and the piece that was too much. */
    private static final int FULL_QUEUE = 128 << 10;

    private final LongAdder calls = new LongAdder();
    private final AtomicLong bufferedBytes = new AtomicLong();
    private final AtomicInteger connections = new AtomicInteger();
    private final ConcurrentMap<String, Integer> connectionsByAddress = new ConcurrentHashMap<>();
    private final ConcurrentMap<Integer, Integer> ports = new ConcurrentHashMap<>();
    private volatile boolean draining;

    public long callsInFlight() {
        return calls.sum();
    }

    /** What calls hold in memory: request bodies, what their URLs led to, and long answers that wait to be judged or for their clients. */
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

    /** A port belongs to the data plane, which takes so many connections over all of its ports. */
    void serves(int port, int maxConnections) {
        ports.put(port, maxConnections);
    }

    /** How many connections there may be for one more to come to a port; null for one that is not the data plane's. */
    @Nullable
    Integer mostAt(int port) {
        return ports.get(port);
    }

    /** Counts a connection until it has {@link #left}, unless there are too many. */
    boolean accepted(int max) {
        if (connections.incrementAndGet() <= max) return true;
        connections.decrementAndGet();
        return false;
    }

    void left() {
        connections.decrementAndGet();
    }

    /** Counts a connection of an address until {@link #left(String)}, unless there are too many of it. */
    boolean accepted(String address, int max) {
        if (connectionsByAddress.merge(address, 1, Integer::sum) <= max) return true;
        left(address);
        return false;
    }

    void left(String address) {
        connectionsByAddress.computeIfPresent(address, (_, n) -> n == 1 ? null : n - 1);
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

    /**
     * Counts what a call's client has not taken although its queue is full. Such clients together get half of the room, so that those
     * that read find some.
     *
     * @return whether there was room
     */
    boolean waits(Exchange x, long max) {
        if (x.queuedBytes > 0) return true;
        if (!buffer(FULL_QUEUE, max / 2)) return false;
        x.queuedBytes = FULL_QUEUE;
        return true;
    }

    /** The client goes on, or the call has ended. */
    void waitsNoLonger(Exchange x) {
        release(x.queuedBytes);
        x.queuedBytes = 0;
    }

    /**
     * Counts a piece of an answer until it is with the client: it is there, whether or not there is room for it.
     *
     * @param full whether it had to queue up behind others
     * @param last whether the call ends with it, and what is queued is counted with it from now on
     */
    void leaves(long bytes, boolean full, boolean last, Future<Void> written) {
        long counted = (full || bytes > SHORT_ANSWER ? bytes : 0) + (full && last ? FULL_QUEUE : 0);
        if (counted == 0) return;
        bufferedBytes.addAndGet(counted);
        written.onComplete(_ -> release(counted));
    }

    private static int counted(int answerBytes) {
        return Math.max(0, answerBytes - SHORT_ANSWER);
    }

    void release(long bytes) {
        bufferedBytes.addAndGet(-bytes);
    }
}
