package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.ReceivedCall;
import dev.sluice.simulator.Rule;
import dev.sluice.simulator.Simulator;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Uploads, vector stores, containers and fine-tuning jobs over two providers of one Model API, one of them with two keys, and two replicas: what
 * is asked after goes where it is kept, whatever replica is asked.
 */
class KeptPlacesTest {
    private static final String ROUTES =
            "[/v1/files, /v1/uploads, /v1/containers, /v1/vector_stores, /v1/fine_tuning/jobs, /v1/responses]";

    @TempDir
    static Path folder;

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static Simulator a;
    private static Simulator b;
    private static GatewayUnderTest one;
    private static GatewayUnderTest two;

    @BeforeAll
    static void start() throws IOException {
        a = Simulator.start();
        b = Simulator.start();
        String declaration = """
                providerKeys:
                  - { name: a1, provider: openai-compatible, secret: sk-provider-a1 }
                  - { name: a2, provider: openai-compatible, secret: sk-provider-a2 }
                services:
                  - { name: a, address: { url: "%1$s/v1" }, keys: [a1, a2] }
                  - { name: b, address: { url: "%2$s/v1" } }
                modelApis:
                  - name: all
                    routes: %4$s
                    distribution: { strategy: by-proportion, targets: [ { service: a, weight: 1 }, { service: b, weight: 1 } ] }
                  - { name: at-a, basePath: /at-a, routes: %4$s, distribution: { strategy: single, targets: [ { service: a } ] } }
                  - { name: at-b, basePath: /at-b, routes: %4$s, retries: 1, distribution: { strategy: single, targets: [ { service: b } ] } }
                consumers:
                  - { name: caller, modelApis: [all, at-a, at-b] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %3$s }
                  - { name: limited-key, consumer: caller, secret: sk-limited-0123456789, allowedModels: [gpt-4o] }
                """.formatted(a.url(), b.url(), GatewayUnderTest.KEY, ROUTES);
        one = replica("one", declaration);
        two = replica("two", declaration);
    }

    private static GatewayUnderTest replica(String name, String declaration) throws IOException {
        Path data = Files.createDirectories(folder.resolve(name).resolve("data"));
        Files.writeString(data.resolve("master.key"), Base64.getEncoder().encodeToString(new byte[32]));
        return GatewayUnderTest.start(folder.resolve(name), declaration);
    }

    @AfterEach
    void forget() {
        a.rules().clear();
        b.rules().clear();
    }

    @AfterAll
    static void stop() {
        one.close();
        two.close();
        a.close();
        b.close();
    }

    private static Reply send(GatewayUnderTest gateway, String method, String path, String body) {
        return sendAs(GatewayUnderTest.KEY, gateway, method, path, body);
    }

    private static Reply sendAs(String key, GatewayUnderTest gateway, String method, String path, String body) {
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

    private static JsonObject post(GatewayUnderTest gateway, String path, String body) {
        return ok(send(gateway, "POST", path, body));
    }

    private static JsonObject get(GatewayUnderTest gateway, String path) {
        return ok(send(gateway, "GET", path, ""));
    }

    private static ReceivedCall last(Simulator simulator) {
        return simulator.journal().last();
    }

    private static String form(String field, String content) {
        return "--cut\r\nContent-Disposition: form-data; name=\"" + field + "\"; filename=\"f\"\r\n\r\n" + content
                + "\r\n--cut--\r\n";
    }

    private static String file(String base, String content) {
        return file(base, "", content);
    }

    /** @param beside where the file shall be kept; empty for anywhere */
    private static String file(String base, String beside, String content) {
        String place = beside.isEmpty()
                ? ""
                : "--cut\r\nContent-Disposition: form-data; name=\"file_id\"\r\n\r\n" + beside + "\r\n";
        String purpose = "--cut\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nassistants\r\n";
        return post(one, base + "/v1/files", place + purpose + form("file", content))
                .getString("id");
    }

    private static String vendorId(String id) {
        assertThat(id).contains("slc1");
        return id.replaceFirst("slc1.{28}", "");
    }

    @ParameterizedTest
    @CsvSource({"/at-a, 10", "/at-b, 10", "/at-a, 400000", "/at-b, 400000"})
    void anUploadComesInPartsWhereItBeganAndItsFileIsThere(String base, int length) {
        JsonObject upload = post(
                one,
                base + "/v1/uploads",
                "{\"purpose\":\"assistants\",\"filename\":\"f\",\"bytes\":" + length
                        + ",\"mime_type\":\"text/plain\"}");
        String id = upload.getString("id");
        assertThat(id).startsWith("upload_slc1");
        JsonArray parts = new JsonArray();
        for (int i = 0; i < 3; i++) {
            JsonObject part =
                    post(i % 2 == 0 ? two : one, "/v1/uploads/" + id + "/parts", form("data", i + "x".repeat(length)));
            assertThat(part.getString("upload_id")).isEqualTo(id);
            parts.add(part.getString("id"));
        }
        assertThat(parts.getString(0)).startsWith("part_slc1");
        JsonObject done = post(
                two,
                "/v1/uploads/" + id + "/complete",
                new JsonObject().put("part_ids", parts).encode());
        assertThat(done.getString("id")).isEqualTo(id);
        String file = done.getJsonObject("file").getString("id");
        assertThat(get(one, "/v1/files/" + file).getString("id")).isEqualTo(file);
    }

    @Test
    void anUploadIsCancelledWhereItBegan() {
        String id = post(one, "/at-a/v1/uploads", "{\"purpose\":\"assistants\",\"bytes\":1}")
                .getString("id");
        for (int i = 0; i < 4; i++)
            assertThat(post(two, "/v1/uploads/" + id + "/cancel", "").getString("status"))
                    .isEqualTo("cancelled");
    }

    /** The models in its lines would pass unseen. */
    @Test
    void theFileOfABatchDoesNotComeInParts() {
        int before = a.journal().size();
        Reply refused = send(one, "POST", "/at-a/v1/uploads", "{\"purpose\":\"batch\",\"bytes\":1}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.error().getString("message")).contains("POST /v1/files");
        assertThat(refused.error().getString("param")).isEqualTo("purpose");
        assertThat(a.journal().size()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({"/at-a, a", "/at-b, b"})
    void aVectorStoreIsFilledSearchedAndDeletedWhereItIs(String base, String service) {
        String file = file(base, "in a store " + service);
        String other = file(base, file, "in the store later " + service);
        String store = post(
                        one,
                        base + "/v1/vector_stores",
                        "{\"name\":\"" + service + "\",\"file_ids\":[\"" + file + "\"]}")
                .getString("id");
        assertThat(store).startsWith("vs_slc1");
        JsonObject added = post(two, "/v1/vector_stores/" + store + "/files", "{\"file_id\":\"" + other + "\"}");
        assertThat(added.getString("id")).isEqualTo(other);
        assertThat(added.getString("vector_store_id")).isEqualTo(store);
        assertThat(get(two, "/v1/vector_stores/" + store + "/files/" + file).getString("id"))
                .isEqualTo(file);
        JsonObject batch =
                post(two, "/v1/vector_stores/" + store + "/file_batches", "{\"file_ids\":[\"" + file + "\"]}");
        assertThat(batch.getString("vector_store_id")).isEqualTo(store);
        assertThat(get(one, "/v1/vector_stores/" + store + "/file_batches/" + batch.getString("id"))
                        .getString("id"))
                .isEqualTo(batch.getString("id"))
                .startsWith("vsfb_slc1");
        JsonArray found = post(two, "/v1/vector_stores/" + store + "/search", "{\"query\":\"id\"}")
                .getJsonArray("data");
        assertThat(found.stream().map(each -> vendorId(((JsonObject) each).getString("file_id"))))
                .containsExactlyInAnyOrder(vendorId(file), vendorId(other));
        ok(send(two, "GET", "/v1/files/" + found.getJsonObject(0).getString("file_id"), ""));
        Reply gone = send(two, "DELETE", "/v1/vector_stores/" + store, "");
        assertThat(ok(gone).getString("id")).isEqualTo(store);
        assertThat(gone.header("x-sluice-service")).isEqualTo(service);
        assertThat(send(one, "GET", "/v1/vector_stores/" + store, "").status()).isEqualTo(404);
    }

    @Test
    void aListOfStoresLeadsToEach() {
        String made =
                post(one, "/at-b/v1/vector_stores", "{\"name\":\"listed\"}").getString("id");
        JsonArray listed = get(two, "/at-b/v1/vector_stores").getJsonArray("data");
        assertThat(listed.stream().map(each -> ((JsonObject) each).getString("id")))
                .contains(made);
    }

    @ParameterizedTest
    @CsvSource({"/at-a, 10", "/at-b, 400000"})
    void aContainerKeepsItsFiles(String base, int length) {
        String container = post(one, base + "/v1/containers", "{\"name\":\"c" + length + "\"}")
                .getString("id");
        assertThat(container).startsWith("cntr_slc1");
        JsonObject file = post(two, "/v1/containers/" + container + "/files", form("file", "x".repeat(length)));
        assertThat(file.getString("container_id")).isEqualTo(container);
        String path = "/v1/containers/" + container + "/files/" + file.getString("id");
        assertThat(get(one, path).getString("id")).isEqualTo(file.getString("id"));
        assertThat(send(two, "GET", path + "/content", "").text())
                .isEqualTo("content of " + vendorId(file.getString("id")));
    }

    @Test
    void aResponseGoesWhereItsStoresAndItsContainerAre() {
        String store =
                post(one, "/at-b/v1/vector_stores", "{\"name\":\"asked\"}").getString("id");
        String container =
                post(one, "/at-a/v1/containers", "{\"name\":\"asked\"}").getString("id");
        Optional<String> key = last(a).header("authorization");
        String searching =
                "{\"model\":\"gpt-4o\",\"input\":\"%d\",\"tools\":[{\"type\":\"file_search\",\"vector_store_ids\":[\"%s\"]}]}";
        String running =
                "{\"model\":\"gpt-4o\",\"input\":\"%d\",\"tools\":[{\"type\":\"code_interpreter\",\"container\":\"%s\"}]}";
        for (int i = 0; i < 4; i++) {
            ok(send(two, "POST", "/v1/responses", searching.formatted(i, store)));
            assertThat(last(b).text()).isEqualTo(searching.formatted(i, vendorId(store)));
            ok(send(two, "POST", "/v1/responses", running.formatted(i, container)));
            assertThat(last(a).text()).isEqualTo(running.formatted(i, vendorId(container)));
            assertThat(last(a).header("authorization")).isEqualTo(key);
        }
    }

    @Test
    void aStoreIsNotMadeOfFilesOfTwoDeployments() {
        String atA = file("/at-a", "one of a");
        String atB = file("/at-b", "one of b");
        Reply refused = send(one, "POST", "/v1/vector_stores", "{\"file_ids\":[\"" + atA + "\",\"" + atB + "\"]}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.error().getString("message")).contains("two deployments");
    }

    @Test
    void aFineTuningJobGoesWhereItsFileIsWithAModelThatIsPermitted() {
        String file = file("/at-b", "to learn from");
        String wanted = "{\"model\":\"%s\",\"training_file\":\"" + file + "\"}";
        JsonObject job = post(two, "/v1/fine_tuning/jobs", wanted.formatted("gpt-4o-mini"));
        assertThat(job.getString("id")).startsWith("ftjob-slc1");
        assertThat(job.getString("training_file")).isEqualTo(file);
        assertThat(get(one, "/v1/fine_tuning/jobs/" + job.getString("id")).getString("status"))
                .isEqualTo("queued");
        assertThat(post(two, "/v1/fine_tuning/jobs/" + job.getString("id") + "/cancel", "")
                        .getString("status"))
                .isEqualTo("cancelled");
        int before = b.journal().size();
        Reply refused =
                sendAs("sk-limited-0123456789", one, "POST", "/v1/fine_tuning/jobs", wanted.formatted("gpt-4o-mini"));
        assertThat(refused.status()).as(refused.text()).isEqualTo(403);
        assertThat(b.journal().size()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/uploads, 1",
        "/v1/vector_stores, 1",
        "/v1/containers, 1",
        "/v1/fine_tuning/jobs, 1",
        "/v1/vector_stores/vs_1/search, 2"
    })
    void whatMayHaveBeenMadeIsNotMadeTwice(String path, int attempts) {
        b.rules().add(Rule.always("status=500"));
        int before = b.journal().size();
        Reply reply = send(one, "POST", "/at-b" + path, "{\"model\":\"gpt-4o\",\"query\":\"q\"}");
        assertThat(reply.status()).isEqualTo(502);
        assertThat(b.journal().size() - before).isEqualTo(attempts);
    }

    @Test
    void whoNamesNothingGoesWhereTheDistributionSends() {
        assertThat(List.of("a", "b"))
                .contains(send(one, "GET", "/v1/vector_stores", "").header("x-sluice-service"));
    }
}
