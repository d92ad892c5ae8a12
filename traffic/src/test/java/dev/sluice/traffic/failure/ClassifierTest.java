package dev.sluice.traffic.failure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.UpstreamError;
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
                    401|ip_not_authorized|-|''|PROVIDER_AUTH
                    403|unsupported_country_region_territory|request_forbidden|'Country, region, or territory not supported'|PROVIDER_AUTH
                    429|billing_not_active|-|''|PROVIDER_QUOTA
                    400|moderation_blocked|image_generation_user_error|''|CONTENT_FILTERED
                    400|invalid_prompt|invalid_request_error|''|CONTENT_FILTERED
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
                    401|401|-|'Access denied due to invalid subscription key'|PROVIDER_AUTH
                    403|-|-|'Access denied due to Virtual Network/Firewall rules.'|PROVIDER_AUTH
                    408|-|-|'The operation was timeout.'|TIMEOUT
                    424|424|-|'Requests have exceeded call rate limit of your current tier'|PROVIDER_RATE_LIMITED
                    424|-|-|'failed dependency'|UPSTREAM_ERROR
                    429|429|-|'Requests have exceeded call rate limit'|PROVIDER_RATE_LIMITED
                    429|NoCapacity|-|'The system is currently experiencing high demand'|PROVIDER_RATE_LIMITED
                    500|-|-|''|UPSTREAM_ERROR
                    400|content_filter|-|'The response was filtered'|CONTENT_FILTERED
                    404|DeploymentNotFound|-|''|UPSTREAM_MODEL_NOT_FOUND
                    # Anthropic's words, through its OpenAI-compatible host
                    401|-|authentication_error|'invalid x-api-key'|PROVIDER_AUTH
                    403|-|permission_error|''|PROVIDER_AUTH
                    400|-|invalid_request_error|'You have reached your spend limit'|PROVIDER_QUOTA
                    409|-|conflict_error|''|UPSTREAM_ERROR
                    413|-|request_too_large|''|UPSTREAM_REFUSED
                    429|-|rate_limit_error|''|PROVIDER_RATE_LIMITED
                    500|-|api_error|''|UPSTREAM_ERROR
                    504|-|timeout_error|''|TIMEOUT
                    400|-|invalid_request_error|'Your credit balance is too low to access the API'|PROVIDER_QUOTA
                    400|-|invalid_request_error|'prompt is too long: 250000 tokens > 200000 maximum'|CONTEXT_TOO_LONG
                    404|-|not_found_error|'model: claude-9'|UPSTREAM_MODEL_NOT_FOUND
                    529|-|overloaded_error|'Overloaded'|UPSTREAM_OVERLOADED
                    402|-|billing_error|''|PROVIDER_QUOTA
                    # Gemini
                    403|403|PERMISSION_DENIED|''|PROVIDER_AUTH
                    400|API_KEY_INVALID|INVALID_ARGUMENT|'key expired. Please renew'|PROVIDER_AUTH
                    429|GenerateRequestsPerDayPerProjectPerModel-FreeTier|RESOURCE_EXHAUSTED|'Quota exceeded'|PROVIDER_QUOTA
                    404|404|NOT_FOUND|'models/gemini-9 is not found'|UPSTREAM_MODEL_NOT_FOUND
                    499|499|CANCELLED|''|UPSTREAM_REFUSED
                    500|500|INTERNAL|''|UPSTREAM_ERROR
                    504|504|DEADLINE_EXCEEDED|''|TIMEOUT
                    200|504|DEADLINE_EXCEEDED|''|TIMEOUT
                    400|API_KEY_INVALID|INVALID_ARGUMENT|''|PROVIDER_AUTH
                    400|400|INVALID_ARGUMENT|'API key not valid. Please pass a valid API key.'|PROVIDER_AUTH
                    400|400|INVALID_ARGUMENT|'The input token count (1200000) exceeds the maximum'|CONTEXT_TOO_LONG
                    400|400|FAILED_PRECONDITION|'User location is not supported'|PROVIDER_QUOTA
                    429|429|RESOURCE_EXHAUSTED|'You exceeded your current quota. Please retry in 26s.'|PROVIDER_RATE_LIMITED
                    429|429|RESOURCE_EXHAUSTED|'Quota exceeded: GenerateRequestsPerDayPerProject'|PROVIDER_QUOTA
                    503|503|UNAVAILABLE|'The model is overloaded'|UPSTREAM_OVERLOADED
                    # DashScope
                    400|BadRequest.EmptyInput|-|''|UPSTREAM_REFUSED
                    400|InvalidURL|-|''|UPSTREAM_REFUSED
                    400|UnsupportedOperation|-|''|UPSTREAM_REFUSED
                    400|FlowNotPublished|-|''|UPSTREAM_REFUSED
                    403|AccessDenied|-|''|PROVIDER_AUTH
                    408|RequestTimeOut|-|''|TIMEOUT
                    413|BadRequest.TooLarge|-|''|UPSTREAM_REFUSED
                    429|Throttling|-|''|PROVIDER_RATE_LIMITED
                    500|InternalError|-|''|UPSTREAM_ERROR
                    500|SystemError|-|''|UPSTREAM_ERROR
                    503|ModelUnavailable|-|''|UPSTREAM_OVERLOADED
                    503|ModelServingError|-|''|UPSTREAM_OVERLOADED
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
                    400|invalid_request_error|invalid_request_error|'Failed to deserialize'|UPSTREAM_REFUSED
                    401|invalid_request_error|authentication_error|'Authentication Fails'|PROVIDER_AUTH
                    422|invalid_request_error|invalid_request_error|''|UPSTREAM_REFUSED
                    429|-|-|''|PROVIDER_RATE_LIMITED
                    503|-|-|''|UPSTREAM_OVERLOADED
                    400|invalid_request_error|invalid_request_error|'Model Not Exist'|UPSTREAM_MODEL_NOT_FOUND
                    402|invalid_request_error|unknown_error|'Insufficient Balance'|PROVIDER_QUOTA
                    # Moonshot
                    400|-|content_filter|''|CONTENT_FILTERED
                    401|-|invalid_authentication_error|''|PROVIDER_AUTH
                    403|-|permission_denied_error|''|PROVIDER_AUTH
                    500|-|server_error|''|UPSTREAM_ERROR
                    401|-|incorrect_api_key_error|''|PROVIDER_AUTH
                    429|-|engine_overloaded_error|''|UPSTREAM_OVERLOADED
                    429|-|exceeded_current_quota_error|''|PROVIDER_QUOTA
                    429|-|rate_limit_reached_error|''|PROVIDER_RATE_LIMITED
                    404|-|resource_not_found_error|''|UPSTREAM_MODEL_NOT_FOUND
                    # Zhipu
                    401|1000|-|''|PROVIDER_AUTH
                    401|1112|-|''|PROVIDER_AUTH
                    429|1121|-|''|PROVIDER_QUOTA
                    400|1210|-|''|UPSTREAM_REFUSED
                    404|1220|-|''|UPSTREAM_MODEL_NOT_FOUND
                    500|1230|-|''|UPSTREAM_ERROR
                    400|1300|-|''|CONTENT_FILTERED
                    429|1305|-|''|PROVIDER_RATE_LIMITED
                    435|-|-|''|UPSTREAM_REFUSED
                    401|1002|-|''|PROVIDER_AUTH
                    429|1113|-|''|PROVIDER_QUOTA
                    429|1302|-|''|PROVIDER_RATE_LIMITED
                    400|1211|-|''|UPSTREAM_MODEL_NOT_FOUND
                    400|1301|-|''|CONTENT_FILTERED
                    400|1214|-|''|UPSTREAM_REFUSED
                    500|1234|-|''|UPSTREAM_ERROR
                    # Ark
                    400|MissingParameter|BadRequest|''|UPSTREAM_REFUSED
                    400|InvalidParameter.Temperature|BadRequest|''|UPSTREAM_REFUSED
                    400|SensitiveContentDetected|BadRequest|''|CONTENT_FILTERED
                    401|AuthenticationError|Unauthorized|''|PROVIDER_AUTH
                    403|AccessDenied|Forbidden|''|PROVIDER_AUTH
                    429|RateLimitExceeded.EndpointTPMExceeded|TooManyRequests|''|PROVIDER_RATE_LIMITED
                    429|SetLimitExceeded|TooManyRequests|''|PROVIDER_RATE_LIMITED
                    500|InternalServiceError|-|''|UPSTREAM_ERROR
                    403|AccountOverdueError|Forbidden|''|PROVIDER_QUOTA
                    404|InvalidEndpointOrModel.NotFound|NotFound|''|UPSTREAM_MODEL_NOT_FOUND
                    404|ModelNotOpen|-|''|UPSTREAM_MODEL_NOT_FOUND
                    429|RateLimitExceeded.EndpointRPMExceeded|TooManyRequests|''|PROVIDER_RATE_LIMITED
                    429|ServerOverloaded|TooManyRequests|''|UPSTREAM_OVERLOADED
                    429|QuotaExceeded|TooManyRequests|''|PROVIDER_QUOTA
                    400|InputTextSensitiveContentDetected.Risk|BadRequest|''|CONTENT_FILTERED
                    # MiniMax and Spark: their numbers, inside a 200
                    200|1000|-|''|UPSTREAM_ERROR
                    200|1024|-|''|UPSTREAM_ERROR
                    200|1033|-|''|UPSTREAM_ERROR
                    200|1026|-|''|CONTENT_FILTERED
                    200|1039|-|''|PROVIDER_RATE_LIMITED
                    200|2049|-|''|PROVIDER_AUTH
                    200|10013|-|''|CONTENT_FILTERED
                    200|10014|-|''|CONTENT_FILTERED
                    200|10019|-|''|CONTENT_FILTERED
                    200|11200|-|''|PROVIDER_AUTH
                    200|11201|-|''|PROVIDER_RATE_LIMITED
                    200|10007|-|''|UPSTREAM_ERROR
                    200|1001|-|''|TIMEOUT
                    200|1002|-|''|PROVIDER_RATE_LIMITED
                    200|1004|-|''|PROVIDER_AUTH
                    200|1008|-|''|PROVIDER_QUOTA
                    200|1027|-|''|CONTENT_FILTERED
                    200|2013|-|''|UPSTREAM_REFUSED
                    200|10907|-|''|CONTEXT_TOO_LONG
                    200|10110|-|''|UPSTREAM_OVERLOADED
                    # Zhipu in a stream that began with a 200
                    200|1301|-|''|CONTENT_FILTERED
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
                    403|-|-|'Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4097: too many tokens'|CONTEXT_TOO_LONG
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
                    403|AccessDeniedException|-|''|PROVIDER_AUTH
                    403|UnrecognizedClientException|-|''|PROVIDER_AUTH
                    403|InvalidSignatureException|-|''|PROVIDER_AUTH
                    404|ResourceNotFoundException|-|''|UPSTREAM_MODEL_NOT_FOUND
                    400|ValidationException|-|'bad'|UPSTREAM_REFUSED
                    429|ThrottlingException|-|''|PROVIDER_RATE_LIMITED
                    429|ModelNotReadyException|-|''|UPSTREAM_OVERLOADED
                    408|ModelTimeoutException|-|''|TIMEOUT
                    424|ModelErrorException|-|''|UPSTREAM_ERROR
                    424|ModelStreamErrorException|-|''|UPSTREAM_ERROR
                    500|InternalServerException|-|''|UPSTREAM_ERROR
                    503|ServiceUnavailableException|-|''|UPSTREAM_OVERLOADED
                    # Hunyuan, inside a 200
                    200|FailedOperation.FreeResourcePackExhausted|-|''|PROVIDER_QUOTA
                    200|ResourceUnavailable.LowBalance|-|''|PROVIDER_QUOTA
                    200|UnauthorizedOperation|-|''|PROVIDER_AUTH
                    200|FailedOperation.ServiceNotActivated|-|''|PROVIDER_AUTH
                    200|FailedOperation|-|''|UPSTREAM_ERROR
                    200|FailedOperation.EngineServerError|-|''|UPSTREAM_ERROR
                    200|OperationDenied.ImageIllegalDetected|-|''|CONTENT_FILTERED
                    200|RequestSizeLimitExceeded|-|''|UPSTREAM_REFUSED
                    200|InvalidAction|-|''|UPSTREAM_REFUSED
                    200|InvalidParameterValue.Model|-|''|UPSTREAM_MODEL_NOT_FOUND
                    # Dify blames the request for what happens behind it
                    400|provider_quota_exceeded|-|''|PROVIDER_QUOTA
                    400|app_unavailable|-|''|UPSTREAM_ERROR
                    400|completion_request_error|-|''|UPSTREAM_ERROR
                    400|invalid_param|-|''|UPSTREAM_REFUSED
                    429|too_many_requests|-|''|PROVIDER_RATE_LIMITED
                    # Hunyuan again
                    200|AuthFailure.SignatureFailure|-|''|PROVIDER_AUTH
                    200|LimitExceeded|-|''|PROVIDER_RATE_LIMITED
                    200|RequestLimitExceeded|-|''|PROVIDER_RATE_LIMITED
                    200|FailedOperation.EngineServerLimitExceeded|-|''|PROVIDER_RATE_LIMITED
                    200|ResourceInsufficient.ChargeResourceExhaust|-|''|PROVIDER_QUOTA
                    200|FailedOperation.ServiceStopArrears|-|''|PROVIDER_QUOTA
                    200|InvalidParameter|-|'bad'|UPSTREAM_REFUSED
                    200|InvalidParameterValue.Model|-|'model not exist'|UPSTREAM_MODEL_NOT_FOUND
                    200|FailedOperation.EngineRequestTimeout|-|''|TIMEOUT
                    200|InternalError|-|''|UPSTREAM_ERROR
                    200|OperationDenied.TextIllegalDetected|-|''|CONTENT_FILTERED
                    # Mistral's number is Zhipu's for something else
                    429|1300|rate_limited|'Rate limit exceeded'|PROVIDER_RATE_LIMITED
                    # OpenRouter
                    400|400|-|'bad'|UPSTREAM_REFUSED
                    401|401|-|'No auth credentials found'|PROVIDER_AUTH
                    402|402|-|''|PROVIDER_QUOTA
                    408|408|-|''|TIMEOUT
                    429|429|-|''|PROVIDER_RATE_LIMITED
                    502|502|-|''|UPSTREAM_ERROR
                    503|503|-|'no provider'|UPSTREAM_OVERLOADED
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
