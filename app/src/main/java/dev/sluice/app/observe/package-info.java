/**
 * What becomes of usage records besides the ledger: metrics and the access log. Both see batches, off the event loops.
 *
 * <p>Start at {@link dev.sluice.app.observe.CallMetrics}.
 */
@NullMarked
package dev.sluice.app.observe;

import org.jspecify.annotations.NullMarked;
