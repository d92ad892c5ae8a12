/**
 * What providers tell of work that they do behind the call that began it: batches and tasks.
 *
 * <p>Start at {@link dev.sluice.protocol.job.JobUsage}.
 */
@NullMarked
package dev.sluice.protocol.job;

import org.jspecify.annotations.NullMarked;
