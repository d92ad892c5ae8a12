/**
 * Answers about past usage, as JSON and as a table to download.
 *
 * <p>Start at {@link dev.sluice.admin.usage.UsageHandlers}.
 */
@NullMarked
package dev.sluice.admin.usage;

import org.jspecify.annotations.NullMarked;
