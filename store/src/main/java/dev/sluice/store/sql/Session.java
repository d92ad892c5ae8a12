package dev.sluice.store.sql;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteConfig;

/** A connection whose transactions are begun and ended by hand and interrupted when they take too long. */
final class Session {
    /** Steps of SQLite's virtual machine between two looks at the clock, some tenths of a millisecond. */
    private static final int STEPS = 20_000;

    private final Connection connection;
    private final Deadline deadline;

    private Session(Connection connection, Deadline deadline) {
        this.connection = connection;
        this.deadline = deadline;
    }

    static Session open(Path file, Duration busyTimeout, boolean reader) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(Math.toIntExact(busyTimeout.toMillis()));
        config.enforceForeignKeys(true);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setTempStore(SQLiteConfig.TempStore.MEMORY);
        Connection connection = config.createConnection("jdbc:sqlite:" + file.toAbsolutePath());
        boolean ready = false;
        try (Statement statement = connection.createStatement()) {
            if (reader) {
                statement.execute("pragma query_only = true");
            } else {
                statement.execute("pragma journal_mode = wal");
                statement.execute("pragma journal_size_limit = 67108864");
            }
            Deadline deadline = new Deadline();
            ProgressHandler.setHandler(connection, STEPS, deadline);
            ready = true;
            return new Session(connection, deadline);
        } finally {
            if (!ready) connection.close();
        }
    }

    Connection connection() {
        return connection;
    }

    void begin(boolean writing, Duration timeout) throws SQLException {
        deadline.start(timeout);
        execute(writing ? "begin immediate" : "begin");
    }

    void commit() throws SQLException {
        execute("commit");
        deadline.stop();
    }

    /** Undoes an open transaction, if there is one; whether the connection is still good. */
    boolean rollBack() {
        deadline.stop();
        try {
            execute("rollback");
            return true;
        } catch (SQLException e) {
            // SQLite has already rolled back by itself, or never began.
            return e.getMessage() != null && e.getMessage().contains("no transaction is active");
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    void close() {
        try {
            connection.close();
        } catch (SQLException _) {
            // Nothing is lost: what was committed is in the file.
        }
    }

    /** Interrupts the running statement once its time is over. */
    private static final class Deadline extends ProgressHandler {
        private volatile boolean running;
        private volatile long end;

        void start(Duration timeout) {
            end = System.nanoTime() + timeout.toNanos();
            running = true;
        }

        void stop() {
            running = false;
        }

        @Override
        protected int progress() {
            return running && System.nanoTime() - end > 0 ? 1 : 0;
        }
    }
}
