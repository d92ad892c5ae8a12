/**
 * All settings at one version, indexed for the data plane: built off the request path, then only read.
 *
 * <p>Start at {@link dev.sluice.settings.snapshot.Snapshot}.
 */
@NullMarked
package dev.sluice.settings.snapshot;

import org.jspecify.annotations.NullMarked;
