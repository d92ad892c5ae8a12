package dev.sluice.protocol.job;

import org.jspecify.annotations.Nullable;

/**
 * Something that the provider goes on with when the call that began it has ended.
 *
 * @param id the vendor's
 * @param ended what it used in all; null as long as that is not told
 */
public record BackgroundJob(String id, @Nullable JobUsage ended) {}
