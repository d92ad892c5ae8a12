package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.ReceivedCall;
import dev.sluice.simulator.Rule;
import dev.sluice.simulator.Simulator;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
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
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files, batches, videos and stored responses over two providers of one Model API, one of them with two keys, and two replicas of
 * the gateway that share nothing but their settings and the master key: what is asked after goes where it is kept.
 */
class KeptThingsTest {
    private static final String SECRETS = Base64.getEncoder().encodeToString(new byte[32]);
    private static final String FORM = "multipart/form-data; boundary=cut";
    private static final String UPLOAD = """
            --cut\r
            Content-Disposition: form-data; name="purpose"\r
            \r
            batch\r
            --cut\r
            Content-Disposition: form-data; name="file"; filename="%s"\r
            \r
            {"custom_id":"1"}\r
            --cut--\r
            """;

    @TempDir
    static Path folder;

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static Simulator a;
    private static Simulator b;
    private static GatewayUnderTest one;
    private static GatewayUnderTest two;
    private static GatewayUnderTest stranger;
    /** A replica that has been told of changes. */
    private static GatewayUnderTest later;

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
                  - name: kept
                    routes: [/v1/files, /v1/batches, /v1/videos, /v1/responses, /v1/chat/completions]
                    distribution: { strategy: by-proportion, stickyBy: "header:x-to", targets: [ { service: a, weight: 1 }, { service: b, weight: 1 } ] }
                    fallback: { steps: [ { service: b } ] }
                  - name: at-a
                    basePath: /at-a
                    routes: [/v1/files, /v1/batches, /v1/videos, /v1/responses, /v1/chat/completions]
                    distribution: { strategy: by-model-name, targets: [ { pattern: "*", service: a } ] }
                  - { name: at-b, basePath: /at-b, routes: [/v1/files, /v1/batches, /v1/videos, /v1/responses],
                      distribution: { strategy: single, targets: [ { service: b } ] } }
                  - { name: secret, basePath: /secret, routes: [/v1/files],
                      distribution: { strategy: single, targets: [ { service: b } ] } }
                  - { name: any, basePath: /any, useCase: others, protocol: any,
                      distribution: { strategy: by-proportion, targets: [ { service: a, weight: 1 }, { service: b, weight: 1 } ] } }
                consumers:
                  - { name: caller, modelApis: [kept, at-a, at-b, any] }
                  - { name: insider, modelApis: [secret, at-b] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %3$s }
                  - { name: insider-key, consumer: insider, secret: sk-insider-0123456789 }
                """.formatted(a.url(), b.url(), GatewayUnderTest.KEY);
        one = replica("one", SECRETS, declaration);
        two = replica("two", SECRETS, declaration);
        later = replica(
                "later",
                SECRETS,
                declaration
                        .replace("keys: [a1, a2]", "keys: [a2]")
                        .replace("{ name: b, address", "{ name: b, enabled: false, address"));
        stranger = replica(
                "stranger",
                Base64.getEncoder().encodeToString("x".repeat(32).getBytes(StandardCharsets.UTF_8)),
                declaration);
    }

    private static GatewayUnderTest replica(String name, String masterKey, String declaration) throws IOException {
        Path data = Files.createDirectories(folder.resolve(name).resolve("data"));
        Files.writeString(data.resolve("master.key"), masterKey);
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
        stranger.close();
        later.close();
        a.close();
        b.close();
    }

    private static Reply send(GatewayUnderTest gateway, String key, String method, String path, String body) {
        try {
            HttpRequest.BodyPublisher sent =
                    body.isEmpty() ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body);
            return Reply.of(HTTP.send(
                    HttpRequest.newBuilder(URI.create(gateway.gateway().url() + path))
                            .header("content-type", body.startsWith("--") ? FORM : "application/json")
                            .header("authorization", "Bearer " + key)
                            .method(method, sent)
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray()));
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Reply send(GatewayUnderTest gateway, String method, String path, String body) {
        return send(gateway, GatewayUnderTest.KEY, method, path, body);
    }

    private static JsonObject ok(Reply reply) {
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return reply.json();
    }

    private static String upload(String base, String name) {
        return ok(send(one, "POST", base + "/v1/files", UPLOAD.formatted(name))).getString("id");
    }

    private static String respond(String base, String said) {
        return ok(send(one, "POST", base + "/v1/responses", response(said, ""))).getString("id");
    }

    private static String response(String said, String more) {
        return "{\"model\":\"gpt-4o\",\"input\":\"" + said + "\"" + more + "}";
    }

    private static ReceivedCall last(Simulator simulator) {
        return simulator.journal().last();
    }

    @ParameterizedTest
    @CsvSource({"/at-a, a", "/at-b, b"})
    void aFileIsFoundByEveryReplicaWhereverTheDistributionSendsOthers(String base, String service) {
        String id = upload(base, "round trip");
        assertThat(id).startsWith("file-slc1");
        for (int i = 0; i < 6; i++) {
            Reply found = send(i % 2 == 0 ? one : two, "GET", "/v1/files/" + id, "");
            assertThat(ok(found).getString("id"))
                    .as("the id that the client knows")
                    .isEqualTo(id);
            assertThat(found.header("x-sluice-service")).isEqualTo(service);
        }
        assertThat(send(two, "GET", "/v1/files/" + id + "/content", "").text()).isEqualTo("content of " + vendorId(id));
        assertThat(ok(send(two, "DELETE", base + "/v1/files/" + id, "")))
                .isEqualTo(new JsonObject().put("id", id).put("object", "file").put("deleted", true));
        assertThat(send(one, "GET", "/v1/files/" + id, "").status()).isEqualTo(404);
    }

    /** The vendor's own id of one that is sealed behind a prefix of five characters. */
    private static String vendorId(String id) {
        return id.substring(0, 5) + id.substring(5 + 32);
    }

    @Test
    void eachKeyOfAServiceFindsItsOwn() {
        for (int i = 0; i < 4; i++) {
            String id = upload("/at-a", "of a key " + i);
            Optional<String> made = last(a).header("authorization");
            for (int j = 0; j < 3; j++) {
                ok(send(two, "GET", "/at-a/v1/files/" + id, ""));
                assertThat(last(a).header("authorization")).isEqualTo(made);
                assertThat(last(a).path()).isEqualTo("/v1/files/" + vendorId(id));
            }
        }
    }

    @Test
    void aBatchGoesWhereItsFileIsAndItsReferencesLeadThereToo() {
        String file = upload("/at-b", "for a batch");
        String body = "{\"input_file_id\":\"" + file
                + "\",\"endpoint\":\"/v1/chat/completions\",\"metadata\":{\"file_id\":\"" + file + "\"}}";
        JsonObject batch = ok(send(two, "POST", "/at-b/v1/batches", body));
        assertThat(last(b).text())
                .isEqualTo(body.replace("_id\":\"" + file + "\",\"end", "_id\":\"" + vendorId(file) + "\",\"end"));
        assertThat(batch.getString("input_file_id")).isEqualTo(file);
        String id = batch.getString("id");
        assertThat(id).startsWith("batch_slc1");
        assertThat(ok(send(one, "GET", "/v1/batches/" + id, "")).getString("status"))
                .isEqualTo("in_progress");
        JsonObject done = ok(send(two, "GET", "/v1/batches/" + id, ""));
        assertThat(done.getString("status")).isEqualTo("completed");
        String output = done.getString("output_file_id");
        assertThat(send(one, "GET", "/v1/files/" + output + "/content", "").text())
                .startsWith("content of file-");
        JsonObject list = ok(send(one, "GET", "/at-b/v1/batches?limit=1", ""));
        assertThat(list.getJsonArray("data").getJsonObject(0).getString("id")).startsWith("batch_slc1");
        assertThat(list.getString("first_id")).startsWith("batch_slc1");
        ok(send(two, "GET", "/v1/batches?limit=2&after=" + list.getString("last_id"), ""));
        assertThat(last(b).query())
                .isEqualTo("limit=2&after=" + list.getString("last_id").replaceAll("slc1.{28}", ""));
    }

    @ParameterizedTest
    @CsvSource({"/at-a, a", "/at-b, b"})
    void aStoredResponseIsReadCancelledContinuedAndDeletedWhereItIs(String base, String service) {
        String id = respond(base, "keep this");
        assertThat(id).startsWith("resp_slc1");
        Reply read = send(two, "GET", "/v1/responses/" + id, "");
        assertThat(ok(read).getString("id")).endsWith(vendorId(id).substring(5));
        assertThat(read.header("x-sluice-service")).isEqualTo(service);
        assertThat(ok(send(two, "GET", "/v1/responses/" + id + "/input_items", ""))
                        .getString("first_id"))
                .isEqualTo("msg_1");
        for (int i = 0; i < 4; i++) {
            Reply next = send(
                    two, "POST", "/v1/responses", response("go on " + i, ",\"previous_response_id\":\"" + id + "\""));
            assertThat(next.header("x-sluice-service")).isEqualTo(service);
            assertThat(ok(next).getString("previous_response_id")).startsWith("resp_slc1");
        }
        assertThat(ok(send(one, "POST", "/v1/responses/" + id + "/cancel", "")).getString("status"))
                .isEqualTo("cancelled");
        ok(send(two, "DELETE", "/v1/responses/" + id, ""));
        assertThat(send(two, "GET", "/v1/responses/" + id, "").status()).isEqualTo(404);
    }

    @Test
    void theEventsOfAStreamNameTheSameId() {
        Reply stream = send(one, "POST", "/at-b/v1/responses", response("in a stream", ",\"stream\":true"));
        List<String> ids = GatewayUnderTest.events(stream.text()).stream()
                .map(event -> new JsonObject(event.substring(event.indexOf("data: ") + 6)))
                .filter(event -> event.getJsonObject("response") != null)
                .map(event -> event.getJsonObject("response").getString("id"))
                .distinct()
                .toList();
        assertThat(ids).hasSize(1);
        assertThat(ids.getFirst()).startsWith("resp_slc1");
        Reply read = send(two, "GET", "/v1/responses/" + ids.getFirst(), "");
        assertThat(ok(read).getString("id")).endsWith(vendorId(ids.getFirst()).substring(5));
        String plain = stream.text().replaceAll("slc1.{28}", "");
        assertThat(plain).as("all else is as the provider said it").contains(vendorId(ids.getFirst()));
        assertThat(stream.text().length() - plain.length()).isPositive().isEqualTo(32 * count(stream.text(), "slc1"));
    }

    private static int count(String text, String part) {
        return (text.length() - text.replace(part, "").length()) / part.length();
    }

    @Test
    void aVideoIsWatchedDownloadedAndRemixedWhereItIsMade() {
        JsonObject video = ok(send(one, "POST", "/at-a/v1/videos", "{\"model\":\"sora-2\",\"prompt\":\"a\"}"));
        String id = video.getString("id");
        assertThat(id).startsWith("video_slc1");
        ok(send(two, "GET", "/v1/videos/" + id, ""));
        assertThat(ok(send(one, "GET", "/v1/videos/" + id, "")).getInteger("progress"))
                .isEqualTo(100);
        Reply content = send(two, "GET", "/v1/videos/" + id + "/content?variant=video", "");
        assertThat(content.header("content-type")).isEqualTo("video/mp4");
        JsonObject remix = ok(send(two, "POST", "/v1/videos/" + id + "/remix", "{\"prompt\":\"b\"}"));
        assertThat(remix.getString("remixed_from_video_id")).startsWith("video_slc1");
        ok(send(one, "GET", "/v1/videos/" + remix.getString("id"), ""));
    }

    @Test
    void aFileInAMessageDecidesWhereTheConversationGoes() {
        String file = upload("/at-a", "for a message");
        Optional<String> made = last(a).header("authorization");
        String body =
                "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"file\",\"file\":{\"file_id\":\"%s\"}}]}]}";
        for (int i = 0; i < 4; i++) {
            Reply reply = send(two, "POST", "/v1/chat/completions", body.formatted(file));
            assertThat(reply.header("x-sluice-service")).isEqualTo("a");
            assertThat(last(a).text()).isEqualTo(body.formatted(vendorId(file)));
            assertThat(last(a).header("authorization")).isEqualTo(made);
        }
    }

    @Test
    void aFieldOfAFormLeadsAndIsSentAsTheVendorKnowsIt() {
        String file = upload("/at-b", "a reference");
        String form = """
                --cut\r
                Content-Disposition: form-data; name="input_reference[file_id]"\r
                \r
                %s\r
                --cut\r
                Content-Disposition: form-data; name="model"\r
                \r
                sora-2\r
                --cut--\r
                """;
        for (int i = 0; i < 4; i++) {
            Reply made = send(two, "POST", "/v1/videos", form.formatted(file));
            assertThat(made.header("x-sluice-service")).isEqualTo("b");
            assertThat(last(b).text()).isEqualTo(form.formatted(vendorId(file)));
        }
    }

    @Test
    void aFieldBehindALongFileThatWouldHaveDecidedIsRefused() {
        String file = upload("/at-b", "named too late");
        String form = "--cut\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nuser_data\r\n"
                + "--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f.bin\"\r\n\r\n"
                + "x".repeat(400_000)
                + "\r\n--cut\r\nContent-Disposition: form-data; name=\"file_id\"\r\n\r\n" + file
                + "\r\n--cut--\r\n";
        Reply refused = send(one, "POST", "/v1/files", form);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.error().getString("message")).contains(file, "send fields that name things before the file");
    }

    /** Lines of a batch that name the same file, with an id of the client's own choice that looks like one. */
    private static String lines(String file, int number) {
        String line =
                "{\"custom_id\":\"%1$s\",\"method\":\"POST\",\"url\":\"/v1/responses\",\"body\":{\"model\":\"gpt-4o\","
                        + "\"metadata\":{\"file_id\":\"%1$s\"},\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_file\",\"file_id\":%2$s}]}]}}\n";
        return line.formatted(file, file.isEmpty() ? "null" : "\"" + file + "\"")
                .repeat(number);
    }

    private static String batchInput(String lines) {
        return UPLOAD.formatted("input.jsonl").replace("{\"custom_id\":\"1\"}", lines);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3_000})
    void linesOfABatchAreSentAsTheVendorKnowsTheirFilesHoweverManyThereAre(int number) {
        String file = upload("/at-b", "in lines " + number);
        String form = batchInput(lines(file, number));
        Reply made = send(two, "POST", "/v1/files", form);
        assertThat(ok(made).getString("id")).startsWith("file-slc1");
        assertThat(made.header("x-sluice-service")).isEqualTo("b");
        String padded = "\"type\":\"input_file\",\"file_id\":\"" + vendorId(file) + "\"" + " ".repeat(32);
        assertThat(last(b).text())
                .isEqualTo(form.replace("\"type\":\"input_file\",\"file_id\":\"" + file + "\"", padded));
    }

    @Test
    void aLineThatNamesAFileOfAnotherDeploymentIsRefusedWhereverItStands() {
        String atA = upload("/at-a", "of a in lines");
        String atB = upload("/at-b", "of b in lines");
        for (int number : new int[] {1, 3_000}) {
            Reply refused =
                    send(one, "POST", "/v1/files", batchInput(lines(atB, number) + lines(atA, 1) + lines("", number)));
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.error().getString("message"))
                    .contains("two deployments", "service \"b\"", "service \"a\"");
        }
    }

    @Test
    void aFileThatAnAnswerCitesIsFoundWhereItIs() {
        String file = upload("/at-b", "cited");
        b.rules()
                .add(Rule.always(
                        "body={\"id\":\"resp_1\",\"object\":\"response\",\"status\":\"completed\",\"output\":[{\"type\":\"message\","
                                + "\"id\":\"msg_1\",\"content\":[{\"type\":\"output_text\",\"text\":\"a\",\"annotations\":[{\"type\":\"file_citation\",\"file_id\":\""
                                + vendorId(file) + "\"}]}]}],\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}"));
        Reply answer = send(one, "POST", "/at-b/v1/responses", response("cite it", ""));
        assertThat(answer.text()).contains("\"file_id\":\"" + file + "\"").contains("\"id\":\"msg_1\"");
    }

    @Test
    void aFileThatIsNoBatchIsNotLookedInto() {
        String file = upload("/at-b", "quoted");
        String form = batchInput(lines(file, 2)).replace("batch\r", "assistants\r");
        ok(send(one, "POST", "/at-a/v1/files", form));
        assertThat(last(a).text()).isEqualTo(form);
    }

    @Test
    void whatTheProviderDoesNotKnowIsNotFoundInItsOwnWords() {
        b.rules()
                .add(
                        Rule.always(
                                "status=404;code=none;type=invalid_request_error;message=No such File object: file-1;param=id"));
        Reply gone = send(one, "GET", "/at-b/v1/files/file-1", "");
        assertThat(gone.status()).isEqualTo(404);
        assertThat(gone.error().getString("message")).isEqualTo("No such File object: file-1");
        assertThat(one.record(gone.id()).failure()).isEqualTo("thing-not-found");
    }

    @Test
    void thereIsNoFallbackToWhereTheThingIsNot() {
        String id = upload("/at-a", "no fallback");
        a.rules().add(Rule.always("status=503"));
        int before = b.journal().size();
        Reply reply = send(one, "GET", "/v1/files/" + id, "");
        assertThat(reply.status()).isGreaterThanOrEqualTo(500);
        assertThat(b.journal().size()).isEqualTo(before);
    }

    @Test
    void thingsOfTwoDeploymentsInOneCallAreRefused() {
        String atA = respond("/at-a", "one of a");
        String atB = upload("/at-b", "one of b");
        Reply reply = send(one, "POST", "/v1/responses", """
                {"model":"gpt-4o","previous_response_id":"%s","input":[{"role":"user","content":[{"type":"input_file","file_id":"%s"}]}]}
                """.formatted(atA, atB));
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.error().getString("message"))
                .contains("two deployments", atA, atB, "service \"a\" with key \"a", "service \"b\"");
    }

    @Test
    void anIdWithoutASealGoesWhereTheDistributionSendsIt() {
        String id = upload("/at-b", "unsealed");
        assertThat(ok(send(one, "GET", "/at-b/v1/files/" + vendorId(id), "")).getString("id"))
                .isEqualTo(id);
    }

    @Test
    void aPathThatNobodyReadsIsLedByItsIdsToo() {
        String id = upload("/at-b", "by any path");
        for (int i = 0; i < 4; i++) {
            Reply reply = send(two, "GET", "/any/v1/files/" + id, "");
            assertThat(ok(reply).getString("id")).isEqualTo(vendorId(id));
        }
    }

    @Test
    void anIdOfAnotherGatewayOrAForgedOneIsNotFound() {
        String id = upload("/at-b", "forged");
        int before = b.journal().size();
        Reply elsewhere = send(stranger, "GET", "/at-b/v1/files/" + id, "");
        assertThat(elsewhere.status()).isEqualTo(404);
        assertThat(elsewhere.error().getString("code")).isEqualTo("deployment_gone");
        assertThat(elsewhere.error().getString("message")).contains(id, "SLUICE_MASTER_KEY");
        String forged = id.substring(0, 12) + (id.charAt(12) == 'x' ? 'y' : 'x') + id.substring(13);
        assertThat(send(one, "GET", "/at-b/v1/files/" + forged, "").status()).isEqualTo(404);
        assertThat(b.journal().size()).isEqualTo(before);
    }

    @Test
    void anIdMadeUnderAModelApiThatTheCallerMayNotUseIsRefused() {
        JsonObject file =
                ok(send(one, "sk-insider-0123456789", "POST", "/secret/v1/files", UPLOAD.formatted("secret")));
        String id = file.getString("id");
        int before = b.journal().size();
        Reply refused = send(two, "GET", "/at-b/v1/files/" + id, "");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.error().getString("message")).contains(id, "another Model API");
        assertThat(b.journal().size()).isEqualTo(before);
        ok(send(two, "sk-insider-0123456789", "GET", "/at-b/v1/files/" + id, ""));
    }

    @Test
    void anIdOfAServiceOrAKeyThatIsGoneIsNotFoundThere() {
        Reply ofB = send(later, "GET", "/v1/files/" + upload("/at-b", "of a service that goes"), "");
        assertThat(ofB.status()).isEqualTo(404);
        assertThat(ofB.error().getString("code")).isEqualTo("deployment_gone");
        assertThat(ofB.error().getString("message")).contains("disabled, gone");
        int found = 0;
        int gone = 0;
        for (int i = 0; i < 2; i++) {
            Reply ofA = send(later, "GET", "/at-a/v1/files/" + upload("/at-a", "of a key that goes " + i), "");
            if (ofA.status() == 200) {
                found++;
                continue;
            }
            gone++;
            assertThat(ofA.status()).isEqualTo(404);
            assertThat(ofA.error().getString("message")).contains("provider key of service \"a\"");
        }
        assertThat(found).as("of the key that stays").isEqualTo(1);
        assertThat(gone).as("of the key that goes").isEqualTo(1);
    }

    @Test
    void anIdOfAServiceThatTheModelApiDoesNotReachIsNotFound() {
        String id = upload("/at-a", "out of reach");
        Reply reply = send(one, "GET", "/at-b/v1/files/" + id, "");
        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.error().getString("message")).contains(id, "not among those of Model API \"at-b\"");
    }
}
