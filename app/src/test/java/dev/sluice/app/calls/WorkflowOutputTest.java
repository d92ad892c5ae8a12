package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.Rule;
import dev.sluice.simulator.Simulator;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which output of a workflow of Dify is the answer. */
class WorkflowOutputTest {
    private static final String ENDED =
            "{\"workflow_run_id\":\"r\",\"task_id\":\"t\",\"data\":{\"status\":\"succeeded\","
                    + "\"outputs\":{\"draft\":\"first words\",\"final\":\"last words\"},\"total_tokens\":5}}";

    @TempDir
    static Path folder;

    private static Simulator provider;
    private static GatewayUnderTest gateway;

    @BeforeAll
    static void start() {
        provider = Simulator.start();
        provider.rules().add(Rule.always("body=" + ENDED));
        gateway = GatewayUnderTest.start(folder, """
                services:
                  - { name: plain, provider: dify, protocol: native, address: { url: "%1$s/v1" }, options: { applicationType: workflow } }
                  - { name: chosen, provider: dify, protocol: native, address: { url: "%1$s/v1" }, options: { applicationType: workflow, outputVariable: final } }
                modelApis:
                  - { name: plain, basePath: /plain, distribution: { strategy: single, targets: [ { service: plain } ] } }
                  - { name: chosen, basePath: /chosen, distribution: { strategy: single, targets: [ { service: chosen } ] } }
                consumers:
                  - { name: caller, modelApis: [plain, chosen] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %2$s }
                """.formatted(provider.url(), GatewayUnderTest.KEY));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        provider.close();
    }

    private static JsonObject message(String api) {
        Reply reply = gateway.call("/" + api + "/v1/chat/completions", GatewayUnderTest.chat("m-1", false));
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return reply.json().getJsonArray("choices").getJsonObject(0).getJsonObject("message");
    }

    @Test
    void isTheFirstTextUnlessTheServiceNamesOne() {
        assertThat(message("plain").getString("content")).isEqualTo("first words");
        assertThat(message("chosen").getString("content")).isEqualTo("last words");
    }

    @Test
    void allOfThemAreTold() {
        assertThat(message("chosen").getJsonObject("outputs"))
                .isEqualTo(new JsonObject().put("draft", "first words").put("final", "last words"));
    }
}
