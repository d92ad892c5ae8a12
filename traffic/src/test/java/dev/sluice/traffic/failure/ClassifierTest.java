package dev.sluice.traffic.failure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.UpstreamError;
import dev.sluice.settings.catalogue.Provider.ErrorDialect;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClassifierTest {
    @ParameterizedTest(name = "{0} {1} {2}/{3} {4} → {5}")
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
                    # by status alone
                    WORDS|400|-|-|''|UPSTREAM_REFUSED
                    WORDS|401|-|-|''|PROVIDER_AUTH
                    WORDS|402|-|-|''|PROVIDER_QUOTA
                    WORDS|403|-|-|''|PROVIDER_AUTH
                    WORDS|404|-|-|'404 page not found'|UPSTREAM_REFUSED
                    WORDS|405|-|-|''|UPSTREAM_REFUSED
                    WORDS|408|-|-|''|TIMEOUT
                    WORDS|409|-|-|''|UPSTREAM_ERROR
                    WORDS|413|-|-|''|UPSTREAM_REFUSED
                    WORDS|415|-|-|''|UPSTREAM_REFUSED
                    WORDS|422|-|-|''|UPSTREAM_REFUSED
                    WORDS|424|-|-|''|UPSTREAM_ERROR
                    WORDS|425|-|-|''|UPSTREAM_ERROR
                    WORDS|429|-|-|''|PROVIDER_RATE_LIMITED
                    WORDS|499|-|-|''|UPSTREAM_REFUSED
                    WORDS|500|-|-|''|UPSTREAM_ERROR
                    WORDS|502|-|-|''|UPSTREAM_ERROR
                    WORDS|503|-|-|''|UPSTREAM_OVERLOADED
                    WORDS|504|-|-|''|UPSTREAM_ERROR
                    WORDS|529|-|-|''|UPSTREAM_OVERLOADED
                    WORDS|307|-|-|''|UPSTREAM_ERROR
                    WORDS|200|-|-|''|UPSTREAM_ERROR
                    # OpenAI
                    WORDS|401|ip_not_authorized|-|''|PROVIDER_AUTH
                    WORDS|403|unsupported_country_region_territory|request_forbidden|'Country, region, or territory not supported'|PROVIDER_PERMISSION
                    WORDS|429|billing_not_active|-|''|PROVIDER_QUOTA
                    WORDS|400|moderation_blocked|image_generation_user_error|''|CONTENT_FILTERED
                    WORDS|400|invalid_prompt|invalid_request_error|''|CONTENT_FILTERED
                    WORDS|401|invalid_api_key|invalid_request_error|'Incorrect API key provided'|PROVIDER_AUTH
                    WORDS|429|rate_limit_exceeded|tokens|'Rate limit reached. Please try again in 6s. Visit account/billing'|PROVIDER_RATE_LIMITED
                    WORDS|429|insufficient_quota|insufficient_quota|'You exceeded your current quota'|PROVIDER_QUOTA
                    WORDS|429|-|insufficient_quota|''|PROVIDER_QUOTA
                    WORDS|429|billing_hard_limit_reached|-|''|PROVIDER_QUOTA
                    WORDS|404|model_not_found|invalid_request_error|'The model `gpt-9` does not exist'|UPSTREAM_MODEL_NOT_FOUND
                    WORDS|403|model_not_found|invalid_request_error|'Project has no access to model'|UPSTREAM_MODEL_NOT_FOUND
                    WORDS|400|context_length_exceeded|invalid_request_error|''|CONTEXT_TOO_LONG
                    WORDS|400|string_above_max_length|invalid_request_error|''|CONTEXT_TOO_LONG
                    WORDS|400|content_policy_violation|-|''|CONTENT_FILTERED
                    WORDS|400|invalid_value|invalid_request_error|'Invalid value'|UPSTREAM_REFUSED
                    WORDS|500|-|server_error|'The server had an error'|UPSTREAM_ERROR
                    WORDS|503|-|-|'Slow down'|UPSTREAM_OVERLOADED
                    # Azure
                    WORDS|401|401|-|'Access denied due to invalid subscription key'|PROVIDER_AUTH
                    WORDS|403|-|-|'Access denied due to Virtual Network/Firewall rules.'|PROVIDER_PERMISSION
                    WORDS|408|-|-|'The operation was timeout.'|TIMEOUT
                    WORDS|424|424|-|'Requests have exceeded call rate limit of your current tier'|PROVIDER_RATE_LIMITED
                    WORDS|424|-|-|'failed dependency'|UPSTREAM_ERROR
                    WORDS|429|429|-|'Requests have exceeded call rate limit'|PROVIDER_RATE_LIMITED
                    WORDS|429|NoCapacity|-|'The system is currently experiencing high demand'|PROVIDER_RATE_LIMITED
                    WORDS|500|-|-|''|UPSTREAM_ERROR
                    WORDS|400|content_filter|-|'The response was filtered'|CONTENT_FILTERED
                    WORDS|404|DeploymentNotFound|-|''|UPSTREAM_MODEL_NOT_FOUND
                    # Anthropic's words, through its OpenAI-compatible host
                    WORDS|401|-|authentication_error|'invalid x-api-key'|PROVIDER_AUTH
                    WORDS|403|-|permission_error|''|PROVIDER_PERMISSION
                    WORDS|400|-|invalid_request_error|'You have reached your spend limit'|PROVIDER_QUOTA
                    WORDS|409|-|conflict_error|''|UPSTREAM_ERROR
                    WORDS|413|-|request_too_large|''|UPSTREAM_REFUSED
                    WORDS|429|-|rate_limit_error|''|PROVIDER_RATE_LIMITED
                    WORDS|500|-|api_error|''|UPSTREAM_ERROR
                    WORDS|504|-|timeout_error|''|TIMEOUT
                    WORDS|400|-|invalid_request_error|'Your credit balance is too low to access the API'|PROVIDER_QUOTA
                    WORDS|400|-|invalid_request_error|'prompt is too long: 250000 tokens > 200000 maximum'|CONTEXT_TOO_LONG
                    WORDS|404|-|not_found_error|'model: claude-9'|UPSTREAM_MODEL_NOT_FOUND
                    WORDS|529|-|overloaded_error|'Overloaded'|UPSTREAM_OVERLOADED
                    WORDS|402|-|billing_error|''|PROVIDER_QUOTA
                    # Gemini
                    WORDS|403|403|PERMISSION_DENIED|''|PROVIDER_PERMISSION
                    WORDS|400|API_KEY_INVALID|INVALID_ARGUMENT|'key expired. Please renew'|PROVIDER_AUTH
                    WORDS|429|GenerateRequestsPerDayPerProjectPerModel-FreeTier|RESOURCE_EXHAUSTED|'Quota exceeded'|PROVIDER_QUOTA
                    WORDS|404|404|NOT_FOUND|'models/gemini-9 is not found'|UPSTREAM_MODEL_NOT_FOUND
                    WORDS|499|499|CANCELLED|''|UPSTREAM_REFUSED
                    WORDS|500|500|INTERNAL|''|UPSTREAM_ERROR
                    WORDS|504|504|DEADLINE_EXCEEDED|''|TIMEOUT
                    WORDS|200|504|DEADLINE_EXCEEDED|''|TIMEOUT
                    WORDS|400|API_KEY_INVALID|INVALID_ARGUMENT|''|PROVIDER_AUTH
                    WORDS|400|400|INVALID_ARGUMENT|'API key not valid. Please pass a valid API key.'|PROVIDER_AUTH
                    WORDS|400|400|INVALID_ARGUMENT|'The input token count (1200000) exceeds the maximum'|CONTEXT_TOO_LONG
                    WORDS|400|400|FAILED_PRECONDITION|'User location is not supported'|PROVIDER_QUOTA
                    WORDS|429|429|RESOURCE_EXHAUSTED|'You exceeded your current quota. Please retry in 26s.'|PROVIDER_RATE_LIMITED
                    WORDS|429|429|RESOURCE_EXHAUSTED|'Quota exceeded: GenerateRequestsPerDayPerProject'|PROVIDER_QUOTA
                    WORDS|503|503|UNAVAILABLE|'The model is overloaded'|UPSTREAM_OVERLOADED
                    # DashScope
                    WORDS|400|BadRequest.EmptyInput|-|''|UPSTREAM_REFUSED
                    WORDS|400|InvalidURL|-|''|UPSTREAM_REFUSED
                    WORDS|400|UnsupportedOperation|-|''|UPSTREAM_REFUSED
                    WORDS|400|FlowNotPublished|-|''|UPSTREAM_REFUSED
                    WORDS|403|AccessDenied|-|''|PROVIDER_PERMISSION
                    WORDS|408|RequestTimeOut|-|''|TIMEOUT
                    WORDS|413|BadRequest.TooLarge|-|''|UPSTREAM_REFUSED
                    WORDS|429|Throttling|-|''|PROVIDER_RATE_LIMITED
                    WORDS|500|InternalError|-|''|UPSTREAM_ERROR
                    WORDS|500|SystemError|-|''|UPSTREAM_ERROR
                    WORDS|503|ModelUnavailable|-|''|UPSTREAM_OVERLOADED
                    WORDS|503|ModelServingError|-|''|UPSTREAM_OVERLOADED
                    WORDS|400|Arrearage|-|'Access denied, please make sure your account is in good standing.'|PROVIDER_QUOTA
                    WORDS|400|DataInspectionFailed|-|'Input data may contain inappropriate content.'|CONTENT_FILTERED
                    WORDS|400|data_inspection_failed|-|''|CONTENT_FILTERED
                    WORDS|400|InvalidParameter|-|'Range of input length should be [1, 30720]'|CONTEXT_TOO_LONG
                    WORDS|400|InvalidParameter|-|'temperature must be positive'|UPSTREAM_REFUSED
                    WORDS|401|InvalidApiKey|-|'Invalid API-key provided.'|PROVIDER_AUTH
                    WORDS|403|AccessDenied.Unpurchased|-|''|UPSTREAM_MODEL_NOT_FOUND
                    WORDS|404|ModelNotFound|-|''|UPSTREAM_MODEL_NOT_FOUND
                    WORDS|429|Throttling.RateQuota|-|'Requests rate limit exceeded'|PROVIDER_RATE_LIMITED
                    WORDS|429|Throttling.AllocationQuota|-|''|PROVIDER_RATE_LIMITED
                    WORDS|500|InternalError.Algo|-|''|UPSTREAM_ERROR
                    # DeepSeek
                    WORDS|400|invalid_request_error|invalid_request_error|'Failed to deserialize'|UPSTREAM_REFUSED
                    WORDS|401|invalid_request_error|authentication_error|'Authentication Fails'|PROVIDER_AUTH
                    WORDS|422|invalid_request_error|invalid_request_error|''|UPSTREAM_REFUSED
                    WORDS|429|-|-|''|PROVIDER_RATE_LIMITED
                    WORDS|503|-|-|''|UPSTREAM_OVERLOADED
                    WORDS|400|invalid_request_error|invalid_request_error|'Model Not Exist'|UPSTREAM_MODEL_NOT_FOUND
                    WORDS|402|invalid_request_error|unknown_error|'Insufficient Balance'|PROVIDER_QUOTA
                    # Moonshot
                    WORDS|400|-|content_filter|''|CONTENT_FILTERED
                    WORDS|401|-|invalid_authentication_error|''|PROVIDER_AUTH
                    WORDS|403|-|permission_denied_error|''|PROVIDER_PERMISSION
                    WORDS|500|-|server_error|''|UPSTREAM_ERROR
                    WORDS|401|-|incorrect_api_key_error|''|PROVIDER_AUTH
                    WORDS|429|-|engine_overloaded_error|''|UPSTREAM_OVERLOADED
                    WORDS|429|-|exceeded_current_quota_error|''|PROVIDER_QUOTA
                    WORDS|429|-|rate_limit_reached_error|''|PROVIDER_RATE_LIMITED
                    WORDS|404|-|resource_not_found_error|''|UPSTREAM_MODEL_NOT_FOUND
                    # Zhipu
                    ZHIPU|401|1000|-|''|PROVIDER_AUTH
                    ZHIPU|401|1112|-|''|PROVIDER_AUTH
                    ZHIPU|429|1121|-|''|PROVIDER_QUOTA
                    ZHIPU|400|1210|-|''|UPSTREAM_REFUSED
                    ZHIPU|404|1220|-|''|UPSTREAM_MODEL_NOT_FOUND
                    ZHIPU|500|1230|-|''|UPSTREAM_ERROR
                    ZHIPU|400|1300|-|''|CONTENT_FILTERED
                    ZHIPU|429|1305|-|''|PROVIDER_RATE_LIMITED
                    ZHIPU|435|-|-|''|UPSTREAM_REFUSED
                    ZHIPU|401|1002|-|''|PROVIDER_AUTH
                    ZHIPU|429|1113|-|''|PROVIDER_QUOTA
                    ZHIPU|429|1302|-|''|PROVIDER_RATE_LIMITED
                    ZHIPU|400|1211|-|''|UPSTREAM_MODEL_NOT_FOUND
                    ZHIPU|400|1301|-|''|CONTENT_FILTERED
                    ZHIPU|400|1214|-|''|UPSTREAM_REFUSED
                    ZHIPU|500|1234|-|''|UPSTREAM_ERROR
                    # Ark
                    WORDS|400|MissingParameter|BadRequest|''|UPSTREAM_REFUSED
                    WORDS|400|InvalidParameter.Temperature|BadRequest|''|UPSTREAM_REFUSED
                    WORDS|400|SensitiveContentDetected|BadRequest|''|CONTENT_FILTERED
                    WORDS|401|AuthenticationError|Unauthorized|''|PROVIDER_AUTH
                    WORDS|403|AccessDenied|Forbidden|''|PROVIDER_PERMISSION
                    WORDS|429|RateLimitExceeded.EndpointTPMExceeded|TooManyRequests|''|PROVIDER_RATE_LIMITED
                    WORDS|429|SetLimitExceeded|TooManyRequests|''|PROVIDER_RATE_LIMITED
                    WORDS|500|InternalServiceError|-|''|UPSTREAM_ERROR
                    WORDS|403|AccountOverdueError|Forbidden|''|PROVIDER_QUOTA
                    WORDS|404|InvalidEndpointOrModel.NotFound|NotFound|''|UPSTREAM_MODEL_NOT_FOUND
                    WORDS|404|ModelNotOpen|-|''|UPSTREAM_MODEL_NOT_FOUND
                    WORDS|429|RateLimitExceeded.EndpointRPMExceeded|TooManyRequests|''|PROVIDER_RATE_LIMITED
                    WORDS|429|ServerOverloaded|TooManyRequests|''|UPSTREAM_OVERLOADED
                    WORDS|429|QuotaExceeded|TooManyRequests|''|PROVIDER_QUOTA
                    WORDS|400|InputTextSensitiveContentDetected.Risk|BadRequest|''|CONTENT_FILTERED
                    # MiniMax and Spark: their numbers, inside a 200
                    MINIMAX|200|1000|-|''|UPSTREAM_ERROR
                    MINIMAX|200|1024|-|''|UPSTREAM_ERROR
                    MINIMAX|200|1033|-|''|UPSTREAM_ERROR
                    MINIMAX|200|1026|-|''|CONTENT_FILTERED
                    MINIMAX|200|1039|-|''|PROVIDER_RATE_LIMITED
                    MINIMAX|200|2049|-|''|PROVIDER_AUTH
                    SPARK|200|10013|-|''|CONTENT_FILTERED
                    SPARK|200|10014|-|''|CONTENT_FILTERED
                    SPARK|200|10019|-|''|CONTENT_FILTERED
                    SPARK|200|11200|-|''|PROVIDER_AUTH
                    SPARK|200|11201|-|''|PROVIDER_RATE_LIMITED
                    SPARK|200|10007|-|''|UPSTREAM_ERROR
                    MINIMAX|200|1001|-|''|TIMEOUT
                    MINIMAX|200|1002|-|''|PROVIDER_RATE_LIMITED
                    MINIMAX|200|1004|-|''|PROVIDER_AUTH
                    MINIMAX|200|1008|-|''|PROVIDER_QUOTA
                    MINIMAX|200|1027|-|''|CONTENT_FILTERED
                    MINIMAX|200|2013|-|''|UPSTREAM_REFUSED
                    SPARK|200|10907|-|''|CONTEXT_TOO_LONG
                    SPARK|200|10110|-|''|UPSTREAM_OVERLOADED
                    # Zhipu in a stream that began with a 200
                    ZHIPU|200|1301|-|''|CONTENT_FILTERED
                    ZHIPU|200|1113|-|''|PROVIDER_QUOTA
                    # OpenRouter, vLLM and SGLang: the status that the answer should have had, inside a 200
                    WORDS|200|402|-|'Insufficient credits'|PROVIDER_QUOTA
                    WORDS|200|429|-|''|PROVIDER_RATE_LIMITED
                    WORDS|200|502|-|'Provider returned error'|UPSTREAM_ERROR
                    WORDS|200|503|-|''|UPSTREAM_OVERLOADED
                    WORDS|200|400|BadRequestError|'This model maximum context length is 8192 tokens'|CONTEXT_TOO_LONG
                    WORDS|200|400|BadRequestError|'bad'|UPSTREAM_REFUSED
                    WORDS|200|404|NotFoundError|'The model `x` does not exist.'|UPSTREAM_MODEL_NOT_FOUND
                    WORDS|403|403|-|'Your chosen model requires moderation and your input was flagged'|CONTENT_FILTERED
                    # Together
                    WORDS|403|-|-|'Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4097: too many tokens'|CONTEXT_TOO_LONG
                    WORDS|403|-|-|'Input validation error: too many tokens'|CONTEXT_TOO_LONG
                    # words inside a 200
                    WORDS|200|-|overloaded_error|'Overloaded'|UPSTREAM_OVERLOADED
                    WORDS|200|-|-|'Rate limit reached'|PROVIDER_RATE_LIMITED
                    WORDS|200|-|invalid_request_error|'bad'|UPSTREAM_REFUSED
                    WORDS|200|-|api_error|''|UPSTREAM_ERROR
                    WORDS|200|-|-|'CUDA out of memory'|UPSTREAM_ERROR
                    # Ollama calls everything an api_error
                    WORDS|404|-|api_error|'model "x" not found, try pulling it first'|UPSTREAM_MODEL_NOT_FOUND
                    WORDS|400|-|api_error|'invalid options'|UPSTREAM_REFUSED
                    WORDS|413|-|-|'Payload: prompt is too long'|CONTEXT_TOO_LONG
                    # Bedrock
                    WORDS|403|AccessDeniedException|-|''|PROVIDER_PERMISSION
                    WORDS|403|AccessDeniedException|-|"You don't have access to the model with the specified model ID."|PROVIDER_PERMISSION
                    WORDS|403|-|-|'The security token included in the request is invalid; check your credentials'|PROVIDER_AUTH
                    WORDS|403|-|-|'Request not allowed'|PROVIDER_PERMISSION
                    WORDS|403|UnrecognizedClientException|-|''|PROVIDER_AUTH
                    WORDS|403|InvalidSignatureException|-|''|PROVIDER_AUTH
                    WORDS|404|ResourceNotFoundException|-|''|UPSTREAM_MODEL_NOT_FOUND
                    WORDS|400|ValidationException|-|'bad'|UPSTREAM_REFUSED
                    WORDS|429|ThrottlingException|-|''|PROVIDER_RATE_LIMITED
                    WORDS|429|ModelNotReadyException|-|''|UPSTREAM_OVERLOADED
                    WORDS|408|ModelTimeoutException|-|''|TIMEOUT
                    WORDS|424|ModelErrorException|-|''|UPSTREAM_ERROR
                    WORDS|424|ModelStreamErrorException|-|''|UPSTREAM_ERROR
                    WORDS|500|InternalServerException|-|''|UPSTREAM_ERROR
                    WORDS|503|ServiceUnavailableException|-|''|UPSTREAM_OVERLOADED
                    # Hunyuan, inside a 200
                    WORDS|200|FailedOperation.FreeResourcePackExhausted|-|''|PROVIDER_QUOTA
                    WORDS|200|ResourceUnavailable.LowBalance|-|''|PROVIDER_QUOTA
                    WORDS|200|UnauthorizedOperation|-|''|PROVIDER_AUTH
                    WORDS|200|FailedOperation.ServiceNotActivated|-|''|PROVIDER_AUTH
                    WORDS|200|FailedOperation|-|''|UPSTREAM_ERROR
                    WORDS|200|FailedOperation.EngineServerError|-|''|UPSTREAM_ERROR
                    WORDS|200|OperationDenied.ImageIllegalDetected|-|''|CONTENT_FILTERED
                    WORDS|200|RequestSizeLimitExceeded|-|''|UPSTREAM_REFUSED
                    WORDS|200|InvalidAction|-|''|UPSTREAM_REFUSED
                    WORDS|200|InvalidParameterValue.Model|-|''|UPSTREAM_MODEL_NOT_FOUND
                    # Dify blames the request for what happens behind it
                    DIFY|400|provider_quota_exceeded|-|''|PROVIDER_QUOTA
                    DIFY|400|app_unavailable|-|''|UPSTREAM_ERROR
                    DIFY|400|completion_request_error|-|''|UPSTREAM_ERROR
                    DIFY|400|invalid_param|-|''|UPSTREAM_REFUSED
                    DIFY|429|too_many_requests|-|''|PROVIDER_RATE_LIMITED
                    # Hunyuan again
                    WORDS|200|AuthFailure.SignatureFailure|-|''|PROVIDER_AUTH
                    WORDS|200|LimitExceeded|-|''|PROVIDER_RATE_LIMITED
                    WORDS|200|RequestLimitExceeded|-|''|PROVIDER_RATE_LIMITED
                    WORDS|200|FailedOperation.EngineServerLimitExceeded|-|''|PROVIDER_RATE_LIMITED
                    WORDS|200|ResourceInsufficient.ChargeResourceExhaust|-|''|PROVIDER_QUOTA
                    WORDS|200|FailedOperation.ServiceStopArrears|-|''|PROVIDER_QUOTA
                    WORDS|200|InvalidParameter|-|'bad'|UPSTREAM_REFUSED
                    WORDS|200|InvalidParameterValue.Model|-|'model not exist'|UPSTREAM_MODEL_NOT_FOUND
                    WORDS|200|FailedOperation.EngineRequestTimeout|-|''|TIMEOUT
                    WORDS|200|InternalError|-|''|UPSTREAM_ERROR
                    WORDS|200|OperationDenied.TextIllegalDetected|-|''|CONTENT_FILTERED
                    # Mistral's number is Zhipu's for something else
                    WORDS|429|1300|rate_limited|'Rate limit exceeded'|PROVIDER_RATE_LIMITED
                    # OpenRouter
                    WORDS|400|400|-|'bad'|UPSTREAM_REFUSED
                    WORDS|401|401|-|'No auth credentials found'|PROVIDER_AUTH
                    WORDS|402|402|-|''|PROVIDER_QUOTA
                    WORDS|408|408|-|''|TIMEOUT
                    WORDS|429|429|-|''|PROVIDER_RATE_LIMITED
                    WORDS|502|502|-|''|UPSTREAM_ERROR
                    WORDS|503|503|-|'no provider'|UPSTREAM_OVERLOADED
                    WORDS|400|ServiceQuotaExceededException|-|''|PROVIDER_RATE_LIMITED
                    WORDS|403|ExpiredTokenException|-|''|PROVIDER_AUTH
                    WORDS|400|ValidationException|-|'Input is too long for requested model.'|CONTEXT_TOO_LONG
                    # an unknown code inside a 200, whoever says it
                    WORDS|200|e-17|-|'the backend fell over'|UPSTREAM_ERROR
                    WORDS|200|31337|-|'the backend fell over'|UPSTREAM_ERROR
                    MINIMAX|200|31337|-|'the backend fell over'|UPSTREAM_ERROR
                    # what is no answer at all
                    WORDS|200|malformed_event|-|'an event of the upstream is not valid JSON'|UPSTREAM_MALFORMED
                    # one vendor's number is another's for something else, and nobody's where it is not known whose it is
                    ZHIPU|200|1001|-|''|PROVIDER_AUTH
                    MINIMAX|200|1301|-|''|UPSTREAM_ERROR
                    SPARK|200|1004|-|''|UPSTREAM_ERROR
                    ZHIPU|200|10013|-|''|UPSTREAM_ERROR
                    WORDS|200|1004|-|'login fail'|UPSTREAM_ERROR
                    WORDS|429|1113|-|'wait a moment'|PROVIDER_RATE_LIMITED
                    ZHIPU|429|1008|-|''|PROVIDER_RATE_LIMITED
                    # Cohere: a blocked token; a trial key whose month is used up, and whose minute
                    COHERE|401|-|-|'invalid api token'|PROVIDER_AUTH
                    COHERE|498|-|-|'invalid token'|PROVIDER_AUTH
                    WORDS|498|-|-|'invalid token'|UPSTREAM_REFUSED
                    COHERE|429|-|-|'You are using a Trial key, which is limited to 1000 API calls / month.'|PROVIDER_QUOTA
                    COHERE|429|-|-|'You are using a Trial key, which is limited to 40 API calls / minute.'|PROVIDER_RATE_LIMITED
                    # Dify: what the client names, and what it does not
                    DIFY|404|not_found|-|'Conversation Not Exists.'|CONVERSATION_NOT_FOUND
                    DIFY|200|not_found|-|'Conversation Not Exists.'|CONVERSATION_NOT_FOUND
                    DIFY|404|not_found|-|'The requested URL was not found on the server.'|UPSTREAM_REFUSED
                    WORDS|404|not_found|-|'Conversation Not Exists.'|UPSTREAM_REFUSED
                    DIFY|400|provider_not_initialize|-|''|UPSTREAM_ERROR
                    WORDS|400|completion_request_error|-|''|UPSTREAM_REFUSED
                    DIFY|429|rate_limit_error|-|'the quota of the plan is used up'|PROVIDER_QUOTA
                    """)
    void knowsTheVendorsErrors(
            ErrorDialect dialect, int status, String code, String type, String message, FailureKind expected) {
        UpstreamError error = new UpstreamError(message, code, type, null);
        Failure failure = Classifier.classify(dialect, status, error, 1234);
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
        assertThat(Classifier.classify(ErrorDialect.WORDS, status, new UpstreamError(words, null, null, null), -1)
                        .message())
                .isEqualTo(message);
    }

    @Test
    void namesTheFieldAtFault() {
        assertThat(Classifier.classify(ErrorDialect.WORDS, 400, new UpstreamError("bad", null, null, "temperature"), -1)
                        .param())
                .isEqualTo("temperature");
    }

    @Property
    void anyStatusAndAnyWordsHaveAKind(
            @ForAll ErrorDialect dialect,
            @ForAll @IntRange(min = 200, max = 999) int status,
            @ForAll @StringLength(max = 30) String message,
            @ForAll @StringLength(max = 8) String code) {
        Failure failure = Classifier.classify(dialect, status, new UpstreamError(message, code, code, null), -1);
        assertThat(failure.message()).isNotEmpty();
        assertThat(failure.kind().status()).isGreaterThanOrEqualTo(400);
    }

    @Test
    void doesNotDependOnTheLocaleOfTheMachine() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr"));
            assertThat(Classifier.classify(
                                    ErrorDialect.WORDS, 400, new UpstreamError("", "INVALID_API_KEY", null, null), -1)
                            .kind())
                    .isEqualTo(FailureKind.PROVIDER_AUTH);
        } finally {
            Locale.setDefault(before);
        }
    }
}
