package dev.sluice.app.calls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.ReceivedCall;
import dev.sluice.simulator.Rule;
import dev.sluice.simulator.Simulator;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What comes of errors that only one vendor tells so. */
class VendorErrorsTest {
    private static final String CHAT = "/v1/chat/completions";

    @TempDir
    Path folder;

    private Simulator provider;
    private GatewayUnderTest gateway;

    @BeforeEach
    void start() {
        provider = Simulator.start();
        gateway = GatewayUnderTest.start(
                folder, """
                providerKeys:
                  - { name: cohere, provider: cohere, secret: cohere-key-0123456789 }
                  - { name: account, provider: vertex-ai, secret: '%3$s' }
                  - { name: application, provider: azure-openai, secret: '{"tenantId":"t-1","clientId":"c-1","clientSecret":"s-1","activeDirectoryEndpointUrl":"%1$s"}' }
                services:
                  - { name: minimax, provider: minimax, address: { url: "%1$s/v1" } }
                  - { name: zhipu, provider: zhipu, address: { url: "%1$s/v1" } }
                  - { name: unknown, address: { url: "%1$s/v1" } }
                  - { name: spare, address: { url: "%1$s/v1" }, modelPolicy: { mode: specified, defaultModel: spare } }
                  - { name: cohere, provider: cohere, protocol: native, address: { url: "%1$s" }, keys: [cohere] }
                  - { name: vertex, provider: vertex-ai, protocol: native, address: { url: "%1$s" }, keys: [account] }
                  - { name: azure, provider: azure-openai, address: { url: "%1$s" }, keys: [application] }
                modelApis:
                  - { name: minimax, basePath: /minimax, distribution: { strategy: single, targets: [ { service: minimax } ] } }
                  - { name: zhipu, basePath: /zhipu, distribution: { strategy: single, targets: [ { service: zhipu } ] } }
                  - { name: unknown, basePath: /unknown, distribution: { strategy: single, targets: [ { service: unknown } ] } }
                  - { name: backed, basePath: /backed, distribution: { strategy: single, targets: [ { service: minimax } ] },
                      fallback: { steps: [ { service: spare } ] } }
                  - { name: cohere, basePath: /cohere, distribution: { strategy: single, targets: [ { service: cohere } ] } }
                  - { name: vertex-embeddings, basePath: /vertex-embeddings, useCase: embedding, distribution: { strategy: single, targets: [ { service: vertex } ] } }
                  - { name: vertex, basePath: /vertex, distribution: { strategy: single, targets: [ { service: vertex } ] } }
                  - { name: azure, basePath: /azure, distribution: { strategy: single, targets: [ { service: azure } ] } }
                consumers:
                  - { name: caller, modelApis: [minimax, zhipu, unknown, backed, cohere, vertex, vertex-embeddings, azure] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %2$s }
                """.formatted(provider.url(), GatewayUnderTest.KEY, serviceAccount(provider.url())));
    }

    @AfterEach
    void stop() {
        gateway.close();
        provider.close();
    }

    @Test
    void anUnknownCodeInsideASuccessIsAFailureOfTheProvider() {
        provider.rules()
                .add(Rule.always(
                                "body={\"base_resp\":{\"status_code\":31337,\"status_msg\":\"the pipes are clogged\"}}")
                        .forModel("m-1"));
        Reply alone = gateway.call("/minimax" + CHAT, GatewayUnderTest.chat("m-1", false));
        assertThat(alone.status()).isEqualTo(502);
        assertThat(alone.error().getString("message")).contains("the pipes are clogged");
        assertThat(gateway.record(alone.id()).failure()).isEqualTo("upstream-error");
        Reply backed = gateway.call("/backed" + CHAT, GatewayUnderTest.chat("m-1", false));
        assertThat(backed.status()).isEqualTo(200);
        assertThat(backed.header("x-sluice-service")).isEqualTo("spare");
    }

    @ParameterizedTest(name = "{0} says {1}: {2}")
    @CsvSource({
        // a prompt that is refused, to MiniMax; nothing, to Zhipu and to nobody in particular
        "minimax, 1027, 400, content-filtered",
        "zhipu, 1027, 502, upstream-error",
        "unknown, 1027, 502, upstream-error",
        // the same of Zhipu
        "zhipu, 1301, 400, content-filtered",
        "minimax, 1301, 502, upstream-error",
        // a timeout, and a bad key
        "minimax, 1001, 504, timeout",
        "zhipu, 1001, 502, provider-auth",
    })
    void aNumberMeansWhatTheVendorMeansByIt(String service, int number, int status, String failure) {
        provider.rules().add(Rule.always("body={\"error\":{\"code\":\"" + number + "\",\"message\":\"said so\"}}"));
        Reply reply = gateway.call("/" + service + CHAT, GatewayUnderTest.chat());
        assertThat(gateway.record(reply.id()).failure()).isEqualTo(failure);
        assertThat(reply.status()).isEqualTo(status);
    }

    @Test
    void aBlockedTokenOfCohereIsABadKey() {
        provider.rules().add(Rule.always("status=498;message=invalid token"));
        Reply reply = gateway.call("/cohere" + CHAT, GatewayUnderTest.chat());
        assertThat(reply.status()).isEqualTo(502);
        assertThat(reply.error().getString("code")).isEqualTo("upstream_auth");
        assertThat(stateOf("cohere").getString("state")).isEqualTo("rejected");
    }

    @ParameterizedTest
    @CsvSource({"month, provider-quota, true", "minute, provider-rate-limited, false"})
    void aTrialKeyOfCohereRestsLongWhenItsMonthIsUsedUp(String period, String failure, boolean isLong) {
        provider.rules()
                .add(Rule.always("status=429;message=You are using a Trial key, which is limited to 40 API calls / "
                        + period + "."));
        Reply reply = gateway.call("/cohere" + CHAT, GatewayUnderTest.chat());
        assertThat(reply.status()).isEqualTo(429);
        assertThat(gateway.record(reply.id()).failure()).isEqualTo(failure);
        JsonObject state = stateOf("cohere");
        assertThat(state.getString("state")).isEqualTo("resting");
        assertThat(Instant.parse(state.getString("restingUntil"))
                        .isAfter(Instant.now().plus(Duration.ofMinutes(2))))
                .isEqualTo(isLong);
    }

    @Test
    void aStaleTokenIsReplacedAndTheKeyIsKept() {
        assertThat(gateway.call("/vertex" + CHAT, GatewayUnderTest.chat()).status())
                .isEqualTo(200);
        provider.rules()
                .add(Rule.always("status=401").forPath("*generateContent").times(1));
        Reply reply = gateway.call("/vertex" + CHAT, GatewayUnderTest.chat());
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(stateOf("account").getString("state")).isEqualTo("active");
        List<ReceivedCall> calls = provider.journal().calls();
        assertThat(calls)
                .extracting(call -> call.path().endsWith("/token"))
                .containsExactly(true, false, false, true, false);
        assertThat(calls.get(4).header("authorization").orElseThrow()).startsWith("Bearer ya29.");
    }

    @Test
    void anApplicationOfEntraCallsWithATokenThatIsReplacedWhenItIsStale() {
        for (int i = 0; i < 2; i++)
            assertThat(gateway.call("/azure" + CHAT, GatewayUnderTest.chat()).status())
                    .isEqualTo(200);
        provider.rules().add(Rule.always("status=401").forPath("*completions").times(1));
        Reply reply = gateway.call("/azure" + CHAT, GatewayUnderTest.chat());
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(stateOf("application").getString("state")).isEqualTo("active");
        List<ReceivedCall> calls = provider.journal().calls();
        assertThat(calls)
                .extracting(ReceivedCall::path)
                .containsExactly(
                        "/t-1/oauth2/v2.0/token",
                        "/openai/v1/chat/completions",
                        "/openai/v1/chat/completions",
                        "/openai/v1/chat/completions",
                        "/t-1/oauth2/v2.0/token",
                        "/openai/v1/chat/completions");
        assertThat(calls.get(5).header("authorization").orElseThrow()).startsWith("Bearer eyJ0.");
        assertThat(calls.get(1).header("api-key")).isEmpty();
    }

    @Test
    void aSecretThatEntraRefusesIsARejectedKey() {
        provider.rules().add(Rule.always("status=401").forPath("*/token"));
        Reply reply = gateway.call("/azure" + CHAT, GatewayUnderTest.chat());
        assertThat(reply.status()).isEqualTo(502);
        assertThat(reply.error().getString("code")).isEqualTo("upstream_auth");
        assertThat(stateOf("application").getString("state")).isEqualTo("rejected");
        assertThat(provider.journal().calls()).extracting(ReceivedCall::path).containsOnly("/t-1/oauth2/v2.0/token");
    }

    @Test
    void aTokenThatGoesStaleBetweenTheCallsOfOneRequestIsReplaced() {
        provider.rules()
                .add(Rule.always("status=401").forPath("*embedContent").after(1).times(1));
        Reply reply = gateway.call(
                "/vertex-embeddings/v1/embeddings",
                "{\"model\":\"gemini-embedding-2\",\"input\":[\"one\",\"two\",\"three\"]}");
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(reply.json().getJsonArray("data")).hasSize(3);
        assertThat(stateOf("account").getString("state")).isEqualTo("active");
        assertThat(gateway.record(reply.id()).attempts()).isEqualTo(1);
        assertThat(provider.journal().calls().stream()
                        .filter(call -> call.path().endsWith("/token")))
                .hasSize(2);
    }

    @Test
    void aKeyWhoseFreshTokenIsRefusedIsRejected() {
        provider.rules().add(Rule.always("status=401").forPath("*generateContent"));
        Reply reply = gateway.call("/vertex" + CHAT, GatewayUnderTest.chat());
        assertThat(reply.status()).isEqualTo(502);
        assertThat(reply.error().getString("code")).isEqualTo("upstream_auth");
        assertThat(stateOf("account").getString("state")).isEqualTo("rejected");
        assertThat(provider.journal().calls())
                .extracting(call -> call.path().endsWith("/token"))
                .containsExactly(true, false, true, false);
    }

    @Test
    void whoMayNotCallGetsNoOtherTokenAndKeepsTheKey() {
        provider.rules().add(Rule.always("status=403").times(1).forPath("*generateContent"));
        Reply reply = gateway.call("/vertex" + CHAT, GatewayUnderTest.chat());
        assertThat(reply.status()).isEqualTo(502);
        assertThat(reply.error().getString("message")).contains("does not let the gateway's key do this");
        assertThat(provider.journal().size()).isEqualTo(2);
        assertThat(stateOf("account").getString("state")).isEqualTo("active");
        assertThat(stateOf("account").getString("lastError")).startsWith("403 provider-permission");
        assertThat(gateway.call("/vertex" + CHAT, GatewayUnderTest.chat()).status())
                .isEqualTo(200);
    }

    private JsonObject stateOf(String key) {
        return gateway.adminGet("/admin/v1/providerKeys/" + key).getJsonObject("runtime");
    }

    /** An account of nobody whose tokens the simulator gives out. */
    private static String serviceAccount(String tokens) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            String key = Base64.getMimeEncoder(64, "\n".getBytes(UTF_8))
                    .encodeToString(generator.generateKeyPair().getPrivate().getEncoded());
            return new JsonObject()
                    .put("type", "service_account")
                    .put("project_id", "p-1")
                    .put("private_key_id", "k-1")
                    .put("private_key", "-----BEGIN PRIVATE KEY-----\n" + key + "\n-----END PRIVATE KEY-----\n")
                    .put("client_email", "nobody@p-1.iam.gserviceaccount.com")
                    .put("token_uri", tokens + "/token")
                    .encode();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
