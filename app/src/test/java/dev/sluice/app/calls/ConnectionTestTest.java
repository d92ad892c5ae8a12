package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.Rule;
import dev.sluice.simulator.Simulator;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an operator reads who tests a service. */
class ConnectionTestTest {
    @TempDir
    static Path folder;

    private static Simulator provider;
    private static GatewayUnderTest gateway;

    @BeforeAll
    static void start() throws IOException {
        provider = Simulator.start();
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        gateway = GatewayUnderTest.start(
                folder, """
                providerKeys:
                  - { name: good, provider: deepseek, secret: sk-good-0123456789 }
                  - { name: other, provider: deepseek, secret: sk-other-0123456789 }
                services:
                  - { name: openai, provider: openai, address: { url: "%1$s/v1" } }
                  - { name: anthropic, provider: anthropic, protocol: native, address: { url: "%1$s" } }
                  - { name: gemini, provider: gemini, protocol: native, address: { url: "%1$s" } }
                  - { name: dashscope, provider: dashscope, protocol: native, address: { url: "%1$s" } }
                  - { name: bedrock, provider: bedrock, protocol: native, address: { url: "%1$s" } }
                  - { name: cohere, provider: cohere, protocol: native, address: { url: "%1$s" } }
                  - { name: hunyuan, provider: hunyuan, protocol: native, address: { url: "%1$s" } }
                  - { name: dify, provider: dify, protocol: native, address: { url: "%1$s/v1" } }
                  - { name: bailian, provider: bailian-app, protocol: native, address: { url: "%1$s/api/v1" }, options: { appId: a } }
                  - { name: coze, provider: coze, protocol: native, address: { url: "%1$s" } }
                  - { name: voyage, provider: voyage, protocol: native, address: { url: "%1$s/voyage/v1" } }
                  - { name: jina, provider: jina, address: { url: "%1$s/v1" } }
                  - { name: nameless, provider: vllm, address: { url: "%1$s/v1" } }
                  - { name: with-default, provider: vllm, address: { url: "%1$s/v1" }, modelPolicy: { mode: specified, defaultModel: mine } }
                  - { name: keyed, provider: deepseek, address: { url: "%1$s/v1" }, keys: [good, other] }
                  - { name: unnamed-host, provider: deepseek, address: { url: "http://no-such-host.invalid/v1" } }
                  - { name: closed, provider: deepseek, address: { url: "http://127.0.0.1:%2$d/v1" } }
                  - { name: no-tls, provider: deepseek, address: { url: "%3$s/v1" } }
                  - { name: slow, provider: deepseek, address: { url: "%1$s/v1" }, timeouts: { firstByteMs: 200, wholeAnswerMs: 200 } }
                  - { name: failing, provider: deepseek, address: { url: "%1$s/v1" } }
                """.formatted(provider.url(), closed, provider.url().replace("http:", "https:")));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        provider.close();
    }

    @AfterEach
    void forget() {
        provider.rules().clear();
        provider.journal().clear();
    }

    private static JsonObject test(String service, String body) {
        Reply reply = gateway.admin("POST", "/admin/v1/services/" + service + "/test", "application/json", body);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return reply.json();
    }

    @ParameterizedTest
    @CsvSource({
        "openai, gpt-5, /v1/chat/completions",
        "anthropic, claude-opus-4-5, /v1/messages",
        "gemini, gemini-2.5-pro, /v1beta/models/gemini-2.5-pro:generateContent",
        "dashscope, qwen-max, /api/v1/services/aigc/text-generation/generation",
        "bedrock, anthropic.claude-sonnet-4-5-20250929-v1:0, /model/anthropic.claude-sonnet-4-5-20250929-v1%3A0/invoke",
        "cohere, command-a-03-2025, /v2/chat",
        "hunyuan, hunyuan-turbos-latest, /",
        "dify, dify, /v1/chat-messages",
        "bailian, bailian, /api/v1/apps/a/completion",
        "coze, coze, /v3/chat",
        "voyage, voyage-4, /voyage/v1/embeddings",
        "jina, jina-embeddings-v4, /v1/embeddings",
        "with-default, mine, /v1/chat/completions",
        "keyed, deepseek-chat, /v1/chat/completions"
    })
    void asksForTheCheapestThingThatTheProviderHas(String service, String model, String path) {
        JsonObject result = test(service, "{}");
        assertThat(result.getString("cause")).isEmpty();
        assertThat(result.getBoolean("success")).isTrue();
        assertThat(result.getString("model")).isEqualTo(model);
        assertThat(provider.journal().last().path()).isEqualTo(path);
    }

    @Test
    void asksWhichModelWhereNoneIsKnown() {
        JsonObject result = test("nameless", "{}");
        assertThat(result.getBoolean("success")).isFalse();
        assertThat(result.getString("cause")).startsWith("no model is known to try");
        assertThat(provider.journal().size()).isZero();
        assertThat(test("nameless", "{\"model\":\"qwen3\"}").getBoolean("success"))
                .isTrue();
    }

    @Test
    void triesOneKeyAlone() {
        for (String key : new String[] {"good", "other"}) {
            assertThat(test("keyed", "{\"key\":\"" + key + "\"}").getBoolean("success"))
                    .isTrue();
            assertThat(provider.journal().last().header("authorization")).hasValue("Bearer sk-" + key + "-0123456789");
        }
        Reply foreign =
                gateway.admin("POST", "/admin/v1/services/keyed/test", "application/json", "{\"key\":\"nobody's\"}");
        assertThat(foreign.status()).isEqualTo(400);
        assertThat(foreign.text()).contains("good or other");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "openai       | status=401                                     | 401 | the provider does not accept the key",
                "anthropic    | status=401                                     | 401 | the provider does not accept the key",
                "openai       | status=429;code=insufficient_quota             | 429 | nothing is left on the account",
                "openai       | status=402                                     | 402 | nothing is left on the account",
                "openai       | status=429                                     | 429 | the key works, but the provider limits the rate",
                "openai       | status=404;code=model_not_found                | 404 | the provider does not know the model",
                "openai       | status=400                                     | 400 | the provider refuses the request",
                "failing      | status=503                                     | 503 | the provider is overloaded",
                "failing      | status=500                                     | 500 | the provider failed",
                "failing      | malformed                                      | 200 | the address answers, but not in the protocol",
                "slow         | hang                                           | 0   | the provider did not answer in time",
                "openai       | status=404;code=gone;message=Not Found         | 404 | nothing is there at this address",
                "unnamed-host | -                                              | 0   | DNS does not know the host",
                "closed       | -                                              | 0   | the address cannot be reached",
                "no-tls       | -                                              | 0   | TLS cannot be agreed on"
            })
    void tellsTheCauseInPlainWords(String service, String fault, int status, String words) {
        if (!fault.equals("-")) provider.rules().add(Rule.always(fault));
        JsonObject result = test(service, "{}");
        assertThat(result.getBoolean("success")).isFalse();
        assertThat(result.getString("cause")).startsWith(words);
        assertThat(result.getInteger("status")).as(result.encode()).isEqualTo(status);
    }
}
