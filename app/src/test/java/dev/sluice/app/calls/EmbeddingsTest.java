package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.ReceivedCall;
import dev.sluice.simulator.Rule;
import dev.sluice.simulator.Simulator;
import dev.sluice.simulator.voice.Vector;
import dev.sluice.traffic.usage.Provenance;
import dev.sluice.traffic.usage.UsageRecord;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Embeddings: every protocol of clients over every protocol of upstreams. */
class EmbeddingsTest {
    private static final List<String> UPSTREAMS =
            List.of("openai", "gemini", "vertex", "dashscope", "cohere", "voyage");
    private static final int DIMENSIONS = 256;

    @TempDir
    static Path folder;

    private static EachService each;
    private static Simulator provider;
    private static GatewayUnderTest gateway;

    @BeforeAll
    static void start() {
        String policy = "modelPolicy: { mapping: { mine: its }, allowedModels: [mine, its] }";
        each = EachService.start(
                folder,
                "[/v1/embeddings, /v2/embed, \"/v1beta/models/{model}:embedContent\", \"/v1beta/models/{model}:batchEmbedContents\","
                        + " /api/v1/services/embeddings/text-embedding/text-embedding,"
                        + " /api/v1/services/embeddings/multimodal-embedding/multimodal-embedding]",
                List.of(
                        "{ name: openai, address: { url: \"%s/v1\" }, " + policy + " }",
                        "{ name: gemini, provider: gemini, protocol: native, address: { url: \"%s\" }, " + policy
                                + " }",
                        "{ name: vertex, provider: vertex-ai, protocol: native, address: { url: \"%s\" }, options: { projectId: p-1 }, "
                                + policy + " }",
                        "{ name: dashscope, provider: dashscope, protocol: native, address: { url: \"%s\" }, " + policy
                                + " }",
                        "{ name: cohere, provider: cohere, protocol: native, address: { url: \"%s\" }, " + policy
                                + " }",
                        "{ name: voyage, provider: voyage, protocol: native, address: { url: \"%s/voyage/v1\" }, "
                                + policy + " }"));
        provider = each.provider();
        gateway = each.gateway();
    }

    @AfterEach
    void forget() {
        provider.rules().clear();
    }

    @AfterAll
    static void stop() {
        each.close();
    }

    /** How a client asks for vectors and finds them. */
    enum Client {
        OPENAI {
            @Override
            Reply ask(String upstream, String model, List<String> texts) {
                return gateway.call(
                        "/" + upstream + "/v1/embeddings", openai(model, texts).encode());
            }

            @Override
            List<float[]> vectors(JsonObject answer) {
                return objects(answer.getJsonArray("data"))
                        .map(one -> floats(one.getJsonArray("embedding")))
                        .toList();
            }

            @Override
            String error(JsonObject body) {
                return body.getJsonObject("error").getString("message");
            }
        },
        OPENAI_BASE64 {
            @Override
            Reply ask(String upstream, String model, List<String> texts) {
                return gateway.call(
                        "/" + upstream + "/v1/embeddings",
                        openai(model, texts).put("encoding_format", "base64").encode());
            }

            @Override
            List<float[]> vectors(JsonObject answer) {
                return objects(answer.getJsonArray("data"))
                        .map(one -> decoded(one.getString("embedding")))
                        .toList();
            }

            @Override
            String error(JsonObject body) {
                return OPENAI.error(body);
            }
        },
        GEMINI {
            @Override
            Reply ask(String upstream, String model, List<String> texts) {
                JsonArray requests = new JsonArray();
                for (String text : texts) requests.add(gemini(text).put("model", "models/" + model));
                return gateway.call(
                        "/" + upstream + "/v1beta/models/" + model + ":batchEmbedContents",
                        new JsonObject().put("requests", requests).encode());
            }

            @Override
            List<float[]> vectors(JsonObject answer) {
                return objects(answer.getJsonArray("embeddings"))
                        .map(one -> floats(one.getJsonArray("values")))
                        .toList();
            }

            @Override
            String error(JsonObject body) {
                assertThat(body.getJsonObject("error").getString("status")).isNotEmpty();
                return body.getJsonObject("error").getString("message");
            }
        },
        DASHSCOPE {
            @Override
            Reply ask(String upstream, String model, List<String> texts) {
                JsonObject body = new JsonObject()
                        .put("model", model)
                        .put("input", new JsonObject().put("texts", new JsonArray(texts)))
                        .put("parameters", new JsonObject().put("dimension", DIMENSIONS));
                return gateway.call(
                        "/" + upstream + "/api/v1/services/embeddings/text-embedding/text-embedding", body.encode());
            }

            @Override
            List<float[]> vectors(JsonObject answer) {
                return objects(answer.getJsonObject("output").getJsonArray("embeddings"))
                        .map(one -> floats(one.getJsonArray("embedding")))
                        .toList();
            }

            @Override
            String error(JsonObject body) {
                return body.getString("message");
            }
        },
        COHERE {
            @Override
            Reply ask(String upstream, String model, List<String> texts) {
                JsonObject body = new JsonObject()
                        .put("model", model)
                        .put("texts", new JsonArray(texts))
                        .put("input_type", "search_document")
                        .put("embedding_types", new JsonArray().add("float").add("base64"))
                        .put("output_dimension", DIMENSIONS);
                return gateway.call("/" + upstream + "/v2/embed", body.encode());
            }

            @Override
            List<float[]> vectors(JsonObject answer) {
                JsonArray numbers = answer.getJsonObject("embeddings").getJsonArray("float");
                JsonArray encoded = answer.getJsonObject("embeddings").getJsonArray("base64");
                List<float[]> vectors =
                        numbers.stream().map(one -> floats((JsonArray) one)).toList();
                for (int i = 0; i < vectors.size(); i++) {
                    assertThat(decoded(encoded.getString(i))).isEqualTo(vectors.get(i));
                }
                return vectors;
            }

            @Override
            String error(JsonObject body) {
                return body.getString("message");
            }
        };

        abstract Reply ask(String upstream, String model, List<String> texts);

        abstract List<float[]> vectors(JsonObject answer);

        abstract String error(JsonObject body);

        private static JsonObject openai(String model, List<String> texts) {
            return new JsonObject()
                    .put("model", model)
                    .put("input", new JsonArray(texts))
                    .put("dimensions", DIMENSIONS);
        }

        static JsonObject gemini(String text) {
            return new JsonObject()
                    .put(
                            "content",
                            new JsonObject().put("parts", new JsonArray().add(new JsonObject().put("text", text))))
                    .put("outputDimensionality", DIMENSIONS);
        }

        private static Stream<JsonObject> objects(JsonArray array) {
            return array.stream().map(JsonObject.class::cast);
        }

        static float[] floats(JsonArray numbers) {
            float[] floats = new float[numbers.size()];
            IntStream.range(0, floats.length).forEach(i -> floats[i] = numbers.getFloat(i));
            return floats;
        }

        private static float[] decoded(String base64) {
            ByteBuffer bytes =
                    ByteBuffer.wrap(Base64.getDecoder().decode(base64)).order(ByteOrder.LITTLE_ENDIAN);
            float[] floats = new float[bytes.remaining() / Float.BYTES];
            IntStream.range(0, floats.length).forEach(i -> floats[i] = bytes.getFloat());
            return floats;
        }
    }

    static Stream<Arguments> pairs() {
        return Stream.of(Client.values())
                .flatMap(client -> UPSTREAMS.stream().map(upstream -> Arguments.of(client, upstream)));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void aClientGetsTheVectorsOfItsTexts(Client client, String upstream) {
        List<String> texts = List.of("alpha beta", "Grüße", "世界");
        Reply reply = client.ask(upstream, "mine", texts);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        List<float[]> vectors = client.vectors(reply.json());
        assertThat(vectors).hasSize(3);
        for (int i = 0; i < 3; i++) {
            assertThat(vectors.get(i))
                    .isEqualTo(Vector.of(texts.get(i), DIMENSIONS).values());
        }
        ReceivedCall received = provider.journal().last();
        assertThat(received.model()).isEqualTo("its");
        UsageRecord record = gateway.record(reply.id());
        assertThat(record.askedModel()).isEqualTo("mine");
        assertThat(record.model()).isEqualTo("its");
        if (upstream.equals("gemini")) {
            assertThat(record.provenance()).isEqualTo(Provenance.ESTIMATED);
            assertThat(record.usage().inputTokens()).isPositive();
        } else {
            assertThat(record.provenance()).isEqualTo(Provenance.REPORTED);
            assertThat(record.usage()).isEqualTo(received.billed());
        }
        assertThat(record.usage().outputTokens()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai", "gemini", "vertex", "dashscope", "cohere", "voyage"})
    void aSingleContentHasASingleVector(String upstream) {
        Reply reply = gateway.call(
                "/" + upstream + "/v1beta/models/mine:embedContent",
                Client.gemini("alpha beta").encode());
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        JsonArray values = reply.json().getJsonObject("embedding").getJsonArray("values");
        assertThat(Client.floats(values))
                .isEqualTo(Vector.of("alpha beta", DIMENSIONS).values());
    }

    @Test
    void aBatchOfGeminiNamesTheMappedModelInEachRequest() {
        Client.GEMINI.ask("gemini", "mine", List.of("a", "b"));
        ReceivedCall received = provider.journal().last();
        assertThat(received.path()).isEqualTo("/v1beta/models/its:batchEmbedContents");
        assertThat(received.json().getJsonArray("requests"))
                .extracting(request -> ((JsonObject) request).getString("model"))
                .containsExactly("models/its", "models/its");
        gateway.call(
                "/gemini/v1beta/models/mine:embedContent", "{ \"content\":{\"parts\":[{\"text\":\"a\"}]} , \"x\":1}");
        assertThat(provider.journal().last().path()).isEqualTo("/v1beta/models/its:embedContent");
        assertThat(provider.journal().last().text())
                .isEqualTo("{ \"content\":{\"parts\":[{\"text\":\"a\"}]} , \"x\":1}");
    }

    @ParameterizedTest
    @EnumSource(Client.class)
    void aModelThatIsNotAllowedIsRefusedInTheClientsForm(Client client) {
        Reply reply = client.ask("cohere", "other", List.of("a"));
        assertThat(reply.status()).isEqualTo(404);
        assertThat(client.error(reply.json())).contains("\"other\"");
    }

    @ParameterizedTest
    @EnumSource(Client.class)
    void anErrorOfTheUpstreamIsToldInTheClientsForm(Client client) {
        provider.rules().next(1, "status=400");
        Reply reply = client.ask("vertex", "mine", List.of("a"));
        assertThat(reply.status()).isEqualTo(400);
        assertThat(client.error(reply.json())).isNotEmpty();
    }

    @Test
    void whatCannotBeSaidIsRefusedAndNamed() {
        long calls = provider.journal().size();
        Reply tokens = gateway.call("/cohere/v1/embeddings", "{\"model\":\"mine\",\"input\":[[1,2]]}");
        assertThat(tokens.status()).isEqualTo(400);
        assertThat(tokens.error().getString("param")).isEqualTo("input");
        Reply chunking =
                gateway.call("/gemini/v1/embeddings", "{\"model\":\"mine\",\"input\":\"a\",\"late_chunking\":true}");
        assertThat(chunking.status()).isEqualTo(400);
        assertThat(chunking.error().getString("param")).isEqualTo("late_chunking");
        assertThat(provider.journal().size()).isEqualTo((int) calls);
    }

    @Test
    void aLongAnswerIsTranslatedAsAShortOne() {
        List<String> texts =
                IntStream.range(0, 90).mapToObj(i -> "text number " + i).toList();
        Reply reply = Client.OPENAI_BASE64.ask("cohere", "mine", texts);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        List<float[]> vectors = Client.OPENAI_BASE64.vectors(reply.json());
        assertThat(vectors).hasSize(90);
        assertThat(vectors.get(89))
                .isEqualTo(Vector.of("text number 89", DIMENSIONS).values());
    }

    @ParameterizedTest
    @ValueSource(strings = {"cut=0.5", "malformed", "empty"})
    void anAnswerThatIsNoneIsNotPassedOn(String fault) {
        provider.rules().add(Rule.always(fault).forModel("its"));
        Reply reply = Client.OPENAI.ask("cohere", "mine", List.of("a"));
        assertThat(reply.status()).isEqualTo(502);
        assertThat(Client.OPENAI.error(reply.json())).contains("cohere");
    }
}
