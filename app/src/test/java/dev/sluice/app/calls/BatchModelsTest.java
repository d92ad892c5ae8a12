package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.ReceivedCall;
import dev.sluice.simulator.Simulator;
import dev.sluice.traffic.usage.UsageRecord;
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
import org.junit.jupiter.params.provider.ValueSource;

/** The models in the lines of a batch's file and in the requests of a batch of messages are treated like those of calls. */
class BatchModelsTest {
    private static final String LIMITED = "sk-limited-0123456789";
    /** So many lines are longer than what is kept of a form. */
    private static final int MANY = 1_000;

    private static final String LINE =
            "{\"custom_id\":\"1\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":{"
                    + "\"metadata\":{\"model\":\"gpt-mine\"},\"model\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"\\\"model\\\":\\\"gpt-mine\\\"\"}]}}\n";
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    static Path folder;

    private static Simulator a;
    private static Simulator b;
    private static GatewayUnderTest gateway;

    @BeforeAll
    static void start() {
        a = Simulator.start();
        b = Simulator.start();
        gateway = GatewayUnderTest.start(folder, """
                services:
                  - { name: a, address: { url: "%1$s/v1" }, modelPolicy: { mapping: { gpt-mine: gpt-4o } } }
                  - { name: b, address: { url: "%2$s/v1" } }
                  - { name: long, address: { url: "%1$s/v1" }, modelPolicy: { mapping: { "*": a-name-that-is-longer-than-others } } }
                  - { name: strict, address: { url: "%1$s/v1" }, modelPolicy: { allowedModels: [ "gpt-*" ] } }
                  - { name: claude, provider: anthropic, protocol: native, address: { url: "%1$s" },
                      modelPolicy: { mapping: { claude-mine: claude-opus-of-a-longer-name } } }
                  - { name: kimi, provider: anthropic, protocol: native, address: { url: "%2$s" } }
                modelApis:
                  - name: by-name
                    basePath: /by-name
                    routes: [/v1/files, /v1/batches]
                    distribution: { strategy: by-model-name, targets: [ { pattern: "gpt-*", service: a }, { pattern: "qwen-*", service: b }, { pattern: "*-mine", service: b } ] }
                  - { name: at-b, basePath: /at-b, routes: [/v1/files, /v1/batches], distribution: { strategy: single, targets: [ { service: b } ] } }
                  - { name: long, basePath: /long, routes: [/v1/files], distribution: { strategy: single, targets: [ { service: long } ] } }
                  - { name: strict, basePath: /strict, routes: [/v1/files], distribution: { strategy: single, targets: [ { service: strict } ] },
                      fallback: { steps: [ { service: b } ] } }
                  - { name: lenient, basePath: /lenient, routes: [/v1/files], distribution: { strategy: single, targets: [ { service: strict } ] },
                      fallback: { on: [ gateway-refusal ], steps: [ { service: b } ] } }
                  - name: messages
                    basePath: /messages
                    protocol: anthropic
                    distribution: { strategy: by-model-name, targets: [ { pattern: "claude-*", service: claude }, { pattern: "kimi-*", service: kimi } ] }
                consumers:
                  - { name: caller, modelApis: [by-name, at-b, long, strict, lenient, messages] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %3$s }
                  - { name: limited-key, consumer: caller, secret: %4$s, allowedModels: [ "gpt-*", "claude-*" ] }
                """.formatted(a.url(), b.url(), GatewayUnderTest.KEY, LIMITED));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        a.close();
        b.close();
    }

    private static Reply send(String key, String path, String body) {
        try {
            return Reply.of(HTTP.send(
                    HttpRequest.newBuilder(URI.create(gateway.gateway().url() + path))
                            .header(
                                    "content-type",
                                    body.startsWith("--") ? "multipart/form-data; boundary=cut" : "application/json")
                            .header("authorization", "Bearer " + key)
                            .header(path.startsWith("/messages") ? "anthropic-version" : "x-none", "2023-06-01")
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray()));
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Reply send(String path, String body) {
        return send(GatewayUnderTest.KEY, path, body);
    }

    @Test
    void whoseModelsAreLimitedMakesABatchOfWhatIsPermittedAndAsksAfterIt() {
        Reply file = send(LIMITED, "/by-name/v1/files", form(lines("gpt-mine", 2)));
        assertThat(file.status()).as(file.text()).isEqualTo(200);
        Reply batch = send(
                LIMITED,
                "/by-name/v1/batches",
                "{\"input_file_id\":\"" + file.json().getString("id")
                        + "\",\"endpoint\":\"/v1/chat/completions\",\"completion_window\":\"24h\"}");
        assertThat(batch.status()).as(batch.text()).isEqualTo(200);
        Reply asked = gateway.get(
                "/by-name/v1/batches/" + batch.json().getString("id"), "authorization", "Bearer " + LIMITED);
        assertThat(asked.status()).as(asked.text()).isEqualTo(200);
        assertRefused(send(LIMITED, "/by-name/v1/batches", "{}"), 403, "limited-key");
    }

    private static String lines(String model, int number) {
        return LINE.formatted('"' + model + '"').repeat(number);
    }

    private static String form(String lines) {
        return "--cut\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n" + file("input.jsonl", lines)
                + "--cut--\r\n";
    }

    private static String file(String name, String content) {
        return "--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name + "\"\r\n\r\n" + content
                + "\r\n";
    }

    private static void assertRefused(Reply reply, int status, String... words) {
        assertThat(reply.status()).as(reply.text()).isEqualTo(status);
        assertThat(reply.error().getString("message")).contains(words);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, MANY})
    void aFileIsSentWithTheNamesOfTheServiceThatItsFirstModelLeadsTo(int number) {
        String form = form(lines("gpt-mine", number) + lines("gpt-other", number));
        Reply reply = send(LIMITED, "/by-name/v1/files", form);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(reply.header("x-sluice-service")).isEqualTo("a");
        ReceivedCall received = a.journal().last();
        assertThat(received.text()).isEqualTo(form.replace("},\"model\":\"gpt-mine\"", "},\"model\":\"gpt-4o\"  "));
        assertThat(received.header("content-length")).contains(String.valueOf(form.length()));
        UsageRecord record = gateway.record(reply.id());
        assertThat(record.askedModel() + " " + record.model()).isEqualTo("gpt-mine gpt-4o");
        assertThat(record.usage().totalTokens()).isZero();
    }

    @Test
    void theBatchGoesWhereItsFileIs() {
        Reply file = send("/by-name/v1/files", form(lines("qwen-max", 1)));
        assertThat(file.header("x-sluice-service")).isEqualTo("b");
        Reply batch = send(
                "/by-name/v1/batches",
                "{\"endpoint\":\"/v1/chat/completions\",\"input_file_id\":\""
                        + file.json().getString("id") + "\"}");
        assertThat(batch.status()).as(batch.text()).isEqualTo(200);
        assertThat(batch.header("x-sluice-service")).isEqualTo("b");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, MANY})
    void aNameMayBeLongerThanTheClients(int number) {
        String form = form(lines("m", number));
        Reply reply = send("/long/v1/files", form);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        ReceivedCall received = a.journal().last();
        assertThat(received.text()).isEqualTo(form.replace("\"m\"", "\"a-name-that-is-longer-than-others\""));
        assertThat(received.header("transfer-encoding").isPresent())
                .as("its length is not known when it begins")
                .isEqualTo(number == MANY);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, MANY})
    void aModelThatTheCallerMayNotUseIsRefusedWhereverItStands(int number) {
        int before = a.journal().size();
        Reply reply = send(LIMITED, "/by-name/v1/files", form(lines("gpt-4o", number) + lines("qwen-max", 1)));
        assertRefused(
                reply, 403, "line " + (number + 1) + " of the file", "\"limited-key\" may not use model \"qwen-max\"");
        assertThat(gateway.record(reply.id()).failure()).isEqualTo("permission-denied");
        if (number == 1) assertThat(a.journal().size()).as("nothing was sent").isEqualTo(before);
        assertRefused(send(LIMITED, "/at-b/v1/files", form(lines("\\u0071wen-max", 1))), 403, "line 1", "\"qwen-max\"");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, MANY})
    void aModelThatTheServiceDoesNotOfferIsRefused(int number) {
        String form = form(lines("gpt-4o", number) + lines("llama", 1));
        assertRefused(
                send("/strict/v1/files", form),
                404,
                "line " + (number + 1) + " of the file: model \"llama\" is not offered by service \"strict\"");
    }

    @Test
    void aRefusalOfTheServiceFallsBackWhereThatIsWanted() {
        Reply reply = send("/lenient/v1/files", form(lines("gpt-4o", 1) + lines("llama", 1)));
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(reply.header("x-sluice-service")).isEqualTo("b");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, MANY})
    void modelsOfTwoServicesInOneFileAreRefused(int number) {
        Reply reply = send("/by-name/v1/files", form(lines("gpt-4o", number) + lines("qwen-max", 1)));
        assertRefused(
                reply,
                400,
                "line " + (number + 1)
                        + " of the file: model \"qwen-max\" is served by service \"b\" (rule \"qwen-*\")",
                "go to service \"a\"");
    }

    @Test
    void whatLinesNameThatIsKeptSomewhereDecidesBeforeTheirModel() {
        String kept = send("/at-b/v1/files", form(lines("any", 1))).json().getString("id");
        String line = "{\"body\":{\"model\":\"gpt-mine\",\"input_file_id\":\"" + kept + "\"}}";
        Reply reply = send("/by-name/v1/files", form(line));
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(reply.header("x-sluice-service")).isEqualTo("b");
        assertThat(b.journal().last().text()).contains("\"model\":\"gpt-mine\"").doesNotContain(kept);
    }

    @Test
    void aFileWhoseModelsCannotBeSeenForCertainIsRefused() {
        String late = "--cut\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n--cut--\r\n";
        assertRefused(
                send("/at-b/v1/files", file("input.txt", lines("m", MANY)) + late),
                400,
                "\"purpose\" is said behind its first",
                "send it before the file");
        assertThat(send("/at-b/v1/files", file("input.jsonl", lines("m", MANY)) + late)
                        .status())
                .as("the name of the file tells as well")
                .isEqualTo(200);
        String second = file("second.jsonl", lines("m", 1));
        for (int number : new int[] {1, MANY}) {
            String two = form(lines("m", number)).replace("--cut--", second + "--cut--");
            assertRefused(send("/at-b/v1/files", two), 400, "it has two files");
            String cut = lines("m", number) + "{\"body\":\n{\"model\":\"m\"}}";
            assertRefused(
                    send("/at-b/v1/files", form(cut)),
                    400,
                    "line " + (number + 1) + " of the file ends inside an object (expected: a JSON object");
            assertRefused(
                    send("/at-b/v1/files", form(lines("m", number) + "{\"body\":")),
                    400,
                    "line " + (number + 1) + " of the file ends inside an object");
        }
    }

    private static String messages(String... models) {
        StringBuilder requests = new StringBuilder();
        for (String model : models)
            requests.append(requests.isEmpty() ? "" : ",")
                    .append("{\"custom_id\":\"1\",\"params\":{\"model\":\"")
                    .append(model)
                    .append("\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"claude-mine\"}]}}");
        return "{\"requests\":[" + requests + "]}";
    }

    @Test
    void aBatchOfMessagesIsSentWithTheNamesOfTheServiceThatItsFirstModelLeadsTo() {
        Reply reply =
                send(LIMITED, "/messages/v1/messages/batches", messages("claude-mine", "claude-4", "claude-mine"));
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(reply.header("x-sluice-service")).isEqualTo("claude");
        String longer = "claude-opus-of-a-longer-name";
        assertThat(a.journal().last().text()).isEqualTo(messages(longer, "claude-4", longer));
        UsageRecord record = gateway.record(reply.id());
        assertThat(record.askedModel() + " " + record.model()).isEqualTo("claude-mine " + longer);
        assertThat(send("/messages/v1/messages/batches", messages("kimi-k2")).header("x-sluice-service"))
                .isEqualTo("kimi");
    }

    @Test
    void aBatchOfMessagesIsRefusedForAnyOfItsModels() {
        int before = a.journal().size();
        assertRefused(
                send(LIMITED, "/messages/v1/messages/batches", messages("claude-4", "kimi-k2")),
                403,
                "requests[1]: ",
                "may not use model \"kimi-k2\"");
        assertRefused(
                send("/messages/v1/messages/batches", messages("claude-4", "kimi-k2")),
                400,
                "requests[1]: model \"kimi-k2\" is served by service \"kimi\"",
                "go to service \"claude\"");
        assertRefused(
                send("/messages/v1/messages/batches", messages("claude-4") + "x"),
                400,
                "the request body is not valid JSON");
        assertThat(a.journal().size()).as("nothing was sent").isEqualTo(before);
    }
}
