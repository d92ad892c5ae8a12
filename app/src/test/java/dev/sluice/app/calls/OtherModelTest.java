package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.Rule;
import dev.sluice.simulator.Simulator;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is sent in the client's own form where the model is another one than the client named. */
class OtherModelTest {
    private static final String MESSAGES =
            "\"messages\":[{\"role\":\"developer\",\"content\":\"be brief\"},{\"role\":\"user\",\"content\":\"hi\"}]";

    @TempDir
    static Path folder;

    private static Simulator provider;
    private static GatewayUnderTest gateway;

    @BeforeAll
    static void start() throws Exception {
        provider = Simulator.start();
        gateway = GatewayUnderTest.start(folder, """
                services:
                  - { name: openai, provider: openai, address: { url: "%1$s/v1" }, modelPolicy: { mapping: { fast: gpt-5-mini, old: gpt-4o } } }
                  - { name: mistral, provider: mistral, address: { url: "%1$s/v1" }, modelPolicy: { mapping: { "*": mistral-small-2603 } } }
                  - { name: claude, provider: anthropic, protocol: native, address: { url: "%1$s" } }
                  - { name: plain, address: { url: "%1$s/v1" }, modelPolicy: { mapping: { fast: qwen } } }
                  - { name: perplexity, provider: perplexity, address: { url: "%1$s/v1" }, modelPolicy: { mapping: { fast: sonar } } }
                modelApis:
                  - { name: perplexity, basePath: /perplexity, distribution: { strategy: single, targets: [ { service: perplexity } ] } }
                  - { name: openai, basePath: /openai, distribution: { strategy: single, targets: [ { service: openai } ] },
                      routes: [/v1/chat/completions, /v1/responses], fallback: { steps: [ { service: mistral } ] } }
                  - { name: plain, basePath: /plain, distribution: { strategy: single, targets: [ { service: plain } ] } }
                  - { name: claude, basePath: /claude, distribution: { strategy: single, targets: [ { service: claude } ] } }
                consumers:
                  - { name: caller, modelApis: [openai, plain, claude, perplexity] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %2$s }
                """.formatted(provider.url(), GatewayUnderTest.KEY));
    }

    @AfterEach
    void forget() {
        provider.rules().clear();
    }

    @AfterAll
    static void stop() {
        gateway.close();
        provider.close();
    }

    private static String sent(String path, String body) {
        Reply reply = gateway.call(path, body);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return provider.journal().last().text();
    }

    @Test
    void whatTheChosenModelDoesNotTakeIsLeftOut() {
        assertThat(sent(
                        "/openai/v1/chat/completions",
                        "{\"temperature\":0.2, \"model\":\"fast\",\"max_tokens\":50,\"x\":1.50,\"top_p\":1," + MESSAGES
                                + "}"))
                .isEqualTo("{ \"model\":\"gpt-5-mini\",\"max_completion_tokens\":50,\"x\":1.50," + MESSAGES + "}");
        assertThat(sent("/openai/v1/responses", "{\"model\":\"fast\",\"input\":\"hi\",\"temperature\":0.2}"))
                .isEqualTo("{\"model\":\"gpt-5-mini\",\"input\":\"hi\"}");
        assertThat(sent("/openai/v1/chat/completions", "{\"model\":\"old\",\"temperature\":0.2," + MESSAGES + "}"))
                .isEqualTo("{\"model\":\"gpt-4o\",\"temperature\":0.2," + MESSAGES + "}");
    }

    @Test
    void aModelThatTheClientNamedGetsTheClientsBytes() {
        String own = "{\"temperature\":0.2,\"model\":\"gpt-5-mini\",\"max_tokens\":50," + MESSAGES + "}";
        assertThat(sent("/openai/v1/chat/completions", own)).isEqualTo(own);
    }

    @Test
    void aStreamStillAsksForItsUsage() {
        assertThat(sent(
                        "/openai/v1/chat/completions",
                        "{\"top_p\":1,\"stream\":true,\"temperature\":0.2,\"model\":\"fast\"," + MESSAGES + "}"))
                .isEqualTo("{\"stream\":true,\"stream_options\":{\"include_usage\":true},\"model\":\"gpt-5-mini\","
                        + MESSAGES + "}");
    }

    @Test
    void aFallbackModelOfAnotherVendorGetsWhatItTakes() {
        provider.rules().add(Rule.always("status=503").forModel("gpt-5"));
        assertThat(sent(
                        "/openai/v1/chat/completions",
                        "{\"model\":\"gpt-5\",\"seed\":7,\"max_completion_tokens\":50,\"user\":\"u\",\"stream\":true,"
                                + "\"stream_options\":{\"include_usage\":false}," + MESSAGES + "}"))
                .isEqualTo("{\"model\":\"mistral-small-2603\",\"random_seed\":7,\"max_tokens\":50,\"stream\":true,"
                        + MESSAGES.replace("developer", "system") + "}");
    }

    @Test
    void toolsAreNeverLeftOut() {
        String tools = "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}],\"tool_choice\":\"auto\"";
        String user = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";
        assertThat(sent(
                        "/perplexity/v1/chat/completions",
                        "{\"model\":\"fast\",\"parallel_tool_calls\":true," + tools + "," + user + "}"))
                .isEqualTo("{\"model\":\"sonar\"," + tools + "," + user + "}");
    }

    @Test
    void ofAnUnknownProviderOnlyTheRoleIsPlain() {
        assertThat(sent(
                        "/plain/v1/chat/completions",
                        "{\"model\":\"fast\",\"temperature\":9,\"max_completion_tokens\":50," + MESSAGES + "}"))
                .isEqualTo("{\"model\":\"qwen\",\"temperature\":9,\"max_completion_tokens\":50,"
                        + MESSAGES.replace("developer", "system") + "}");
    }

    @Test
    void theAnswerNamesWhatTheProviderWasNotTold() {
        String asks = ",\"seed\":7,\"temperature\":0.5,\"made-up\":1,\"logit_bias\":{\"1\":2}," + MESSAGES + "}";
        String stream = ",\"stream\":true" + asks;
        assertThat(ignored("/claude", "{\"model\":\"claude-sonnet-4-5\"" + asks))
                .isEqualTo("seed,logit_bias");
        assertThat(ignored("/claude", "{\"model\":\"claude-sonnet-4-5\"" + stream))
                .isEqualTo("seed,logit_bias");
        assertThat(ignored("/openai", "{\"model\":\"fast\"" + asks)).isEqualTo("temperature");
        assertThat(ignored("/openai", "{\"model\":\"gpt-4o\"" + asks)).isEmpty();
        assertThat(ignored("/claude", "{\"model\":\"claude-sonnet-4-5\"," + MESSAGES + "}"))
                .isEmpty();
    }

    private static String ignored(String api, String body) {
        Reply reply = gateway.call(api + "/v1/chat/completions", body);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return reply.header("x-sluice-ignored");
    }
}
