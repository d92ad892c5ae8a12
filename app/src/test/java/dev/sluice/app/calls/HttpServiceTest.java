package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.ReceivedCall;
import dev.sluice.simulator.Simulator;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Services of which nothing is known but where they are. */
class HttpServiceTest {
    @TempDir
    static Path folder;

    private static Simulator backend;
    private static GatewayUnderTest gateway;

    @BeforeAll
    static void start() {
        backend = Simulator.start();
        gateway = GatewayUnderTest.start(folder, """
                providerKeys:
                  - { name: own, provider: http, secret: backend-key-0123456789 }
                services:
                  - { name: plain, kind: http, address: { url: "%1$s" } }
                  - { name: deep, kind: http, address: { url: "%1$s/v1/models" }, keys: [own] }
                modelApis:
                  - { name: plain, basePath: /plain, useCase: others, protocol: any,
                      distribution: { strategy: single, targets: [ { service: plain } ] } }
                  - { name: deep, basePath: /deep, useCase: others, protocol: any,
                      distribution: { strategy: single, targets: [ { service: deep } ] } }
                consumers:
                  - { name: caller, modelApis: [plain, deep] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %2$s }
                """.formatted(backend.url(), GatewayUnderTest.KEY));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        backend.close();
    }

    @Test
    void getWhatIsSentAndAnswerAsTheyLike() {
        Reply reply = gateway.call("/plain/v1/chat/completions?x=1", GatewayUnderTest.chat());
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        ReceivedCall call = backend.journal().last();
        assertThat(call.path()).isEqualTo("/v1/chat/completions");
        assertThat(call.text()).isEqualTo(GatewayUnderTest.chat());
        assertThat(call.header("authorization")).isEmpty();
    }

    @Test
    void keepTheirPathAndGetTheirOwnKey() {
        Reply reply = gateway.get("/deep/gpt-4o", "authorization", "Bearer " + GatewayUnderTest.KEY);
        assertThat(reply.header("x-sluice-service")).isEqualTo("deep");
        ReceivedCall call = backend.journal().last();
        assertThat(call.path()).isEqualTo("/v1/models/gpt-4o");
        assertThat(call.header("authorization")).contains("Bearer backend-key-0123456789");
    }

    @Test
    void areNotOfferedWhereCallsAreRead() {
        Reply reply = gateway.admin("POST", "/admin/v1/modelApis", "application/json", """
                {"name": "chat", "basePath": "/chat",
                  "distribution": {"strategy": "single", "targets": [{"service": "plain"}]}}
                """);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.text())
                .contains(
                        "distribution.targets[0].service",
                        "service \\\"plain\\\" is an HTTP service (expected: a service of models or agents, or useCase: others"
                                + " and protocol: any)");
    }
}
