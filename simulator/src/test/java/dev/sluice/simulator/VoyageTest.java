package dev.sluice.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.RawClient.Answer;
import dev.sluice.simulator.voice.Vector;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.Collections;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Embeddings and rerank as Voyage AI has them. */
class VoyageTest {
    private static final String EMBED = "/voyage/v1/embeddings";
    private static final String RERANK = "/voyage/v1/rerank";
    private static Simulator simulator;

    @BeforeAll
    static void start() {
        simulator = Simulator.start();
    }

    @AfterAll
    static void stop() {
        simulator.close();
    }

    @BeforeEach
    void forget() {
        simulator.totals().reset();
    }

    private static JsonObject answer(String path, String body) throws Exception {
        Answer answer = RawClient.call(simulator, path, body.replace('\'', '"'));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return new JsonObject(answer.text());
    }

    private static String refusal(String path, String body) throws Exception {
        Answer answer = RawClient.call(simulator, path, body.replace('\'', '"'));
        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        JsonObject error = new JsonObject(answer.text());
        assertThat(error.fieldNames()).containsExactly("detail");
        return error.getString("detail");
    }

    @Test
    void embedsTextsInTheirPlaces() throws Exception {
        JsonObject answer =
                answer(EMBED, "{'model':'voyage-4','input':['hello world','good bye'],'output_dimension':256}");
        assertThat(answer.getString("object")).isEqualTo("list");
        assertThat(answer.getString("model")).isEqualTo("voyage-4");
        assertThat(answer.getJsonObject("usage").encode()).isEqualTo("{\"total_tokens\":4}");
        JsonObject second = answer.getJsonArray("data").getJsonObject(1);
        assertThat(second.getInteger("index")).isEqualTo(1);
        float[] expected = Vector.of("good bye", 256).values();
        assertThat(second.getJsonArray("embedding")).hasSize(256);
        assertThat(second.getJsonArray("embedding").getFloat(7)).isEqualTo(expected[7]);
        assertThat(simulator.totals().of("voyage-4").reported()).isEqualTo(Usage.of(4, 0));
    }

    @ParameterizedTest
    @CsvSource({"float, 1024", "int8, 1024", "uint8, 1024", "binary, 128", "ubinary, 128"})
    void vectorsComeInEveryKindOfNumber(String kind, int length) throws Exception {
        String body = "{'model':'voyage-4','input':'hello world','output_dtype':'" + kind + "'}";
        JsonArray numbers = vector(answer(EMBED, body), JsonArray.class);
        assertThat(numbers).hasSize(length);
        String encoded = vector(answer(EMBED, body.replace("}", ",'encoding_format':'base64'}")), String.class);
        byte[] bytes = Base64.getDecoder().decode(encoded);
        assertThat(bytes).hasSize(kind.equals("float") ? 4 * length : length);
        if (!kind.equals("float")) {
            assertThat(bytes[3]).isEqualTo(numbers.getInteger(3).byteValue());
        }
    }

    private static <T> T vector(JsonObject answer, Class<T> type) {
        return type.cast(answer.getJsonArray("data").getJsonObject(0).getValue("embedding"));
    }

    @Test
    void ranksDocumentsBestFirstAndTellsThemAsTexts() throws Exception {
        String body = "{'model':'rerank-2.5','query':'red fox','documents':['a green frog','a red fox','a red car']";
        JsonArray all = answer(RERANK, body + "}").getJsonArray("data");
        assertThat(all).hasSize(3);
        assertThat(all.getJsonObject(0).fieldNames()).containsExactly("relevance_score", "index");
        JsonArray best =
                answer(RERANK, body + ",'top_k':1,'return_documents':true}").getJsonArray("data");
        assertThat(best).hasSize(1);
        assertThat(best.getJsonObject(0).getString("document")).isEqualTo("a red fox");
        assertThat(simulator.totals().of("rerank-2.5").reported()).isEqualTo(Usage.of(22, 0));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /voyage/v1/embeddings | {"input":"x"}                                       | model: Field required
            /voyage/v1/embeddings | {"model":"m"}                                       | input: Field required
            /voyage/v1/embeddings | {"model":"m","input":"x","input_type":"clustering"} | query or document
            /voyage/v1/embeddings | {"model":"m","input":"x","output_dimension":300}    | [256, 512, 1024, 2048]
            /voyage/v1/embeddings | {"model":"m","input":"x","output_dtype":"int4"}     | float, int8
            /voyage/v1/embeddings | {"model":"m","input":"x","encoding_format":"float"} | base64 or none
            /voyage/v1/rerank     | {"model":"m","query":"q"}                           | documents: Field required
            /voyage/v1/rerank     | {"model":"m","documents":["a"]}                     | query: Field required
            """)
    void refusesInOneWord(String path, String body, String detail) throws Exception {
        assertThat(refusal(path, body)).contains(detail);
    }

    @Test
    void takesAThousandInputsAtOnce() throws Exception {
        String thousand = new JsonArray(Collections.nCopies(1_000, "a")).encode();
        String more = new JsonArray(Collections.nCopies(1_001, "a")).encode();
        String embed = "{\"model\":\"m\",\"output_dimension\":256,\"input\":";
        String rerank = "{\"model\":\"m\",\"query\":\"q\",\"documents\":";
        assertThat(answer(EMBED, embed + thousand + "}").getJsonArray("data")).hasSize(1_000);
        assertThat(answer(RERANK, rerank + thousand + "}").getJsonArray("data")).hasSize(1_000);
        assertThat(refusal(EMBED, embed + more + "}")).contains("at most 1000 of them, but there are 1001");
        assertThat(refusal(RERANK, rerank + more + "}")).contains("at most 1000 of them, but there are 1001");
    }

    @Test
    void faultsHaveItsForm() throws Exception {
        String body = "{\"model\":\"m\",\"input\":\"x\"}";
        Answer limited = RawClient.call(simulator, EMBED, body, "x-simulate: status=429;retry-after=2");
        assertThat(limited.status()).isEqualTo(429);
        assertThat(limited.headers()).containsEntry("retry-after", "2");
        assertThat(new JsonObject(limited.text()).getString("detail")).contains("rate limit");
        Answer inside = RawClient.call(simulator, EMBED, body, "x-simulate: error;code=busy;message=no");
        assertThat(inside.text()).isEqualTo("{\"detail\":\"busy: no\"}");
        assertThat(RawClient.call(simulator, EMBED, body, "x-simulate: usage=none")
                        .text())
                .doesNotContain("usage");
    }
}
