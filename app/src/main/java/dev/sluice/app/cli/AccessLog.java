package dev.sluice.app.cli;

import java.nio.file.Path;

/** Where the access log goes. */
public sealed interface AccessLog {
    /** To the standard output of the process. */
    record Stdout() implements AccessLog {}

    /** Nowhere. */
    record Off() implements AccessLog {}

    /** To the end of a file. */
    record ToFile(Path path) implements AccessLog {}
}
