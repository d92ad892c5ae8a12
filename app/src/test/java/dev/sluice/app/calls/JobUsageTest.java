package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.Rule;
import dev.sluice.simulator.Simulator;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Batches and tasks that providers work on behind the call that began them are charged once, however often and wherever they are asked after. */
class JobUsageTest {
    private static final String BATCH =
            "body={\"object\":\"batch\",\"id\":\"batch_1\",\"status\":\"%s\",\"output_file_id\":\"file-out\",\"model\":\"gpt-4o\"%s}";
    private static final String USAGE =
            ",\"usage\":{\"input_tokens\":1000000,\"output_tokens\":2000000,\"total_tokens\":3000000}";
    private static final String LINE =
            "body={\"id\":\"batch_req_1\",\"custom_id\":\"a\",\"response\":{\"status_code\":200,\"body\":{\"model\":\"gpt-4o\",\"usage\":"
                    + "{\"prompt_tokens\":1000000,\"completion_tokens\":2000000,\"total_tokens\":3000000}}},\"error\":null}";

    private static final String RESPONSE =
            "body={\"object\":\"response\",\"id\":\"resp_1\",\"background\":true,\"status\":\"%s\",\"model\":\"gpt-4o-2024-08-06\",\"output\":[]%s}";
    private static final String IN_BACKGROUND =
            "{\"model\":\"gpt-4o\",\"input\":\"Say something long.\",\"background\":true,\"stream\":%s}";

    @TempDir
    Path folder;

    private Simulator provider;
    private GatewayUnderTest gateway;

    @BeforeEach
    void start() {
        provider = Simulator.start();
        gateway = restarted();
    }

    private GatewayUnderTest restarted() {
        return GatewayUnderTest.start(folder, """
                providerKeys:
                  - { name: claude, provider: anthropic, secret: sk-ant-provider }
                services:
                  - { name: openai, provider: openai, address: { url: "%1$s/v1" } }
                  - { name: claude, provider: anthropic, protocol: native, address: { url: "%1$s" }, keys: [claude] }
                  - { name: wan, provider: dashscope, protocol: native, address: { url: "%1$s" } }
                modelApis:
                  - { name: openai, basePath: /openai, routes: [/v1/files, /v1/batches, /v1/responses], distribution: { strategy: single, targets: [ { service: openai } ] } }
                  - { name: claude, basePath: /claude, protocol: anthropic, distribution: { strategy: single, targets: [ { service: claude } ] } }
                  - { name: wan, basePath: /wan, protocol: dashscope, useCase: video-generation,
                      distribution: { strategy: single, targets: [ { service: wan } ] } }
                prices:
                  - { provider: openai, model: "gpt-*", inputPerMillion: 2, outputPerMillion: 10, batchFactor: 0.5 }
                  - { provider: dashscope, model: "wan*", perSecond: 0.1, batchFactor: 0.5 }
                consumers:
                  - { name: caller, modelApis: [openai, claude, wan] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %2$s, quota: { tokensTotal: 5000000 } }
                """.formatted(provider.url(), GatewayUnderTest.KEY));
    }

    @AfterEach
    void stop() {
        gateway.close();
        provider.close();
    }

    private Reply get(String path) {
        return ended(gateway.get(
                path, "authorization", "Bearer " + GatewayUnderTest.KEY, "anthropic-version", "2023-06-01"));
    }

    /** Its usage record is written a moment after the answer. */
    private Reply ended(Reply reply) {
        gateway.record(reply.id());
        return reply;
    }

    private void answers(String rule) {
        provider.rules().clear();
        provider.rules().add(Rule.always(rule));
    }

    private JsonObject total() {
        return gateway.usage("consumer").getJsonArray("items").getJsonObject(0);
    }

    private void assertCharged(long calls) {
        JsonObject total = total();
        assertThat(total.getLong("inputTokens")).isEqualTo(1_000_000);
        assertThat(total.getLong("outputTokens")).isEqualTo(2_000_000);
        assertThat(total.getLong("costMicros")).as("half of 22").isEqualTo(11_000_000);
        assertThat(total.getLong("calls")).as("a batch is no call").isEqualTo(calls);
    }

    @Test
    void aBatchIsChargedOnceWhenItHasEndedAlsoAfterARestart() {
        answers(BATCH.formatted("in_progress", ""));
        get("/openai/v1/batches/batch_1");
        assertThat(total().getLong("totalTokens")).isZero();
        answers(BATCH.formatted("completed", USAGE));
        for (int i = 0; i < 3; i++)
            assertThat(get("/openai/v1/batches/batch_1").status()).isEqualTo(200);
        assertCharged(4);
        gateway.close();
        gateway = restarted();
        assertThat(get("/openai/v1/batches/batch_1").status()).isEqualTo(200);
        assertCharged(5);
        answers(LINE);
        assertThat(get("/openai/v1/files/file-out/content").text()).contains("batch_req_1");
        assertCharged(6);
    }

    @Test
    void aBatchThatTellsNoUsageIsChargedWhenItsOutputIsRead() {
        answers(BATCH.formatted("completed", ""));
        get("/openai/v1/batches/batch_1");
        answers(LINE);
        for (int i = 0; i < 2; i++) get("/openai/v1/files/file-out/content");
        assertCharged(3);
    }

    @Test
    void aBatchCountsAgainstTheQuotaOnce() {
        answers(BATCH.formatted("completed", USAGE));
        for (int i = 0; i < 3; i++)
            assertThat(get("/openai/v1/batches/batch_1").status()).isEqualTo(200);
        answers(BATCH.replace("batch_1", "batch_2")
                .replace("file-out", "file-two")
                .formatted("completed", USAGE));
        assertThat(get("/openai/v1/batches/batch_2").status()).isEqualTo(200);
        Reply refused = get("/openai/v1/batches/batch_2");
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.error().getString("code")).isEqualTo("insufficient_quota");
    }

    @Test
    void aResponseOfTheBackgroundIsChargedOnceWhenItHasEnded() {
        answers(RESPONSE.formatted("queued", ",\"usage\":null"));
        Reply made = ended(gateway.call("/openai/v1/responses", IN_BACKGROUND.formatted(false)));
        assertThat(made.status()).as(made.text()).isEqualTo(200);
        String path = "/openai/v1/responses/" + made.json().getString("id");
        answers(RESPONSE.formatted("in_progress", ",\"usage\":null"));
        get(path);
        assertThat(total().getLong("totalTokens")).isZero();
        answers(RESPONSE.formatted("completed", USAGE));
        for (int i = 0; i < 3; i++) get(path);
        JsonObject total = total();
        assertThat(total.getLong("totalTokens")).isEqualTo(3_000_000);
        assertThat(total.getLong("costMicros")).as("it is no batch").isEqualTo(22_000_000);
        assertThat(total.getLong("calls")).isEqualTo(5);
        assertThat(gateway.usage("model").getJsonArray("items").stream()
                        .map(JsonObject.class::cast)
                        .filter(item -> item.getLong("totalTokens") > 0)
                        .map(item -> item.getString("model")))
                .as("the model that was called, as prices name it")
                .containsExactly("gpt-4o");
    }

    @Test
    void aResponseOfTheBackgroundWhoseStreamIsReadToTheEndIsChargedByIt() {
        Reply stream = ended(gateway.call("/openai/v1/responses", IN_BACKGROUND.formatted(true)));
        assertThat(stream.text()).contains("response.completed");
        long used = total().getLong("totalTokens");
        assertThat(used).isPositive();
        assertThat(get("/openai/v1/responses/" + idIn(stream)).json().getString("status"))
                .isEqualTo("completed");
        assertThat(total().getLong("totalTokens")).isEqualTo(used);
    }

    @Test
    void whatABrokenStreamWasChargedIsTakenOffTheResponseThatWentOn() {
        answers("cut=6");
        Reply stream = ended(gateway.call("/openai/v1/responses", IN_BACKGROUND.formatted(true)));
        assertThat(stream.text()).doesNotContain("response.completed");
        long delivered = total().getLong("totalTokens");
        assertThat(delivered).isBetween(1L, 1_000L);
        answers(RESPONSE.replace("resp_1", vendorsId(idIn(stream))).formatted("completed", USAGE));
        for (int i = 0; i < 2; i++) get("/openai/v1/responses/" + idIn(stream));
        assertThat(total().getLong("totalTokens")).isEqualTo(3_000_000);
    }

    private static String idIn(Reply stream) {
        String text = stream.text();
        int from = text.indexOf("\"id\":\"resp_") + 6;
        return text.substring(from, text.indexOf('"', from));
    }

    private static String vendorsId(String sealed) {
        return "resp_" + sealed.substring("resp_slc1".length() + 28);
    }

    @Test
    void aBatchOfMessagesIsChargedByModelWhenItsResultsAreRead() {
        String request = "{\"custom_id\":\"%1$s\",\"params\":{\"model\":\"%1$s\",\"max_tokens\":9,\"messages\":[]}}";
        Reply made = gateway.call(
                "/claude/v1/messages/batches",
                "{\"requests\":[" + request.formatted("claude-a") + "," + request.formatted("claude-b") + ","
                        + request.formatted("claude-a") + "]}",
                "anthropic-version",
                "2023-06-01");
        String id = made.json().getString("id");
        for (int i = 0; i < 2; i++)
            assertThat(get("/claude/v1/messages/batches/" + id + "/results").status())
                    .isEqualTo(200);
        assertThat(gateway.usage("model").getJsonArray("items").stream()
                        .map(JsonObject.class::cast)
                        .filter(item -> item.getLong("totalTokens") > 0)
                        .map(item -> item.getString("model") + " " + item.getLong("inputTokens") + "+"
                                + item.getLong("outputTokens")))
                .containsExactlyInAnyOrder("claude-a 8+10", "claude-b 4+5");
    }

    @Test
    void aTaskIsChargedOnceWhenItHasSucceededAtThePriceOfItsModel() {
        answers("body={\"output\":{\"task_id\":\"t1\",\"task_status\":\"PENDING\"},\"request_id\":\"r\"}");
        Reply made = gateway.call(
                "/wan/api/v1/services/aigc/video-generation/video-synthesis",
                "{\"model\":\"wan2.2-t2v-plus\",\"input\":{\"prompt\":\"a\"}}",
                "x-dashscope-async",
                "enable");
        assertThat(made.status()).as(made.text()).isEqualTo(200);
        String task = made.json().getJsonObject("output").getString("task_id");
        answers("body={\"output\":{\"task_id\":\"t1\",\"task_status\":\"FAILED\"},\"usage\":{\"video_duration\":5}}");
        get("/wan/api/v1/tasks/" + task);
        assertThat(total().getLong("videoSeconds")).isZero();
        answers(
                "body={\"output\":{\"task_id\":\"t1\",\"task_status\":\"SUCCEEDED\",\"video_url\":\"u\"},\"usage\":{\"video_duration\":5}}");
        for (int i = 0; i < 3; i++) get("/wan/api/v1/tasks/" + task);
        assertThat(total().getLong("videoSeconds")).isEqualTo(5);
        assertThat(total().getLong("costMicros")).as("a task is no batch").isEqualTo(500_000);
    }
}
