/**
 * What a call consumed: settlement, cost, the usage record and where it goes.
 *
 * <p>Start at {@link dev.sluice.traffic.usage.UsageRecord}.
 */
@NullMarked
package dev.sluice.traffic.usage;

import org.jspecify.annotations.NullMarked;
