package dev.sluice.app.cli;

import java.nio.file.Path;

/** Which store the gateway keeps its settings, usage and audit in. */
public sealed interface StoreLocation {
    /** The embedded store: one database file of this node. */
    record Sqlite(Path file) implements StoreLocation {}
}
