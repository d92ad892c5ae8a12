package dev.sluice.store.settings;

import dev.sluice.settings.Settings;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Saves settings to the snapshot file beside the work that changes them. Changes that come faster than they can be
 * saved are skipped over; between two saves lies at least thirty times what a save takes, so that a long row of changes of
 * a large installation does not keep a processor busy with saving. Behind the first one there is no rest: it takes long, as
 * a process has just started, and a declarative file is about to change everything.
 */
public final class SnapshotSaver implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.sluice.store");
    private static final int REST = 30;
    private static final long MAX_REST_NANOS = 10_000_000_000L;

    private final SnapshotFile file;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Condition saved = lock.newCondition();
    private final Thread thread;

    private @Nullable Settings waiting;
    private boolean busy;
    private boolean hurry;
    private boolean closed;

    public SnapshotSaver(SnapshotFile file) {
        this.file = file;
        this.thread = Thread.ofVirtual().name("sluice-snapshot").start(this::run);
    }

    /** Takes the newest settings to be saved soon. */
    public void save(Settings settings) {
        lock.lock();
        try {
            waiting = settings;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Returns once what was handed over before is saved, or could not be. */
    public void flush() throws InterruptedException {
        lock.lock();
        try {
            hurry = true;
            changed.signalAll();
            while ((waiting != null || busy) && thread.isAlive()) saved.awaitNanos(100_000_000L);
        } finally {
            hurry = false;
            lock.unlock();
        }
    }

    private void run() {
        try {
            boolean isFirst = true;
            long rest = 0;
            while (true) {
                Settings next = next(rest);
                if (next == null) return;
                long start = System.nanoTime();
                try {
                    file.save(next);
                } catch (IOException | RuntimeException e) {
                    LOG.log(Level.WARNING, "the settings could not be saved beside the database: " + e.getMessage());
                }
                rest = isFirst ? 0 : Math.min(MAX_REST_NANOS, REST * (System.nanoTime() - start));
                isFirst = false;
                done();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable Settings next(long restNanos) throws InterruptedException {
        lock.lock();
        try {
            long left = restNanos;
            while (left > 0 && !hurry && !closed) left = changed.awaitNanos(left);
            while (waiting == null && !closed) changed.await();
            Settings next = waiting;
            waiting = null;
            busy = next != null;
            return next;
        } finally {
            lock.unlock();
        }
    }

    private void done() {
        lock.lock();
        try {
            busy = false;
            saved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Saves what is waiting and ends. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
