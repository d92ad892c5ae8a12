package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.ReceivedCall;
import dev.sluice.simulator.Rule;
import dev.sluice.simulator.Simulator;
import dev.sluice.traffic.usage.Outcome;
import dev.sluice.traffic.usage.Provenance;
import dev.sluice.traffic.usage.UsageRecord;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What travels through the gateway, in which form, and what never does. */
class PassThroughTest {
    private static final String CHAT = "/v1/chat/completions";
    private static final String SECRET = "sk-provider-0123456789";

    @TempDir
    static Path folder;

    private static Simulator provider;
    private static GatewayUnderTest gateway;

    @BeforeAll
    static void start() {
        provider = Simulator.start();
        gateway = GatewayUnderTest.start(folder, """
                providerKeys:
                  - { name: first, provider: openai-compatible, secret: %2$s }
                  - { name: azure, provider: azure-openai, secret: sk-azure }
                  - { name: claude, provider: anthropic, secret: %2$s }
                services:
                  - { name: main, address: { url: "%1$s/v1" }, keys: [first] }
                  - { name: azure, provider: azure-openai, address: { url: "%1$s/openai/v1" }, keys: [azure] }
                  - { name: claude, provider: anthropic, protocol: native, address: { url: "%1$s" }, keys: [claude] }
                  - { name: mapped, address: { url: "%1$s/v1" }, modelPolicy: { mapping: { fast: gpt-4o-mini, "big-*": gpt-4o } } }
                  - { name: lenient, address: { url: "%1$s/v1" },
                      modelPolicy: { allowedModels: [gpt-4o], onUnknownModel: default-model, defaultModel: gpt-4o-mini } }
                  - { name: fixed, address: { url: "%1$s/v1" },
                      modelPolicy: { mode: specified, defaultModel: one, fallbackModels: [two, three] } }
                modelApis:
                  - { name: main, distribution: { strategy: single, targets: [ { service: main } ] } }
                  - { name: named, basePath: /named, authentication: { header: x-team-key, queryParameter: team_key },
                      distribution: { strategy: single, targets: [ { service: main } ] } }
                  - { name: azure, basePath: /azure, distribution: { strategy: single, targets: [ { service: azure } ] } }
                  - { name: claude, basePath: /claude, distribution: { strategy: single, targets: [ { service: claude } ] } }
                  - { name: kept, basePath: /kept, stripBasePath: false, distribution: { strategy: single, targets: [ { service: main } ] } }
                  - { name: custom, basePath: /custom, routes: [/v1/chat/completions, { path: /talk, operation: chat-completions }, /v1/files],
                      distribution: { strategy: single, targets: [ { service: main } ] } }
                  - { name: mapped, basePath: /mapped, distribution: { strategy: single, targets: [ { service: mapped } ] } }
                  - { name: lenient, basePath: /lenient, distribution: { strategy: single, targets: [ { service: lenient } ] } }
                  - { name: fixed, basePath: /fixed, distribution: { strategy: single, targets: [ { service: fixed } ] } }
                  - name: spread
                    basePath: /spread
                    distribution: { strategy: by-proportion, targets: [ { service: main, weight: 0 }, { service: mapped, weight: 1 } ] }
                  - { name: hasty, basePath: /hasty, retries: 2, totalTimeoutMs: 1000, distribution: { strategy: single, targets: [ { service: main } ] } }
                  - { name: patient, basePath: /patient, retries: 2, distribution: { strategy: single, targets: [ { service: main } ] } }
                consumers:
                  - { name: caller, modelApis: [main, named, azure, claude, kept, custom, mapped, lenient, fixed, spread, patient, hasty] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %3$s }
                """.formatted(provider.url(), SECRET, GatewayUnderTest.KEY));
    }

    @AfterEach
    void forgetFaults() {
        provider.rules().clear();
    }

    @AfterAll
    static void stop() {
        gateway.close();
        provider.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",
                " \r\n{ \"zz\" : 1.50e+01,\t\"messages\":[ {\"content\":\"a\\u0062\\/\\ud83d\\ude00\",\"role\":\"user\"}],\"model\" : \"gpt-4o\" ,"
                        + "\"unknown\":{\"model\":\"x\",\"deep\":[0.10,-0,1E400,12345678901234567890]} }\n",
                "{\"max_tokens\":5,\"model\":\"\\u0067pt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"seed\":null,\"zz\":1,\"zz\":2}",
            })
    void sendsTheVeryBytesOn(String body) {
        Reply reply = gateway.call(CHAT, body);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(provider.journal().last().text()).isEqualTo(body);
    }

    @Test
    void changesNothingButTheModel() {
        String body =
                "{ \"a\":1.0, \"model\" : \"big-one\" , \"messages\":[ {\"role\":\"user\",\"content\":\"big-one\"} ], \"z\":[ ] }";
        Reply reply = gateway.call("/mapped" + CHAT, body);
        assertThat(provider.journal().last().text())
                .isEqualTo(body.replace("\"model\" : \"big-one\"", "\"model\" : \"gpt-4o\""));
        assertThat(reply.header("x-sluice-model")).isEqualTo("gpt-4o");
        UsageRecord record = gateway.record(reply.id());
        assertThat(record.askedModel()).isEqualTo("big-one");
        assertThat(record.model()).isEqualTo("gpt-4o");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"model":"m","stream":true,M}                                            | {"model":"m","stream":true,"stream_options":{"include_usage":true},M}
            {"stream": true ,"model":"m",M}                                          | {"stream": true,"stream_options":{"include_usage":true} ,"model":"m",M}
            {"model":"m","stream":true,"stream_options":{},M}                        | {"model":"m","stream":true,"stream_options":{"include_usage":true},M}
            {"model":"m","stream":true,"stream_options":{"x":1},M}                   | {"model":"m","stream":true,"stream_options":{"include_usage":true,"x":1},M}
            {"model":"m","stream":true,"stream_options":{"include_usage":false},M}   | {"model":"m","stream":true,"stream_options":{"include_usage":true},M}
            {"model":"m","stream":true,"stream_options":null,M}                      | {"model":"m","stream":true,"stream_options":{"include_usage":true},M}
            """)
    void asksForUsageAndHidesIt(String sent, String forwarded) {
        String messages = "\"messages\":[{\"role\":\"user\",\"content\":\"one two\"}]";
        Reply reply = gateway.call(CHAT, sent.replace("M", messages));
        assertThat(provider.journal().last().text()).isEqualTo(forwarded.replace("M", messages));
        assertThat(reply.text()).doesNotContain("usage").endsWith("data: [DONE]\n\n");
        UsageRecord record = gateway.record(reply.id());
        assertThat(record.provenance()).isEqualTo(Provenance.REPORTED);
        assertThat(record.usage()).isEqualTo(provider.journal().last().reported());
    }

    @Test
    void showsUsageToAClientThatAsksForIt() {
        String body = GatewayUnderTest.chat("gpt-4o", true)
                .replace("\"stream\":true", "\"stream\":true,\"stream_options\":{\"include_usage\":true}");
        Reply reply = gateway.call(CHAT, body);
        assertThat(provider.journal().last().text()).isEqualTo(body);
        assertThat(reply.text()).contains("\"usage\":null", "\"prompt_tokens\":4");
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/chat/completions, authorization, Bearer KEY",
        "/v1/chat/completions, x-api-key, KEY",
        "/v1/chat/completions, x-goog-api-key, KEY",
        "/v1/chat/completions, api-key, KEY",
        "/named/v1/chat/completions, x-team-key, KEY",
        "/named/v1/chat/completions?team_key=KEY&a=b%20c, x-none, none",
        "/named/v1/chat/completions?a=b%20c&te%61m_key=KEY, x-none, none",
    })
    void theCallersKeyNeverReachesAnUpstream(String path, String header, String value) {
        Reply reply = gateway.callAs(
                "",
                path.replace("KEY", GatewayUnderTest.KEY),
                GatewayUnderTest.chat(),
                header,
                value.replace("KEY", GatewayUnderTest.KEY));
        assertThat(reply.status()).isEqualTo(200);
        ReceivedCall call = provider.journal().last();
        assertThat(call.toString()).doesNotContain(GatewayUnderTest.KEY);
        assertThat(call.header("authorization")).contains("Bearer " + SECRET);
        assertThat(call.query()).isEqualTo(path.contains("?") ? "a=b%20c" : "");
    }

    @Test
    void aCallersKeyInTheProvidersHeaderGivesWayToTheProviders() {
        Reply reply = gateway.callAs("", "/azure" + CHAT, GatewayUnderTest.chat(), "api-key", GatewayUnderTest.KEY);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(provider.journal().last().header("api-key")).contains("sk-azure");
        assertThat(provider.journal().last().toString()).doesNotContain(GatewayUnderTest.KEY);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            status=400;message=Incorrect key KEY                      | false
            status=401;message=Incorrect key KEY                      | false
            status=429;message=Too many calls with KEY                | false
            status=500;message=Cannot use KEY                         | false
            status=500;message=Cannot use KEY                         | true
            status=400;body=no KEY here;content-type=text/plain       | false
            error;message=Cannot use KEY                              | false
            error;message=Cannot use KEY                              | true
            error=3;message=Cannot use KEY                            | true
            status=400;header=x-debug:KEY                             | false
            header=x-debug:KEY                                        | false
            header=x-debug:Bearer KEY                                 | true
            status=200;content-type=application/json;body={"id":"1","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"KEY"},"finish_reason":"stop"}]} | false
            """)
    void theProvidersKeyNeverReachesACaller(String fault, boolean stream) {
        provider.rules().add(Rule.always(fault.replace("KEY", SECRET)));
        Reply reply = gateway.call(CHAT, GatewayUnderTest.chat("gpt-4o", stream));
        gateway.admin("POST", "/admin/v1/providerKeys/first/reinstate", "", "");
        assertThat(reply.text() + reply.headers()).doesNotContain(SECRET);
        assertThat(gateway.record(reply.id()).toString()).doesNotContain(SECRET);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-TC-Token",
                "X-TC-Action",
                "X-TC-Timestamp",
                "X-Amz-Security-Token",
                "X-Amz-Date",
                "X-Amz-Content-Sha256"
            })
    void whatAClientSignedForItselfStaysHere(String header) {
        assertThat(gateway.call(CHAT, GatewayUnderTest.chat(), header, "its-own")
                        .status())
                .isEqualTo(200);
        assertThat(provider.journal().last().header(header)).isEmpty();
    }

    @Test
    void headersOfOneHopEndHere() {
        provider.rules()
                .add(
                        Rule.always(
                                "header=x-kept:yes;header=x-ratelimit-remaining-requests:7;header=set-cookie:a=b;header=keep-alive:timeout=5"));
        try (RawConnection client = gateway.connect()) {
            client.post(
                    CHAT,
                    GatewayUnderTest.chat(),
                    "connection: keep-alive, x-first\r\nconnection: x-internal\r\nx-first: 1\r\nx-internal: 2\r\n"
                            + "te: trailers\r\nkeep-alive: 5\r\nproxy-authorization: Basic x\r\ncookie: c=d\r\nx-forwarded-for: 1.2.3.4\r\n"
                            + "accept-encoding: gzip\r\nx-sluice-debug: 1\r\nx-stays: 3\r\n");
            RawConnection.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.hasHeader("x-kept: yes")).isTrue();
            assertThat(answer.head()).doesNotContain("x-ratelimit", "set-cookie", "keep-alive: timeout");
            client.post(CHAT, GatewayUnderTest.chat(), "connection: x-internal\r\nx-internal: 2\r\n");
            assertThat(client.answer().status()).isEqualTo(200);
        }
        List<ReceivedCall> calls = provider.journal().calls();
        assertThat(calls.get(calls.size() - 2).header("x-stays")).contains("3");
        for (ReceivedCall call : calls.subList(calls.size() - 2, calls.size())) {
            assertThat(call.headers().stream().map(h -> h.name().toLowerCase(java.util.Locale.ROOT)))
                    .doesNotContain(
                            "x-first",
                            "x-internal",
                            "te",
                            "keep-alive",
                            "proxy-authorization",
                            "cookie",
                            "x-forwarded-for",
                            "accept-encoding",
                            "x-sluice-debug");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/chat/completions, /v1/chat/completions",
        "/kept/v1/chat/completions, /v1/kept/chat/completions",
        "/custom/v1/chat/completions, /v1/chat/completions",
        "/custom/talk, /v1/chat/completions",
    })
    void joinsPaths(String path, String upstream) {
        assertThat(gateway.call(path, GatewayUnderTest.chat()).status()).isNotEqualTo(404);
        assertThat(provider.journal().last().path()).isEqualTo(upstream);
    }

    @ParameterizedTest
    @CsvSource({
        "/mapped, fast, gpt-4o-mini",
        "/mapped, big-thing, gpt-4o",
        "/mapped, other, other",
        "/lenient, gpt-4o, gpt-4o",
        "/lenient, gpt-9, gpt-4o-mini",
        "/fixed, whatever, one",
        "/spread, fast, gpt-4o-mini",
    })
    void modelPoliciesDecideTheModel(String base, String asked, String sent) {
        Reply reply = gateway.call(base + CHAT, GatewayUnderTest.chat(asked, false));
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("x-sluice-model")).isEqualTo(sent);
        assertThat(provider.journal().last().json().getString("model")).isEqualTo(sent);
    }

    @Test
    void triesTheFallbackModelsOfAServiceInOrder() {
        provider.rules().add(Rule.always("status=500").forModel("one"));
        provider.rules().add(Rule.always("error").forModel("two"));
        Reply reply = gateway.call("/fixed" + CHAT, GatewayUnderTest.chat("x", true));
        assertThat(reply.header("x-sluice-model")).isEqualTo("three");
        assertThat(reply.header("x-sluice-attempts")).isEqualTo("3");
    }

    @Test
    void retriesTheSameTargetAfterAPause() {
        provider.rules().next(2, "status=500");
        Reply reply = gateway.call("/patient" + CHAT, GatewayUnderTest.chat("gpt-4o", true));
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("x-sluice-attempts")).isEqualTo("3");
    }

    @ParameterizedTest
    @CsvSource({"silence=3, true, CONTENT", "hang, false, NOTHING"})
    void aClientThatLeavesCancelsTheUpstreamAtOnce(String fault, boolean stream, String seen) throws Exception {
        String model = "left-" + fault.replace('=', '-');
        provider.rules().add(Rule.always(fault).forModel(model));
        RawConnection client = gateway.connect().post(CHAT, GatewayUnderTest.chat(model, stream), "");
        provider.journal().await(c -> c.model().equals(model)).get(20, TimeUnit.SECONDS);
        if (seen.equals("CONTENT")) client.readUntil("Echo");
        client.close();
        provider.journal()
                .await(c -> c.model().equals(model) && c.isCancelled())
                .get(20, TimeUnit.SECONDS);
        UsageRecord record = gateway.recordOfModel(model);
        assertThat(record.outcome()).isEqualTo(Outcome.CLIENT_LEFT);
        assertThat(record.status()).isEqualTo(499);
        assertThat(record.usage())
                .as("the upstream is at work on the input before it answers")
                .isEqualTo(Usage.of(14, seen.equals("CONTENT") ? 3 : 0));
    }

    @Test
    void aClientThatLeavesBetweenTwoAttemptsPaysNothing() throws Exception {
        String model = "left-between";
        provider.rules().add(Rule.always("status=503;retry-after=4").forModel(model));
        long before = failuresOfTheKey();
        RawConnection client = gateway.connect().post("/patient" + CHAT, GatewayUnderTest.chat(model, true), "");
        GatewayUnderTest.await("the attempt has failed", () -> failuresOfTheKey() > before);
        client.close();
        UsageRecord record = gateway.recordOfModel(model);
        assertThat(record.outcome()).isEqualTo(Outcome.CLIENT_LEFT);
        assertThat(record.usage()).isEqualTo(Usage.ZERO);
    }

    private static long failuresOfTheKey() {
        return gateway.adminGet("/admin/v1/providerKeys/first")
                .getJsonObject("runtime")
                .getLong("failures");
    }

    @Test
    void theTimeOfACallMayEndBetweenTwoAttempts() {
        provider.rules().add(Rule.always("status=503;retry-after=4").forModel("hasty"));
        Reply reply = gateway.call("/hasty" + CHAT, GatewayUnderTest.chat("hasty", true));
        assertThat(reply.status()).isEqualTo(504);
        assertThat(reply.error().getJsonArray("attempts").getJsonObject(0).getInteger("status"))
                .isEqualTo(503);
        UsageRecord record = gateway.record(reply.id());
        assertThat(record.outcome()).isEqualTo(Outcome.UPSTREAM_FAILED);
        assertThat(record.failure()).isEqualTo("total-timeout");
    }

    @Test
    void theRequestIsForgottenWhenTheStreamHasBegun() {
        String model = "endless-question";
        provider.rules().add(Rule.always("silence=3").forModel(model));
        String question =
                GatewayUnderTest.chat(model, true).replace("\"content\":\"", "\"content\":\"" + "x".repeat(200_000));
        try (RawConnection client = gateway.connect().post(CHAT, question, "")) {
            client.readUntil("data: ");
            GatewayUnderTest.await("nothing is kept", () -> gateway.gauge("sluice_request_bytes_buffered") == 0);
        }
        assertThat(gateway.recordOfModel(model).requestBytes()).isEqualTo(question.length());
    }

    @Test
    void aConnectionCarriesOnAfterRefusals() {
        String body = GatewayUnderTest.chat();
        try (RawConnection client = gateway.connect()) {
            client.send(
                    "POST " + CHAT + " HTTP/1.1\r\nhost: x\r\ncontent-length: " + body.length() + "\r\n\r\n" + body);
            assertThat(client.answer().status()).isEqualTo(401);
            client.post("/nowhere", body, "");
            assertThat(client.answer().status()).isEqualTo(404);
            String large = "x".repeat(GatewayUnderTest.MAX_BODY_BYTES + 1);
            client.post(CHAT, large, "");
            assertThat(client.answer().status()).isEqualTo(413);
            client.post(CHAT, body, "");
            assertThat(client.answer().status()).isEqualTo(200);
            client.send(
                    "GET /v1/models HTTP/1.1\r\nhost: x\r\nauthorization: Bearer " + GatewayUnderTest.KEY + "\r\n\r\n");
            assertThat(client.answer().status()).isEqualTo(200);
        }
    }

    @Test
    void speaksHttp10() {
        String body = GatewayUnderTest.chat("gpt-4o", true);
        try (RawConnection client = gateway.connect()) {
            client.send("POST " + CHAT + " HTTP/1.0\r\nauthorization: Bearer " + GatewayUnderTest.KEY
                    + "\r\ncontent-length: " + body.length() + "\r\n\r\n" + body);
            RawConnection.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.head()).doesNotContain("chunked");
            assertThat(answer.body()).startsWith("data: {").endsWith("data: [DONE]\n\n");
            assertThat(client.endsHere()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/claude"})
    void anAnswerThatQuotesTheProvidersKeyIsNone(String basePath) {
        provider.rules().add(Rule.always("text=you sent " + SECRET));
        Reply reply = gateway.call(basePath + CHAT, GatewayUnderTest.chat());
        assertThat(reply.status()).isEqualTo(502);
        assertThat(reply.text()).contains("quoted its provider key").doesNotContain(SECRET);
        assertThat(gateway.record(reply.id()).failure()).isEqualTo("upstream-malformed");
    }

    @Test
    void answersHeadWithoutABody() {
        try (RawConnection client = gateway.connect()) {
            client.send("HEAD /v1/models HTTP/1.1\r\nhost: x\r\nauthorization: Bearer " + GatewayUnderTest.KEY
                    + "\r\n\r\n");
            assertThat(client.head()).startsWith("HTTP/1.1 405 ");
            client.post(CHAT, GatewayUnderTest.chat(), "");
            assertThat(client.answer().status()).isEqualTo(200);
        }
    }

    @Test
    void bytesThatAreNoHttpGetA400() {
        try (RawConnection client = gateway.connect()) {
            client.send("NONSENSE\r\n\r\n");
            RawConnection.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).contains("\"code\":\"invalid_request_error\"");
        }
        assertThat(gateway.call(CHAT, GatewayUnderTest.chat()).status()).isEqualTo(200);
    }

    @Test
    void everyCallHasARecordOfItsOwn() {
        Reply reply = gateway.call(CHAT, GatewayUnderTest.chat());
        UsageRecord record = gateway.record(reply.id());
        assertThat(record.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(record.apiKey()).isEqualTo("caller-key");
        assertThat(record.consumer()).isEqualTo("caller");
        assertThat(record.modelApi()).isEqualTo("main");
        assertThat(record.service()).isEqualTo("main");
        assertThat(record.providerKey()).isEqualTo("first");
        assertThat(record.responseBytes()).isEqualTo(reply.bytes().length);
        assertThat(record.remoteIp()).isEqualTo("127.0.0.1");
    }
}
