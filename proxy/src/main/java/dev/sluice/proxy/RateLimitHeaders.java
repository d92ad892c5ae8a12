package dev.sluice.proxy;

import dev.sluice.traffic.limits.LimitState;
import io.vertx.core.MultiMap;
import java.util.List;

/** Where a caller's limits stand, as {@code x-ratelimit-*} headers in OpenAI's form. */
final class RateLimitHeaders {
    private RateLimitHeaders() {}

    static void put(MultiMap headers, List<LimitState> states) {
        for (LimitState s : states) {
            headers.set("x-ratelimit-limit-" + s.metric(), Long.toString(s.limit()));
            headers.set("x-ratelimit-remaining-" + s.metric(), Long.toString(Math.max(0, s.remaining())));
            headers.set("x-ratelimit-reset-" + s.metric(), duration(s.resetMillis()));
        }
    }

    /** {@code 350ms}, {@code 12s}. */
    private static String duration(long millis) {
        return millis < 1000 ? Math.max(0, millis) + "ms" : (millis + 999) / 1000 + "s";
    }
}
