package dev.sluice.store.sql;

import org.jspecify.annotations.Nullable;

/** The store cannot do what was asked; the message says why and what helps. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** What is wrong, as far as it decides what to do next. */
    public enum Reason {
        /** Locked, slow, full or unreadable right now; trying again later may help. */
        UNAVAILABLE,
        /** The file is damaged or not a database. */
        DAMAGED,
        /** A newer version of the gateway has written the database. */
        NEWER_SCHEMA,
        /** A secret cannot be decrypted with the master keys at hand. */
        MASTER_KEY,
        /** Another gateway runs on the same data directory. */
        IN_USE
    }

    public StoreException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    /** Whether the database is away, rather than there but not to be used with this gateway's version and keys. */
    public boolean isOutage() {
        return reason == Reason.UNAVAILABLE || reason == Reason.DAMAGED;
    }
}
