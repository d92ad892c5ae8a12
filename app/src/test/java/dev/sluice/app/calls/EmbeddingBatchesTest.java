package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.ReceivedCall;
import dev.sluice.simulator.Rule;
import dev.sluice.simulator.Simulator;
import dev.sluice.simulator.voice.Vector;
import dev.sluice.traffic.usage.Outcome;
import dev.sluice.traffic.usage.Provenance;
import dev.sluice.traffic.usage.UsageRecord;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Embeddings of more inputs than the provider takes in one call. The simulated providers refuse what is too long. */
class EmbeddingBatchesTest {
    private static final int DIMENSIONS = 256;

    @TempDir
    static Path folder;

    private static Simulator provider;
    private static GatewayUnderTest gateway;

    @BeforeAll
    static void start() {
        provider = Simulator.start();
        gateway = GatewayUnderTest.start(folder, """
                consumers:
                  - { name: caller, modelApis: [embeddings] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %2$s }
                services:
                  - { name: gemini, provider: gemini, protocol: native, address: { url: "%1$s" } }
                  - { name: vertex, provider: vertex-ai, protocol: native, address: { url: "%1$s" }, options: { projectId: p-1 } }
                  - { name: dashscope, provider: dashscope, protocol: native, address: { url: "%1$s" } }
                  - { name: cohere, provider: cohere, protocol: native, address: { url: "%1$s" } }
                  - { name: voyage, provider: voyage, protocol: native, address: { url: "%1$s/voyage/v1" } }
                modelApis:
                  - name: embeddings
                    routes: [/v1/embeddings, "/v1beta/models/{model}:batchEmbedContents"]
                    distribution:
                      strategy: by-model-name
                      targets:
                        - { pattern: "text-embedding-v*", service: dashscope }
                        - { pattern: "embed-*", service: cohere }
                        - { pattern: "voyage-*", service: voyage }
                        - { pattern: "gemini-embedding-exp*", service: gemini }
                        - { pattern: "*", service: vertex }
                """.formatted(provider.url(), GatewayUnderTest.KEY));
    }

    @AfterEach
    void forget() {
        provider.rules().clear();
        provider.journal().clear();
    }

    @AfterAll
    static void stop() {
        gateway.close();
        provider.close();
    }

    private static List<String> texts(int count) {
        return IntStream.range(0, count).mapToObj(i -> "text number " + i).toList();
    }

    private static String body(String model, List<String> texts) {
        return new JsonObject()
                .put("model", model)
                .put("input", new JsonArray(texts))
                .put("dimensions", DIMENSIONS)
                .encode();
    }

    private static Reply ask(String model, int count) {
        return gateway.call("/v1/embeddings", body(model, texts(count)));
    }

    private static void hasTheVectorOfEachText(Reply reply, int count) {
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        JsonArray data = reply.json().getJsonArray("data");
        assertThat(data).hasSize(count);
        List<String> texts = texts(count);
        for (int i = 0; i < count; i++) {
            assertThat(data.getJsonObject(i).getInteger("index")).isEqualTo(i);
            assertThat(EmbeddingsTest.Client.floats(data.getJsonObject(i).getJsonArray("embedding")))
                    .isEqualTo(Vector.of(texts.get(i), DIMENSIONS).values());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "text-embedding-v4,         23, 3, text-embedding",
        "text-embedding-v2,         51, 3, text-embedding",
        "embed-v4.0,                97, 2, /v2/embed",
        "voyage-4,               1001, 2, /voyage/v1/embeddings",
        "gemini-embedding-exp,     101, 2, models/gemini-embedding-exp:batchEmbedContents",
        "text-embedding-005,       251, 2, models/text-embedding-005:predict",
        "gemini-embedding-001,      12, 12, models/gemini-embedding-001:predict",
        "gemini-embedding-2,        12, 12, models/gemini-embedding-2:embedContent",
        "gemini-embedding-2-preview, 1, 1, models/gemini-embedding-2-preview:embedContent",
        "embed-v4.0,                96, 1, /v2/embed",
    })
    void manyInputsGoInSeveralCallsOfOneAttempt(String model, int count, int calls, String path) {
        Reply reply = ask(model, count);
        hasTheVectorOfEachText(reply, count);
        List<ReceivedCall> received = provider.journal().calls();
        assertThat(received).hasSize(calls).allMatch(call -> call.path().endsWith(path));
        UsageRecord record = gateway.record(reply.id());
        assertThat(record.attempts()).isEqualTo(1);
        assertThat(record.outcome()).isEqualTo(Outcome.COMPLETED);
        Usage billed = received.stream().map(ReceivedCall::billed).reduce(Usage.ZERO, Usage::plus);
        if (model.equals("gemini-embedding-exp")) {
            assertThat(record.provenance()).isEqualTo(Provenance.ESTIMATED);
        } else {
            assertThat(record.provenance()).isEqualTo(Provenance.REPORTED);
            assertThat(record.usage()).isEqualTo(billed);
            assertThat(reply.json().getJsonObject("usage").getLong("prompt_tokens"))
                    .isEqualTo(billed.inputTokens());
        }
    }

    @Test
    void aBatchOfGeminisOwnIsSplitForAnotherProvider() {
        JsonArray requests = new JsonArray();
        for (String text : texts(25)) requests.add(EmbeddingsTest.Client.gemini(text));
        Reply reply = gateway.call(
                "/v1beta/models/text-embedding-v3:batchEmbedContents",
                new JsonObject().put("requests", requests).encode());
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(reply.json().getJsonArray("embeddings")).hasSize(25);
        assertThat(provider.journal().size()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"0, status=429, 429, 1", "1, status=500, 502, 2", "2, status=400, 400, 3", "1, malformed, 502, 3"})
    void oneCallThatFailsFailsAll(int well, String fault, int status, int atLeast) {
        provider.rules().add(Rule.always(fault).after(well).times(1));
        Reply reply = ask("text-embedding-v4", 30);
        assertThat(reply.status()).as(reply.text()).isEqualTo(status);
        assertThat(reply.error().getString("message")).isNotEmpty();
        UsageRecord record = gateway.record(reply.id());
        assertThat(record.usage()).isEqualTo(Usage.ZERO);
        assertThat(provider.journal().size()).isGreaterThanOrEqualTo(atLeast);
        if (well == 0) assertThat(provider.journal().size()).isEqualTo(1);
    }

    @Test
    void fourCallsAreOpenAtOnceAndCancelledWhenTheClientLeaves() throws Exception {
        provider.rules().add(Rule.always("hang").after(1));
        try (RawConnection client = gateway.connect()) {
            client.post("/v1/embeddings", body("text-embedding-v4", texts(100)), "");
            provider.journal().await(_ -> provider.journal().size() == 5).get(10, TimeUnit.SECONDS);
        }
        for (ReceivedCall call : provider.journal().calls().subList(1, 5)) {
            provider.journal().awaitCancellation(call.number()).get(10, TimeUnit.SECONDS);
        }
        provider.rules().clear();
        hasTheVectorOfEachText(ask("text-embedding-v4", 1), 1);
        assertThat(provider.journal().size()).isEqualTo(6);
    }

    @Test
    void moreInputsThanCallsAllowAreRefusedWithTheLimit() {
        Reply reply = ask("gemini-embedding-001", 101);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.error().getString("param")).isEqualTo("input");
        assertThat(reply.error().getString("message")).contains("1 input of model", "100 inputs or fewer");
        assertThat(provider.journal().size()).isZero();
    }
}
