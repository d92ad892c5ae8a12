package dev.sluice.traffic.limits;

/**
 * Where a limit stands, for the {@code x-ratelimit-*} headers.
 *
 * @param metric {@code requests}, {@code tokens} or {@code concurrency}
 * @param resetMillis until capacity frees up
 */
public record LimitState(String metric, long limit, long remaining, long resetMillis) {}
