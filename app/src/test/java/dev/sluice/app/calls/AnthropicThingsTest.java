package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.Rule;
import dev.sluice.simulator.Simulator;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
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

/** Files and batches of Anthropic over two providers behind the preset routes: each is found where it was made. */
class AnthropicThingsTest {
    private static final String FORM = "multipart/form-data; boundary=cut";
    private static final String UPLOAD =
            "--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n"
                    + "Content-Type: text/plain\r\n\r\n%s\r\n--cut--\r\n";

    @TempDir
    static Path folder;

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static Simulator a;
    private static Simulator b;
    private static GatewayUnderTest gateway;

    @BeforeAll
    static void start() {
        a = Simulator.start();
        b = Simulator.start();
        gateway = GatewayUnderTest.start(folder, """
                providerKeys:
                  - { name: a1, provider: anthropic, secret: sk-ant-provider-a1 }
                  - { name: b1, provider: anthropic, secret: sk-ant-provider-b1 }
                services:
                  - { name: a, provider: anthropic, protocol: native, address: { url: "%1$s" }, keys: [a1] }
                  - { name: b, provider: anthropic, protocol: native, address: { url: "%2$s" }, keys: [b1] }
                  - { name: c, address: { url: "%1$s/v1" } }
                modelApis:
                  - { name: both, basePath: /both, protocol: anthropic,
                      distribution: { strategy: by-proportion, targets: [ { service: a, weight: 1 }, { service: b, weight: 1 } ] } }
                  - { name: at-a, basePath: /at-a, protocol: anthropic, distribution: { strategy: single, targets: [ { service: a } ] } }
                  - { name: at-b, basePath: /at-b, protocol: anthropic, distribution: { strategy: single, targets: [ { service: b } ] } }
                  - { name: at-c, basePath: /at-c, protocol: anthropic, distribution: { strategy: single, targets: [ { service: c } ] } }
                consumers:
                  - { name: caller, modelApis: [both, at-a, at-b, at-c] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %3$s }
                """.formatted(a.url(), b.url(), GatewayUnderTest.KEY));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        a.close();
        b.close();
    }

    @AfterEach
    void forget() {
        a.rules().clear();
        b.rules().clear();
    }

    private static Reply send(String method, String path, String body) {
        try {
            HttpRequest.BodyPublisher sent =
                    body.isEmpty() ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body);
            return Reply.of(HTTP.send(
                    HttpRequest.newBuilder(URI.create(gateway.gateway().url() + path))
                            .header("content-type", body.startsWith("--") ? FORM : "application/json")
                            .header("x-api-key", GatewayUnderTest.KEY)
                            .header("anthropic-version", "2023-06-01")
                            .header("anthropic-beta", "files-api-2025-04-14")
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

    private static String unsealed(String text) {
        return text.replaceAll("slc1.{28}", "");
    }

    private static String batch(String customId, String more) {
        return "{\"requests\":[{\"custom_id\":\"" + customId
                + "\",\"params\":{\"model\":\"claude-a\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":["
                + more
                + "{\"type\":\"text\",\"text\":\"hi\"}]}]}}]}";
    }

    @Test
    void aFileIsFoundUsedInAMessageAndDeletedWhereItIs() {
        JsonObject file = ok(send("POST", "/at-b/v1/files", UPLOAD.formatted("some text")));
        String id = file.getString("id");
        assertThat(id).startsWith("file_slc1");
        assertThat(b.journal().last().path()).isEqualTo("/v1/files");
        assertThat(b.journal().last().header("anthropic-beta")).contains("files-api-2025-04-14");
        assertThat(b.journal().last().header("x-api-key")).contains("sk-ant-provider-b1");
        for (int i = 0; i < 4; i++)
            assertThat(ok(send("GET", "/both/v1/files/" + id, "")).getString("id"))
                    .isEqualTo(id);
        assertThat(send("GET", "/both/v1/files/" + id + "/content", "").text()).isEqualTo("content of " + unsealed(id));
        String message =
                "{\"model\":\"claude-a\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"document\","
                        + "\"source\":{\"type\":\"file\",\"file_id\":\"%s\"}}]}]}";
        for (int i = 0; i < 4; i++) {
            Reply said = send("POST", "/both/v1/messages", message.formatted(id));
            assertThat(said.header("x-sluice-service")).as(said.text()).isEqualTo("b");
            assertThat(b.journal().last().text()).isEqualTo(message.formatted(unsealed(id)));
        }
        JsonObject list = ok(send("GET", "/at-b/v1/files", ""));
        assertThat(list.getString("first_id")).startsWith("file_slc1");
        assertThat(ok(send("DELETE", "/both/v1/files/" + id, "")).getString("type"))
                .isEqualTo("file_deleted");
        assertThat(send("GET", "/both/v1/files/" + id, "").status()).isEqualTo(404);
    }

    @Test
    void aBatchIsWatchedCancelledAndReadWhereItIs() {
        JsonObject made = ok(send("POST", "/at-b/v1/messages/batches", batch("one", "")));
        String id = made.getString("id");
        assertThat(id).startsWith("msgbatch_slc1");
        assertThat(b.journal().last().path()).isEqualTo("/v1/messages/batches");
        ok(send("POST", "/both/v1/messages/batches/" + id + "/cancel", ""));
        JsonObject ended = ok(send("GET", "/both/v1/messages/batches/" + id, ""));
        assertThat(ended.getString("processing_status")).isEqualTo("ended");
        String results = ended.getString("results_url");
        assertThat(results)
                .as("below the address that the client calls")
                .isEqualTo("/v1/messages/batches/" + id + "/results");
        Reply lines = send("GET", "/both" + results, "");
        assertThat(lines.header("content-type")).isEqualTo("application/x-jsonl");
        assertThat(lines.text()).contains("\"custom_id\":\"one\"");
        assertThat(b.journal().last().path()).isEqualTo("/v1/messages/batches/" + unsealed(id) + "/results");
        ok(send("DELETE", "/both/v1/messages/batches/" + id, ""));
        assertThat(send("GET", "/both/v1/messages/batches/" + id, "").status()).isEqualTo(404);
    }

    @Test
    void aBatchGoesWhereTheFilesOfItsRequestsAreAndItsOwnIdsStay() {
        String file = ok(send("POST", "/at-a/v1/files", UPLOAD.formatted("for a batch")))
                .getString("id");
        String source = "{\"type\":\"document\",\"source\":{\"type\":\"file\",\"file_id\":\"" + file + "\"}},";
        for (int i = 0; i < 3; i++) {
            Reply made = send("POST", "/both/v1/messages/batches", batch(file, source));
            assertThat(made.header("x-sluice-service")).isEqualTo("a");
            assertThat(a.journal().last().text()).isEqualTo(batch(file, source.replace(file, unsealed(file))));
        }
    }

    @Test
    void errorsAreToldInTheProtocolOfTheClient() {
        Reply gone = send("GET", "/both/v1/files/file_slc1" + "A".repeat(28) + "xyz", "");
        assertThat(gone.status()).isEqualTo(404);
        assertThat(gone.json().getString("type")).isEqualTo("error");
        assertThat(gone.error().getString("type")).isEqualTo("not_found_error");
        a.rules().add(Rule.always("status=429"));
        Reply limited = send("POST", "/at-a/v1/messages/batches", batch("limited", ""));
        assertThat(limited.status()).isEqualTo(429);
        assertThat(limited.json().getString("type")).isEqualTo("error");
    }

    @Test
    void aServiceOfAnotherProtocolHasNone() {
        Reply refused = send("GET", "/at-c/v1/files", "");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.error().getString("message"))
                .contains("service \"c\"", "has nothing like operation anthropic-files", "GET /at-c/v1/files");
    }
}
