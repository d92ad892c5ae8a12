package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.Rule;
import dev.sluice.simulator.Simulator;
import dev.sluice.traffic.usage.Outcome;
import dev.sluice.traffic.usage.Provenance;
import dev.sluice.traffic.usage.UsageRecord;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every row of the table of errors, word for word. */
class ErrorTableTest {
    private static final String CHAT = "/v1/chat/completions";

    @TempDir
    static Path folder;

    private static Simulator provider;
    private static Simulator away;
    private static GatewayUnderTest gateway;

    @BeforeAll
    static void start() {
        provider = Simulator.start();
        away = Simulator.start();
        away.refuseConnections();
        gateway = GatewayUnderTest.start(folder, """
                providerKeys:
                  - { name: only, provider: openai-compatible, secret: sk-provider-1 }
                services:
                  - { name: main, address: { url: "%1$s/v1" } }
                  - { name: second, address: { url: "%1$s/v1" }, modelPolicy: { mode: specified, defaultModel: other } }
                  - { name: picky, address: { url: "%1$s/v1" }, modelPolicy: { allowedModels: [gpt-4o, "qwen-*"] } }
                  - { name: keyed, address: { url: "%1$s/v1" }, keys: [only] }
                  - { name: off, address: { url: "%1$s/v1" }, enabled: false }
                  - { name: away, address: { url: "%2$s/v1" } }
                  - { name: thoughtful, address: { url: "%1$s/v1" }, timeouts: { firstByteMs: 300 } }
                modelApis:
                  - { name: main, distribution: { strategy: single, targets: [ { service: main } ] } }
                  - { name: secret, basePath: /secret, distribution: { strategy: single, targets: [ { service: main } ] } }
                  - { name: ended, basePath: /ended, distribution: { strategy: single, targets: [ { service: main } ] } }
                  - { name: named, basePath: /named, distribution: { strategy: by-model-name, targets: [ { pattern: "gpt-*", service: main } ] } }
                  - { name: picky, basePath: /picky, distribution: { strategy: single, targets: [ { service: picky } ] } }
                  - { name: unbound, basePath: /unbound }
                  - { name: off, basePath: /off, distribution: { strategy: single, targets: [ { service: off } ] } }
                  - { name: keyed, basePath: /keyed, distribution: { strategy: single, targets: [ { service: keyed } ] } }
                  - { name: away, basePath: /away, distribution: { strategy: single, targets: [ { service: away } ] } }
                  - { name: backed, basePath: /backed, distribution: { strategy: single, targets: [ { service: main } ] },
                      fallback: { steps: [ { service: second } ] } }
                  - { name: late, basePath: /late, firstPacketTimeoutMs: 300, distribution: { strategy: single, targets: [ { service: main } ] } }
                  - { name: short, basePath: /short, totalTimeoutMs: 300, distribution: { strategy: single, targets: [ { service: main } ] } }
                  - { name: thoughtful, basePath: /thoughtful, routes: [/v1/chat/completions, /v1/embeddings], retries: 0,
                      distribution: { strategy: single, targets: [ { service: thoughtful } ] } }
                consumers:
                  - name: caller
                    modelApis: [main, named, picky, unbound, off, keyed, away, backed, late, short, thoughtful, { name: ended, expiresAt: 2026-01-01T00:00:00Z }]
                  - { name: idle, enabled: false, modelApis: [main] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %3$s }
                  - { name: disabled, consumer: caller, secret: sk-disabled, enabled: false }
                  - { name: expired, consumer: caller, secret: sk-expired, expiresAt: 2026-01-01T00:00:00Z }
                  - { name: idle, consumer: idle, secret: sk-idle }
                  - { name: elsewhere, consumer: caller, secret: sk-elsewhere, allowedIps: [10.0.0.0/8] }
                  - { name: small, consumer: caller, secret: sk-small, allowedModels: ["gpt-4o-mini*"] }
                  - { name: narrow, consumer: caller, secret: sk-narrow, allowedModelApis: [named] }
                  - { name: slow, consumer: caller, secret: sk-slow, limits: { rpm: 1 } }
                  - { name: sparing, consumer: caller, secret: sk-sparing, limits: { tpm: 9 } }
                  - { name: lonely, consumer: caller, secret: sk-lonely, limits: { concurrency: 1 } }
                  - { name: poor, consumer: caller, secret: sk-poor, quota: { tokensPerDay: 9 } }
                  - { name: broke, consumer: caller, secret: sk-broke, quota: { tokensPerMonth: 0 } }
                """.formatted(provider.url(), away.url(), GatewayUnderTest.KEY));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        away.close();
        provider.close();
    }

    @ParameterizedTest(name = "{0} on {1}")
    @CsvSource(delimiter = '|', textBlock = """
            ''          | /v1/chat/completions        | 401 | invalid_api_key   | authentication_error  | no API key given; send it as "Authorization: Bearer KEY", in x-api-key, api-key or in x-goog-api-key
            sk-unknown  | /v1/chat/completions        | 401 | invalid_api_key   | authentication_error  | the API key in Authorization is not known here; check it for typing errors or ask an operator for a new one
            sk-disabled | /v1/chat/completions        | 401 | invalid_api_key   | authentication_error  | API key "disabled" is disabled; an operator can enable it
            sk-expired  | /v1/chat/completions        | 401 | invalid_api_key   | authentication_error  | API key "expired" expired at 2026-01-01T00:00:00Z; an operator can extend it or issue a new one
            sk-idle     | /v1/chat/completions        | 403 | permission_denied | permission_error      | consumer "idle" is disabled; an operator can enable it
            KEY         | /secret/v1/chat/completions | 403 | permission_denied | permission_error      | consumer "caller" is not authorised for Model API "secret"; an operator can grant it to the consumer or to one of its groups (modelApis)
            KEY         | /ended/v1/chat/completions  | 403 | permission_denied | permission_error      | the right of consumer "caller" to call Model API "ended" ended at 2026-01-01T00:00:00Z; an operator can renew it
            sk-elsewhere| /v1/chat/completions        | 403 | permission_denied | permission_error      | API key "elsewhere" may not be used from 127.0.0.1; an operator can add the address to its allowedIps
            sk-narrow   | /v1/chat/completions        | 403 | permission_denied | permission_error      | API key "narrow" may not call Model API "main" (allowed: named); an operator can add it to its allowedModelApis
            KEY         | /v2/chat/completions        | 404 | route_not_found   | invalid_request_error | no Model API serves POST /v2/chat/completions on host 127.0.0.1; check the base URL, or add a route to a Model API
            KEY         | /v1/models                  | 405 | method_not_allowed| invalid_request_error | POST is not allowed on this path (expected: GET)
            KEY         | /unbound/v1/chat/completions| 503 | no_model_service  | server_error          | Model API "unbound" is bound to no service; an operator can bind it by giving its distribution a target
            KEY         | /off/v1/chat/completions    | 503 | no_model_service  | server_error          | service "off" of Model API "off" is disabled or gone; an operator can enable it or add a fallback step
            """)
    void refusesWithoutAskingAnUpstream(String key, String path, int status, String code, String type, String message) {
        int before = provider.journal().size();
        Reply reply = gateway.callAs(key.equals("KEY") ? GatewayUnderTest.KEY : key, path, GatewayUnderTest.chat());
        assertGatewayRefused(reply, status, code, type, message, null);
        assertThat(provider.journal().size()).isEqualTo(before);
    }

    @ParameterizedTest(name = "{0} asks for {2}")
    @CsvSource(delimiter = '|', textBlock = """
            sk-small | /v1/chat/completions       | gpt-4o  | 403 | permission_denied | permission_error      | API key "small" may not use model "gpt-4o" on Model API "main" (allowed: gpt-4o-mini*); an operator can add it to its allowedModels
            KEY      | /named/v1/chat/completions | qwen    | 404 | model_not_found   | invalid_request_error | model "qwen" is not offered by Model API "named" (rules: gpt-*); ask for a model that a rule matches, or let an operator add one
            KEY      | /picky/v1/chat/completions | gpt-9   | 404 | model_not_found   | invalid_request_error | model "gpt-9" is not offered by service "picky" (allowed: gpt-4o, qwen-*); add it to allowedModels or set onUnknownModel: default-model
            """)
    void refusesAModel(String key, String path, String model, int status, String code, String type, String message) {
        String secret = key.equals("KEY") ? GatewayUnderTest.KEY : key;
        Reply reply = gateway.callAs(secret, path, GatewayUnderTest.chat(model, false));
        assertGatewayRefused(reply, status, code, type, message, "model");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            {"model":"m","messages":[                             | null                         | the request body is not valid JSON
            []                                                    | null                         | the request body must be a JSON object
            {"messages":[]}                                       | model                        | "model" is missing; name the model to call
            {"model":7,"messages":[]}                             | model                        | "model" must be a string that names the model to call
            {"model":"a","messages":[],"model":"b"}               | model                        | "model" is given twice; give it once
            {"model":"a","stream":true,"stream":false}            | stream                       | "stream" is given twice; give it once
            {"model":"a","mod\\u0065l":"b"}                       | model                        | "model" is given twice; give it once
            {"model":"a","stream":"yes"}                          | stream                       | "stream" must be true or false
            {"model":"a","max_tokens":"many"}                     | max_tokens                   | "max_tokens" must be a number
            {"model":"a","stream":true,"stream_options":[]}       | stream_options               | "stream_options" must be an object
            """)
    void refusesABodyThatCannotBeMeant(String body, String param, String message) {
        Reply reply = gateway.call(CHAT, body);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.error().getString("message")).startsWith(message);
        assertGatewayRefused(
                reply,
                400,
                "invalid_request_error",
                "invalid_request_error",
                reply.error().getString("message"),
                param.equals("null") ? null : param);
    }

    @Test
    void refusesADeclaredBodyThatIsTooLargeWithoutReadingIt() {
        try (RawConnection client = gateway.connect()) {
            client.send("POST " + CHAT + " HTTP/1.1\r\nhost: x\r\nauthorization: Bearer " + GatewayUnderTest.KEY
                    + "\r\ncontent-length: 1048577\r\n\r\n{");
            RawConnection.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.body())
                    .isEqualTo(errorBody(
                            "request_too_large",
                            "invalid_request_error",
                            "the request body has 1048577 bytes (allowed: 1048576; setting: --max-body-bytes)",
                            null));
        }
    }

    @Test
    void refusesAChunkedBodyOnceItIsTooLarge() {
        try (RawConnection client = gateway.connect()) {
            client.send("POST " + CHAT + " HTTP/1.1\r\nhost: x\r\nauthorization: Bearer " + GatewayUnderTest.KEY
                    + "\r\ntransfer-encoding: chunked\r\n\r\n100001\r\n" + "x".repeat(0x100001) + "\r\n");
            RawConnection.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(413);
            assertThat(new JsonObject(answer.body()).getJsonObject("error").getString("code"))
                    .isEqualTo("request_too_large");
            assertThat(answer.header("x-sluice-error-source")).isEqualTo("gateway");
        }
    }

    @Test
    void refusesTheSecondRequestOfAMinute() {
        assertThat(gateway.callAs("sk-slow", CHAT, GatewayUnderTest.chat()).status())
                .isEqualTo(200);
        Reply reply = gateway.callAs("sk-slow", CHAT, GatewayUnderTest.chat());
        assertThat(reply.error().getString("message"))
                .matches("API key \"slow\" is over its limit of 1 requests per minute \\(rpm\\); try again in \\d+ s");
        assertLimited(reply, "rate_limit_exceeded", "rate_limit_error", "requests", "1");
    }

    @Test
    void refusesWhenTheTokensOfAMinuteAreUsed() {
        Reply first = gateway.callAs("sk-sparing", CHAT, GatewayUnderTest.chat());
        assertThat(first.status()).isEqualTo(200);
        assertThat(gateway.record(first.id()).usage().totalTokens()).isEqualTo(9);
        Reply reply = gateway.callAs("sk-sparing", CHAT, GatewayUnderTest.chat());
        assertThat(reply.error().getString("message"))
                .matches("API key \"sparing\" is over its limit of 9 tokens per minute \\(tpm\\); try again in \\d+ s");
        assertLimited(reply, "rate_limit_exceeded", "rate_limit_error", "tokens", "9");
    }

    @Test
    void refusesASecondCallAtTheSameTimeAndTakesOneWhenTheFirstHasEnded() throws Exception {
        long rule = provider.rules().add(Rule.always("silence=3").forModel("endless"));
        try (RawConnection client = gateway.connect()) {
            String body = GatewayUnderTest.chat("endless", true);
            client.send("POST " + CHAT + " HTTP/1.1\r\nhost: x\r\nauthorization: Bearer sk-lonely\r\ncontent-length: "
                    + body.length() + "\r\n\r\n" + body);
            String head = client.head();
            assertThat(head)
                    .contains("x-ratelimit-limit-concurrency: 1\r\n", "x-ratelimit-remaining-concurrency: 0\r\n");
            Reply reply = gateway.callAs("sk-lonely", CHAT, GatewayUnderTest.chat());
            assertThat(reply.error().getString("message"))
                    .isEqualTo(
                            "API key \"lonely\" is over its limit of 1 calls at the same time (concurrency); try again"
                                    + " when one of them has ended");
            assertLimited(reply, "rate_limit_exceeded", "rate_limit_error", "concurrency", "1");
            client.reset();
            String id = head.substring(head.indexOf("x-request-id: ") + 14)
                    .lines()
                    .findFirst()
                    .orElseThrow();
            UsageRecord left = gateway.record(id);
            assertThat(left.outcome()).isEqualTo(Outcome.CLIENT_LEFT);
        }
        assertThat(gateway.callAs("sk-lonely", CHAT, GatewayUnderTest.chat()).status())
                .isEqualTo(200);
        provider.rules().remove(rule);
    }

    @Test
    void refusesWhenAQuotaIsUsedUpAndSaysWhenItResets() {
        Reply first = gateway.callAs("sk-poor", CHAT, GatewayUnderTest.chat());
        assertThat(gateway.record(first.id()).usage().totalTokens()).isEqualTo(9);
        Reply reply = gateway.callAs("sk-poor", CHAT, GatewayUnderTest.chat());
        assertThat(reply.error().getString("message"))
                .matches(
                        "API key \"poor\" has used up its quota of 9 tokens per day[^;]*; it resets at \\d{4}-\\d\\d-\\d\\dT00:00:00Z");
        assertLimited(reply, "insufficient_quota", "insufficient_quota", "tokens", "9");
    }

    @Test
    void blocksAKeyWhoseQuotaIsZero() {
        Reply reply = gateway.callAs("sk-broke", CHAT, GatewayUnderTest.chat());
        assertThat(reply.status()).isEqualTo(429);
        assertThat(reply.error().getString("message"))
                .matches(
                        "API key \"broke\" is blocked by its quota of 0 tokens per month[^;]*; an operator can raise it");
        assertThat(reply.error().getString("code")).isEqualTo("insufficient_quota");
        assertThat(reply.header("retry-after")).as("waiting does not help").isEmpty();
    }

    @Test
    void listsAllAttemptsThatFailed() {
        long first = provider.rules().add(Rule.always("status=500;message=Boom").forModel("doomed"));
        long second = provider.rules().add(Rule.always("reset").forModel("other"));
        Reply reply = gateway.call("/backed" + CHAT, GatewayUnderTest.chat("doomed", false));
        provider.rules().remove(first);
        provider.rules().remove(second);
        assertThat(reply.status()).isEqualTo(502);
        assertThat(reply.header("x-sluice-attempts")).isEqualTo("2");
        assertThat(reply.header("x-sluice-service")).isEqualTo("second");
        assertThat(reply.header("x-sluice-model")).isEqualTo("other");
        assertThat(reply.header("x-should-retry")).isEqualTo("false");
        assertThat(reply.error().getString("message"))
                .startsWith("all 2 attempts failed; the last one: service \"second\" at 127.0.0.1:");
        assertThat(reply.error().getString("code")).isEqualTo("upstream_failed");
        assertThat(reply.error().getString("type")).isEqualTo("server_error");
        assertThat(reply.error().getJsonArray("attempts")).isEqualTo(new JsonArray("""
                        [ { "service": "main", "model": "doomed", "status": 500, "failure": "upstream-error" },
                          { "service": "second", "model": "other", "status": 0, "failure": "connect" } ]"""));
        assertNothingBilled(reply, Outcome.UPSTREAM_FAILED, "connect");
    }

    @Test
    void saysWhatCannotBeReached() {
        Reply reply = gateway.call("/away" + CHAT, GatewayUnderTest.chat());
        assertThat(reply.status()).isEqualTo(502);
        assertThat(reply.header("x-sluice-error-source")).isEqualTo("gateway");
        assertThat(reply.error().getString("message"))
                .isEqualTo("service \"away\" cannot be reached at 127.0.0.1:" + away.port()
                        + ": the connection was refused");
    }

    @Test
    void neverAnswers401ForTheGatewaysOwnKey() {
        long rule = provider.rules()
                .add(Rule.always("status=401;message=bad key sk-provider-1").forModel("locked"));
        Reply reply = gateway.call("/keyed" + CHAT, GatewayUnderTest.chat("locked", false));
        provider.rules().remove(rule);
        gateway.admin("POST", "/admin/v1/providerKeys/only/reinstate", "", "");
        assertThat(reply.status()).isEqualTo(502);
        assertThat(reply.header("x-sluice-error-source")).isEqualTo("upstream");
        assertThat(reply.error().getString("code")).isEqualTo("upstream_auth");
        assertThat(reply.error().getString("message"))
                .isEqualTo(
                        "the provider refused the gateway's key (status 401); an operator must look at the provider key");
        assertThat(reply.text()).doesNotContain("sk-provider-1");
    }

    @Test
    void answers504WhenNoContentComesInTime() {
        long rule = provider.rules().add(Rule.always("silence").forModel("mute"));
        Reply reply = gateway.call("/late" + CHAT, GatewayUnderTest.chat("mute", true));
        provider.rules().remove(rule);
        assertThat(reply.status()).isEqualTo(504);
        assertThat(reply.error().getString("code")).isEqualTo("first_packet_timeout");
        assertThat(reply.error().getString("type")).isEqualTo("timeout_error");
        assertThat(reply.error().getString("message"))
                .isEqualTo("service \"main\": no content within 300 ms (firstPacketTimeoutMs)");
        assertThat(reply.header("x-sluice-error-source")).isEqualTo("gateway");
    }

    @Test
    void answers504WhenTheCallTakesTooLongAsAWhole() {
        long rule = provider.rules().add(Rule.always("latency=5s").forModel("late"));
        Reply reply = gateway.call("/short" + CHAT, GatewayUnderTest.chat("late", false));
        provider.rules().remove(rule);
        assertThat(reply.status()).isEqualTo(504);
        assertThat(reply.error().getString("code")).isEqualTo("upstream_timeout");
        assertThat(reply.error().getString("message"))
                .isEqualTo("service \"main\": the call took longer than 300 ms (totalTimeoutMs)");
    }

    @Test
    void waitsLongerForWhatAModelMakesAsAWhole() {
        long rule = provider.rules().add(Rule.always("latency=1s").forModel("deep"));
        Reply whole = gateway.call("/thoughtful" + CHAT, GatewayUnderTest.chat("deep", false));
        Reply stream = gateway.call("/thoughtful" + CHAT, GatewayUnderTest.chat("deep", true));
        Reply vectors = gateway.call("/thoughtful/v1/embeddings", "{\"model\":\"deep\",\"input\":\"a\"}");
        provider.rules().remove(rule);
        assertThat(whole.status()).as(whole.text()).isEqualTo(200);
        for (Reply late : List.of(stream, vectors)) {
            assertThat(late.status()).isEqualTo(504);
            assertThat(late.error().getString("message"))
                    .isEqualTo("service \"thoughtful\": no answer within 300 ms (timeouts.firstByteMs)");
        }
    }

    @Test
    void saysNothingOfLimitsToAKeyWithoutAny() throws Exception {
        CompletableFuture<Reply> call = gateway.callAsync(CHAT, GatewayUnderTest.chat());
        assertThat(call.get(20, TimeUnit.SECONDS).headers().map().keySet())
                .as("a key without limits")
                .noneMatch(name -> name.startsWith("x-ratelimit-"));
    }

    private static void assertGatewayRefused(
            Reply reply, int status, String code, String type, String message, String param) {
        assertThat(reply.text()).isEqualTo(errorBody(code, type, message, param));
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.header("content-type")).isEqualTo("application/json");
        assertThat(reply.header("x-sluice-error-source")).isEqualTo("gateway");
        assertThat(reply.header("x-sluice-attempts")).isEqualTo("0");
        assertThat(reply.header("x-sluice-service")).isEmpty();
        assertNothingBilled(reply, Outcome.REFUSED, gateway.record(reply.id()).failure());
    }

    private static void assertLimited(Reply reply, String code, String type, String metric, String limit) {
        assertThat(reply.status()).isEqualTo(429);
        assertThat(reply.error().getString("code")).isEqualTo(code);
        assertThat(reply.error().getString("type")).isEqualTo(type);
        assertThat(reply.header("x-sluice-error-source")).isEqualTo("gateway");
        assertThat(reply.header("x-ratelimit-limit-" + metric)).isEqualTo(limit);
        assertThat(reply.header("x-ratelimit-remaining-" + metric)).isEqualTo("0");
        assertThat(reply.header("x-ratelimit-reset-" + metric)).matches("\\d+m?s");
        assertThat(reply.header("retry-after")).matches("[1-9]\\d*");
        assertNothingBilled(
                reply, Outcome.REFUSED, code.equals("insufficient_quota") ? "quota-exhausted" : "rate-limited");
    }

    private static void assertNothingBilled(Reply reply, Outcome outcome, String failure) {
        UsageRecord record = gateway.record(reply.id());
        assertThat(record.outcome()).isEqualTo(outcome);
        assertThat(record.failure()).isEqualTo(failure).isNotEmpty();
        assertThat(record.status()).isEqualTo(reply.status());
        assertThat(record.provenance()).isEqualTo(Provenance.NONE);
        assertThat(record.usage().totalTokens()).isZero();
    }

    private static String errorBody(String code, String type, String message, String param) {
        return "{\"error\":{\"message\":" + quoted(message) + ",\"type\":" + quoted(type) + ",\"param\":"
                + (param == null ? "null" : quoted(param)) + ",\"code\":" + quoted(code) + "}}";
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
