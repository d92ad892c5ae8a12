package dev.sluice.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.RawClient.Answer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Contents, embeddings, models and access tokens as Google speaks them. */
class GeminiTest {
    private static final String MODEL = "/v1beta/models/gemini-2.5-flash:";
    private static Simulator simulator;

    @BeforeAll
    static void start() {
        simulator = Simulator.start(SimulatorOptions.USUAL.withModels(List.of("gemini-2.5-flash")));
    }

    @AfterAll
    static void stop() {
        simulator.close();
    }

    @BeforeEach
    void forget() {
        simulator.totals().reset();
    }

    private static JsonObject asked(String said) {
        return new JsonObject()
                .put(
                        "contents",
                        new JsonArray().add(new JsonObject().put("role", "user").put("parts", parts(said))));
    }

    private static JsonArray parts(String text) {
        return new JsonArray().add(new JsonObject().put("text", text));
    }

    private static JsonObject answer(String path, JsonObject body) throws Exception {
        Answer answer = RawClient.call(simulator, path, body.encode());
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return new JsonObject(answer.text());
    }

    private static List<JsonObject> events(Answer answer) {
        return Arrays.stream(answer.text().split("\r\n\r\n"))
                .map(block -> new JsonObject(block.substring("data: ".length())))
                .toList();
    }

    private static JsonObject candidate(JsonObject response) {
        return response.getJsonArray("candidates").getJsonObject(0);
    }

    private static JsonObject part(JsonObject response, int number) {
        return candidate(response)
                .getJsonObject("content")
                .getJsonArray("parts")
                .getJsonObject(number);
    }

    @Test
    void generatesContent() throws Exception {
        JsonObject response = answer(MODEL + "generateContent", asked("hello world"));
        assertThat(part(response, 0).getString("text")).isEqualTo("Echo: hello world");
        assertThat(candidate(response).getString("finishReason")).isEqualTo("STOP");
        assertThat(response.getJsonObject("usageMetadata").getInteger("totalTokenCount"))
                .isEqualTo(5);
        assertThat(simulator.totals().of("gemini-2.5-flash").reported()).isEqualTo(Usage.of(2, 3));
    }

    @Test
    void streamsEventsAndArrays() throws Exception {
        Answer events = RawClient.call(
                simulator,
                MODEL + "streamGenerateContent?alt=sse",
                asked("hello world").encode());
        assertThat(events(events)).hasSize(5);
        assertThat(candidate(events(events).getLast()).getString("finishReason"))
                .isEqualTo("STOP");
        Answer array = RawClient.call(
                simulator, MODEL + "streamGenerateContent", asked("hello world").encode());
        assertThat(array.headers()).containsEntry("content-type", "application/json; charset=UTF-8");
        JsonArray all = new JsonArray(array.text());
        assertThat(all).hasSize(5);
        assertThat(all.getJsonObject(4)).isEqualTo(events(events).getLast());
        assertThat(simulator.totals().of("gemini-2.5-flash").reported()).isEqualTo(Usage.of(4, 6));
    }

    @Test
    void callsFunctionsWholeAndTakesTheirResults() throws Exception {
        JsonObject request = asked("hi")
                .put(
                        "tools",
                        new JsonArray(
                                "[{\"function_declarations\":[{\"name\":\"weather\",\"parameters\":{\"type\":\"OBJECT\",\"properties\":{\"city\":{\"type\":\"STRING\"}},\"required\":[\"city\"]}}]}]"));
        JsonObject response = answer(MODEL + "generateContent", request);
        JsonObject call = part(response, 0).getJsonObject("functionCall");
        assertThat(call.getJsonObject("args").getString("city")).isNotEmpty();
        assertThat(part(response, 0).getString("thoughtSignature")).isNotEmpty();
        request.getJsonArray("contents")
                .add(candidate(response).getJsonObject("content"))
                .add(
                        new JsonObject(
                                "{\"role\":\"user\",\"parts\":[{\"functionResponse\":{\"name\":\"weather\",\"response\":{\"output\":\"sunny\"}}}]}"));
        assertThat(part(answer(MODEL + "generateContent", request), 0).getString("text"))
                .isEqualTo("Tool said: sunny");
    }

    @Test
    void thinksWhenAskedAndReadsBothSpellings() throws Exception {
        JsonObject response = answer(
                MODEL + "generateContent",
                asked("hello world")
                        .put("system_instruction", new JsonObject().put("parts", parts("be brief")))
                        .put(
                                "generation_config",
                                new JsonObject(
                                        "{\"max_output_tokens\":2,\"thinking_config\":{\"include_thoughts\":true}}")));
        assertThat(part(response, 0).getBoolean("thought")).isTrue();
        assertThat(part(response, 1).getString("text")).isEqualTo("Echo: hello");
        assertThat(candidate(response).getString("finishReason")).isEqualTo("MAX_TOKENS");
        JsonObject usage = response.getJsonObject("usageMetadata");
        assertThat(usage.getInteger("thoughtsTokenCount")).isEqualTo(8);
        assertThat(usage.getInteger("candidatesTokenCount")).isEqualTo(2);
        assertThat(usage.getInteger("promptTokenCount")).isEqualTo(4);
    }

    @Test
    void answersInJson() throws Exception {
        JsonObject config = new JsonObject(
                "{\"responseMimeType\":\"application/json\",\"responseSchema\":{\"type\":\"OBJECT\",\"properties\":{\"a\":{\"type\":\"INTEGER\"}},\"required\":[\"a\"]}}");
        JsonObject response = answer(MODEL + "generateContent", asked("x").put("generationConfig", config));
        assertThat(new JsonObject(part(response, 0).getString("text")).getValue("a"))
                .isInstanceOf(Integer.class);
    }

    @Test
    void countsAndEmbeds() throws Exception {
        assertThat(answer(MODEL + "countTokens", asked("hello world")).getInteger("totalTokens"))
                .isEqualTo(2);
        JsonObject content = new JsonObject().put("content", new JsonObject().put("parts", parts("a b")));
        assertThat(answer(MODEL + "embedContent", content.copy().put("outputDimensionality", 8))
                        .getJsonObject("embedding")
                        .getJsonArray("values"))
                .hasSize(8);
        JsonObject batch =
                new JsonObject().put("requests", new JsonArray().add(content).add(content));
        assertThat(answer(MODEL + "batchEmbedContents", batch).getJsonArray("embeddings"))
                .hasSize(2);
        JsonObject predicted = answer(
                "/v1/projects/p/locations/l/publishers/google/models/text-embedding-004:predict",
                new JsonObject("{\"instances\":[{\"content\":\"a b\"}],\"parameters\":{\"outputDimensionality\":4}}"));
        assertThat(predicted.encode()).contains("\"token_count\":2");
        assertThat(RawClient.get(simulator, "/v1beta/models").text()).contains("models/gemini-2.5-flash");
    }

    @Test
    void standsAtThePathsOfVertex() throws Exception {
        for (String before : List.of("/v1/projects/p/locations/l/publishers/google", "/base/v1/publishers/google")) {
            JsonObject response =
                    answer(before + "/models/fault%3Atext%3Dhi%2Bgemini-pro:generateContent", asked("hello"));
            assertThat(part(response, 0).getString("text")).isEqualTo("hi");
            assertThat(response.getString("modelVersion")).isEqualTo("gemini-pro");
        }
    }

    @Test
    void tellsErrorsInItsOwnForm() throws Exception {
        Answer key = RawClient.call(
                simulator,
                MODEL + "generateContent",
                asked("x").encode(),
                "x-simulate: status=400;code=API_KEY_INVALID");
        assertThat(key.status()).isEqualTo(400);
        JsonObject error = new JsonObject(key.text()).getJsonObject("error");
        assertThat(error.getString("status")).isEqualTo("INVALID_ARGUMENT");
        assertThat(error.getJsonArray("details").getJsonObject(0).getString("reason"))
                .isEqualTo("API_KEY_INVALID");
        Answer busy = RawClient.call(
                simulator, MODEL + "streamGenerateContent", asked("x").encode(), "x-simulate: status=429;param=21s");
        assertThat(new JsonArray(busy.text()).encode()).contains("RESOURCE_EXHAUSTED", "\"retryDelay\":\"21s\"");
        Answer inside = RawClient.call(
                simulator, MODEL + "streamGenerateContent", asked("x").encode(), "x-simulate: error=2");
        assertThat(new JsonArray(inside.text())).hasSize(3);
        Answer event = RawClient.call(
                simulator, MODEL + "streamGenerateContent?alt=sse", asked("x").encode(), "x-simulate: error=2");
        assertThat(events(event)).hasSize(3).last().asString().contains("INTERNAL");
    }

    private static String part(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    private static Answer exchange(String grant, String header, String claims) throws Exception {
        return RawClient.call(
                simulator,
                "/token",
                "grant_type=" + URLEncoder.encode(grant, StandardCharsets.UTF_8) + "&assertion=" + part(header) + "."
                        + part(claims) + ".c2ln",
                "content-type: application/x-www-form-urlencoded");
    }

    @Test
    void exchangesAssertionsForTokens() throws Exception {
        String grant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
        String header = "{\"alg\":\"RS256\",\"typ\":\"JWT\"}";
        String claims = "{\"iss\":\"a@b\",\"scope\":\"s\",\"aud\":\"t\",\"iat\":1700000000,\"exp\":1700003600}";
        Answer answer = exchange(grant, header, claims);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(new JsonObject(answer.text()).getInteger("expires_in")).isEqualTo(3_599);
        assertThat(new JsonObject(answer.text()).getString("access_token")).startsWith("ya29.");
        assertThat(exchange("password", header, claims).text()).contains("unsupported_grant_type");
        assertThat(exchange(grant, header, claims.replace("1700003600", "1800000000"))
                        .text())
                .contains("invalid_grant");
    }
}
