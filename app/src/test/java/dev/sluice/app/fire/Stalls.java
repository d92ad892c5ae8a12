package dev.sluice.app.fire;

import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.locks.LockSupport;

/**
 * Notes how late a thread of this machine gets to run that only wants to do so every millisecond. What a busy machine
 * does to this one it does to the threads of a gateway beside it.
 */
final class Stalls implements AutoCloseable {
    private static final long STEP = 1_000_000;
    private static final int KEPT = 2_000;

    private final ConcurrentLinkedDeque<Stall> newest = new ConcurrentLinkedDeque<>();
    private final Thread thread;
    private volatile boolean closed;

    private record Stall(long endedAtNanos, long nanos) {}

    Stalls() {
        thread = Thread.ofPlatform().daemon().name("stalls").start(this::run);
    }

    private void run() {
        long last = System.nanoTime();
        int kept = 0;
        while (!closed) {
            LockSupport.parkNanos(STEP);
            long now = System.nanoTime();
            newest.addLast(new Stall(now, now - last - STEP));
            if (++kept > KEPT) newest.pollFirst();
            last = now;
        }
    }

    /** The longest one that ended in the time before now. */
    Duration longestOfTheLast(Duration time) {
        long now = System.nanoTime();
        return Duration.ofNanos(newest.stream()
                .filter(stall -> now - stall.endedAtNanos() <= time.toNanos())
                .mapToLong(Stall::nanos)
                .max()
                .orElse(0));
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
