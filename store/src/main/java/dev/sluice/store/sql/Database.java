package dev.sluice.store.sql;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.sluice.store.sql.StoreException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * One SQLite file. All writes go through one connection, one transaction at a time; reads use a small pool and see one
 * consistent state each.
 *
 * <p>The file is opened, and migrated, by the first piece of work that needs it, and opened again after a failure: a
 * database that was locked or away when the gateway started comes back by itself. Commits are synced to the disk
 * ({@code synchronous=FULL}): they are few (a change, or a batch of calls every quarter of a second), and journal
 * segments are deleted on the strength of a commit, so a commit may not be taken back by a power failure.
 */
public final class Database implements AutoCloseable {
    private static final int READERS = 4;

    private final Path file;
    private final Duration busyTimeout;
    private final Duration workTimeout;
    private final Migrations migrations;

    private final ReentrantLock writing = new ReentrantLock(true);
    private @Nullable Session writer;
    private final Semaphore readers = new Semaphore(READERS, true);
    private final ConcurrentLinkedDeque<Session> idleReaders = new ConcurrentLinkedDeque<>();
    private volatile boolean migrated;
    private volatile boolean closed;

    /** What is done with a connection inside a transaction. */
    public interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    /**
     * A database that opens when it is first used.
     *
     * @param busyTimeout how long to wait for a lock that another process holds
     * @param workTimeout after which a piece of work is interrupted
     */
    public Database(Path file, Duration busyTimeout, Duration workTimeout) {
        this(file, busyTimeout, workTimeout, Migrations.ALL);
    }

    Database(Path file, Duration busyTimeout, Duration workTimeout, Migrations migrations) {
        this.file = file;
        this.busyTimeout = busyTimeout;
        this.workTimeout = workTimeout;
        this.migrations = migrations;
    }

    public Path file() {
        return file;
    }

    /**
     * Runs work in a writing transaction, committed when it returns and rolled back when it throws.
     *
     * @param what completes the sentence "could not …" in an error message
     */
    public <T> T write(String what, Work<T> work) {
        awaitWriter(what);
        boolean healthy = false;
        try {
            Session session = openWriter();
            session.begin(true, workTimeout);
            T result = work.on(session.connection());
            session.commit();
            healthy = true;
            return result;
        } catch (SQLException e) {
            throw failure(what, e);
        } finally {
            if (!healthy) rollBackWriter();
            writing.unlock();
        }
    }

    /** Runs work that only reads, on one consistent state of the database. */
    public <T> T read(String what, Work<T> work) {
        if (!migrated) write(what, _ -> true);
        awaitReader(what);
        Session session = null;
        boolean healthy = false;
        try {
            session = idleReaders.pollFirst();
            if (session == null) session = Session.open(file, busyTimeout, true);
            session.begin(false, workTimeout);
            T result = work.on(session.connection());
            session.commit();
            healthy = true;
            return result;
        } catch (SQLException e) {
            throw failure(what, e);
        } finally {
            if (session != null) {
                if (!healthy || closed) session.close();
                else idleReaders.addFirst(session);
            }
            readers.release();
        }
    }

    private Session openWriter() throws SQLException {
        if (closed) throw new StoreException(Reason.UNAVAILABLE, "the database " + file + " has been closed", null);
        Session session = writer;
        if (session != null) return session;
        session = Session.open(file, busyTimeout, false);
        boolean ready = false;
        try {
            if (!migrated) {
                readableByOwnerOnly();
                migrations.run(session, file, workTimeout);
                migrated = true;
            }
            ready = true;
        } finally {
            if (!ready) session.close();
        }
        writer = session;
        return session;
    }

    /** After a failed roll-back nothing is known about the connection, so a new one is opened next time. */
    private void rollBackWriter() {
        Session session = writer;
        if (session == null || session.rollBack()) return;
        session.close();
        writer = null;
    }

    private void readableByOwnerOnly() {
        try {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException | UnsupportedOperationException _) {
            // A file system without such permissions; the directory's own rights protect the file.
        }
    }

    private void awaitWriter(String what) {
        try {
            if (writing.tryLock(workTimeout.toNanos(), NANOSECONDS)) return;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        throw waitedTooLong(what);
    }

    private void awaitReader(String what) {
        try {
            if (readers.tryAcquire(workTimeout.toNanos(), NANOSECONDS)) return;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        throw waitedTooLong(what);
    }

    private StoreException waitedTooLong(String what) {
        return new StoreException(
                Reason.UNAVAILABLE,
                "could not " + what + ": gave up waiting for a connection to " + file + " (after "
                        + workTimeout.toMillis() + " ms)",
                null);
    }

    private StoreException failure(String what, SQLException e) {
        SQLiteErrorCode code = e instanceof SQLiteException s ? s.getResultCode() : SQLiteErrorCode.UNKNOWN_ERROR;
        String start = "could not " + what + ": the database " + file + " ";
        // The low byte is the primary code; extended codes say more in the other bytes.
        int primary = code.code & 0xff;
        if (primary == SQLiteErrorCode.SQLITE_NOTADB.code || primary == SQLiteErrorCode.SQLITE_CORRUPT.code) {
            return new StoreException(
                    Reason.DAMAGED,
                    start + "is damaged or not a SQLite database (" + code + "); put a backup in its place, or move it"
                            + " away to start with an empty one",
                    e);
        }
        if (primary == SQLiteErrorCode.SQLITE_BUSY.code || primary == SQLiteErrorCode.SQLITE_LOCKED.code) {
            return new StoreException(
                    Reason.UNAVAILABLE,
                    start + "is locked by another process (waited " + busyTimeout.toMillis() + " ms)",
                    e);
        }
        if (primary == SQLiteErrorCode.SQLITE_INTERRUPT.code) {
            return new StoreException(
                    Reason.UNAVAILABLE, start + "took longer than " + workTimeout.toMillis() + " ms", e);
        }
        return new StoreException(Reason.UNAVAILABLE, start + "answered: " + e.getMessage(), e);
    }

    @Override
    public void close() {
        closed = true;
        writing.lock();
        try {
            Session session = writer;
            writer = null;
            for (Session reader = idleReaders.pollFirst(); reader != null; reader = idleReaders.pollFirst()) {
                reader.close();
            }
            if (session != null) session.close();
        } finally {
            writing.unlock();
        }
    }
}
