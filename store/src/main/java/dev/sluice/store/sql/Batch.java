package dev.sluice.store.sql;

import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Runs a statement for many rows, some hundreds at a time: a driver does more per execution than per row. */
public final class Batch {
    private static final int ROWS = 500;

    private final PreparedStatement statement;
    private int waiting;

    public Batch(PreparedStatement statement) {
        this.statement = statement;
    }

    /** Takes the statement's parameters as they are set now. */
    public void add() throws SQLException {
        statement.addBatch();
        if (++waiting == ROWS) flush();
    }

    /** To be called after the last row. */
    public void flush() throws SQLException {
        if (waiting > 0) statement.executeBatch();
        waiting = 0;
    }
}
