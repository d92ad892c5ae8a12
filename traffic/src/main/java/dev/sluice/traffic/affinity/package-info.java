/**
 * Affinity of what providers keep (files, batches, stored responses, videos): the ids that clients see name the deployment
 * that keeps the thing, so that any node finds it again without shared state.
 *
 * <p>Start at {@link dev.sluice.traffic.affinity.IdSeal}.
 */
@NullMarked
package dev.sluice.traffic.affinity;

import org.jspecify.annotations.NullMarked;
