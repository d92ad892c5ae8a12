/**
 * What the process is asked to do: the command line and the environment, read into one typed command, and what a person
 * at a terminal reads back. Nothing here starts the gateway.
 *
 * <p>Start at {@link dev.sluice.app.cli.Option}, the one table of process settings, and {@link
 * dev.sluice.app.cli.CommandLine}, which reads it.
 */
@NullMarked
package dev.sluice.app.cli;

import org.jspecify.annotations.NullMarked;
