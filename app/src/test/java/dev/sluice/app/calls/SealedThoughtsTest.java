package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.Rule;
import dev.sluice.simulator.Simulator;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Conversations with sealed thoughts that go on with a model of another maker. */
class SealedThoughtsTest {
    @TempDir
    static Path folder;

    private static Simulator provider;
    private static GatewayUnderTest gateway;

    @BeforeAll
    static void start() {
        provider = Simulator.start();
        provider.rules().add(Rule.always("reasoning=3").forModel("claude-sonnet-4-5"));
        gateway = GatewayUnderTest.start(folder, """
                providerKeys:
                  - { name: google, provider: gemini, secret: google-key-0123456789 }
                  - { name: anthropic, provider: anthropic, secret: sk-ant-0123456789 }
                services:
                  - { name: gemini, provider: gemini, protocol: native, address: { url: "%1$s" }, keys: [google] }
                  - { name: claude, provider: anthropic, protocol: native, address: { url: "%1$s" }, keys: [anthropic] }
                modelApis:
                  - name: both
                    protocol: gemini
                    distribution:
                      strategy: by-model-name
                      targets: [ { pattern: "claude-*", service: claude }, { pattern: "gemini-*", service: gemini } ]
                consumers:
                  - { name: caller, modelApis: [both] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %2$s }
                """.formatted(provider.url(), GatewayUnderTest.KEY));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        provider.close();
    }

    @Test
    void goBackToTheirMakerOnly() {
        JsonArray thoughts = ask("claude-sonnet-4-5", new JsonArray());
        String seal = thoughts.getJsonObject(0).getString("thoughtSignature");
        assertThat(seal).isNotNull().startsWith("slcSeal0");

        ask("gemini-2.5-flash", thoughts);
        assertThat(provider.journal().last().text()).contains("and then").doesNotContain("slcSeal0");

        ask("claude-sonnet-4-5", thoughts);
        assertThat(provider.journal().last().text())
                .contains("\"signature\":\"" + seal.substring(16) + '"')
                .doesNotContain("slcSeal0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"claude-sonnet-4-5", "gemini-2.5-flash"})
    void withoutAMarkBelongToWhoSpeaksThatForm(String model) {
        JsonArray thoughts = new JsonArray()
                .add(new JsonObject().put("text", "hm").put("thought", true).put("thoughtSignature", "b3duU2VhbA=="))
                .add(new JsonObject().put("text", "one"));
        ask(model, thoughts);
        assertThat(provider.journal().last().text().contains("b3duU2VhbA==")).isEqualTo(model.startsWith("gemini"));
    }

    private static JsonArray ask(String model, JsonArray before) {
        JsonArray contents =
                new JsonArray().add(said("user", new JsonArray().add(new JsonObject().put("text", "one two"))));
        if (!before.isEmpty()) {
            contents.add(said("model", before));
            contents.add(said("user", new JsonArray().add(new JsonObject().put("text", "and then"))));
        }
        JsonObject body = new JsonObject()
                .put("contents", contents)
                .put(
                        "generationConfig",
                        new JsonObject()
                                .put(
                                        "thinkingConfig",
                                        new JsonObject()
                                                .put("includeThoughts", true)
                                                .put("thinkingBudget", 2000)));
        Reply reply = gateway.call("/v1beta/models/" + model + ":generateContent", body.encode());
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return reply.json()
                .getJsonArray("candidates")
                .getJsonObject(0)
                .getJsonObject("content")
                .getJsonArray("parts");
    }

    private static JsonObject said(String role, JsonArray parts) {
        return new JsonObject().put("role", role).put("parts", parts);
    }
}
