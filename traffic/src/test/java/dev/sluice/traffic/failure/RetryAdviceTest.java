package dev.sluice.traffic.failure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.UpstreamError;
import dev.sluice.settings.catalogue.Provider.RateLimitHeaders;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryAdviceTest {
    private static final long NOW = Instant.parse("2026-11-20T12:00:00Z").toEpochMilli();

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-, -, -1",
                "1500, -, 1500",
                "1500.7, 99, 1500",
                "soon, 2, 2000",
                "-, 12, 12000",
                "-, 0, 0",
                "-, 1.5, 1500",
                "-, ' 3 ', 3000",
                "-, -5, -1",
                "-, 1e9, -1",
                "-, '', -1",
                "-, tomorrow, -1",
                "-, 1.2.3, -1",
                "-, ., -1",
                "-, 99999999999999999999, 604800000",
                "99999999999999999999, -, 604800000",
                "-, 'Fri, 20 Nov 2026 12:00:21 GMT', 21000",
                "-, 'Fri, 20 Nov 2026 11:00:00 GMT', 0",
                "-, 'Fri, 20 Nov 2099 11:00:00 GMT', 604800000",
            })
    void readsRetryAfter(String millis, String seconds, long expected) {
        Map<String, String> headers = new HashMap<>();
        if (millis != null) headers.put("retry-after-ms", millis);
        if (seconds != null) headers.put("retry-after", seconds);
        assertThat(wait(headers)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1s|1000",
                "6m0s|360000",
                "120ms|120",
                "1h2m3.5s|3723500",
                "7.66s|7660",
                "30|30000",
                "1795262430|86430000",
                "4000000000|604800000",
                "1763640021|0",
                "2026-11-20T12:00:45Z|45000",
                "2026-11-20T11:00:00Z|0",
                "soon|-1",
                "s|-1",
                "5y|-1",
                "1.2.3s|-1",
            })
    void readsWhenAnExhaustedLimitIsRestored(String reset, long expected) {
        assertThat(wait(Map.of("x-ratelimit-remaining-requests", "0", "x-ratelimit-reset-requests", reset)))
                .isEqualTo(expected);
        assertThat(wait(
                        RateLimitHeaders.ANTHROPIC,
                        Map.of(
                                "anthropic-ratelimit-output-tokens-remaining",
                                "0",
                                "anthropic-ratelimit-output-tokens-reset",
                                reset)))
                .isEqualTo(expected);
        assertThat(wait(RateLimitHeaders.ANTHROPIC, Map.of("anthropic-ratelimit-unified-reset", reset)))
                .isEqualTo(expected);
    }

    @Test
    void ofTwoExhaustedLimitsTheLaterCounts() {
        assertThat(wait(Map.of(
                        "x-ratelimit-remaining-requests", "0",
                        "x-ratelimit-reset-requests", "2s",
                        "x-ratelimit-remaining-tokens", "0",
                        "x-ratelimit-reset-tokens", "1m")))
                .isEqualTo(60_000);
    }

    @Test
    void aLimitThatHasSomethingLeftSaysNothing() {
        assertThat(wait(Map.of(
                        "x-ratelimit-remaining-requests", "12",
                        "x-ratelimit-reset-requests", "2s",
                        "x-ratelimit-reset-tokens", "1m")))
                .isEqualTo(-1);
    }

    @Test
    void looksAtNoOtherHeadersThanThoseOfTheProvider() {
        Map<String, String> openAi = Map.of("x-ratelimit-remaining-requests", "0", "x-ratelimit-reset-requests", "2s");
        Map<String, String> anthropic = Map.of("anthropic-ratelimit-unified-reset", "2s");
        assertThat(wait(RateLimitHeaders.X_RATELIMIT, openAi)).isEqualTo(2_000);
        assertThat(wait(RateLimitHeaders.ANTHROPIC, openAi)).isEqualTo(-1);
        assertThat(wait(RateLimitHeaders.NONE, openAi)).isEqualTo(-1);
        assertThat(wait(RateLimitHeaders.ANTHROPIC, anthropic)).isEqualTo(2_000);
        assertThat(wait(RateLimitHeaders.X_RATELIMIT, anthropic)).isEqualTo(-1);
    }

    @Test
    void theBodyCountsWhereNoHeaderSaysWhenToComeBack() {
        UpstreamError error = new UpstreamError("slow", null, "RESOURCE_EXHAUSTED", null, 21_000);
        assertThat(RetryAdvice.millis(RateLimitHeaders.NONE, name -> null, error, NOW))
                .isEqualTo(21_000);
        assertThat(RetryAdvice.millis(RateLimitHeaders.NONE, Map.of("retry-after", "3")::get, error, NOW))
                .isEqualTo(3_000);
    }

    private static long wait(Map<String, String> headers) {
        return wait(RateLimitHeaders.X_RATELIMIT, headers);
    }

    private static long wait(RateLimitHeaders limits, Map<String, String> headers) {
        return RetryAdvice.millis(limits, headers::get, UpstreamError.NONE, NOW);
    }
}
