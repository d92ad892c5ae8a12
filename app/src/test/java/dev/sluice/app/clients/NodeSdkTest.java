package dev.sluice.app.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.app.Gateway;
import dev.sluice.app.GatewayFixture;
import dev.sluice.simulator.Rule;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The official SDKs for Node, each over several upstream protocols of the simulator, and an independent simulator as the upstream.
 * The suites are in the folder {@code e2e}; what they find is told here line by line.
 */
class NodeSdkTest {
    private static final Path SUITES = Path.of("../e2e").toAbsolutePath().normalize();
    private static final String KEY = "sk-node-caller-0123456789";
    private static final List<String> UPSTREAMS = List.of(
            "openai",
            "chat",
            "anthropic",
            "gemini",
            "bedrock",
            "dashscope",
            "cohere",
            "hunyuan",
            "dify",
            "agent",
            "application",
            "coze");
    /** What makes vectors, ranks documents and draws; what draws is named with its model. */
    private static final List<String> EMBEDDERS =
            List.of("openai", "gemini", "vertex", "dashscope", "cohere", "voyage");

    private static final List<String> RANKERS = List.of("openai", "dashscope", "cohere", "voyage");
    private static final List<String> PAINTERS = List.of("openai:dall-e-3", "dashscope:wanx", "dashscope:qwen-image");
    private static final List<String> INDEPENDENT =
            List.of("mock-openai", "mock-anthropic", "mock-gemini", "mock-bedrock");
    private static final long INSTALL_SECONDS = 300;
    private static final long RUN_SECONDS = 240;

    private static final String SERVICES = """
            providerKeys:
              - { name: agent, provider: dify, secret: app-agent-0123456789 }
            services:
              - { name: openai, address: { url: "${SIM}/v1" } }
              - { name: chat, provider: deepseek, address: { url: "${SIM}/v1" } }
              - { name: anthropic, provider: anthropic, protocol: native, address: { url: "${SIM}" } }
              - { name: gemini, provider: gemini, protocol: native, address: { url: "${SIM}" } }
              - { name: bedrock, provider: bedrock, protocol: native, address: { url: "${SIM}" } }
              - { name: vertex, provider: vertex-ai, protocol: native, address: { url: "${SIM}" }, options: { projectId: p-1 } }
              - name: dashscope
                provider: dashscope
                protocol: native
                address: { url: "${SIM}" }
                modelPolicy: { remoteMedia: { mode: inline, allowPrivateAddresses: true } }
              - { name: cohere, provider: cohere, protocol: native, address: { url: "${SIM}" } }
              - { name: hunyuan, provider: hunyuan, protocol: native, address: { url: "${SIM}" } }
              - { name: dify, provider: dify, protocol: native, address: { url: "${SIM}/v1" } }
              - { name: agent, provider: dify, protocol: native, address: { url: "${SIM}/v1" }, keys: [agent], options: { applicationType: agent } }
              - { name: application, provider: bailian-app, protocol: native, address: { url: "${SIM}/api/v1" }, options: { appId: app-1 } }
              - { name: coze, provider: coze, protocol: native, address: { url: "${SIM}" } }
              - { name: voyage, provider: voyage, protocol: native, address: { url: "${SIM}/voyage/v1" } }
              - { name: mock-openai, address: { url: "http://127.0.0.1:%1$d/v1" } }
              - { name: mock-anthropic, provider: anthropic, protocol: native, address: { url: "http://127.0.0.1:%1$d" } }
              - { name: mock-gemini, provider: gemini, protocol: native, address: { url: "http://127.0.0.1:%1$d" } }
              - { name: mock-bedrock, provider: bedrock, protocol: native, address: { url: "http://127.0.0.1:%1$d" } }
            apiKeys:
              - { name: node, consumer: node, secret: %2$s }
            consumers:
              - { name: node, modelApis: [%3$s] }
            modelApis:
            """;

    private static final String MODEL_API = """
              - name: %1$s
                basePath: /%1$s
                routes: [/v1/chat/completions, /v1/completions, /v1/responses, /v1/messages, /v1/messages/count_tokens, /v1/models,
                  "/v1beta/models/{model}:generateContent", "/v1beta/models/{model}:streamGenerateContent",
                  "/v1beta/models/{model}:countTokens", /v2/chat, { path: /, operation: hunyuan-chat },
                  /v1/embeddings, "/v1beta/models/{model}:batchEmbedContents", /v2/embed, /v2/rerank, /v1/images/generations]
                distribution: { strategy: single, targets: [ { service: %1$s } ] }
            """;

    private static final String KEPT = """
            providerKeys:
              - { name: one, provider: openai-compatible, secret: sk-provider-one }
              - { name: two, provider: openai-compatible, secret: sk-provider-two }
              - { name: three, provider: anthropic, secret: sk-ant-provider-three }
              - { name: four, provider: anthropic, secret: sk-ant-provider-four }
            services:
              - { name: kept-1, address: { url: "${SIM}/v1" }, keys: [one] }
              - { name: kept-2, address: { url: "${SIM}/v1" }, keys: [two] }
              - { name: claude-1, provider: anthropic, protocol: native, address: { url: "${SIM}" }, keys: [three] }
              - { name: claude-2, provider: anthropic, protocol: native, address: { url: "${SIM}" }, keys: [four] }
            apiKeys:
              - { name: node, consumer: node, secret: %s }
            consumers:
              - { name: node, modelApis: [kept, kept-1, kept-2, claude] }
            modelApis:
              - { name: kept, basePath: /kept, routes: [/v1/files, /v1/batches, /v1/videos, /v1/responses],
                  distribution: { strategy: by-proportion, targets: [ { service: kept-1, weight: 1 }, { service: kept-2, weight: 1 } ] } }
              - { name: claude, basePath: /claude, protocol: anthropic,
                  distribution: { strategy: by-proportion, targets: [ { service: claude-1, weight: 1 }, { service: claude-2, weight: 1 } ] } }
              - { name: kept-1, basePath: /kept-1, routes: [/v1/files, /v1/responses],
                  distribution: { strategy: single, targets: [ { service: kept-1 } ] } }
              - { name: kept-2, basePath: /kept-2, routes: [/v1/files, /v1/responses],
                  distribution: { strategy: single, targets: [ { service: kept-2 } ] } }
            """;

    @TempDir
    Path folder;

    @TestFactory
    Stream<DynamicTest> whatProvidersKeepOverTwoReplicas() throws IOException, InterruptedException {
        install();
        try (GatewayFixture gateway = GatewayFixture.start(KEPT.formatted(KEY));
                Gateway replica = gateway.replica()) {
            List<JsonObject> results =
                    run(Map.of("SLUICE_URL", gateway.url(), "SLUICE_KEY", KEY, "SLUICE_REPLICA", replica.url()));
            assertThat(results).as("results").hasSize(9);
            return told(results);
        }
    }

    @TestFactory
    Stream<DynamicTest> theSuites() throws IOException, InterruptedException {
        install();
        int port = freePort();
        List<String> names = new ArrayList<>(UPSTREAMS);
        names.add("vertex");
        names.add("voyage");
        names.addAll(INDEPENDENT);
        StringBuilder declaration = new StringBuilder(SERVICES.formatted(port, KEY, String.join(", ", names)));
        for (String name : names) declaration.append(MODEL_API.formatted(name));
        try (GatewayFixture gateway = GatewayFixture.start(declaration.toString())) {
            gateway.simulator()
                    .rules()
                    .add(Rule.always("status=429;retry-after=1").forModel("m-429"));
            gateway.simulator().rules().add(Rule.always("status=429").forModel("*-429"));
            gateway.simulator().rules().add(Rule.always("tps=40;tokens=200").forModel("m-slow"));
            List<JsonObject> results = run(Map.of(
                    "SLUICE_URL", gateway.url(),
                    "SLUICE_KEY", KEY,
                    "SLUICE_UPSTREAMS", String.join(",", UPSTREAMS),
                    "SLUICE_EMBEDDERS", String.join(",", EMBEDDERS),
                    "SLUICE_RANKERS", String.join(",", RANKERS),
                    "SLUICE_PAINTERS", String.join(",", PAINTERS),
                    "SLUICE_DIFFERENTIAL",
                            new JsonObject()
                                    .put("port", port)
                                    .put("upstreams", new JsonArray(INDEPENDENT))
                                    .encode()));
            assertThat(results).as("results").hasSizeGreaterThan(600);
            return told(results);
        }
    }

    private static Stream<DynamicTest> told(List<JsonObject> results) {
        return results.stream()
                .map(result -> DynamicTest.dynamicTest(
                        result.getString("name"),
                        () -> assertThat(result.getBoolean("ok"))
                                .as(result.getString("message", ""))
                                .isTrue()));
    }

    /** The SDKs are fetched once for each state of the lock file. */
    private static void install() throws IOException, InterruptedException {
        Path lock = SUITES.resolve("package-lock.json");
        Path installed = SUITES.resolve("node_modules/.package-lock.json");
        if (Files.exists(installed)
                && Files.getLastModifiedTime(installed).compareTo(Files.getLastModifiedTime(lock)) >= 0) return;
        Process npm = new ProcessBuilder("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
                .directory(SUITES.toFile())
                .redirectErrorStream(true)
                .redirectOutput(SUITES.resolve("npm.log").toFile())
                .start();
        boolean ended = npm.waitFor(INSTALL_SECONDS, TimeUnit.SECONDS);
        if (!ended) npm.destroyForcibly();
        assertThat(ended && npm.exitValue() == 0)
                .as("npm ci in %s; its log is npm.log there", SUITES)
                .isTrue();
    }

    private List<JsonObject> run(Map<String, String> environment) throws IOException, InterruptedException {
        Path out = folder.resolve("results");
        Path err = folder.resolve("errors");
        ProcessBuilder node = new ProcessBuilder("node", "run.mjs").directory(SUITES.toFile());
        node.environment().putAll(environment);
        Process running =
                node.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        boolean ended = running.waitFor(RUN_SECONDS, TimeUnit.SECONDS);
        if (!ended) running.destroyForcibly();
        assertThat(ended && running.exitValue() == 0)
                .as("the suites end in %d s; told:\n%s", RUN_SECONDS, Files.readString(err))
                .isTrue();
        return Files.readAllLines(out).stream()
                .filter(line -> line.startsWith("{"))
                .map(JsonObject::new)
                .toList();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
