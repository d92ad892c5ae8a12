package dev.sluice.app.observe;

import dev.sluice.traffic.usage.UsageRecord;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Hands finished calls to a log on a thread of its own, because whoever reads a log may stop reading. Nobody who brings calls
 * waits: what does not fit, and what the log cannot write, is dropped and counted. For one thread that brings.
 */
public final class LogQueue implements Consumer<List<UsageRecord>>, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(LogQueue.class.getName());
    /** About 16 MB of records. */
    private static final int CAPACITY = 32_768;

    private static final Duration LAST_WORDS = Duration.ofSeconds(2);
    private static final long REPEAT_NANOS = 60_000_000_000L;
    private static final List<UsageRecord> END = List.of();

    private final Consumer<List<UsageRecord>> log;
    private final int capacity;
    private final Duration lastWords;
    private final Thread thread;
    private final LinkedBlockingQueue<List<UsageRecord>> queue = new LinkedBlockingQueue<>();
    /** Records in the queue and in the hands of the log. */
    private final AtomicInteger waiting = new AtomicInteger();

    private final AtomicLong dropped = new AtomicLong();
    private volatile boolean abandoned;
    private final AtomicLong saidAt = new AtomicLong(System.nanoTime() - REPEAT_NANOS);

    public LogQueue(Consumer<List<UsageRecord>> log) {
        this(log, CAPACITY, LAST_WORDS);
    }

    /** @param lastWords how long {@link #close} waits for what was brought before */
    LogQueue(Consumer<List<UsageRecord>> log, int capacity, Duration lastWords) {
        this.log = log;
        this.capacity = capacity;
        this.lastWords = lastWords;
        // Writing to a file or a pipe would hold a carrier of virtual threads.
        this.thread = Thread.ofPlatform().name("sluice-access-log").daemon().start(this::run);
    }

    @Override
    public void accept(List<UsageRecord> records) {
        if (records.isEmpty()) return;
        int taken = Math.clamp(capacity - waiting.get(), 0, records.size());
        if (taken > 0) {
            waiting.addAndGet(taken);
            queue.add(taken == records.size() ? records : List.copyOf(records.subList(0, taken)));
        }
        if (taken < records.size()) drop(records.size() - taken, "whoever reads it does not keep up");
    }

    /** Calls without a line, since the start. */
    public long dropped() {
        return dropped.get();
    }

    /** Waits a moment until the log has what was brought before; what it has not then is counted as dropped. */
    @Override
    public void close() {
        queue.add(END);
        try {
            if (thread.join(lastWords)) return;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        abandoned = true;
        thread.interrupt();
        int left = waiting.get();
        dropped.addAndGet(left);
        LOG.log(Level.WARNING, "the access log ends without the lines of " + left + " calls: its reader is stuck");
    }

    private void run() {
        try {
            for (List<UsageRecord> next = queue.take(); !next.isEmpty(); next = queue.take()) {
                write(next);
                waiting.addAndGet(-next.size());
            }
        } catch (InterruptedException _) {
            // closed
        }
    }

    private void write(List<UsageRecord> records) {
        try {
            log.accept(records);
        } catch (RuntimeException | Error e) {
            if (!abandoned) drop(records.size(), String.valueOf(e.getMessage()));
        }
    }

    private void drop(int records, String why) {
        long all = dropped.addAndGet(records);
        long said = saidAt.get();
        long now = System.nanoTime();
        if (now - said < REPEAT_NANOS || !saidAt.compareAndSet(said, now)) return;
        // The reader of the log may be the reader of this warning too.
        Thread.ofVirtual()
                .start(() -> LOG.log(
                        Level.WARNING,
                        "the access log drops lines, " + all + " since the start: " + why
                                + " (setting: --access-log)"));
    }
}
