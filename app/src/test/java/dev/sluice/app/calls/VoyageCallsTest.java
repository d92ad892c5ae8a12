package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.Rule;
import dev.sluice.simulator.Simulator;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Embeddings and rerank of Voyage AI for clients of other forms, with answers as its documentation has them. */
class VoyageCallsTest {
    @TempDir
    static Path folder;

    private static Simulator provider;
    private static GatewayUnderTest gateway;

    @BeforeAll
    static void start() {
        provider = Simulator.start();
        gateway = GatewayUnderTest.start(folder, """
                services:
                  - { name: voyage, provider: voyage, protocol: native, address: { url: "%1$s/v1" } }
                modelApis:
                  - name: voyage
                    routes: [/v1/embeddings, "/v1beta/models/{model}:embedContent", /v1/rerank, /v1/chat/completions]
                    distribution: { strategy: single, targets: [ { service: voyage } ] }
                consumers:
                  - { name: caller, modelApis: [voyage] }
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
        provider.rules().clear();
        provider.journal().clear();
    }

    private static void answers(String body) {
        provider.rules().add(Rule.always("body=" + body));
    }

    @Test
    void clientsOfOpenAiGetVectors() {
        answers("{\"object\":\"list\",\"data\":[{\"object\":\"embedding\",\"embedding\":[0.5,-1],\"index\":0}],"
                + "\"model\":\"voyage-4\",\"usage\":{\"total_tokens\":3}}");
        Reply reply = gateway.call(
                "/v1/embeddings",
                "{\"model\":\"voyage-4\",\"input\":\"Hello\",\"dimensions\":2,\"encoding_format\":\"float\"}");
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(reply.json().getJsonArray("data").getJsonObject(0).getJsonArray("embedding"))
                .isEqualTo(JsonArray.of(0.5, -1));
        assertThat(gateway.record(reply.id()).usage()).isEqualTo(Usage.of(3, 0));
        assertThat(provider.journal().last().json())
                .isEqualTo(new JsonObject("{\"model\":\"voyage-4\",\"input\":[\"Hello\"],\"output_dimension\":2}"));
    }

    @Test
    void clientsOfGeminiSayWhatTheirVectorsAreFor() {
        answers("{\"object\":\"list\",\"data\":[{\"object\":\"embedding\",\"embedding\":[0.5,-1],\"index\":0}],"
                + "\"model\":\"voyage-4\",\"usage\":{\"total_tokens\":3}}");
        Reply reply = gateway.call(
                "/v1beta/models/voyage-4:embedContent",
                "{\"content\":{\"parts\":[{\"text\":\"Hello\"}]},\"taskType\":\"RETRIEVAL_QUERY\"}");
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(reply.json().getJsonObject("embedding").getJsonArray("values"))
                .isEqualTo(JsonArray.of(0.5, -1));
        assertThat(provider.journal().last().json().getString("input_type")).isEqualTo("query");
    }

    @Test
    void clientsOfJinaGetRanksBestFirst() {
        answers(
                "{\"object\":\"list\",\"data\":[{\"relevance_score\":0.25,\"index\":0},{\"relevance_score\":0.75,\"index\":1}],"
                        + "\"model\":\"rerank-2.5\",\"usage\":{\"total_tokens\":26}}");
        Reply reply = gateway.call(
                "/v1/rerank",
                "{\"model\":\"rerank-2.5\",\"query\":\"q\",\"documents\":[\"a\",\"b\"],\"top_n\":1,\"return_documents\":true}");
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        JsonArray results = reply.json().getJsonArray("results");
        assertThat(results).hasSize(1);
        assertThat(results.getJsonObject(0).getInteger("index")).isEqualTo(1);
        assertThat(results.getJsonObject(0).getJsonObject("document").getString("text"))
                .isEqualTo("b");
        assertThat(provider.journal().last().json().getInteger("top_k")).isEqualTo(1);
    }

    @Test
    void itsErrorsAreTold() {
        provider.rules().add(Rule.always("status=400;body={\"detail\":\"The model is not known.\"}"));
        Reply reply = gateway.call("/v1/embeddings", "{\"model\":\"voyage-4\",\"input\":\"Hello\"}");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.error().getString("message")).isEqualTo("The model is not known.");
    }

    @Test
    void itDoesNotTalk() {
        Reply reply = gateway.call("/v1/chat/completions", GatewayUnderTest.chat());
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.error().getString("message")).contains("provider voyage", "operation chat-completions");
        assertThat(provider.journal().size()).isZero();
    }
}
