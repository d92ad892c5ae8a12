package dev.sluice.simulator;

import static dev.sluice.simulator.Calls.RESPONSES;
import static dev.sluice.simulator.Calls.schema;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.simulator.RawClient.Answer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Responses, completions, embeddings and models as OpenAI speaks them. */
class OpenAiOthersTest {
    private static Simulator simulator;

    @BeforeAll
    static void start() {
        simulator = Simulator.start(SimulatorOptions.USUAL.withModels(List.of("gpt-4o", "team/own model")));
    }

    @AfterAll
    static void stop() {
        simulator.close();
    }

    private static JsonObject answer(String path, JsonObject request) throws Exception {
        Answer answer = RawClient.call(simulator, path, request.encode());
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return new JsonObject(answer.text());
    }

    private static JsonObject asked(String input) {
        return new JsonObject().put("model", "gpt-4o").put("input", input);
    }

    private static JsonObject weather() {
        return schema(
                "{\"type\":\"function\",\"name\":\"weather\",\"parameters\":{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}}}}");
    }

    private static List<JsonObject> events(JsonObject request) throws Exception {
        Answer answer =
                RawClient.call(simulator, RESPONSES, request.put("stream", true).encode());
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        List<JsonObject> events = answer.events().stream().map(JsonObject::new).toList();
        for (String block : answer.text().split("\n\n")) {
            String[] lines = block.split("\n");
            assertThat(lines).hasSize(2);
            assertThat(lines[0]).isEqualTo("event: " + new JsonObject(lines[1].substring(6)).getString("type"));
        }
        for (int number = 0; number < events.size(); number++) {
            assertThat(events.get(number).getInteger("sequence_number")).isEqualTo(number);
        }
        return events;
    }

    private static List<String> types(List<JsonObject> events) {
        List<String> types = new ArrayList<>();
        events.forEach(event -> types.add(event.getString("type")));
        return types;
    }

    @Test
    void responds() throws Exception {
        JsonObject response = answer(
                RESPONSES, asked("hello world").put("instructions", "be brief").put("temperature", 0));
        assertThat(response.getString("object")).isEqualTo("response");
        assertThat(response.getString("status")).isEqualTo("completed");
        assertThat(response.getInteger("temperature")).isZero();
        assertThat(response.getString("instructions")).isEqualTo("be brief");
        JsonObject message = response.getJsonArray("output").getJsonObject(0);
        assertThat(message.getString("type")).isEqualTo("message");
        assertThat(message.getJsonArray("content").getJsonObject(0).getString("text"))
                .isEqualTo("Echo: hello world");
        assertThat(response.getJsonObject("usage"))
                .isEqualTo(
                        schema(
                                "{\"input_tokens\":4,\"input_tokens_details\":{\"cached_tokens\":0,\"cache_write_tokens\":0},\"output_tokens\":3,\"output_tokens_details\":{\"reasoning_tokens\":0},\"total_tokens\":7}"));
    }

    @Test
    void streamsAResponseInTheFullOrder() throws Exception {
        List<JsonObject> events = events(asked("hello world"));
        assertThat(types(events))
                .containsExactly(
                        "response.created",
                        "response.in_progress",
                        "response.output_item.added",
                        "response.content_part.added",
                        "response.output_text.delta",
                        "response.output_text.delta",
                        "response.output_text.delta",
                        "response.output_text.done",
                        "response.content_part.done",
                        "response.output_item.done",
                        "response.completed");
        assertThat(events.get(0).getJsonObject("response").getString("status")).isEqualTo("in_progress");
        assertThat(events.get(7).getString("text")).isEqualTo("Echo: hello world");
        JsonObject streamed = events.getLast().getJsonObject("response");
        assertThat(streamed.getString("id"))
                .isEqualTo(events.get(0).getJsonObject("response").getString("id"));
        assertThat(streamed.getJsonObject("usage").getInteger("output_tokens")).isEqualTo(3);
    }

    @Test
    void streamsToolCallsAndReasoningAsItemsOfTheirOwn() throws Exception {
        List<JsonObject> events = events(
                asked("hi").put("model", "fault:reasoning=9+o4-mini").put("tools", new JsonArray().add(weather())));
        assertThat(types(events))
                .containsExactly(
                        "response.created",
                        "response.in_progress",
                        "response.output_item.added",
                        "response.output_item.done",
                        "response.output_item.added",
                        "response.function_call_arguments.delta",
                        "response.function_call_arguments.done",
                        "response.output_item.done",
                        "response.completed");
        assertThat(events.get(6).getString("arguments")).isEqualTo("{\"city\":\"city\"}");
        assertThat(events.get(6).getString("name")).isEqualTo("weather");
        JsonArray output = events.getLast().getJsonObject("response").getJsonArray("output");
        assertThat(output.getJsonObject(0).getString("type")).isEqualTo("reasoning");
        assertThat(output.getJsonObject(1).getString("call_id")).startsWith("call_");
        assertThat(events.getLast()
                        .getJsonObject("response")
                        .getJsonObject("usage")
                        .getInteger("output_tokens"))
                .isEqualTo(11);
    }

    @Test
    void answersToolResultsAndRefusesThoseOfUnknownCalls() throws Exception {
        JsonObject call =
                schema("{\"type\":\"function_call\",\"call_id\":\"c1\",\"name\":\"weather\",\"arguments\":\"{}\"}");
        JsonObject result = schema("{\"type\":\"function_call_output\",\"call_id\":\"c1\",\"output\":\"18 degrees\"}");
        JsonObject user = new JsonObject().put("role", "user").put("content", "hi");
        JsonObject request = new JsonObject()
                .put("model", "gpt-4o")
                .put("tools", new JsonArray().add(weather()))
                .put("input", new JsonArray().add(user).add(call).add(result));
        JsonObject message = answer(RESPONSES, request).getJsonArray("output").getJsonObject(0);
        assertThat(message.getJsonArray("content").getJsonObject(0).getString("text"))
                .isEqualTo("Tool said: 18 degrees");
        Answer orphan = RawClient.call(
                simulator,
                RESPONSES,
                request.put("input", new JsonArray().add(result)).encode());
        assertThat(orphan.status()).isEqualTo(400);
        assertThat(orphan.text()).contains("No tool call found for function call output with call_id c1.");
    }

    @Test
    void endsIncompleteAtItsLimit() throws Exception {
        JsonObject response = answer(RESPONSES, asked("one two three").put("max_output_tokens", 2));
        assertThat(response.getString("status")).isEqualTo("incomplete");
        assertThat(response.getJsonObject("incomplete_details").getString("reason"))
                .isEqualTo("max_output_tokens");
        assertThat(types(events(asked("one two three").put("max_output_tokens", 2))))
                .last()
                .isEqualTo("response.incomplete");
    }

    @Test
    void respondsWithAnInstanceOfTheWantedSchema() throws Exception {
        JsonObject format = schema(
                "{\"format\":{\"type\":\"json_schema\",\"name\":\"n\",\"schema\":{\"type\":\"object\",\"properties\":{\"ok\":{\"type\":\"boolean\"}}}}}");
        JsonObject message = answer(RESPONSES, asked("hi").put("text", format))
                .getJsonArray("output")
                .getJsonObject(0);
        assertThat(message.getJsonArray("content").getJsonObject(0).getString("text"))
                .isEqualTo("{\"ok\":true}");
    }

    @Test
    void continuesTexts() throws Exception {
        JsonObject request = new JsonObject()
                .put("model", "m")
                .put("prompt", new JsonArray().add("a b").add("c"))
                .put("n", 2)
                .put("echo", true);
        JsonObject answer = answer("/v1/completions", request);
        assertThat(answer.getString("object")).isEqualTo("text_completion");
        assertThat(answer.getJsonArray("choices").stream().map(choice -> ((JsonObject) choice).getString("text")))
                .containsExactly("a bEcho: a b", "a bEcho 2: a b", "cEcho: c", "cEcho 2: c");
        assertThat(answer.getJsonObject("usage").getInteger("prompt_tokens")).isEqualTo(3);
        JsonObject ids = answer(
                "/v1/completions",
                new JsonObject()
                        .put("model", "m")
                        .put("prompt", new JsonArray().add(1).add(2)));
        assertThat(ids.getJsonArray("choices").getJsonObject(0).getString("text"))
                .isEqualTo("Echo: 2 tokens");
    }

    @Test
    void streamsContinuedTexts() throws Exception {
        Answer answer = RawClient.call(
                simulator,
                "/v1/completions",
                new JsonObject()
                        .put("model", "m")
                        .put("prompt", "a")
                        .put("stream", true)
                        .put("stream_options", new JsonObject().put("include_usage", true))
                        .encode());
        List<String> events = answer.events();
        assertThat(events).hasSize(5).last().isEqualTo("[DONE]");
        assertThat(new JsonObject(events.get(3)).getJsonObject("usage").getInteger("completion_tokens"))
                .isEqualTo(2);
        assertThat(new JsonObject(events.get(2))
                        .getJsonArray("choices")
                        .getJsonObject(0)
                        .getString("finish_reason"))
                .isEqualTo("stop");
    }

    private static List<Double> vector(JsonObject answer, int index) {
        List<Double> vector = new ArrayList<>();
        answer.getJsonArray("data")
                .getJsonObject(index)
                .getJsonArray("embedding")
                .forEach(value -> vector.add(((Number) value).doubleValue()));
        return vector;
    }

    private static double product(List<Double> one, List<Double> other) {
        double sum = 0;
        for (int index = 0; index < one.size(); index++) {
            sum += one.get(index) * other.get(index);
        }
        return sum;
    }

    @Test
    void embedsTextsOfCommonWordsCloseToEachOther() throws Exception {
        JsonArray inputs = new JsonArray()
                .add("where is my order number five")
                .add("where is my order number six")
                .add("bananas grow slowly");
        JsonObject answer =
                answer("/v1/embeddings", new JsonObject().put("model", "e").put("input", inputs));
        assertThat(answer.getJsonObject("usage").getInteger("prompt_tokens")).isEqualTo(15);
        List<Double> first = vector(answer, 0);
        assertThat(first).hasSize(1536);
        assertThat(product(first, first)).isCloseTo(1, within(1e-5));
        assertThat(product(first, vector(answer, 1))).isGreaterThan(0.7);
        assertThat(Math.abs(product(first, vector(answer, 2)))).isLessThan(0.2);
    }

    @Test
    void embedsInBase64WithTheWantedDimensions() throws Exception {
        JsonObject request =
                new JsonObject().put("model", "e").put("input", "hello").put("dimensions", 8);
        List<Double> plain = vector(answer("/v1/embeddings", request), 0);
        String base64 = answer("/v1/embeddings", request.put("encoding_format", "base64"))
                .getJsonArray("data")
                .getJsonObject(0)
                .getString("embedding");
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(base64)).order(ByteOrder.LITTLE_ENDIAN);
        List<Double> decoded = new ArrayList<>();
        while (bytes.hasRemaining()) {
            decoded.add((double) bytes.getFloat());
        }
        assertThat(decoded).hasSize(8);
        for (int index = 0; index < 8; index++) {
            assertThat(decoded.get(index)).isCloseTo(plain.get(index), within(1e-6));
        }
    }

    @Test
    void embedsTokenIds() throws Exception {
        JsonObject one = answer(
                "/v1/embeddings",
                new JsonObject()
                        .put("model", "e")
                        .put("input", new JsonArray().add(1).add(2)));
        assertThat(one.getJsonArray("data")).hasSize(1);
        JsonObject two = answer(
                "/v1/embeddings",
                new JsonObject()
                        .put("model", "e")
                        .put(
                                "input",
                                new JsonArray()
                                        .add(new JsonArray().add(1))
                                        .add(new JsonArray().add(2).add(3))));
        assertThat(two.getJsonArray("data")).hasSize(2);
        assertThat(two.getJsonObject("usage").getInteger("total_tokens")).isEqualTo(3);
        assertThat(RawClient.call(simulator, "/v1/embeddings", "{\"model\":\"e\",\"input\":\"\"}")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void listsItsModels() throws Exception {
        JsonObject list = new JsonObject(RawClient.get(simulator, "/v1/models").text());
        assertThat(list.getJsonArray("data").getJsonObject(1).getString("id")).isEqualTo("team/own model");
        assertThat(new JsonObject(RawClient.get(simulator, "/v1/models/team/own%20model")
                                .text())
                        .getString("object"))
                .isEqualTo("model");
        Answer missing = RawClient.get(simulator, "/v1/models/gpt-9");
        assertThat(missing.status()).isEqualTo(404);
        assertThat(missing.text()).contains("\"code\":\"model_not_found\"");
        Answer faulty = RawClient.get(simulator, "/v1/models", "x-simulate: status=503");
        assertThat(faulty.status()).isEqualTo(503);
    }

    @Test
    void ranksByCommonWordsAsJinaTellsIt() throws Exception {
        Answer answer = RawClient.call(
                simulator,
                "/v1/rerank",
                "{\"model\":\"jina\",\"query\":\"red apple\",\"documents\":[\"blue sea\",{\"text\":\"red apple\"}],\"top_n\":1,\"return_documents\":true}");
        JsonObject ranked = new JsonObject(answer.text());
        assertThat(ranked.getJsonArray("results").encode())
                .isEqualTo("[{\"index\":1,\"relevance_score\":1.0,\"document\":{\"text\":\"red apple\"}}]");
        assertThat(ranked.getJsonObject("usage").getInteger("total_tokens")).isEqualTo(6);
    }
}
