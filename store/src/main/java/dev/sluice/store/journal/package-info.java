/**
 * The journal: append-only segment files that usage records are written to within milliseconds, before they are shipped
 * to the database. Each record is a frame with its own checksum, so what a crash or a bad disk leaves behind is found
 * and passed over.
 *
 * <p>Start at {@link dev.sluice.store.journal.Journal}.
 */
@NullMarked
package dev.sluice.store.journal;

import org.jspecify.annotations.NullMarked;
