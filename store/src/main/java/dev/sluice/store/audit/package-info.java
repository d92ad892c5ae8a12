/**
 * The audit log in the database, each entry chained to the one before by its hash.
 *
 * <p>Start at {@link dev.sluice.store.audit.SqlAuditLog}.
 */
@NullMarked
package dev.sluice.store.audit;

import org.jspecify.annotations.NullMarked;
