package dev.sluice.store.journal;

import dev.sluice.store.files.DurableFile;
import dev.sluice.traffic.usage.UsageLedger;
import dev.sluice.traffic.usage.UsageRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The append-only journal of usage records on local disk.
 *
 * <p>{@link #append} puts a record into a queue and returns; one thread writes what has gathered every few milliseconds,
 * hands it to the observers, and syncs it. A record that was appended survives the death of the process once it is
 * written, and a power failure once it is synced. When disk and queue are full, records are counted as lost and that is
 * said loudly, but no call waits.
 */
public final class Journal implements UsageLedger, AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.sluice.store.journal");

    private static final int BATCH = 8_192;
    private static final int HEAD = Frames.HEAD.length;

    /** A queue that fills faster than this is drained before its time. */
    private static final int WAKE_AT = 4_096;

    private static final long REPEAT_NANOS = 60_000_000_000L;
    private static final double NEARLY_FULL = 0.8;

    private final JournalLimits limits;
    private final List<Consumer<List<UsageRecord>>> observers;
    private final String node;
    private final Segments segments;
    private final SegmentWriter writer;
    private final Thread thread;

    private final ConcurrentLinkedQueue<UsageRecord> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger queued = new AtomicInteger();
    private final Losses losses = new Losses();
    private final AtomicLong damagedBytes = new AtomicLong();
    private volatile @Nullable String problem;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition flushed = lock.newCondition();
    private final AtomicLong flushesAsked = new AtomicLong();
    private long flushesDone;
    private volatile boolean closed;

    // The writer thread's own.
    private final CRC32C crc = new CRC32C();
    private final ByteSink pending = new ByteSink(1 << 16);
    private final Frames.PlainWriter texts = new Frames.PlainWriter(new TextBytes());
    private List<UsageRecord> batch = List.of();
    private long lostSaid;
    private long saidAt = System.nanoTime() - REPEAT_NANOS;
    private boolean nearlyFullSaid;

    /**
     * Opens the journal of a directory; what earlier processes left there is kept for shipping.
     *
     * @param observers are given every batch of records on the journal's own thread
     */
    public static Journal open(
            Path directory, JournalLimits limits, Clock clock, List<Consumer<List<UsageRecord>>> observers) {
        return open(directory, SegmentFile::create, limits, clock, observers);
    }

    /** @param disk that segments are written to */
    static Journal open(
            Path directory,
            SegmentFile.Disk disk,
            JournalLimits limits,
            Clock clock,
            List<Consumer<List<UsageRecord>>> observers) {
        try {
            Files.createDirectories(directory);
            return new Journal(nodeOf(directory), Segments.in(directory), disk, limits, clock, observers);
        } catch (IOException e) {
            throw new UncheckedIOException("the journal " + directory + " cannot be opened: " + e.getMessage(), e);
        }
    }

    private Journal(
            String node,
            Segments segments,
            SegmentFile.Disk disk,
            JournalLimits limits,
            Clock clock,
            List<Consumer<List<UsageRecord>>> observers) {
        this.node = node;
        this.segments = segments;
        this.limits = limits;
        this.observers = List.copyOf(observers);
        this.writer = new SegmentWriter(segments, disk, clock, limits.segmentBytes());
        this.thread = Thread.ofPlatform().name("sluice-journal").daemon().unstarted(this::run);
        thread.start();
    }

    /** Positions are counted per node; a directory that was emptied is a new node. */
    private static String nodeOf(Path directory) throws IOException {
        Path file = directory.resolve("node");
        if (Files.exists(file)) {
            String node = Files.readString(file).strip();
            if (!node.isEmpty()) return node;
        }
        String node = UUID.randomUUID().toString();
        DurableFile.replace(file, (node + "\n").getBytes(StandardCharsets.US_ASCII));
        return node;
    }

    /** Names this journal among those of other nodes. */
    public String node() {
        return node;
    }

    @Override
    public void append(UsageRecord record) {
        int now = queued.incrementAndGet();
        if (now > limits.queuedRecords() || closed) {
            queued.decrementAndGet();
            losses.add(record);
            return;
        }
        queue.offer(record);
        if (now == WAKE_AT) LockSupport.unpark(thread);
    }

    /** Waits until all that was appended before is written and synced; false when the time is over before. */
    public boolean flush(Duration patience) {
        long ticket = flushesAsked.incrementAndGet();
        LockSupport.unpark(thread);
        long left = patience.toNanos();
        lock.lock();
        try {
            while (flushesDone < ticket) {
                if (left <= 0 || !thread.isAlive()) return false;
                left = flushed.awaitNanos(left);
            }
            return true;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    public JournalState state() {
        return new JournalState(
                Math.max(0, queued.get()),
                limits.queuedRecords(),
                segments.bytes(),
                limits.totalBytes(),
                losses.total(),
                damagedBytes.get(),
                Optional.ofNullable(problem));
    }

    /** Some records, and where reading goes on after them. */
    public record Batch(List<UsageRecord> records, Position start, Position next) {}

    /**
     * Reads written records that follow a position, at most about so many bytes of them. No records and the same
     * position mean that there is nothing more.
     */
    public Batch read(Position from, int maxBytes, TextCache cache) throws IOException {
        Position at = from;
        while (true) {
            Long segment = segments.from(at.segment());
            if (segment == null) return new Batch(List.of(), from, at);
            at = new Position(segment, segment == at.segment() ? Math.max(at.offset(), HEAD) : HEAD);
            Segments.Extent extent = segments.extent(segment);
            if (extent == null) continue;
            if (at.offset() >= extent.bytes()) {
                if (extent.open() || segments.from(segment + 1) == null) return new Batch(List.of(), from, at);
                at = new Position(segment + 1, 0);
                continue;
            }
            Batch batch = read(from, at, extent, Math.max(maxBytes, Frames.MAX_FRAME), cache);
            if (!batch.records().isEmpty()) return batch;
            at = batch.next();
        }
    }

    private Batch read(Position from, Position at, Segments.Extent extent, int maxBytes, TextCache cache)
            throws IOException {
        int wanted = (int) Math.min(maxBytes, extent.bytes() - at.offset());
        byte[] bytes = segments.read(at.segment(), at.offset(), wanted);
        if (bytes == null || bytes.length == 0) {
            damaged(at, extent.bytes() - at.offset(), "are missing");
            return new Batch(List.of(), from, new Position(at.segment(), extent.bytes()));
        }
        boolean last = at.offset() + bytes.length >= extent.bytes();
        Frames.Found found = Frames.read(bytes, bytes.length, last, cache);
        if (found.damaged() > 0) {
            damaged(at, found.damaged(), found.tornTail() ? "are the end of an interrupted write" : "are damaged");
        }
        return new Batch(found.records(), from, new Position(at.segment(), at.offset() + found.next()));
    }

    private void damaged(Position at, long bytes, String what) {
        damagedBytes.addAndGet(bytes);
        LOG.log(
                Level.WARNING,
                "journal " + segments.file(at.segment()) + ": " + bytes + " bytes after offset " + at.offset() + " "
                        + what + " and were passed over");
    }

    /** Deletes segments that were wholly shipped. */
    public void shipped(Position position) throws IOException {
        segments.deleteUpTo(position);
    }

    private void run() {
        while (!closed) {
            long ticket = flushesAsked.get();
            if (pump(ticket > flushesDone)) answer(ticket);
            if (!closed && flushesAsked.get() == ticket)
                LockSupport.parkNanos(limits.writeEvery().toNanos());
        }
        long ticket = flushesAsked.get();
        boolean written = pump(true);
        // An append that began before the end may still be on its way into the queue.
        while (written && queued.get() > 0) written = pump(true);
        if (written) answer(ticket);
        else loseTheRest();
        try {
            writer.close();
        } catch (IOException e) {
            LOG.log(Level.ERROR, "the journal could not be closed: " + e.getMessage());
        }
    }

    private void loseTheRest() {
        for (UsageRecord next = queue.poll(); next != null; next = queue.poll()) losses.add(next);
        LOG.log(Level.ERROR, "the journal ends with usage records that could not be written: " + losses.total());
    }

    private void answer(long ticket) {
        lock.lock();
        try {
            if (ticket <= flushesDone) return;
            flushesDone = ticket;
            flushed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Writes what waits; whether nothing that waited at the beginning is left. */
    private boolean pump(boolean sync) {
        boolean unsynced = writer.unsynced();
        int rest = queued.get();
        boolean written = writePending();
        while (written && rest > 0) {
            int taken = take();
            if (taken == 0) break;
            rest -= taken;
            written = writePending();
            observe();
        }
        sayWhatIsWrong();
        // What was written a tick ago is due; what was written just now may wait for its neighbours.
        boolean done = written && (!limits.sync() || !(sync || unsynced) || synced());
        if (done) fine();
        return done;
    }

    /** Encodes a part of the queue. */
    private int take() {
        batch = new ArrayList<>();
        for (UsageRecord next = queue.poll(); next != null; next = batch.size() < BATCH ? queue.poll() : null) {
            batch.add(next);
        }
        queued.addAndGet(-batch.size());
        for (UsageRecord record : batch) encode(record);
        return batch.size();
    }

    private void encode(UsageRecord record) {
        int before = pending.size();
        try {
            Frames.write(record, pending, texts, crc);
            if (segments.bytes() + HEAD + pending.size() > limits.totalBytes()) {
                pending.truncate(before);
                losses.add(record);
            }
        } catch (RuntimeException e) {
            losses.add(record);
            LOG.log(Level.ERROR, "the journal cannot write a usage record", e);
        }
    }

    private boolean writePending() {
        if (pending.size() == 0) return true;
        try {
            writer.write(pending.asBuffer());
            pending.truncate(0);
            return true;
        } catch (IOException e) {
            failed("written", e);
            return false;
        }
    }

    private boolean synced() {
        try {
            writer.sync();
            return true;
        } catch (IOException e) {
            failed("synced", e);
            return false;
        }
    }

    private void observe() {
        List<UsageRecord> records = Collections.unmodifiableList(batch);
        for (Consumer<List<UsageRecord>> observer : observers) {
            try {
                observer.accept(records);
            } catch (RuntimeException | Error e) {
                LOG.log(Level.ERROR, "an observer of usage records failed", e);
            }
        }
    }

    private void fine() {
        if (problem == null) return;
        problem = null;
        LOG.log(Level.INFO, "the journal can be written again");
    }

    private void failed(String what, IOException e) {
        boolean news = problem == null;
        problem = "the journal cannot be " + what + ": " + e.getMessage();
        if (news) LOG.log(Level.ERROR, problem + "; usage records wait in memory", e);
    }

    private void sayWhatIsWrong() {
        double fill = (double) segments.bytes() / limits.totalBytes();
        if (fill >= NEARLY_FULL && !nearlyFullSaid) {
            LOG.log(
                    Level.ERROR,
                    "the journal holds " + segments.bytes() + " of " + limits.totalBytes()
                            + " bytes because the database does not take usage records; when it is full, records are lost");
        }
        nearlyFullSaid = fill >= NEARLY_FULL / 2 && (nearlyFullSaid || fill >= NEARLY_FULL);
        long lost = losses.records();
        if (lost > lostSaid && System.nanoTime() - saidAt >= REPEAT_NANOS) {
            LOG.log(
                    Level.ERROR,
                    "the journal has lost " + lost + " usage records since the start (" + losses.total()
                            + "): its disk space or its queue was full");
            lostSaid = lost;
            saidAt = System.nanoTime();
        }
    }

    /** Writes and syncs what was appended before; later records count as lost. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
