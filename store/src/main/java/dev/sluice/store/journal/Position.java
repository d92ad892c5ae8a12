package dev.sluice.store.journal;

/** A place between two records: a byte offset in a segment. */
public record Position(long segment, long offset) {
    public static final Position START = new Position(0, 0);
}
