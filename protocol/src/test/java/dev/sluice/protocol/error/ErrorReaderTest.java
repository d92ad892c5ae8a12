package dev.sluice.protocol.error;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.UpstreamError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorReaderTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "-",
            value = {
                "OpenAI | {'error':{'message':'Rate limit reached','type':'rate_limit_error','param':null,'code':'rate_limit_exceeded'}} | Rate limit reached | rate_limit_exceeded | rate_limit_error | -",
                "OpenAI param | {'error':{'message':'bad','type':'invalid_request_error','param':'messages','code':null}} | bad | - | invalid_request_error | messages",
                "Anthropic | {'type':'error','error':{'type':'overloaded_error','message':'Overloaded'},'request_id':'req_1'} | Overloaded | - | overloaded_error | -",
                "Google | {'error':{'code':429,'message':'Quota exceeded','status':'RESOURCE_EXHAUSTED'}} | Quota exceeded | 429 | RESOURCE_EXHAUSTED | -",
                "Google reason | {'error':{'code':400,'message':'m','status':'INVALID_ARGUMENT','details':[{'@type':'t','reason':'API_KEY_INVALID','domain':'googleapis.com'}]}} | m | API_KEY_INVALID | INVALID_ARGUMENT | -",
                "Google list | [{'error':{'code':400,'message':'API key not valid','status':'INVALID_ARGUMENT'}}] | API key not valid | 400 | INVALID_ARGUMENT | -",
                "AWS | {'message':'Too many requests'} | Too many requests | - | - | -",
                "AWS upper | {'Message':'no access','__type':'com.amazon#AccessDeniedException:http://x'} | no access | AccessDeniedException | - | -",
                "DashScope | {'code':'Throttling.RateQuota','message':'Requests rate limit','request_id':'r'} | Requests rate limit | Throttling.RateQuota | - | -",
                "DashScope compat | {'error':{'code':'data_inspection_failed','message':'inspect','param':null,'type':'x'},'request_id':'r'} | inspect | data_inspection_failed | x | -",
                "Tencent | {'Response':{'Error':{'Code':'LimitExceeded','Message':'too fast'},'RequestId':'r'}} | too fast | LimitExceeded | - | -",
                "Cohere | {'id':'i','message':'invalid api token'} | invalid api token | - | - | -",
                "Mistral | {'object':'error','message':'Rate limit exceeded','type':'rate_limited','param':null,'code':'1300','raw_status_code':429} | Rate limit exceeded | 1300 | rate_limited | -",
                "Mistral 422 | {'object':'error','message':{'detail':[{'type':'extra_forbidden','loc':['body','seed'],'msg':'Extra inputs'}]},'type':'invalid_request_error'} | seed: Extra inputs | - | invalid_request_error | seed",
                "FastAPI | {'detail':[{'loc':['body','messages',0,'role'],'msg':'field required','type':'missing'},{'msg':'and more'}]} | messages.0.role: field required; and more | - | - | messages.0.role",
                "Jina | {'detail':'Invalid key'} | Invalid key | - | - | -",
                "Dify | {'code':'app_unavailable','message':'App unavailable','status':400} | App unavailable | app_unavailable | - | -",
                "MiniMax | {'base_resp':{'status_code':1004,'status_msg':'login fail'}} | login fail | 1004 | - | -",
                "Spark | {'code':10013,'message':'refused','sid':'s'} | refused | 10013 | - | -",
                "OpenRouter | {'error':{'code':402,'message':'Insufficient credits','metadata':{'provider_name':'p','raw':'{}'}},'user_id':'u'} | Insufficient credits | 402 | - | -",
                "Zhipu | {'error':{'code':'1302','message':'concurrency'}} | concurrency | 1302 | - | -",
                "Ark | {'error':{'code':'RateLimitExceeded.EndpointRPMExceeded','message':'slow','param':'','type':'TooManyRequests'}} | slow | RateLimitExceeded.EndpointRPMExceeded | TooManyRequests | -",
                "vLLM old | {'object':'error','message':'too long','type':'BadRequestError','param':null,'code':400} | too long | 400 | BadRequestError | -",
                "text in error | {'error':'model is loading','estimated_time':20.0} | model is loading | - | - | -",
                "OAuth | {'error':'invalid_grant','error_description':'expired'} | invalid_grant | - | - | -",
                "Baidu | {'error_code':18,'error_msg':'qps limit'} | qps limit | 18 | - | -",
                "Cloudflare | {'success':false,'errors':[{'code':10000,'message':'Authentication error'}],'result':null} | Authentication error | 10000 | - | -",
                "best place wins | {'message':'outer','code':'outer','error':{'message':'inner','code':'inner'}} | inner | inner | - | -",
                "code only | {'error':{'code':'quota'}} | `` | quota | - | -",
                "cut off | {'error':{'message':'told enough','code':'x','more':' | told enough | x | - | -",
                "escaped names | {'err\\u006fr':{'m\\u0065ssage':'found'}} | found | - | - | -",
                "plain text | upstream connect error | upstream connect error | - | - | -",
                "json text | 'slow down' | slow down | - | - | -",
                "empty | `` | `` | - | - | -",
                "other json | {'a':1} | {'a':1} | - | - | -"
            })
    void readsEveryVendorsEnvelope(String vendor, String body, String message, String code, String type, String param) {
        assertThat(read(json(body))).as(vendor).isEqualTo(new UpstreamError(json(message), code, type, param));
    }

    @Test
    void readsWhichQuotaOfGoogleIsSpentAndWhenToComeBack() {
        UpstreamError perDay = read(
                json(
                        "{'error':{'code':429,'message':'Quota exceeded','status':'RESOURCE_EXHAUSTED','details':[{'@type':'type.googleapis.com/google.rpc.QuotaFailure','violations':[{'quotaMetric':'m','quotaId':'GenerateRequestsPerDayPerProject'}]},{'@type':'type.googleapis.com/google.rpc.RetryInfo','retryDelay':'21.5s'}]}}"));
        assertThat(perDay)
                .isEqualTo(new UpstreamError(
                        "Quota exceeded", "GenerateRequestsPerDayPerProject", "RESOURCE_EXHAUSTED", null, 21_500));
        UpstreamError perMinute = read(
                json(
                        "{'error':{'code':429,'message':'Quota exceeded','status':'RESOURCE_EXHAUSTED','details':[{'violations':[{'quotaId':'GenerateRequestsPerMinutePerProject'}]},{'retryDelay':'later'}]}}"));
        assertThat(perMinute).isEqualTo(new UpstreamError("Quota exceeded", "429", "RESOURCE_EXHAUSTED", null, -1));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "ThrottlingException, ThrottlingException",
                "ThrottlingException:http://internal.amazon.com/, ThrottlingException",
                "com.amazon#ValidationException, ValidationException",
                "'', -",
                "-, -",
            })
    void takesTheCodeBesideTheBody(String header, String code) {
        assertThat(read(json("{'message':'no'}")).orCode(header)).isEqualTo(new UpstreamError("no", code, null, null));
        assertThat(read(json("{'message':'no','code':'own'}")).orCode(header).code())
                .isEqualTo("own");
    }

    @Test
    void takesTheWordsOfAPage() {
        assertThat(
                        read("<html>\r\n<head><title>502 Bad Gateway</title><style>a > b {}</style></head>\r\n<body><h1>502 Bad Gateway</h1></body></html>")
                                .message())
                .isEqualTo("502 Bad Gateway 502 Bad Gateway");
        assertThat(read("<html><script>unclosed").message()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Incorrect API key provided: sk-abc***************wxyz. You can | Incorrect API key provided: sk-*** You can",
                "key sk-proj-AbCdEf0123456789_x is bad | key sk-*** is bad",
                "'Authorization: Bearer abcdef' refused | 'Authorization: Bearer ***' refused",
                "bearer: tok.en, next | bearer: ***, next",
                "token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc | token eyJ***",
                "key AKIAIOSFODNN7EXAMPLE here | key AKIA*** here",
                "key 0123456789abcdef0123456789abcdef! | key ***!",
                "key 123e4567-e89b-12d3-a456-426614174000 | key ***",
                "secret wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY | secret ***",
                "Missing bearer token in header | Missing bearer token in header",
                "GET /v1?key=AIzaSyA-b_c-d_e-f failed | GET /v1?key=AIza*** failed",
                "provided: abcd****************wxyz | provided: ***"
            })
    void masksSecrets(String message, String masked) {
        assertThat(read(json("{'message':'" + message.replace("'", "") + "'}")).message())
                .isEqualTo(masked.replace("'", ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "The model `deepseek-r1-distill-qwen-32b-instruct-2025-01-20` does not exist",
                "meta-llama/Llama-4-Maverick-17B-128E-Instruct-FP8 is busy",
                "see https://platform.openai.com/account/rate-limits.",
                "maximum context length is 131072 tokens, you asked for 140000",
                "max_completion_tokens_per_request_exceeded",
                "RateLimitExceeded.EndpointRPMExceeded",
                "模型不存在, 请检查"
            })
    void leavesNamesAndWordsAlone(String message) {
        assertThat(read(json("{'message':'" + message + "'}")).message()).isEqualTo(message);
    }

    @Test
    void readsAnErrorToldAsAnEvent() {
        String body =
                "id:1\nevent:error\n:HTTP_STATUS/429\ndata:{\"code\":\"Throttling\",\"message\":\"slow down\"}\n\n";
        assertThat(read(body)).isEqualTo(new UpstreamError("slow down", "Throttling", null, null));
    }

    @Test
    void masksInPlainTextToo() {
        assertThat(read("no such key: sk-1234567890abcdef").message()).isEqualTo("no such key: sk-***");
    }

    @Test
    void boundsTheMessageToOneLine() {
        assertThat(read(json("{'message':'" + "word ".repeat(10_000) + "'}")).message())
                .hasSizeBetween(500, 512);
        assertThat(read("word ".repeat(10_000)).message()).hasSizeBetween(500, 512);
        assertThat(read(json("{'message':'" + "x".repeat(511) + "😀'}")).message())
                .hasSize(511);
        assertThat(read(json("{'message':'a\\r\\n\\tb\\u0000\\u001b[31mc\\u0085d'}"))
                        .message())
                .isEqualTo("a b [31mc d");
        assertThat(read(json("{'code':'" + "c".repeat(1000) + "','message':'m'}"))
                        .code())
                .hasSize(128);
    }

    @Test
    void doesNotFallOverAnything() {
        for (String body : new String[] {
            "{",
            "[",
            "[[",
            "null",
            "[]",
            "{}",
            "{\"error\":",
            "{\"error\":{\"message\":\"",
            "\"",
            "<",
            "<script",
            "\uFEFF{}",
            "{\"detail\":[",
            "{\"detail\":[1,null,[]]}",
            "{\"detail\":[{\"loc\":{},\"msg\":\"m\"}]}",
            "[".repeat(2000),
            "{\"error\":".repeat(2000),
            "[{\"errors\":".repeat(600)
        }) {
            assertThat(read(body)).as(body).isNotNull();
        }
    }

    @Test
    void readsAnErrorBehindAByteOrderMark() {
        assertThat(read("\uFEFF{\"error\":{\"message\":\"slow down\",\"code\":\"rate_limit_exceeded\"}}")
                        .code())
                .isEqualTo("rate_limit_exceeded");
    }

    private static UpstreamError read(String body) {
        return ErrorReader.read(body.getBytes(UTF_8), 0, body.getBytes(UTF_8).length);
    }

    private static String json(String singleQuoted) {
        return singleQuoted.replace('\'', '"');
    }
}
