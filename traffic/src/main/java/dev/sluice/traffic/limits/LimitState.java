package dev.sluice.traffic.limits;

/**
 * Where a limit stands, for the {@code x-ratelimit-*} headers.
 *
 * @param metric {@code requests}, {@code tokens} or {@code concurrency}
 * @param resetMillis until the limit is whole again; in a refusal: until a call may be admitted; -1 if never by itself
 */
public record LimitState(String metric, long limit, long remaining, long resetMillis) {}
