package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.Simulator;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two consumers of one Model API that lists nothing, and an operator who may list at another one. */
class ListingTest {
    private static final String OTHER = "sk-listing-test-other-01";
    private static final String OPERATOR = "sk-listing-test-operator";
    private static final String UPLOAD = """
            --cut\r
            Content-Disposition: form-data; name="purpose"\r
            \r
            assistants\r
            --cut\r
            Content-Disposition: form-data; name="file"; filename="notes.txt"\r
            \r
            mine\r
            --cut--\r
            """;

    @TempDir
    static Path folder;

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static Simulator provider;
    private static GatewayUnderTest gateway;

    @BeforeAll
    static void start() {
        provider = Simulator.start();
        gateway = GatewayUnderTest.start(folder, """
                services:
                  - { name: main, address: { url: "%1$s/v1" } }
                  - { name: claude, provider: anthropic, protocol: native, address: { url: "%1$s" } }
                modelApis:
                  - name: apart
                    listing: nobody
                    routes: [/v1/files, /v1/batches, /v1/videos, /v1/uploads, /v1/containers, /v1/vector_stores,
                             /v1/fine_tuning/jobs, /v1/conversations, /v1/responses, /v1/chat/completions]
                    distribution: { strategy: single, targets: [ { service: main } ] }
                  - { name: claude, basePath: /claude, protocol: anthropic, listing: nobody,
                      distribution: { strategy: single, targets: [ { service: claude } ] } }
                  - { name: pictures, basePath: /pictures, useCase: image-generation, protocol: dashscope, listing: nobody,
                      distribution: { strategy: single, targets: [ { service: main } ] } }
                  - { name: operators, basePath: /operators, routes: [/v1/files], distribution: { strategy: single, targets: [ { service: main } ] } }
                consumers:
                  - { name: one, modelApis: [apart, claude, pictures] }
                  - { name: other, modelApis: [apart] }
                  - { name: operator, modelApis: [operators, apart] }
                apiKeys:
                  - { name: one-key, consumer: one, secret: %2$s }
                  - { name: other-key, consumer: other, secret: %3$s }
                  - { name: operator-key, consumer: operator, secret: %4$s }
                """.formatted(provider.url(), GatewayUnderTest.KEY, OTHER, OPERATOR));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        provider.close();
    }

    private static Reply send(String key, String method, String path, String body) {
        try {
            HttpRequest.BodyPublisher sent =
                    body.isEmpty() ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body);
            return Reply.of(HTTP.send(
                    HttpRequest.newBuilder(URI.create(gateway.gateway().url() + path))
                            .header(
                                    "content-type",
                                    body.startsWith("--") ? "multipart/form-data; boundary=cut" : "application/json")
                            .header("authorization", "Bearer " + key)
                            .method(method, sent)
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray()));
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static JsonObject ok(Reply reply) {
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return reply.json();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /v1/files",
        "GET, /v1/files?limit=1",
        "GET, /v1/files/",
        "GET, /v1/files//",
        "HEAD, /v1/files",
        "DELETE, /v1/files",
        "GET, /v1/batches",
        "GET, /v1/videos",
        "GET, /v1/uploads",
        "GET, /v1/containers",
        "GET, /v1/vector_stores",
        "GET, /v1/fine_tuning/jobs",
        "GET, /v1/conversations",
        "GET, /claude/v1/files",
        "GET, /claude/v1/messages/batches",
        "GET, /pictures/api/v1/tasks"
    })
    void thereAreNoLists(String method, String path) {
        int before = provider.journal().size();
        Reply refused = send(GatewayUnderTest.KEY, method, path, "");
        assertThat(refused.status()).as(refused.text()).isEqualTo(403);
        if (!method.equals("HEAD"))
            assertThat(refused.text())
                    .contains("lists nothing", "ask for things by their ids", "set listing: everyone");
        assertThat(provider.journal().size()).as("asks of the provider").isEqualTo(before);
    }

    @Test
    void whatWasMadeIsFoundByItsIdAndListedToOperators() {
        String id = ok(send(GatewayUnderTest.KEY, "POST", "/v1/files", UPLOAD)).getString("id");
        assertThat(ok(send(GatewayUnderTest.KEY, "GET", "/v1/files/" + id, "")).getString("id"))
                .isEqualTo(id);
        assertThat(send(OTHER, "GET", "/v1/files?after=" + id, "").status()).isEqualTo(403);
        JsonObject listed = ok(send(OPERATOR, "GET", "/operators/v1/files", ""));
        String known = listed.getJsonArray("data").getJsonObject(0).getString("id");
        assertThat(ok(send(OPERATOR, "DELETE", "/operators/v1/files/" + known, ""))
                        .getBoolean("deleted"))
                .isTrue();
        assertThat(send(GatewayUnderTest.KEY, "GET", "/v1/files/" + id, "").status())
                .isEqualTo(404);
    }

    @Test
    void whatIsBelowAnIdIsListedToWhoeverHasTheId() {
        String store = ok(send(GatewayUnderTest.KEY, "POST", "/v1/vector_stores", "{\"name\":\"notes\"}"))
                .getString("id");
        assertThat(ok(send(GatewayUnderTest.KEY, "GET", "/v1/vector_stores/" + store + "/files", ""))
                        .getString("object"))
                .isEqualTo("list");
    }

    @Test
    void callsAndTheirStoredAnswersGoOn() {
        assertThat(send(GatewayUnderTest.KEY, "POST", "/v1/chat/completions", GatewayUnderTest.chat())
                        .status())
                .isEqualTo(200);
        String response = ok(send(
                        GatewayUnderTest.KEY, "POST", "/v1/responses", "{\"model\":\"gpt-4o\",\"input\":\"hi\"}"))
                .getString("id");
        ok(send(GatewayUnderTest.KEY, "GET", "/v1/responses/" + response, ""));
    }
}
