package dev.sluice.app.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What the process is to do, fully read and checked: a flag, else its variable, else the default. */
public sealed interface Command {
    /** Start the gateway and serve until told to stop. */
    record Run(GatewayOptions gateway) implements Command {}

    /** Start the gateway beside the simulator, with a working set declared. */
    record Demo(GatewayOptions gateway) implements Command {}

    /**
     * Make a running gateway match a declarative file.
     *
     * @param file a file or a folder of them
     * @param prune whether what the file does not name is deleted
     * @param dryRun whether the difference is only printed
     */
    record Apply(Path file, boolean prune, boolean dryRun, AdminAccess admin) implements Command {}

    /**
     * Write the settings of a running gateway.
     *
     * @param file where to; null is standard output
     */
    record Export(@Nullable Path file, AdminAccess admin) implements Command {}

    /** Check the machine for what the gateway would need with these options. */
    record Doctor(GatewayOptions gateway) implements Command {}

    /** Print the version. */
    record Version() implements Command {}

    /**
     * Print the help.
     *
     * @param topic the command asked about; null is all of them
     */
    record Help(@Nullable Verb topic) implements Command {}

    /** Start on free ports with the simulator, serve a few calls and stop: what the start cache is recorded from. */
    record WarmUp() implements Command {}
}
