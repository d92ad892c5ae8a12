/**
 * Settings in the database, and the newest of them in a file for the day the database is away.
 *
 * <p>Start at {@link dev.sluice.store.settings.SqlSettings}.
 */
@NullMarked
package dev.sluice.store.settings;

import org.jspecify.annotations.NullMarked;
