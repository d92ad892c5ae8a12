/**
 * Where a call goes, in which order, and why.
 *
 * <p>Start at {@link dev.sluice.traffic.routing.Router}.
 */
@NullMarked
package dev.sluice.traffic.routing;

import org.jspecify.annotations.NullMarked;
