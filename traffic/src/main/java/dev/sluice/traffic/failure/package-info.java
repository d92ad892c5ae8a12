/**
 * What went wrong, and what follows from it.
 *
 * <p>Start at {@link dev.sluice.traffic.failure.FailureKind}.
 */
@NullMarked
package dev.sluice.traffic.failure;

import org.jspecify.annotations.NullMarked;
