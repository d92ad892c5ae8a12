package dev.sluice.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.RawClient.Answer;
import dev.sluice.simulator.RawClient.End;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Chat, embeddings and rerank as Cohere speaks them. */
class CohereTest {
    private static final String CHAT = "/v2/chat";
    private static final JsonObject WEATHER = Calls.tool(
            "weather",
            Calls.schema(
                    "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}},\"required\":[\"city\"]}"));
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

    private static JsonObject asked() {
        return Calls.chat("command-a", "hello world");
    }

    private static JsonObject answer(String path, JsonObject body) throws Exception {
        Answer answer = RawClient.call(simulator, path, body.encode());
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return new JsonObject(answer.text());
    }

    private static Answer streamed(JsonObject body, String fault) throws Exception {
        return RawClient.call(simulator, CHAT, body.copy().put("stream", true).encode(), "x-simulate: " + fault);
    }

    private static List<JsonObject> events(Answer answer) {
        return answer.events().stream().map(JsonObject::new).toList();
    }

    @Test
    void answersWhole() throws Exception {
        JsonObject answer = answer("/base" + CHAT, asked());
        assertThat(answer.getJsonObject("message").encode())
                .isEqualTo("{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"Echo: hello world\"}]}");
        assertThat(answer.getString("finish_reason")).isEqualTo("COMPLETE");
        assertThat(answer.getJsonObject("usage").getJsonObject("billed_units").encode())
                .isEqualTo("{\"input_tokens\":2,\"output_tokens\":3}");
        assertThat(simulator.totals().of("command-a").reported()).isEqualTo(Usage.of(2, 3));
    }

    @Test
    void streamsOneTokenInEachDelta() throws Exception {
        List<JsonObject> events = events(streamed(asked(), "plain"));
        assertThat(events.stream().map(event -> event.getString("type")))
                .containsExactly(
                        "message-start",
                        "content-start",
                        "content-delta",
                        "content-delta",
                        "content-delta",
                        "content-end",
                        "message-end");
        assertThat(events.get(3).encode())
                .isEqualTo(
                        "{\"type\":\"content-delta\",\"index\":0,\"delta\":{\"message\":{\"content\":{\"text\":\" hello\"}}}}");
        assertThat(simulator.totals().of("command-a").reported()).isEqualTo(Usage.of(2, 3));
    }

    @Test
    void callsToolsAfterAPlanAndTakesTheirResults() throws Exception {
        JsonObject request = asked().put("tools", new JsonArray().add(WEATHER))
                .put("thinking", new JsonObject().put("type", "enabled"));
        JsonObject answer = answer(CHAT, request);
        assertThat(answer.getString("finish_reason")).isEqualTo("TOOL_CALL");
        JsonObject message = answer.getJsonObject("message");
        assertThat(message.getString("tool_plan")).isNotEmpty();
        JsonObject call = message.getJsonArray("tool_calls").getJsonObject(0);
        StringBuilder arguments = new StringBuilder();
        StringBuilder plan = new StringBuilder();
        for (JsonObject event : events(streamed(request, "plain"))) {
            JsonObject told = event.getJsonObject("delta", new JsonObject()).getJsonObject("message", new JsonObject());
            if (event.getString("type").equals("tool-plan-delta")) plan.append(told.getString("tool_plan"));
            if (event.getString("type").startsWith("tool-call-d"))
                arguments.append(told.getJsonObject("tool_calls")
                        .getJsonObject("function")
                        .getString("arguments"));
        }
        assertThat(plan.toString()).isEqualTo(message.getString("tool_plan"));
        assertThat(arguments.toString())
                .isEqualTo(call.getJsonObject("function").getString("arguments"));
        request.getJsonArray("messages")
                .add(message)
                .add(new JsonObject()
                        .put("role", "tool")
                        .put("tool_call_id", call.getString("id"))
                        .put("content", "sunny"));
        JsonArray content = answer(CHAT, request).getJsonObject("message").getJsonArray("content");
        assertThat(content.getJsonObject(0).getString("type")).isEqualTo("thinking");
        assertThat(content.getJsonObject(1).getString("text")).isEqualTo("Tool said: sunny");
    }

    @Test
    void obeysSchemasLimitsAndStops() throws Exception {
        JsonObject schema =
                Calls.schema("{\"type\":\"object\",\"properties\":{\"n\":{\"const\":7}},\"required\":[\"n\"]}");
        JsonObject structured = answer(
                CHAT,
                asked().put(
                                "response_format",
                                new JsonObject().put("type", "json_object").put("json_schema", schema)));
        assertThat(structured.getJsonObject("message").getJsonArray("content").encode())
                .contains("{\\\"n\\\":7}");
        JsonObject cut = answer(CHAT, asked().put("max_tokens", 2));
        assertThat(cut.getString("finish_reason")).isEqualTo("MAX_TOKENS");
        JsonObject stopped = answer(CHAT, asked().put("stop_sequences", new JsonArray().add(" world")));
        assertThat(stopped.getJsonObject("message").getJsonArray("content").encode())
                .contains("\"Echo: hello\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /v2/chat   | {"messages":[{"role":"user","content":"a"}]}                                            | model
            /v2/chat   | {"model":"m","messages":[]}                                                             | messages
            /v2/chat   | {"model":"m","messages":[{"role":"tool","tool_call_id":"x","content":"a"}]}             | no call
            /v2/chat   | {"model":"m","tool_choice":"AUTO","messages":[{"role":"user","content":"a"}]}           | REQUIRED or NONE
            /v2/embed  | {"model":"m","texts":["a"]}                                                             | input_type
            /v2/embed  | {"model":"m","texts":["a"],"input_type":"search_query","output_dimension":3}            | output_dimension
            /v2/embed  | {"model":"m","texts":["a"],"input_type":"search_query","embedding_types":["double"]}    | embedding_types
            /v2/rerank | {"model":"m","query":"a","documents":[]}                                                | documents
            /v2/rerank | {"model":"m","query":"a","documents":["b"],"top_n":0}                                   | top_n
            """)
    void refusesWhatCohereRefuses(String path, String body, String told) throws Exception {
        Answer answer = RawClient.call(simulator, path, body);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(new JsonObject(answer.text()).getString("message")).contains(told);
    }

    @Test
    void embedsInEachTypeThatIsAskedFor() throws Exception {
        JsonObject answer = answer("/v2/embed", new JsonObject("""
                {"model":"embed-v4.0","texts":["a","b c"],"input_type":"search_document","output_dimension":256,
                 "embedding_types":["float","int8","uint8","binary","ubinary","base64"]}"""));
        JsonObject embeddings = answer.getJsonObject("embeddings");
        JsonArray floats = embeddings.getJsonArray("float").getJsonArray(1);
        assertThat(embeddings.getJsonArray("float")).hasSize(2);
        assertThat(floats).hasSize(256);
        assertThat(embeddings.getJsonArray("int8").getJsonArray(1).getInteger(3))
                .isEqualTo(Math.round(floats.getFloat(3) * 127));
        int bits = embeddings.getJsonArray("ubinary").getJsonArray(1).getInteger(0);
        assertThat(bits >> 7 & 1).isEqualTo(floats.getFloat(0) > 0 ? 1 : 0);
        assertThat(bits & 1).isEqualTo(floats.getFloat(7) > 0 ? 1 : 0);
        assertThat(embeddings.getJsonArray("binary").getJsonArray(1).getInteger(0))
                .isEqualTo(bits - 128);
        assertThat(answer.getJsonObject("meta").getJsonObject("billed_units").getInteger("input_tokens"))
                .isEqualTo(3);
        assertThat(simulator.totals().of("embed-v4.0").reported()).isEqualTo(Usage.of(3, 0));
    }

    @Test
    void ranksByCommonWords() throws Exception {
        JsonObject answer = answer(
                "/v2/rerank",
                new JsonObject(
                        "{\"model\":\"rerank-v3.5\",\"query\":\"red apple\",\"documents\":[\"blue sea\",\"an apple that is red\",\"red\"],\"top_n\":2,\"return_documents\":true}"));
        JsonArray results = answer.getJsonArray("results");
        assertThat(results).hasSize(2);
        assertThat(results.getJsonObject(0).getDouble("relevance_score"))
                .isGreaterThan(results.getJsonObject(1).getDouble("relevance_score"));
        assertThat(List.of(
                        results.getJsonObject(0).getInteger("index"),
                        results.getJsonObject(1).getInteger("index")))
                .containsExactlyInAnyOrder(1, 2);
        assertThat(results.getJsonObject(0).getJsonObject("document").getString("text"))
                .contains("red");
        assertThat(answer.getJsonObject("meta").getJsonObject("billed_units").getInteger("search_units"))
                .isEqualTo(1);
        assertThat(simulator.totals().of("rerank-v3.5").reported()).isEqualTo(Usage.of(10, 0));
    }

    @Test
    void tellsErrorsInItsOwnForm() throws Exception {
        Answer refused = RawClient.call(simulator, CHAT, asked().encode(), "x-simulate: status=429;retry-after=2");
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.headers()).containsEntry("retry-after", "2");
        assertThat(new JsonObject(refused.text()).fieldNames()).containsExactly("id", "message");
        Answer inside = RawClient.call(simulator, CHAT, asked().encode(), "x-simulate: error;message=Oops");
        assertThat(inside.status()).isEqualTo(200);
        assertThat(inside.text()).contains("\"message\":\"Oops\"");
        JsonObject last = events(streamed(asked(), "error=3;message=Oops")).getLast();
        assertThat(last.encode())
                .isEqualTo("{\"type\":\"message-end\",\"delta\":{\"error\":\"Oops\",\"finish_reason\":\"ERROR\"}}");
    }

    @Test
    void breaksOffAsEveryFormatDoes() throws Exception {
        Answer cut = streamed(asked(), "cut=3");
        assertThat(cut.end()).isEqualTo(End.CLOSED);
        assertThat(cut.events()).hasSize(3);
        assertThat(streamed(asked(), "no-done").text()).doesNotContain("message-end");
        assertThat(streamed(asked(), "usage=none").text()).doesNotContain("usage");
        assertThat(streamed(asked(), "malformed").events().get(2)).endsWith("}}}");
    }
}
