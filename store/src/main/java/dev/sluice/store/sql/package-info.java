/**
 * The SQLite file: one writer connection, a small pool of readers, forward-only migrations, a deadline on every
 * statement.
 *
 * <p>Start at {@link dev.sluice.store.sql.Database}.
 */
@NullMarked
package dev.sluice.store.sql;

import org.jspecify.annotations.NullMarked;
