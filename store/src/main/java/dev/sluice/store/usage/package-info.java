/**
 * Usage in the database: how journals are shipped into roll-ups and blocks of records, and the questions these answer.
 *
 * <p>Start at {@link dev.sluice.store.usage.Shipper}.
 */
@NullMarked
package dev.sluice.store.usage;

import org.jspecify.annotations.NullMarked;
