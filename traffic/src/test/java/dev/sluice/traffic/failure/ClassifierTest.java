package dev.sluice.traffic.failure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.UpstreamError;
import java.time.Instant;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClassifierTest {
    @ParameterizedTest(name = "{0} {1}/{2} {3} → {4}")
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
                    # by status alone
                    400|-|-|''|UPSTREAM_REFUSED
                    401|-|-|''|PROVIDER_AUTH
                    402|-|-|''|PROVIDER_QUOTA
                    403|-|-|''|PROVIDER_AUTH
                    404|-|-|'404 page not found'|UPSTREAM_REFUSED
                    405|-|-|''|UPSTREAM_REFUSED
                    408|-|-|''|TIMEOUT
                    409|-|-|''|UPSTREAM_ERROR
                    413|-|-|''|UPSTREAM_REFUSED
                    415|-|-|''|UPSTREAM_REFUSED
                    422|-|-|''|UPSTREAM_REFUSED
                    424|-|-|''|UPSTREAM_ERROR
                    425|-|-|''|UPSTREAM_ERROR
                    429|-|-|''|PROVIDER_RATE_LIMITED
                    499|-|-|''|UPSTREAM_REFUSED
                    500|-|-|''|UPSTREAM_ERROR
                    502|-|-|''|UPSTREAM_ERROR
                    503|-|-|''|UPSTREAM_OVERLOADED
                    504|-|-|''|UPSTREAM_ERROR
                    529|-|-|''|UPSTREAM_OVERLOADED
                    307|-|-|''|UPSTREAM_ERROR
                    200|-|-|''|UPSTREAM_MALFORMED
                    # OpenAI
                    401|invalid_api_key|invalid_request_error|'Incorrect API key provided'|PROVIDER_AUTH
                    429|rate_limit_exceeded|tokens|'Rate limit reached. Please try again in 6s. Visit account/billing'|PROVIDER_RATE_LIMITED
                    429|insufficient_quota|insufficient_quota|'You exceeded your current quota'|PROVIDER_QUOTA
                    429|-|insufficient_quota|''|PROVIDER_QUOTA
                    429|billing_hard_limit_reached|-|''|PROVIDER_QUOTA
                    404|model_not_found|invalid_request_error|'The model `gpt-9` does not exist'|UPSTREAM_MODEL_NOT_FOUND
                    403|model_not_found|invalid_request_error|'Project has no access to model'|UPSTREAM_MODEL_NOT_FOUND
                    400|context_length_exceeded|invalid_request_error|''|CONTEXT_TOO_LONG
                    400|string_above_max_length|invalid_request_error|''|CONTEXT_TOO_LONG
                    400|content_policy_violation|-|''|CONTENT_FILTERED
                    400|invalid_value|invalid_request_error|'Invalid value'|UPSTREAM_REFUSED
                    500|-|server_error|'The server had an error'|UPSTREAM_ERROR
                    503|-|-|'Slow down'|UPSTREAM_OVERLOADED
                    # Azure
                    400|content_filter|-|'The response was filtered'|CONTENT_FILTERED
                    404|DeploymentNotFound|-|''|UPSTREAM_MODEL_NOT_FOUND
                    # Anthropic's words, through its OpenAI-compatible host
                    400|-|invalid_request_error|'Your credit balance is too low to access the API'|PROVIDER_QUOTA
                    400|-|invalid_request_error|'prompt is too long: 250000 tokens > 200000 maximum'|CONTEXT_TOO_LONG
                    404|-|not_found_error|'model: claude-9'|UPSTREAM_MODEL_NOT_FOUND
                    529|-|overloaded_error|'Overloaded'|UPSTREAM_OVERLOADED
                    402|-|billing_error|''|PROVIDER_QUOTA
                    # Gemini
                    400|API_KEY_INVALID|INVALID_ARGUMENT|''|PROVIDER_AUTH
                    400|400|INVALID_ARGUMENT|'API key not valid. Please pass a valid API key.'|PROVIDER_AUTH
                    400|400|INVALID_ARGUMENT|'The input token count (1200000) exceeds the maximum'|CONTEXT_TOO_LONG
                    400|400|FAILED_PRECONDITION|'User location is not supported'|PROVIDER_QUOTA
                    429|429|RESOURCE_EXHAUSTED|'You exceeded your current quota. Please retry in 26s.'|PROVIDER_RATE_LIMITED
                    429|429|RESOURCE_EXHAUSTED|'Quota exceeded: GenerateRequestsPerDayPerProject'|PROVIDER_QUOTA
                    503|503|UNAVAILABLE|'The model is overloaded'|UPSTREAM_OVERLOADED
                    # DashScope
                    400|Arrearage|-|'Access denied, please make sure your account is in good standing.'|PROVIDER_QUOTA
                    400|DataInspectionFailed|-|'Input data may contain inappropriate content.'|CONTENT_FILTERED
                    400|data_inspection_failed|-|''|CONTENT_FILTERED
                    400|InvalidParameter|-|'Range of input length should be [1, 30720]'|CONTEXT_TOO_LONG
                    400|InvalidParameter|-|'temperature must be positive'|UPSTREAM_REFUSED
                    401|InvalidApiKey|-|'Invalid API-key provided.'|PROVIDER_AUTH
                    403|AccessDenied.Unpurchased|-|''|UPSTREAM_MODEL_NOT_FOUND
                    404|ModelNotFound|-|''|UPSTREAM_MODEL_NOT_FOUND
                    429|Throttling.RateQuota|-|'Requests rate limit exceeded'|PROVIDER_RATE_LIMITED
                    429|Throttling.AllocationQuota|-|''|PROVIDER_RATE_LIMITED
                    500|InternalError.Algo|-|''|UPSTREAM_ERROR
                    # DeepSeek
                    400|invalid_request_error|invalid_request_error|'Model Not Exist'|UPSTREAM_MODEL_NOT_FOUND
                    402|invalid_request_error|unknown_error|'Insufficient Balance'|PROVIDER_QUOTA
                    # Moonshot
                    401|-|incorrect_api_key_error|''|PROVIDER_AUTH
                    429|-|engine_overloaded_error|''|UPSTREAM_OVERLOADED
                    429|-|exceeded_current_quota_error|''|PROVIDER_QUOTA
                    429|-|rate_limit_reached_error|''|PROVIDER_RATE_LIMITED
                    404|-|resource_not_found_error|''|UPSTREAM_MODEL_NOT_FOUND
                    # Zhipu
                    401|1002|-|''|PROVIDER_AUTH
                    429|1113|-|''|PROVIDER_QUOTA
                    429|1302|-|''|PROVIDER_RATE_LIMITED
                    400|1211|-|''|UPSTREAM_MODEL_NOT_FOUND
                    400|1301|-|''|CONTENT_FILTERED
                    400|1214|-|''|UPSTREAM_REFUSED
                    500|1234|-|''|UPSTREAM_ERROR
                    # Ark
                    403|AccountOverdueError|Forbidden|''|PROVIDER_QUOTA
                    404|InvalidEndpointOrModel.NotFound|NotFound|''|UPSTREAM_MODEL_NOT_FOUND
                    404|ModelNotOpen|-|''|UPSTREAM_MODEL_NOT_FOUND
                    429|RateLimitExceeded.EndpointRPMExceeded|TooManyRequests|''|PROVIDER_RATE_LIMITED
                    429|ServerOverloaded|TooManyRequests|''|UPSTREAM_OVERLOADED
                    429|QuotaExceeded|TooManyRequests|''|PROVIDER_QUOTA
                    400|InputTextSensitiveContentDetected.Risk|BadRequest|''|CONTENT_FILTERED
                    # MiniMax and Spark: their numbers, inside a 200
                    200|1001|-|''|TIMEOUT
                    200|1002|-|''|PROVIDER_RATE_LIMITED
                    200|1004|-|''|PROVIDER_AUTH
                    200|1008|-|''|PROVIDER_QUOTA
                    200|1027|-|''|CONTENT_FILTERED
                    200|2013|-|''|UPSTREAM_REFUSED
                    200|10907|-|''|CONTEXT_TOO_LONG
                    200|10110|-|''|UPSTREAM_OVERLOADED
                    # Zhipu in a stream that began with a 200
                    200|1113|-|''|PROVIDER_QUOTA
                    # OpenRouter, vLLM and SGLang: the status that the answer should have had, inside a 200
                    200|402|-|'Insufficient credits'|PROVIDER_QUOTA
                    200|429|-|''|PROVIDER_RATE_LIMITED
                    200|502|-|'Provider returned error'|UPSTREAM_ERROR
                    200|503|-|''|UPSTREAM_OVERLOADED
                    200|400|BadRequestError|'This model maximum context length is 8192 tokens'|CONTEXT_TOO_LONG
                    200|400|BadRequestError|'bad'|UPSTREAM_REFUSED
                    200|404|NotFoundError|'The model `x` does not exist.'|UPSTREAM_MODEL_NOT_FOUND
                    403|403|-|'Your chosen model requires moderation and your input was flagged'|CONTENT_FILTERED
                    # Together
                    403|-|-|'Input validation error: too many tokens'|CONTEXT_TOO_LONG
                    # words inside a 200
                    200|-|overloaded_error|'Overloaded'|UPSTREAM_OVERLOADED
                    200|-|-|'Rate limit reached'|PROVIDER_RATE_LIMITED
                    200|-|invalid_request_error|'bad'|UPSTREAM_REFUSED
                    200|-|api_error|''|UPSTREAM_ERROR
                    200|-|-|'CUDA out of memory'|UPSTREAM_MALFORMED
                    # Ollama calls everything an api_error
                    404|-|api_error|'model "x" not found, try pulling it first'|UPSTREAM_MODEL_NOT_FOUND
                    400|-|api_error|'invalid options'|UPSTREAM_REFUSED
                    413|-|-|'Payload: prompt is too long'|CONTEXT_TOO_LONG
                    # Bedrock
                    400|ServiceQuotaExceededException|-|''|PROVIDER_RATE_LIMITED
                    403|ExpiredTokenException|-|''|PROVIDER_AUTH
                    400|ValidationException|-|'Input is too long for requested model.'|CONTEXT_TOO_LONG
                    """)
    void knowsTheVendorsErrors(int status, String code, String type, String message, FailureKind expected) {
        UpstreamError error = new UpstreamError(message, code, type, null);
        Failure failure = Classifier.classify(status, error, 1234);
        assertThat(failure.kind()).isEqualTo(expected);
        assertThat(failure.upstreamStatus()).isEqualTo(status);
        assertThat(failure.upstream()).isEqualTo(error);
        assertThat(failure.retryAfterMillis()).isEqualTo(1234);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    401|Incorrect API key provided: sk-…1234|the provider refused the gateway's key (status 401); an operator must look at the provider key
                    402|Insufficient Balance|the account behind the gateway's provider key has nothing left (status 402); an operator must look at its balance and limits
                    429|Slow|the provider limits the rate of calls (status 429): Slow
                    429|''|the provider limits the rate of calls (status 429) and gave no reason
                    500|boom|the upstream failed (status 500): boom
                    503|''|the upstream failed (status 503) and gave no reason
                    400|temperature must be positive|temperature must be positive
                    400|''|the upstream refused the request (status 400) and gave no reason
                    """)
    void saysWhatTheClientShouldRead(int status, String words, String message) {
        assertThat(Classifier.classify(status, new UpstreamError(words, null, null, null), -1)
                        .message())
                .isEqualTo(message);
    }

    @Test
    void namesTheFieldAtFault() {
        assertThat(Classifier.classify(400, new UpstreamError("bad", null, null, "temperature"), -1)
                        .param())
                .isEqualTo("temperature");
    }

    @Property
    void anyStatusAndAnyWordsHaveAKind(
            @ForAll @IntRange(min = 200, max = 999) int status,
            @ForAll @StringLength(max = 30) String message,
            @ForAll @StringLength(max = 8) String code) {
        Failure failure = Classifier.classify(status, new UpstreamError(message, code, code, null), -1);
        assertThat(failure.message()).isNotEmpty();
        assertThat(failure.kind().status()).isGreaterThanOrEqualTo(400);
    }

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
            })
    void readsHowLongToWait(String millis, String seconds, long expected) {
        assertThat(Classifier.retryAfterMillis(millis, seconds, 0)).isEqualTo(expected);
    }

    @Test
    void readsADateToWaitFor() {
        long now = Instant.parse("2026-11-20T12:00:00Z").toEpochMilli();
        assertThat(Classifier.retryAfterMillis(null, "Fri, 20 Nov 2026 12:00:21 GMT", now))
                .isEqualTo(21_000);
        assertThat(Classifier.retryAfterMillis(null, "Fri, 20 Nov 2026 11:00:00 GMT", now))
                .isZero();
        assertThat(Classifier.retryAfterMillis(null, "Fri, 20 Nov 2099 11:00:00 GMT", now))
                .isEqualTo(604_800_000);
    }

    @Test
    void doesNotDependOnTheLocaleOfTheMachine() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr"));
            assertThat(Classifier.classify(400, new UpstreamError("", "INVALID_API_KEY", null, null), -1)
                            .kind())
                    .isEqualTo(FailureKind.PROVIDER_AUTH);
        } finally {
            Locale.setDefault(before);
        }
    }
}
