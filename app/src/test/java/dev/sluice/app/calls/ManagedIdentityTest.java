package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.ReceivedCall;
import dev.sluice.simulator.Rule;
import dev.sluice.simulator.Simulator;
import dev.sluice.upstreams.credential.IdentityEndpoint;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Azure called as the managed identity of the machine or app that the gateway runs on. */
class ManagedIdentityTest {
    private static final String MACHINE = "/metadata/identity/oauth2/token";
    private static final String CHAT = "/v1/chat/completions";

    @TempDir
    Path folder;

    private final Simulator provider = Simulator.start();
    private GatewayUnderTest gateway;

    @BeforeEach
    void start() {
        gateway = GatewayUnderTest.startWithIdentity(
                folder, declaration(), new IdentityEndpoint(provider.url() + MACHINE, ""));
    }

    @AfterEach
    void stop() {
        gateway.close();
        provider.close();
    }

    private String declaration() {
        return """
                providerKeys:
                  - { name: own, provider: azure-openai, secret: '{"managedIdentity":true}' }
                  - { name: other, provider: foundry, secret: '{"managedIdentity":true,"clientId":"c 2","scope":"https://ai.azure.com/.default"}' }
                  - { name: unknown, provider: azure-openai, secret: '{"managedIdentity":true,"clientId":"unknown"}' }
                services:
                  - { name: azure, provider: azure-openai, address: { url: "%1$s" }, keys: [own] }
                  - { name: foundry, provider: foundry, protocol: native, address: { url: "%1$s" }, keys: [other] }
                  - { name: nobody, provider: azure-openai, address: { url: "%1$s" }, keys: [unknown] }
                modelApis:
                  - { name: azure, basePath: /azure, distribution: { strategy: single, targets: [ { service: azure } ] }, retries: 0 }
                  - { name: foundry, basePath: /foundry, routes: [/v1/chat/completions], distribution: { strategy: single, targets: [ { service: foundry } ] } }
                  - { name: nobody, basePath: /nobody, distribution: { strategy: single, targets: [ { service: nobody } ] } }
                consumers:
                  - { name: caller, modelApis: [azure, foundry, nobody] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %2$s }
                """.formatted(provider.url(), GatewayUnderTest.KEY);
    }

    private Reply call(String api) {
        return gateway.call("/" + api + CHAT, GatewayUnderTest.chat());
    }

    private JsonObject stateOf(String key) {
        return gateway.adminGet("/admin/v1/providerKeys/" + key).getJsonObject("runtime");
    }

    @Test
    void oneTokenOfTheMachineServesAllCalls() {
        for (int i = 0; i < 3; i++) assertThat(call("azure").status()).isEqualTo(200);
        List<ReceivedCall> calls = provider.journal().calls();
        assertThat(calls)
                .extracting(ReceivedCall::path)
                .containsExactly(
                        MACHINE,
                        "/openai/v1/chat/completions",
                        "/openai/v1/chat/completions",
                        "/openai/v1/chat/completions");
        assertThat(calls.get(0).header("metadata")).contains("true");
        assertThat(calls.get(0).query())
                .isEqualTo("api-version=2018-02-01&resource=https%3A%2F%2Fcognitiveservices.azure.com");
        assertThat(calls.get(3).header("authorization").orElseThrow()).startsWith("Bearer eyJ1.");
        assertThat(calls.get(3).header("api-key")).isEmpty();
    }

    @Test
    void aKeyMayNameOneOfSeveralAndWhatItsTokensAreFor() {
        assertThat(call("foundry").status()).isEqualTo(200);
        assertThat(provider.journal().calls().getFirst().query())
                .endsWith("&resource=https%3A%2F%2Fai.azure.com&client_id=c+2");
    }

    @Test
    void anAppShowsTheHeaderThatItWasTold() {
        gateway.close();
        gateway = GatewayUnderTest.startWithIdentity(
                folder, declaration(), new IdentityEndpoint(provider.url() + "/msi/token", "app-header"));
        for (int i = 0; i < 2; i++) assertThat(call("azure").status()).isEqualTo(200);
        List<ReceivedCall> calls = provider.journal().calls();
        assertThat(calls).hasSize(3);
        assertThat(calls.getFirst().path()).isEqualTo("/msi/token");
        assertThat(calls.getFirst().query()).startsWith("api-version=2019-08-01&resource=");
        assertThat(calls.getFirst().header("x-identity-header")).contains("app-header");
        assertThat(calls.getFirst().header("metadata")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"404", "410", "429", "500"})
    void anIdentityThatIsNotThereYetRejectsNoKey(int status) {
        provider.rules().add(Rule.always("status=" + status).forPath("*" + MACHINE));
        assertThat(call("azure").status()).isEqualTo(502);
        assertThat(stateOf("own").getString("state")).isEqualTo("active");
    }

    @Test
    void anIdentityThatAzureDoesNotKnowIsARejectedKey() {
        Reply reply = call("nobody");
        assertThat(reply.status()).isEqualTo(502);
        assertThat(reply.error().getString("code")).isEqualTo("upstream_auth");
        assertThat(stateOf("unknown").getString("state")).isEqualTo("rejected");
    }

    @Test
    void keysAreNoIdentitiesUnlessTheGatewayIsToldSo() {
        gateway.close();
        gateway = GatewayUnderTest.start(folder, declaration());
        Reply reply = call("azure");
        assertThat(reply.status()).isEqualTo(502);
        assertThat(reply.text()).contains("--managed-identity");
        assertThat(provider.journal().calls()).isEmpty();
    }
}
