package dev.sluice.traffic.failure;

import dev.sluice.protocol.UpstreamError;
import dev.sluice.protocol.error.Durations;
import dev.sluice.settings.catalogue.Provider.RateLimitHeaders;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * How long an upstream asks to be left alone. The first of these that says something counts:
 *
 * <ol>
 *   <li>{@code retry-after-ms}, then {@code retry-after} in seconds or as an HTTP date
 *   <li>the body ({@code RetryInfo.retryDelay} of Google)
 *   <li>in the headers that the catalogue names for the provider, of the limits that have nothing left the one that is restored
 *       last: {@code x-ratelimit-remaining-*} with {@code x-ratelimit-reset-*}, or {@code anthropic-ratelimit-*-remaining} with
 *       {@code -reset}, then {@code anthropic-ratelimit-unified-reset}
 * </ol>
 */
public final class RetryAdvice {
    /** A longer wait is as good as this one. */
    private static final long LONGEST_WAIT = 7 * 86_400_000L;
    /** A bare number above this is a moment in seconds since 1970, not a wait. */
    private static final BigDecimal FIRST_MOMENT = BigDecimal.valueOf(1_000_000_000L);

    private static final String[] OPENAI_LIMITS = {"requests", "tokens"};
    private static final String[] ANTHROPIC_LIMITS = {"requests", "tokens", "input-tokens", "output-tokens"};

    private RetryAdvice() {}

    /** A header of the answer by its name, null if there is none. */
    @FunctionalInterface
    public interface Headers {
        @Nullable
        String get(String name);
    }

    /**
     * Milliseconds from now, at most a week; -1 if nothing says.
     *
     * @param limits in which headers the provider tells of its limits
     */
    public static long millis(RateLimitHeaders limits, Headers headers, UpstreamError error, long nowMillis) {
        long wait = scaled(headers.get("retry-after-ms"), 1);
        if (wait < 0) wait = secondsOrDate(headers.get("retry-after"), nowMillis);
        if (wait < 0) wait = error.retryAfterMillis();
        if (wait >= 0) return wait;
        return switch (limits) {
            case NONE -> -1;
            case X_RATELIMIT -> openAi(headers, nowMillis);
            case ANTHROPIC -> anthropic(headers, nowMillis);
        };
    }

    private static long openAi(Headers headers, long nowMillis) {
        long longest = -1;
        for (String limit : OPENAI_LIMITS) {
            if (!isNothing(headers.get("x-ratelimit-remaining-" + limit))) continue;
            longest = Math.max(longest, moment(headers.get("x-ratelimit-reset-" + limit), nowMillis));
        }
        return longest;
    }

    private static long anthropic(Headers headers, long nowMillis) {
        long longest = -1;
        for (String limit : ANTHROPIC_LIMITS) {
            if (!isNothing(headers.get("anthropic-ratelimit-" + limit + "-remaining"))) continue;
            longest = Math.max(longest, moment(headers.get("anthropic-ratelimit-" + limit + "-reset"), nowMillis));
        }
        return longest < 0 ? moment(headers.get("anthropic-ratelimit-unified-reset"), nowMillis) : longest;
    }

    private static boolean isNothing(@Nullable String remaining) {
        BigDecimal left = number(remaining);
        return left != null && left.signum() == 0;
    }

    /** {@code 6m0s}, seconds, seconds since 1970, or RFC 3339. */
    private static long moment(@Nullable String text, long nowMillis) {
        if (text == null) return -1;
        String told = text.strip();
        long duration = Durations.millis(told);
        if (duration >= 0) return duration;
        BigDecimal seconds = number(told);
        if (seconds != null) {
            return seconds.compareTo(FIRST_MOMENT) < 0
                    ? scaled(told, 1000)
                    : Math.clamp(seconds.longValue() * 1000 - nowMillis, 0, LONGEST_WAIT);
        }
        try {
            return until(Instant.parse(told), nowMillis);
        } catch (DateTimeException _) {
            return -1;
        }
    }

    private static long secondsOrDate(@Nullable String text, long nowMillis) {
        if (text == null) return -1;
        long wait = scaled(text, 1000);
        if (wait >= 0) return wait;
        try {
            return until(
                    ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant(),
                    nowMillis);
        } catch (DateTimeException _) {
            return -1;
        }
    }

    private static long until(Instant moment, long nowMillis) {
        return Math.clamp(moment.toEpochMilli() - nowMillis, 0, LONGEST_WAIT);
    }

    /** A decimal number times a scale, at most a week; -1 if the text is none. */
    private static long scaled(@Nullable String text, int scale) {
        BigDecimal number = number(text);
        if (number == null) return -1;
        return number.multiply(BigDecimal.valueOf(scale))
                .min(BigDecimal.valueOf(LONGEST_WAIT))
                .longValue();
    }

    private static @Nullable BigDecimal number(@Nullable String text) {
        String digits = text == null ? "" : text.strip();
        if (digits.isEmpty() || digits.length() > 20) return null;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if ((c < '0' || c > '9') && c != '.') return null;
        }
        try {
            return new BigDecimal(digits);
        } catch (NumberFormatException _) {
            return null;
        }
    }
}
