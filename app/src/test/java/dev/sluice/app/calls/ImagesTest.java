package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.ReceivedCall;
import dev.sluice.simulator.Rule;
import dev.sluice.simulator.Simulator;
import dev.sluice.traffic.usage.Outcome;
import dev.sluice.traffic.usage.UsageRecord;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pictures of DashScope for clients of OpenAI's images, which wait, and for its own clients, which ask after their tasks. */
class ImagesTest {
    private static final String TASKS = "/api/v1/tasks/";

    @TempDir
    static Path folder;

    private static Simulator provider;
    private static Simulator other;
    private static GatewayUnderTest gateway;

    @BeforeAll
    static void start() {
        provider = Simulator.start();
        other = Simulator.start();
        gateway = GatewayUnderTest.start(folder, """
                consumers:
                  - { name: caller, modelApis: [drawing, short, both, openai] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %2$s }
                services:
                  - name: drawing
                    provider: dashscope
                    protocol: native
                    address: { url: "%1$s" }
                    modelPolicy: { mapping: { mine: wanx }, remoteMedia: { mode: inline, allowPrivateAddresses: true } }
                  - { name: short, provider: dashscope, protocol: native, address: { url: "%1$s" }, timeouts: { totalMs: 400 } }
                  - { name: strict, provider: dashscope, protocol: native, address: { url: "%1$s" } }
                  - { name: other, provider: dashscope, protocol: native, address: { url: "%3$s" } }
                  - { name: openai, address: { url: "%1$s/v1" } }
                modelApis:
                  - { name: drawing, routes: [/v1/images/generations],
                      distribution: { strategy: single, targets: [ { service: drawing } ] } }
                  - { name: short, basePath: /short, routes: [/v1/images/generations],
                      distribution: { strategy: single, targets: [ { service: short } ] } }
                  - { name: openai, basePath: /openai, routes: [/api/v1/services/aigc/text2image/image-synthesis, /api/v1/services/aigc/video-generation/video-synthesis],
                      distribution: { strategy: single, targets: [ { service: openai } ] } }
                  - name: both
                    basePath: /both
                    routes: [/v1/images/generations, /api/v1/services/aigc/text2image/image-synthesis,
                      /api/v1/services/aigc/image2image/image-synthesis, /api/v1/services/aigc/video-generation/video-synthesis,
                      /api/v1/services/aigc/image2video/video-synthesis, /api/v1/tasks]
                    distribution: { strategy: by-model-name, targets: [ { pattern: "other*", service: other }, { pattern: "*", service: strict } ] }
                """.formatted(provider.url(), GatewayUnderTest.KEY, other.url()));
    }

    @AfterEach
    void forget() {
        provider.rules().clear();
        provider.journal().clear();
        other.journal().clear();
    }

    @AfterAll
    static void stop() {
        gateway.close();
        provider.close();
        other.close();
    }

    private static Reply asked(String id) {
        return gateway.get("/both" + TASKS + id, "authorization", "Bearer " + GatewayUnderTest.KEY);
    }

    private static List<String> paths() {
        return provider.journal().calls().stream()
                .map(call -> call.method() + " " + call.path().replaceAll("tasks/[^/]*", "tasks/ID"))
                .toList();
    }

    @Test
    void theGatewayAsksAfterATaskUntilItIsDone() {
        Reply reply = gateway.call(
                "/v1/images/generations", "{\"model\":\"mine\",\"prompt\":\"a red fox\",\"n\":2,\"size\":\"512x768\"}");
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        JsonArray pictures = reply.json().getJsonArray("data");
        assertThat(pictures).hasSize(2);
        assertThat(pictures.getJsonObject(0).getString("url")).startsWith("http://");
        assertThat(reply.json().getLong("created")).isPositive();
        List<ReceivedCall> calls = provider.journal().calls();
        assertThat(paths())
                .startsWith("POST /api/v1/services/aigc/text2image/image-synthesis", "GET /api/v1/tasks/ID")
                .hasSize(4);
        assertThat(calls.getFirst().header("x-dashscope-async")).hasValue("enable");
        assertThat(calls.getFirst().json().getJsonObject("parameters").getString("size"))
                .isEqualTo("512*768");
        UsageRecord record = gateway.record(reply.id());
        assertThat(record.askedModel()).isEqualTo("mine");
        assertThat(record.model()).isEqualTo("wanx");
        assertThat(record.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(record.attempts()).isEqualTo(1);
        assertThat(record.units().images()).isEqualTo(2);
    }

    @Test
    void aClientThatWantsThePicturesThemselvesGetsThem() {
        Reply reply = gateway.call(
                "/v1/images/generations", "{\"model\":\"mine\",\"prompt\":\"x\",\"response_format\":\"b64_json\"}");
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        JsonObject picture = reply.json().getJsonArray("data").getJsonObject(0);
        assertThat(picture.containsKey("url")).isFalse();
        assertThat(Base64.getDecoder().decode(picture.getString("b64_json"))).startsWith(0x89, 'P', 'N', 'G');
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen-image-plus", "z-image-turbo"})
    void aModelThatDrawsAtOnceIsAskedOnce(String model) {
        Reply reply = gateway.call(
                "/v1/images/generations",
                "{\"model\":\"" + model
                        + "\",\"prompt\":\"a red fox\",\"n\":2,\"size\":\"512x768\",\"negative_prompt\":\"fog\"}");
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        JsonArray pictures = reply.json().getJsonArray("data");
        assertThat(pictures).hasSize(2);
        assertThat(pictures.getJsonObject(1).getString("url"))
                .startsWith("http://")
                .endsWith("-1.png");
        assertThat(paths()).containsExactly("POST /api/v1/services/aigc/multimodal-generation/generation");
        ReceivedCall call = provider.journal().last();
        assertThat(call.header("x-dashscope-async")).isEmpty();
        assertThat(call.json().getJsonObject("parameters"))
                .isEqualTo(new JsonObject()
                        .put("negative_prompt", "fog")
                        .put("size", "512*768")
                        .put("n", 2));
        UsageRecord record = gateway.record(reply.id());
        assertThat(record.model()).isEqualTo(model);
        assertThat(record.units().images()).isEqualTo(2);
    }

    @Test
    void whatIsDrawnAtOnceIsFetchedForAClientThatWantsIt() {
        Reply reply = gateway.call(
                "/v1/images/generations",
                "{\"model\":\"qwen-image\",\"prompt\":\"x\",\"response_format\":\"b64_json\"}");
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        JsonObject picture = reply.json().getJsonArray("data").getJsonObject(0);
        assertThat(Base64.getDecoder().decode(picture.getString("b64_json"))).startsWith(0x89, 'P', 'N', 'G');
    }

    @Test
    void aRefusalToDrawAtOnceIsTold() {
        provider.rules().add(Rule.always("finish=content_filter").forModel("qwen-image"));
        Reply reply = gateway.call("/v1/images/generations", "{\"model\":\"qwen-image\",\"prompt\":\"x\"}");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.error().getString("message")).isNotEmpty();
        assertThat(paths()).hasSize(1);
    }

    @Test
    void picturesAreNotFetchedFromPrivateAddresses() {
        Reply reply = gateway.call(
                "/both/v1/images/generations", "{\"model\":\"wan\",\"prompt\":\"x\",\"response_format\":\"b64_json\"}");
        assertThat(reply.status()).isEqualTo(502);
        assertThat(reply.error().getString("message")).contains("cannot be fetched");
    }

    @Test
    void aTaskThatFailsIsToldOnceAndNotBegunAgain() {
        provider.rules().add(Rule.always("finish=content_filter").forModel("wanx"));
        Reply reply = gateway.call("/v1/images/generations", "{\"model\":\"mine\",\"prompt\":\"x\"}");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.error().getString("message")).contains("inappropriate");
        assertThat(paths().stream().filter(path -> path.startsWith("POST"))).hasSize(1);
    }

    @Test
    void aTaskThatTakesTooLongIsCancelled() throws Exception {
        Reply reply = gateway.call("/short/v1/images/generations", "{\"model\":\"wan\",\"prompt\":\"x\"}");
        assertThat(reply.status()).isEqualTo(504);
        provider.journal().await(call -> call.path().endsWith("/cancel")).get(10, TimeUnit.SECONDS);
        assertThat(paths().stream().filter(path -> path.endsWith("image-synthesis")))
                .hasSize(1);
    }

    @Test
    void aTaskWhoseClientLeavesIsCancelled() throws Exception {
        String body = "{\"model\":\"mine\",\"prompt\":\"x\"}";
        try (RawConnection client = gateway.connect()) {
            client.post("/v1/images/generations", body, "");
            provider.journal().await(call -> call.path().startsWith(TASKS)).get(10, TimeUnit.SECONDS);
        }
        provider.journal().await(call -> call.path().endsWith("/cancel")).get(10, TimeUnit.SECONDS);
    }

    @Test
    void aQuestionThatGoesUnansweredIsAskedAgain() {
        provider.rules()
                .add(Rule.always("status=503").forPath("/api/v1/tasks/*").times(1));
        Reply reply = gateway.call("/v1/images/generations", "{\"model\":\"mine\",\"prompt\":\"x\"}");
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(paths()).hasSize(5);
    }

    @Test
    void whatCannotBeSaidIsRefusedAndNamed() {
        Reply reply =
                gateway.call("/v1/images/generations", "{\"model\":\"mine\",\"prompt\":\"x\",\"quality\":\"hd\"}");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.error().getString("param")).isEqualTo("quality");
        Reply task = gateway.call(
                "/openai/api/v1/services/aigc/text2image/image-synthesis",
                "{\"model\":\"dall-e-3\",\"input\":{\"prompt\":\"x\"}}");
        assertThat(task.status()).isEqualTo(400);
        assertThat(task.json().getString("message"))
                .isEqualTo("tasks of DashScope can only be begun at a provider that has them; call its own models, "
                        + "or ask for pictures in the OpenAI protocol");
        Reply film = gateway.call(
                "/openai/api/v1/services/aigc/video-generation/video-synthesis",
                "{\"model\":\"dall-e-3\",\"input\":{\"prompt\":\"x\"}}");
        assertThat(film.status()).isEqualTo(400);
        assertThat(film.json().getString("message"))
                .contains("has nothing like operation dashscope-video", "video-synthesis");
        assertThat(provider.journal().size()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "text2image/image-synthesis, results",
        "image2image/image-synthesis, results",
        "video-generation/video-synthesis, video_url",
        "image2video/video-synthesis, video_url",
    })
    void tasksOfDashScopesOwnClientsAreFoundWhereTheyWereBegun(String path, String product) {
        String body = "{\"model\":\"other-1\",\"input\":{\"prompt\":\"x\"} }";
        Reply begun = gateway.call("/both/api/v1/services/aigc/" + path, body, "x-dashscope-async", "enable");
        assertThat(begun.status()).as(begun.text()).isEqualTo(200);
        assertThat(other.journal().last().text()).isEqualTo(body);
        assertThat(other.journal().last().path()).isEqualTo("/api/v1/services/aigc/" + path);
        assertThat(gateway.record(begun.id()).model()).isEqualTo("other-1");
        String id = begun.json().getJsonObject("output").getString("task_id");
        JsonObject output = new JsonObject();
        for (int i = 0; i < 3; i++) {
            Reply reply = asked(id);
            assertThat(reply.status()).as(reply.text()).isEqualTo(200);
            output = reply.json().getJsonObject("output");
            assertThat(output.getString("task_id")).isEqualTo(id);
        }
        assertThat(output.getString("task_status")).isEqualTo("SUCCEEDED");
        assertThat(output.containsKey(product)).isTrue();
        assertThat(provider.journal().size()).isZero();
    }

    @Test
    void aTaskOfAnOwnClientCanBeCancelled() {
        Reply begun = gateway.call(
                "/both/api/v1/services/aigc/text2image/image-synthesis",
                "{\"model\":\"other-1\",\"input\":{\"prompt\":\"x\"}}",
                "x-dashscope-async",
                "enable");
        String id = begun.json().getJsonObject("output").getString("task_id");
        assertThat(gateway.call("/both" + TASKS + id + "/cancel", "").status()).isEqualTo(200);
        assertThat(asked(id).json().getJsonObject("output").getString("task_status"))
                .isEqualTo("CANCELED");
    }
}
