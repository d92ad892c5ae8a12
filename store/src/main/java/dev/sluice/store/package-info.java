/**
 * How things are kept: settings, audit log and usage in one SQLite file, and the journal that calls are noted in first.
 *
 * <p>Start at {@link dev.sluice.store.Store}.
 */
@NullMarked
package dev.sluice.store;

import org.jspecify.annotations.NullMarked;
