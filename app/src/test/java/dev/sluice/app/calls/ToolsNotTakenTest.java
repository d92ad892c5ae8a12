package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.Simulator;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A translated call with tools for a provider that takes none. */
class ToolsNotTakenTest {
    private static final String ASKS =
            "{\"model\":\"sonar\",\"max_tokens\":50,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],"
                    + "\"tools\":[{\"name\":\"weather\",\"input_schema\":{\"type\":\"object\"}}]";

    @TempDir
    static Path folder;

    private static Simulator provider;
    private static GatewayUnderTest gateway;

    @BeforeAll
    static void start() throws Exception {
        provider = Simulator.start();
        gateway = GatewayUnderTest.start(folder, """
                services:
                  - { name: perplexity, provider: perplexity, address: { url: "%1$s/v1" } }
                  - { name: openai, provider: openai, address: { url: "%1$s/v1" }, modelPolicy: { mapping: { "*": gpt-4o } } }
                modelApis:
                  - { name: alone, basePath: /alone, distribution: { strategy: single, targets: [ { service: perplexity } ] }, routes: [/v1/messages] }
                  - { name: two, basePath: /two, distribution: { strategy: single, targets: [ { service: perplexity } ] }, routes: [/v1/messages],
                      fallback: { on: [gateway-refusal], steps: [ { service: openai } ] } }
                consumers:
                  - { name: caller, modelApis: [alone, two] }
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
    void isRefusedWithTheFieldTheModelAndTheProvider() {
        for (String choice :
                new String[] {"", ",\"tool_choice\":{\"type\":\"auto\"}", ",\"tool_choice\":{\"type\":\"any\"}"}) {
            Reply reply = gateway.call("/alone/v1/messages", ASKS + choice + "}");
            assertThat(reply.status()).as(reply.text()).isEqualTo(400);
            assertThat(reply.error().getString("type")).isEqualTo("invalid_request_error");
            assertThat(reply.error().getString("message")).contains("perplexity", "\"sonar\"", "\"tools\"");
        }
    }

    @Test
    void goesOnWithoutToolsIfNoneMayBeCalled() {
        Reply reply = gateway.call("/alone/v1/messages", ASKS + ",\"tool_choice\":{\"type\":\"none\"}}");
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(reply.header("x-sluice-ignored")).isEqualTo("tools");
        assertThat(provider.journal().last().text()).doesNotContain("tool");
    }

    @Test
    void fallsBackToAServiceThatTakesThem() {
        Reply reply = gateway.call("/two/v1/messages", ASKS + "}");
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(provider.journal().last().text())
                .contains("\"model\":\"gpt-4o\"", "\"tools\":[{\"type\":\"function\"");
        assertThat(reply.header("x-sluice-ignored")).isEmpty();
    }
}
