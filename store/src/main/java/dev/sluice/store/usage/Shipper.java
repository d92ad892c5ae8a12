package dev.sluice.store.usage;

import dev.sluice.store.journal.Journal;
import dev.sluice.store.journal.Position;
import dev.sluice.store.journal.TextCache;
import dev.sluice.store.sql.Database;
import dev.sluice.store.sql.StoreException;
import dev.sluice.store.sql.StoreException.Reason;
import dev.sluice.traffic.usage.UsageRecord;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings the journal into the database. One transaction adds a batch of calls to the roll-ups, keeps the calls
 * themselves as a block, and moves the journal's position; it happens as a whole or not at all, so every record counts
 * exactly once however often the process dies. Segments are deleted after that.
 *
 * <p>While the database is away it tries again, at growing intervals, for as long as it takes.
 */
public final class Shipper implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.sluice.store.usage");

    private static final int BATCH_BYTES = 2 << 20;
    private static final int LEAST_BATCH_BYTES = BATCH_BYTES >> 5;
    /** A change of the settings waits for a transaction that is under way, so none should take longer. */
    private static final Duration LONGEST_BATCH = Duration.ofMillis(100);

    private static final Duration INTERVAL = Duration.ofMillis(400);
    private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(10);

    private final Journal journal;
    private final Database database;
    private final Clock clock;
    private final Consumer<Step> steps;
    private final Thread thread;

    /** Guards everything below: a batch is shipped by one thread at a time. */
    private final ReentrantLock shipping = new ReentrantLock();

    private final RollUps rollUps = new RollUps();
    private final TextCache texts = new TextCache();
    private int batchBytes = BATCH_BYTES;
    private @Nullable Position stored;
    private Position reading = Position.START;

    private volatile @Nullable String problem;
    private volatile boolean closed;

    /** The points between which a crash must lose nothing and count nothing twice. */
    enum Step {
        READ,
        ROLLED_UP,
        BLOCK_STORED,
        POSITION_MOVED,
        COMMITTED,
        SEGMENTS_DELETED
    }

    public Shipper(Journal journal, Database database, Clock clock) {
        this(journal, database, clock, _ -> {});
        thread.start();
    }

    /** Without its thread: ships only when told to, and lets a test stop it at each step. */
    Shipper(Journal journal, Database database, Clock clock, Consumer<Step> steps) {
        this.journal = journal;
        this.database = database;
        this.clock = clock;
        this.steps = steps;
        this.thread = Thread.ofPlatform().name("sluice-shipper").daemon().unstarted(this::run);
    }

    /** Why the last attempt failed; empty when the database takes what the journal holds. */
    public Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    /** Ships what is written in the journal now; false when the time was over before. */
    public boolean shipNow(Duration patience) {
        long start = System.nanoTime();
        shipping.lock();
        try {
            while (shipBatch()) {
                if (System.nanoTime() - start > patience.toNanos()) return false;
            }
            return true;
        } finally {
            shipping.unlock();
        }
    }

    private void run() {
        long interval = INTERVAL.toNanos();
        while (!closed) {
            LockSupport.parkNanos(interval);
            if (closed) return;
            try {
                while (!closed && shipOne()) {
                    // Goes on while there is more, with the lock free in between.
                }
                if (problem != null) LOG.log(Level.INFO, "usage records are shipped again");
                problem = null;
                interval = INTERVAL.toNanos();
            } catch (RuntimeException | Error e) {
                boolean news = problem == null;
                problem = "usage records stay in the journal: " + e.getMessage();
                if (news) LOG.log(Level.WARNING, problem, e);
                interval = Math.min(interval * 2, LONGEST_INTERVAL.toNanos());
            }
        }
    }

    private boolean shipOne() {
        shipping.lock();
        try {
            return shipBatch();
        } finally {
            shipping.unlock();
        }
    }

    /** Ships one batch; false when there was nothing to ship. */
    private boolean shipBatch() {
        Position from = stored;
        if (from == null) {
            from = database.read("read the journal's position", c -> Blocks.position(c, journal.node()));
            stored = from;
            reading = from;
        }
        Journal.Batch batch = read();
        steps.accept(Step.READ);
        if (!batch.records().isEmpty()) store(from, batch);
        reading = batch.next();
        delete();
        return !batch.records().isEmpty();
    }

    private Journal.Batch read() {
        try {
            return journal.read(reading, batchBytes, texts);
        } catch (IOException e) {
            throw new StoreException(Reason.UNAVAILABLE, "the journal cannot be read: " + e.getMessage(), e);
        }
    }

    private void store(Position from, Journal.Batch batch) {
        if (Jobs.any(batch.records())) {
            storeWithJobs(from, batch);
            return;
        }
        RollUps.Sums sums = rollUps.sum(batch.records(), clock.millis());
        Block block = Block.of(batch.records());
        // Until the commit has returned it is open whether this batch is in: the position is read again.
        stored = null;
        long start = System.nanoTime();
        database.write("ship usage records", connection -> {
            store(connection, from, batch.next(), sums, block);
            return true;
        });
        batchBytes = nextBatchBytes(batchBytes, System.nanoTime() - start);
        steps.accept(Step.COMMITTED);
        rollUps.written(sums);
        stored = batch.next();
    }

    /** Calls of many keys and Model APIs cost much more per byte than calls of a few: half as many after a slow batch, more after a quick one. */
    static int nextBatchBytes(int bytes, long nanos) {
        if (nanos > LONGEST_BATCH.toNanos()) return Math.max(LEAST_BATCH_BYTES, bytes / 2);
        return nanos < LONGEST_BATCH.toNanos() / 4 ? Math.min(BATCH_BYTES, bytes * 2) : bytes;
    }

    /** What a job is charged depends on what is in the database already, so it is summed up within the transaction. */
    private void storeWithJobs(Position from, Journal.Batch batch) {
        stored = null;
        long start = System.nanoTime();
        RollUps.Sums written = database.write("ship usage records", connection -> {
            List<UsageRecord> records = Jobs.uncharged(connection, batch.records(), clock.millis());
            RollUps.Sums sums = rollUps.sum(records, clock.millis());
            store(connection, from, batch.next(), sums, records.isEmpty() ? null : Block.of(records));
            return sums;
        });
        batchBytes = nextBatchBytes(batchBytes, System.nanoTime() - start);
        steps.accept(Step.COMMITTED);
        rollUps.written(written);
        stored = batch.next();
    }

    private void store(Connection connection, Position from, Position next, RollUps.Sums sums, @Nullable Block block)
            throws SQLException {
        Position now = Blocks.position(connection, journal.node());
        if (!now.equals(from)) {
            throw new StoreException(
                    Reason.UNAVAILABLE,
                    "the journal was shipped up to " + now + " by another process (expected: " + from + ")",
                    null);
        }
        rollUps.write(connection, sums);
        steps.accept(Step.ROLLED_UP);
        if (block != null) Blocks.insert(connection, journal.node(), from, block);
        steps.accept(Step.BLOCK_STORED);
        Blocks.advance(connection, journal.node(), next, clock.millis());
        steps.accept(Step.POSITION_MOVED);
    }

    private void delete() {
        try {
            journal.shipped(reading);
            steps.accept(Step.SEGMENTS_DELETED);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "a shipped segment of the journal cannot be deleted: " + e.getMessage());
        }
    }

    /** Ends the thread; what is not shipped yet waits in the journal. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            if (thread.isAlive()) thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
