/**
 * What stands behind a command.
 *
 * <p>Start at {@link dev.sluice.bench.cli.Arguments}.
 */
@NullMarked
package dev.sluice.bench.cli;

import org.jspecify.annotations.NullMarked;
