package dev.sluice.settings.binding;

/** What a document may be at most, so that none can exhaust the process. */
final class Limit {
    static final int CHARACTERS = 64 * 1024 * 1024;
    static final int DEPTH = 32;
    /** Scalars, lists and mappings, counted as often as aliases repeat them. */
    static final int NODES = 4_000_000;

    private Limit() {}
}
