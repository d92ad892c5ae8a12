package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.Simulator;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls for operations that a provider has not, and for those of which nobody knows. */
class LackingOperationsTest {
    @TempDir
    static Path folder;

    private static Simulator provider;
    private static GatewayUnderTest gateway;

    @BeforeAll
    static void start() {
        provider = Simulator.start();
        gateway = GatewayUnderTest.start(folder, """
                services:
                  - { name: deepseek, provider: deepseek, address: { url: "%1$s/v1" } }
                  - { name: claude, provider: anthropic, protocol: native, address: { url: "%1$s" } }
                  - { name: own, address: { url: "%1$s/v1" } }
                modelApis:
                  - name: deepseek
                    basePath: /deepseek
                    routes: [/v1/embeddings, /v1/images/generations, /v1/audio/speech, /v1/audio/transcriptions, /v1/files,
                                     /v1/batches, /v1/videos, /v1/moderations, /v1/rerank, /v1/models, /v1/uploads, /v1/containers,
                             /v1/vector_stores, /v1/fine_tuning/jobs]
                    distribution: { strategy: single, targets: [ { service: deepseek } ] }
                  - name: claude
                    basePath: /claude
                    routes: [/v1/embeddings, /v1/images/generations, /v1/audio/speech, /v1/audio/transcriptions, /v1/files,
                             /v1/batches, /v1/videos, /v1/moderations, /v1/rerank, /v1/models, /v1/uploads, /v1/containers,
                             /v1/vector_stores, /v1/fine_tuning/jobs]
                    distribution: { strategy: single, targets: [ { service: claude } ] }
                  - name: backed
                    basePath: /backed
                    routes: [/v1/audio/speech, /v1/files]
                    distribution: { strategy: single, targets: [ { service: deepseek } ] }
                    fallback: { on: [gateway-refusal], steps: [ { service: own } ] }
                  - name: talking
                    basePath: /talking
                    routes: [/v1/chat/completions, /v1/models]
                    distribution: { strategy: single, targets: [ { service: deepseek } ] }
                consumers:
                  - { name: caller, modelApis: [deepseek, claude, backed, talking] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %2$s }
                """.formatted(provider.url(), GatewayUnderTest.KEY));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        provider.close();
    }

    @AfterEach
    void forget() {
        provider.journal().clear();
    }

    @ParameterizedTest
    @CsvSource({
        "embeddings, /v1/embeddings",
        "image-generations, /v1/images/generations",
        "speech, /v1/audio/speech",
        "batches, /v1/batches",
        "videos, /v1/videos",
        "uploads, /v1/uploads",
        "containers, /v1/containers",
        "vector-stores, /v1/vector_stores",
        "fine-tuning-jobs, /v1/fine_tuning/jobs",
        "moderations, /v1/moderations",
        "rerank, /v1/rerank",
    })
    void areRefusedBeforeAnythingIsSent(String operation, String path) {
        for (String service : new String[] {"deepseek", "claude"}) {
            Reply reply = gateway.call("/" + service + path, "{\"model\":\"m-1\",\"input\":\"x\"}");
            assertThat(reply.status()).as(reply.text()).isEqualTo(400);
            assertThat(reply.header("x-sluice-error-source")).isEqualTo("gateway");
            assertThat(reply.error().getString("message"))
                    .contains(
                            "provider " + (service.equals("claude") ? "anthropic" : service), "operation " + operation);
        }
        assertThat(provider.journal().size()).isZero();
    }

    /** The beginning of a long form is kept, the rest comes while the call is refused. */
    @ParameterizedTest
    @ValueSource(ints = {10, 500_000})
    void formsAreRefusedTheSameWay(int length) throws Exception {
        String form = "--cut\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n"
                + "--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n" + "x".repeat(length)
                + "\r\n--cut--\r\n";
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create(gateway.gateway().url() + "/deepseek/v1/files"))
                            .header("content-type", "multipart/form-data; boundary=cut")
                            .header("authorization", "Bearer " + GatewayUnderTest.KEY)
                            .POST(HttpRequest.BodyPublishers.ofString(form))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
            assertThat(answer.body()).contains("provider deepseek", "operation files");
        }
        assertThat(provider.journal().size()).isZero();
    }

    @Test
    void anotherServiceMayHaveThem() {
        Reply reply =
                gateway.call("/backed/v1/audio/speech", "{\"model\":\"m-1\",\"input\":\"x\",\"voice\":\"alloy\"}");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("x-sluice-service")).isEqualTo("own");
        assertThat(provider.journal().size()).isEqualTo(1);
    }

    @Test
    void aServiceThatCanAnswerNothingOffersNoModels() {
        assertThat(models("/deepseek")).isZero();
        assertThat(models("/talking")).isPositive();
    }

    private static int models(String base) {
        JsonObject list = gateway.get(base + "/v1/models", "authorization", "Bearer " + GatewayUnderTest.KEY)
                .json();
        return list.getJsonArray("data").size();
    }
}
