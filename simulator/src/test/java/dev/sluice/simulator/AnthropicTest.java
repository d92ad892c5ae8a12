package dev.sluice.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.RawClient.Answer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages, token counts and models as Anthropic speaks them, also behind Vertex AI. */
class AnthropicTest {
    private static final String MESSAGES = "/v1/messages";
    private static final String VERSION = "anthropic-version: 2023-06-01";
    private static Simulator simulator;

    @BeforeAll
    static void start() {
        simulator = Simulator.start(SimulatorOptions.USUAL.withModels(List.of("claude-sonnet-4-5")));
    }

    @AfterAll
    static void stop() {
        simulator.close();
    }

    @BeforeEach
    void forget() {
        simulator.totals().reset();
    }

    private static JsonObject asked(String model) {
        return Calls.chat(model, "hello world").put("max_tokens", 2_000);
    }

    private static JsonObject weather() {
        return new JsonObject()
                .put("name", "weather")
                .put(
                        "input_schema",
                        Calls.schema(
                                "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}},\"required\":[\"city\"]}"));
    }

    private static Answer send(String path, JsonObject body) throws Exception {
        return RawClient.call(simulator, path, body.encode(), VERSION, "x-api-key: k");
    }

    private static JsonObject answer(JsonObject body) throws Exception {
        Answer answer = send(MESSAGES, body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return new JsonObject(answer.text());
    }

    private static List<JsonObject> events(Answer answer) {
        for (String block : answer.text().split("\n\n")) {
            String[] lines = block.split("\n");
            assertThat(lines[0]).isEqualTo("event: " + new JsonObject(lines[1].substring(6)).getString("type"));
        }
        return answer.events().stream().map(JsonObject::new).toList();
    }

    private static List<String> types(List<JsonObject> events) {
        return events.stream().map(event -> event.getString("type")).toList();
    }

    @Test
    void answersWithAMessage() throws Exception {
        JsonObject message = answer(asked("claude-sonnet-4-5"));
        assertThat(message.getString("type")).isEqualTo("message");
        assertThat(message.getString("model")).isEqualTo("claude-sonnet-4-5");
        assertThat(message.getString("stop_reason")).isEqualTo("end_turn");
        assertThat(message.getJsonArray("content").getJsonObject(0).getString("text"))
                .isEqualTo("Echo: hello world");
        assertThat(message.getJsonObject("usage").getInteger("input_tokens")).isEqualTo(2);
        assertThat(message.getJsonObject("usage").getInteger("output_tokens")).isEqualTo(3);
        assertThat(simulator.totals().of("claude-sonnet-4-5").reported()).isEqualTo(Usage.of(2, 3));
    }

    @Test
    void streamsTheLifeOfAMessage() throws Exception {
        List<JsonObject> events = events(send("/any/base" + MESSAGES, asked("c").put("stream", true)));
        assertThat(types(events))
                .containsExactly(
                        "message_start",
                        "ping",
                        "content_block_start",
                        "content_block_delta",
                        "content_block_delta",
                        "content_block_delta",
                        "content_block_stop",
                        "message_delta",
                        "message_stop");
        assertThat(events.get(7).getJsonObject("usage").getInteger("output_tokens"))
                .isEqualTo(3);
        assertThat(simulator.totals().of("c").reported()).isEqualTo(Usage.of(2, 3));
    }

    @Test
    void tellsCachedInputApart() throws Exception {
        JsonObject usage = answer(asked("fault:cached=100;cache-written=20+c")).getJsonObject("usage");
        assertThat(usage.getInteger("input_tokens")).isZero();
        assertThat(usage.getInteger("cache_read_input_tokens")).isEqualTo(100);
        assertThat(usage.getInteger("cache_creation_input_tokens")).isEqualTo(20);
        assertThat(simulator.totals().of("c").billed()).isEqualTo(new Usage(120, 100, 20, 3, 0));
    }

    @Test
    void callsToolsAndTakesTheirResults() throws Exception {
        JsonObject request = asked("c").put("tools", new JsonArray().add(weather()));
        JsonObject message = answer(request);
        assertThat(message.getString("stop_reason")).isEqualTo("tool_use");
        JsonObject use = message.getJsonArray("content").getJsonObject(0);
        assertThat(use.getJsonObject("input").getString("city")).isNotEmpty();
        request.getJsonArray("messages")
                .add(new JsonObject().put("role", "assistant").put("content", message.getJsonArray("content")))
                .add(new JsonObject()
                        .put("role", "user")
                        .put(
                                "content",
                                new JsonArray()
                                        .add(new JsonObject()
                                                .put("type", "tool_result")
                                                .put("tool_use_id", use.getString("id"))
                                                .put("content", "sunny"))));
        assertThat(answer(request).getJsonArray("content").getJsonObject(0).getString("text"))
                .isEqualTo("Tool said: sunny");
        request.getJsonArray("messages").remove(1);
        assertThat(send(MESSAGES, request).status()).isEqualTo(400);
    }

    @Test
    void streamsTheInputOfAToolAsFragments() throws Exception {
        List<JsonObject> events =
                events(send(MESSAGES, asked("c").put("stream", true).put("tools", new JsonArray().add(weather()))));
        StringBuilder input = new StringBuilder();
        for (JsonObject event : events) {
            JsonObject delta = event.getJsonObject("delta", new JsonObject());
            if ("input_json_delta".equals(delta.getString("type"))) {
                input.append(delta.getString("partial_json"));
            }
        }
        assertThat(new JsonObject(input.toString()).getString("city")).isNotEmpty();
    }

    @Test
    void thinksWithASignatureWhenAsked() throws Exception {
        JsonObject request = asked("c")
                .put("thinking", new JsonObject().put("type", "enabled").put("budget_tokens", 1_024));
        JsonObject message = answer(request);
        JsonObject thought = message.getJsonArray("content").getJsonObject(0);
        assertThat(thought.getString("type")).isEqualTo("thinking");
        assertThat(thought.getString("signature")).isNotEmpty();
        assertThat(message.getJsonObject("usage").getInteger("output_tokens")).isEqualTo(3 + 8);
        List<JsonObject> events = events(send(MESSAGES, request.put("stream", true)));
        String deltas = events.toString();
        assertThat(deltas).contains("thinking_delta", "signature_delta", "text_delta");
        assertThat(send(MESSAGES, request.put("max_tokens", 1_000)).status()).isEqualTo(400);
    }

    @Test
    void stopsAtTheLimit() throws Exception {
        JsonObject message = answer(asked("c").put("max_tokens", 1));
        assertThat(message.getString("stop_reason")).isEqualTo("max_tokens");
        assertThat(message.getJsonArray("content").getJsonObject(0).getString("text"))
                .isEqualTo("Echo:");
    }

    @Test
    void insistsOnVersionAndLimit() throws Exception {
        Answer bare = RawClient.call(simulator, MESSAGES, asked("c").encode());
        assertThat(bare.status()).isEqualTo(400);
        assertThat(bare.text()).contains("anthropic-version");
        JsonObject unlimited = asked("c");
        unlimited.remove("max_tokens");
        assertThat(send(MESSAGES, unlimited).text()).contains("invalid_request_error", "max_tokens: Field required");
    }

    @Test
    void countsAndListsForNothing() throws Exception {
        JsonObject request = Calls.chat("c", "hello world").put("system", "be brief");
        assertThat(new JsonObject(send(MESSAGES + "/count_tokens", request).text()).getInteger("input_tokens"))
                .isEqualTo(4);
        assertThat(simulator.totals().of("c").billed()).isEqualTo(Usage.ZERO);
        JsonObject list =
                new JsonObject(RawClient.get(simulator, "/v1/models", VERSION).text());
        assertThat(list.getString("first_id")).isEqualTo("claude-sonnet-4-5");
        assertThat(RawClient.get(simulator, "/v1/models").text()).contains("\"object\":\"list\"");
    }

    @Test
    void standsBehindVertexToo() throws Exception {
        String path = "/v1/projects/p/locations/l/publishers/anthropic/models/claude@1:";
        JsonObject request = asked("").put("anthropic_version", "vertex-2023-10-16");
        request.remove("model");
        assertThat(new JsonObject(RawClient.call(simulator, path + "rawPredict", request.encode())
                                .text())
                        .getString("model"))
                .isEqualTo("claude@1");
        assertThat(RawClient.call(simulator, path + "streamRawPredict", request.encode())
                        .text())
                .contains("event: message_stop");
        Answer wrong = RawClient.call(
                simulator, path + "rawPredict", request.put("model", "x").encode());
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.text()).contains("Extra inputs are not permitted");
    }

    @Test
    void tellsErrorsInItsOwnForm() throws Exception {
        Answer refused = send(MESSAGES, asked("fault:status=529+c"));
        assertThat(refused.status()).isEqualTo(529);
        assertThat(new JsonObject(refused.text()).getJsonObject("error").getString("type"))
                .isEqualTo("overloaded_error");
        Answer inside =
                send(MESSAGES, asked("fault:error=4;type=overloaded_error+c").put("stream", true));
        assertThat(types(events(inside))).hasSize(5).last().isEqualTo("error");
    }
}
