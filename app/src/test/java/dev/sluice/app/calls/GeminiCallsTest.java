package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.Simulator;
import io.vertx.core.json.JsonArray;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients of Gemini and of DashScope, and OpenAI clients of their providers. */
class GeminiCallsTest {
    private static final String HI = "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"one two three\"}]}]}";
    private static final String QWEN =
            "{\"model\":\"qwen-plus\",\"input\":{\"messages\":[{\"role\":\"user\",\"content\":\"one two three\"}]},"
                    + "\"parameters\":{\"result_format\":\"message\"}}";

    @TempDir
    static Path folder;

    private static Simulator provider;
    private static GatewayUnderTest gateway;

    @BeforeAll
    static void start() {
        provider = Simulator.start();
        gateway = GatewayUnderTest.start(folder, """
                providerKeys:
                  - { name: google, provider: gemini, secret: google-key-0123456789 }
                  - { name: qwen, provider: dashscope, secret: sk-qwen-0123456789 }
                services:
                  - { name: gemini, provider: gemini, protocol: native, address: { url: "%1$s" }, keys: [google] }
                  - { name: qwen, provider: dashscope, protocol: native, address: { url: "%1$s" }, keys: [qwen] }
                  - { name: openai, address: { url: "%1$s/v1" } }
                modelApis:
                  - { name: same, basePath: /same, protocol: gemini, distribution: { strategy: single, targets: [ { service: gemini } ] } }
                  - { name: other, basePath: /other, protocol: gemini, distribution: { strategy: single, targets: [ { service: openai } ] } }
                  - { name: from, basePath: /from, distribution: { strategy: single, targets: [ { service: gemini } ] } }
                  - { name: fromqwen, basePath: /fromqwen, distribution: { strategy: single, targets: [ { service: qwen } ] } }
                  - { name: qwen, basePath: /qwen, protocol: dashscope, distribution: { strategy: single, targets: [ { service: openai } ] } }
                consumers:
                  - { name: caller, modelApis: [same, other, from, qwen, fromqwen] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %2$s }
                """.formatted(provider.url(), GatewayUnderTest.KEY));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        provider.close();
    }

    private static Reply gemini(String api, String action) {
        return gateway.call("/" + api + "/v1beta/models/gemini-2.5-flash:" + action, HI);
    }

    @ParameterizedTest
    @ValueSource(strings = {"same", "other"})
    void aWholeAnswerHasCandidates(String api) {
        Reply reply = gemini(api, "generateContent");
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(reply.json().getJsonArray("candidates")).hasSize(1);
        assertThat(reply.json().getJsonObject("usageMetadata").getLong("totalTokenCount"))
                .isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"same", "other"})
    void aStreamOfEventsEndsWithAReason(String api) {
        Reply reply = gemini(api, "streamGenerateContent?alt=sse");
        assertThat(reply.header("content-type")).startsWith("text/event-stream");
        assertThat(reply.text())
                .startsWith("data:")
                .contains("\"finishReason\"")
                .doesNotContain("[DONE]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"same", "other"})
    void aStreamThatNobodyAskedForInEventsIsOneArray(String api) {
        Reply reply = gemini(api, "streamGenerateContent");
        assertThat(reply.header("content-type")).startsWith("application/json");
        JsonArray responses = new JsonArray(reply.text());
        assertThat(responses.size()).isGreaterThan(1);
        assertThat(responses.getJsonObject(responses.size() - 1).encode()).contains("finishReason");
    }

    @Test
    void theKeyMayComeInTheQueryAndGoesNoFurther() {
        String query = ":streamGenerateContent?alt=sse&key=" + GatewayUnderTest.KEY;
        Reply reply = gateway.callAs("", "/same/v1beta/models/gemini-2.5-flash" + query, HI);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(provider.journal().last().toString()).doesNotContain(GatewayUnderTest.KEY);
        Reply elsewhere =
                gateway.callAs("", "/from/v1/chat/completions?key=" + GatewayUnderTest.KEY, GatewayUnderTest.chat());
        assertThat(elsewhere.status()).as("of Google's clients only").isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anOpenAiClientCallsGemini(boolean stream) {
        Reply reply = gateway.call("/from/v1/chat/completions", GatewayUnderTest.chat("gemini-2.5-flash", stream));
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(reply.text()).contains("\"finish_reason\":\"stop\"");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anOpenAiClientCallsDashScope(boolean stream) {
        Reply reply = gateway.call("/fromqwen/v1/chat/completions", GatewayUnderTest.chat("qwen-plus", stream));
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(reply.text()).contains("\"finish_reason\":\"stop\"");
    }

    @Test
    void tokensAreCountedAndErrorsHaveGooglesForm() {
        assertThat(gemini("other", "countTokens").json().getLong("totalTokens")).isPositive();
        Reply refused = gateway.call("/same/v1beta/models/m:generateContent", "{");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.error().getString("status")).isEqualTo("INVALID_ARGUMENT");
    }

    @Test
    void aDashScopeClientGetsFramesWithAllThatWasSaid() {
        String path = "/qwen/api/v1/services/aigc/text-generation/generation";
        assertThat(gateway.call(path, QWEN).text()).contains("\"output\":{\"choices\":[{\"finish_reason\":\"stop\"");
        Reply stream = gateway.call(path, QWEN, "x-dashscope-sse", "enable");
        assertThat(stream.text()).startsWith("id:1\nevent:result\n:HTTP_STATUS/200\ndata:{");
    }
}
