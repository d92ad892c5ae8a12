package dev.sluice.proxy;

import dev.sluice.traffic.limits.LimitState;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.List;

/** Where a caller's limits stand, as {@code x-ratelimit-*} headers in OpenAI's form. */
final class RateLimitHeaders {
    private RateLimitHeaders() {}

    private static final Names REQUESTS = new Names("requests");
    private static final Names TOKENS = new Names("tokens");
    private static final Names CONCURRENCY = new Names("concurrency");

    /** The header names of one metric. */
    private record Names(CharSequence limit, CharSequence remaining, CharSequence reset) {
        Names(String metric) {
            this(
                    HttpHeaders.createOptimized("x-ratelimit-limit-" + metric),
                    HttpHeaders.createOptimized("x-ratelimit-remaining-" + metric),
                    HttpHeaders.createOptimized("x-ratelimit-reset-" + metric));
        }

        static Names of(String metric) {
            return switch (metric) {
                case "requests" -> REQUESTS;
                case "tokens" -> TOKENS;
                default -> CONCURRENCY;
            };
        }
    }

    static void put(MultiMap headers, List<LimitState> states) {
        for (int i = 0; i < states.size(); i++) {
            LimitState s = states.get(i);
            Names names = Names.of(s.metric());
            headers.add(names.limit, Long.toString(s.limit()));
            headers.add(names.remaining, Long.toString(Math.max(0, s.remaining())));
            if (s.resetMillis() >= 0) headers.add(names.reset, duration(s.resetMillis()));
        }
    }

    /** {@code 350ms}, {@code 12s}. */
    private static String duration(long millis) {
        return millis < 1000 ? millis + "ms" : (millis + 999) / 1000 + "s";
    }
}
