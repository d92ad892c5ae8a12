package dev.sluice.traffic.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.UpstreamError;
import dev.sluice.settings.catalogue.Provider.ErrorDialect;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientAnswerTest {
    @ParameterizedTest(name = "{0} → {1} {2}")
    @CsvSource({
        // one attempt: what is the caller's business keeps the upstream's status
        "400, 400, upstream_failed",
        "413, 413, upstream_failed",
        "422, 422, upstream_failed",
        "404:model_not_found, 404, model_not_found",
        "400:context_length_exceeded, 400, context_length_exceeded",
        "400:content_filter, 400, content_filter",
        "200:content_filter, 400, content_filter",
        "200:400, 400, upstream_failed",
        "429, 429, upstream_failed",
        "402, 429, upstream_failed",
        // … all else is the upstream's
        "404, 502, upstream_failed",
        "405, 502, upstream_failed",
        "409, 502, upstream_failed",
        "415, 502, upstream_failed",
        "499, 502, upstream_failed",
        "500, 502, upstream_failed",
        "503, 502, upstream_failed",
        "504, 502, upstream_failed",
        "529, 503, upstream_failed",
        "408, 504, upstream_timeout",
        "401, 502, upstream_auth",
        "403, 502, upstream_auth",
        "400:api_key_invalid, 502, upstream_auth",
        "CONNECT, 502, upstream_failed",
        "UPSTREAM_CUT, 502, upstream_failed",
        "CONVERSATION_NOT_FOUND, 404, conversation_not_found",
        "UPSTREAM_MALFORMED, 502, upstream_failed",
        "FIRST_PACKET_TIMEOUT, 504, first_packet_timeout",
        "TOTAL_TIMEOUT, 504, upstream_timeout",
        "UNBOUND, 503, no_model_service",
        "NO_USABLE_KEY, 503, no_model_service",
        "QUOTA_EXHAUSTED, 429, insufficient_quota",
        "RATE_LIMITED, 429, rate_limit_exceeded",
        "UNAUTHENTICATED, 401, invalid_api_key",
        // several attempts: a common status that is the caller's business stays
        "400 400, 400, upstream_failed",
        "404:model_not_found 404:model_not_found, 404, model_not_found",
        "413 413, 413, upstream_failed",
        "429 402 429, 429, upstream_failed",
        "400:content_filter 400, 400, upstream_failed",
        "529 529, 503, upstream_failed",
        "401 403, 502, upstream_auth",
        // … a mix is a 502
        "400 404:model_not_found, 502, upstream_failed",
        "429 500, 502, upstream_failed",
        "500 429, 502, upstream_failed",
        "401 500, 502, upstream_failed",
        "529 500, 502, upstream_failed",
        "404 404, 502, upstream_failed",
        // a first packet timeout counts only when it was the last
        "500 FIRST_PACKET_TIMEOUT, 504, first_packet_timeout",
        "FIRST_PACKET_TIMEOUT 500, 502, upstream_failed",
        "FIRST_PACKET_TIMEOUT TIMEOUT, 504, upstream_timeout",
        "TIMEOUT TIMEOUT, 504, upstream_timeout",
        // the end of the call's own time, and of the client's patience
        "500 TOTAL_TIMEOUT, 504, upstream_timeout",
        "500 CLIENT_LEFT, 499, client_closed_request",
        // that nothing was left to try is no news
        "401 NO_USABLE_KEY, 502, upstream_auth",
        "429 NO_USABLE_KEY, 429, upstream_failed",
        "NO_USABLE_KEY NO_USABLE_KEY, 503, no_model_service",
    })
    void followsTheErrorTable(String failures, int status, String code) {
        ClientAnswer answer = ClientAnswer.of(Arrays.stream(failures.split(" "))
                .map(ClientAnswerTest::failure)
                .toList());
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.code()).isEqualTo(code);
    }

    private static Failure failure(String text) {
        if (!Character.isDigit(text.charAt(0))) return Failure.of(FailureKind.valueOf(text), "said " + text);
        String[] parts = text.split(":");
        String code = parts.length > 1 ? parts[1] : null;
        return Classifier.classify(
                ErrorDialect.WORDS, Integer.parseInt(parts[0]), new UpstreamError("", code, null, null), -1);
    }

    @Test
    void oneFailureSpeaksForItself() {
        Failure bad = Classifier.classify(
                ErrorDialect.WORDS,
                422,
                new UpstreamError("temperature must be positive", null, null, "temperature"),
                -1);
        assertThat(ClientAnswer.of(bad))
                .isEqualTo(new ClientAnswer(
                        422,
                        "invalid_request_error",
                        "upstream_failed",
                        "temperature must be positive",
                        -1,
                        "temperature"));
    }

    @Test
    void severalSayHowManyTheyWere() {
        Failure first = Classifier.classify(ErrorDialect.WORDS, 429, UpstreamError.NONE, 9_000);
        Failure second =
                Classifier.classify(ErrorDialect.WORDS, 429, new UpstreamError("slow", null, null, null), 4_000);
        assertThat(ClientAnswer.of(List.of(first, second)))
                .isEqualTo(new ClientAnswer(
                        429,
                        "rate_limit_error",
                        "upstream_failed",
                        "all 2 attempts failed; the last one: the provider limits the rate of calls (status 429): slow",
                        4_000,
                        null));
        assertThat(ClientAnswer.of(List.of(first, Failure.of(FailureKind.CONNECT, "connection refused"))))
                .isEqualTo(new ClientAnswer(
                        502,
                        "server_error",
                        "upstream_failed",
                        "all 2 attempts failed; the last one: connection refused",
                        -1,
                        null));
    }

    @Test
    void theTypeFollowsTheStatus() {
        assertThat(ClientAnswer.of(Classifier.classify(ErrorDialect.WORDS, 404, UpstreamError.NONE, -1))
                        .type())
                .isEqualTo("server_error");
        assertThat(ClientAnswer.of(Failure.of(FailureKind.QUOTA_EXHAUSTED, "gone"))
                        .type())
                .isEqualTo("insufficient_quota");
        assertThat(ClientAnswer.of(Failure.of(FailureKind.FIRST_PACKET_TIMEOUT, "slow"))
                        .type())
                .isEqualTo("timeout_error");
    }

    @Test
    void carriesTheAttempts() {
        List<ClientError.Attempt> attempts = List.of(new ClientError.Attempt("a", "m", 500, "upstream-error"));
        assertThat(ClientAnswer.of(Failure.of(FailureKind.UPSTREAM_ERROR, "boom"))
                        .toError(attempts))
                .isEqualTo(new ClientError(502, "server_error", "upstream_failed", "boom", null, attempts));
    }

    @Test
    void nothingIsNoAnswer() {
        assertThatThrownBy(() -> ClientAnswer.of(List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no failures (expected: at least one)");
    }
}
