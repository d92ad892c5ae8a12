package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.ReceivedCall;
import dev.sluice.simulator.Rule;
import dev.sluice.simulator.Simulator;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of provider keys that a provider refuses. */
class ProviderKeyTest {
    private static final String CHAT = "/v1/chat/completions";

    @TempDir
    Path folder;

    private Simulator provider;
    private GatewayUnderTest gateway;

    @BeforeEach
    void start() {
        provider = Simulator.start();
        gateway = GatewayUnderTest.start(folder, """
                providerKeys:
                  - { name: a, provider: openai-compatible, secret: sk-provider-a }
                  - { name: b, provider: openai-compatible, secret: sk-provider-b }
                services:
                  - { name: main, address: { url: "%1$s/v1" }, keys: [a, b], keyPolicy: failover }
                  - { name: round, address: { url: "%1$s/v1" }, keys: [a, b], keyPolicy: round-robin }
                modelApis:
                  - { name: main, distribution: { strategy: single, targets: [ { service: main } ] } }
                  - { name: round, basePath: /round, distribution: { strategy: single, targets: [ { service: round } ] } }
                consumers:
                  - { name: caller, modelApis: [main, round] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %2$s }
                """.formatted(provider.url(), GatewayUnderTest.KEY));
    }

    @AfterEach
    void stop() {
        gateway.close();
        provider.close();
    }

    @Test
    void aRateLimitedKeyRestsAndTheNextOneAnswersAtOnce() {
        provider.rules()
                .add(dev.sluice.simulator.Rule.always("status=429;retry-after=60")
                        .forApiKey("sk-provider-a"));
        Reply reply = gateway.call(CHAT, GatewayUnderTest.chat());
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("x-sluice-attempts")).isEqualTo("2");
        assertThat(gateway.record(reply.id()).providerKey()).isEqualTo("b");
        assertThat(stateOf("a").getString("state")).isEqualTo("resting");
        assertThat(gateway.call(CHAT, GatewayUnderTest.chat()).header("x-sluice-attempts"))
                .as("the resting key is passed over")
                .isEqualTo("1");
        assertThat(keysUsed()).containsExactly("sk-provider-a", "sk-provider-b", "sk-provider-b");
    }

    @Test
    void aRefusedKeyIsRejectedUntilAnOperatorReinstatesIt() {
        long rule = provider.rules().refuseKey("sk-provider-a", 401);
        Reply reply = gateway.call(CHAT, GatewayUnderTest.chat("gpt-4o", true));
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("x-sluice-attempts")).isEqualTo("2");
        assertThat(stateOf("a").getString("state")).isEqualTo("rejected");
        assertThat(stateOf("b").getString("state")).isEqualTo("active");
        provider.rules().remove(rule);
        gateway.call(CHAT, GatewayUnderTest.chat());
        assertThat(gateway.admin("POST", "/admin/v1/providerKeys/a/reinstate", "", "")
                        .status())
                .isEqualTo(200);
        assertThat(stateOf("a").getString("state")).isEqualTo("active");
        gateway.call(CHAT, GatewayUnderTest.chat());
        assertThat(keysUsed()).containsExactly("sk-provider-a", "sk-provider-b", "sk-provider-b", "sk-provider-a");
    }

    @Test
    void whenNoKeyIsLeftTheCallerIsToldTheReason() {
        provider.rules().refuseKey("sk-provider-*", 401);
        Reply first = gateway.call(CHAT, GatewayUnderTest.chat());
        assertThat(first.status()).isEqualTo(502);
        assertThat(first.error().getString("code")).isEqualTo("upstream_auth");
        assertThat(first.header("x-sluice-attempts")).isEqualTo("2");
        Reply second = gateway.call(CHAT, GatewayUnderTest.chat());
        assertThat(second.status()).isEqualTo(503);
        assertThat(second.error().getString("code")).isEqualTo("no_model_service");
        assertThat(second.error().getString("message"))
                .isEqualTo("service \"main\" cannot be called: no provider key is usable: each is disabled, rejected or"
                        + " cannot be resolved");
    }

    @Test
    void aRestingKeyIsTheLastResort() {
        Rule tooMany = Rule.always("status=429;retry-after=60").times(1);
        provider.rules().add(tooMany.forApiKey("sk-provider-a"));
        gateway.call(CHAT, GatewayUnderTest.chat());
        provider.rules().add(tooMany.forApiKey("sk-provider-b"));
        Reply reply = gateway.call(CHAT, GatewayUnderTest.chat());
        assertThat(reply.status()).isEqualTo(200);
        assertThat(stateOf("b").getString("state")).isEqualTo("resting");
        assertThat(keysUsed()).containsExactly("sk-provider-a", "sk-provider-b", "sk-provider-b", "sk-provider-a");
    }

    @Test
    void roundRobinUsesAllKeys() {
        Set<String> used = new HashSet<>();
        for (int i = 0; i < 2; i++) gateway.call("/round" + CHAT, GatewayUnderTest.chat());
        used.addAll(keysUsed());
        assertThat(used).containsExactlyInAnyOrder("sk-provider-a", "sk-provider-b");
    }

    @Test
    void aKeyThatNoHeaderCanHoldIsRejectedAndTheNextOneAnswers() throws IOException {
        Path secret = Files.writeString(folder.resolve("broken"), "sk-of-\ntwo-lines");
        try (GatewayUnderTest broken =
                GatewayUnderTest.start(folder.resolve("two-lines"), """
                providerKeys:
                  - { name: a, provider: openai-compatible, secret: "file:%1$s" }
                  - { name: b, provider: openai-compatible, secret: sk-provider-b }
                services:
                  - { name: main, address: { url: "%2$s/v1" }, keys: [a, b], keyPolicy: failover }
                  - { name: only, address: { url: "%2$s/v1" }, keys: [a] }
                modelApis:
                  - { name: main, authentication: { mode: none }, distribution: { strategy: single, targets: [ { service: main } ] } }
                  - { name: only, basePath: /only, routes: [/v1/realtime], authentication: { mode: none },
                      distribution: { strategy: single, targets: [ { service: only } ] } }
                """.formatted(secret, provider.url()))) {
            try (RawConnection client = RawConnection.open(broken.gateway().port())
                    .send("GET /only/v1/realtime?model=m HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\n"
                            + "upgrade: websocket\r\nsec-websocket-version: 13\r\n"
                            + "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")) {
                RawConnection.Answer refused = client.answer();
                assertThat(refused.status()).isEqualTo(502);
                assertThat(refused.body()).contains("no header may hold").doesNotContain("two-lines");
            }
            Reply reply = broken.call(CHAT, GatewayUnderTest.chat());
            assertThat(reply.status()).isEqualTo(200);
            assertThat(keysUsed()).containsExactly("sk-provider-b");
            assertThat(broken.adminGet("/admin/v1/providerKeys/a")
                            .getJsonObject("runtime")
                            .getString("state"))
                    .isEqualTo("rejected");
        }
    }

    @Test
    void aGatewayThatStartsWhileTheFilesOfSecretsAreAwayUsesTheSecretsItHad() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "sk-of-a-file\n");
        Path callers = Files.writeString(folder.resolve("callers"), GatewayUnderTest.KEY);
        Path other = Files.createDirectories(folder.resolve("other"));
        String declaration = """
                providerKeys:
                  - { name: a, provider: openai-compatible, secret: "file:%s" }
                services:
                  - { name: main, address: { url: "%s/v1" }, keys: [a] }
                modelApis:
                  - { name: main, distribution: { strategy: single, targets: [ { service: main } ] } }
                consumers:
                  - { name: caller, modelApis: [main] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: "file:%s" }
                """.formatted(secret, provider.url(), callers);
        GatewayUnderTest.start(other, declaration).close();
        Files.delete(secret);
        Files.delete(callers);
        try (GatewayUnderTest again = GatewayUnderTest.start(other, declaration)) {
            assertThat(again.call(CHAT, GatewayUnderTest.chat()).status()).isEqualTo(200);
            assertThat(keysUsed()).containsExactly("sk-of-a-file");
            assertThat(again.adminGet("/readyz").getJsonArray("reasons"))
                    .containsExactly(
                            "the secret file:" + secret + " stays what it was: file " + secret + " does not exist");
            assertThat(again.gauge("sluice_secrets_failing")).isEqualTo(1);
        }
    }

    private JsonObject stateOf(String key) {
        return gateway.adminGet("/admin/v1/providerKeys/" + key).getJsonObject("runtime");
    }

    private List<String> keysUsed() {
        return provider.journal().calls().stream()
                .map((ReceivedCall c) -> c.header("authorization").orElse("").replace("Bearer ", ""))
                .toList();
    }
}
