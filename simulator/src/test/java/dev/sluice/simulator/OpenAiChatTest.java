package dev.sluice.simulator;

import static dev.sluice.simulator.Calls.CHAT;
import static dev.sluice.simulator.Calls.chat;
import static dev.sluice.simulator.Calls.schema;
import static dev.sluice.simulator.Calls.tool;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.RawClient.Answer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Chat completions as OpenAI speaks them. */
class OpenAiChatTest {
    private static final JsonObject WEATHER =
            schema("{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}},\"required\":[\"city\"]}");
    private static final JsonObject CLOCK = schema(
            "{\"type\":\"object\",\"properties\":{\"zone\":{\"enum\":[\"UTC\",\"CET\"]}},\"required\":[\"zone\"]}");

    private static Simulator simulator;

    @BeforeAll
    static void start() {
        simulator = Simulator.start();
    }

    @AfterAll
    static void stop() {
        simulator.close();
    }

    private static JsonObject answer(JsonObject request) throws Exception {
        Answer answer = RawClient.call(simulator, CHAT, request.encode());
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return new JsonObject(answer.text());
    }

    private static JsonObject refusal(JsonObject request) throws Exception {
        Answer answer = RawClient.call(simulator, CHAT, request.encode());
        assertThat(answer.status()).isEqualTo(400);
        JsonObject error = new JsonObject(answer.text()).getJsonObject("error");
        assertThat(error.getString("type")).isEqualTo("invalid_request_error");
        return error;
    }

    private static JsonObject message(JsonObject answer, int choice) {
        return answer.getJsonArray("choices").getJsonObject(choice).getJsonObject("message");
    }

    private static List<JsonObject> chunks(JsonObject request) throws Exception {
        Answer answer =
                RawClient.call(simulator, CHAT, request.put("stream", true).encode());
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.events()).last().isEqualTo("[DONE]");
        return answer.events().stream()
                .filter(event -> !event.equals("[DONE]"))
                .map(JsonObject::new)
                .toList();
    }

    private static JsonObject delta(JsonObject chunk) {
        return chunk.getJsonArray("choices").getJsonObject(0).getJsonObject("delta");
    }

    @Test
    void answersWithTheseExactBytes() throws Exception {
        Answer answer = RawClient.call(simulator, CHAT, Calls.plain("gpt-4o"));
        JsonObject json = new JsonObject(answer.text());
        String id = json.getString("id");
        long created = json.getLong("created");
        assertThat(id).matches("chatcmpl-[0-9a-f]{24}");
        assertThat(answer.text())
                .isEqualTo("{\"id\":\"" + id + "\",\"object\":\"chat.completion\",\"created\":" + created
                        + ",\"model\":\"gpt-4o\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":"
                        + "\"Echo: hello world\",\"refusal\":null,\"annotations\":[]},\"logprobs\":null,\"finish_reason\":\"stop\"}],"
                        + "\"usage\":{\"prompt_tokens\":2,\"completion_tokens\":3,\"total_tokens\":5,"
                        + "\"prompt_tokens_details\":{\"cached_tokens\":0,\"audio_tokens\":0,\"cache_write_tokens\":0},"
                        + "\"completion_tokens_details\":{\"reasoning_tokens\":0,\"audio_tokens\":0,"
                        + "\"accepted_prediction_tokens\":0,\"rejected_prediction_tokens\":0}},"
                        + "\"service_tier\":\"default\",\"system_fingerprint\":\"fp_simulator\"}");
    }

    @Test
    void streamsTheseExactBytes() throws Exception {
        Answer answer = RawClient.call(simulator, CHAT, Calls.stream("gpt-4o"));
        JsonObject first = new JsonObject(answer.events().getFirst());
        String head =
                "data: {\"id\":\"" + first.getString("id") + "\",\"object\":\"chat.completion.chunk\",\"created\":"
                        + first.getLong("created")
                        + ",\"model\":\"gpt-4o\",\"service_tier\":\"default\",\"system_fingerprint\":\"fp_simulator\",\"choices\":[{\"index\":0,\"delta\":";
        String tail = ",\"logprobs\":null,\"finish_reason\":null}]}\n\n";
        assertThat(answer.text())
                .isEqualTo(head + "{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}" + tail
                        + head + "{\"content\":\"Echo:\"}" + tail
                        + head + "{\"content\":\" hello\"}" + tail
                        + head + "{\"content\":\" world\"}" + tail
                        + head + "{}" + tail.replace("null}]", "\"stop\"}]")
                        + "data: [DONE]\n\n");
    }

    @Test
    void givesEqualRequestsEqualBytesAndOthersOtherIds() throws Exception {
        String first = RawClient.call(simulator, CHAT, Calls.stream("gpt-4o")).text();
        try (Simulator other = Simulator.start()) {
            assertThat(RawClient.call(other, CHAT, Calls.stream("gpt-4o")).text())
                    .isEqualTo(first);
        }
        assertThat(answer(chat("gpt-4o", "a")).getString("id"))
                .isNotEqualTo(answer(chat("gpt-4o", "b")).getString("id"));
    }

    @Test
    void tellsTheUsageAtTheEndOfAStreamOnlyWhenAsked() throws Exception {
        List<JsonObject> without = chunks(chat("gpt-4o", "hello world"));
        assertThat(without).noneMatch(chunk -> chunk.containsKey("usage"));
        List<JsonObject> with = chunks(
                chat("gpt-4o", "hello world").put("stream_options", new JsonObject().put("include_usage", true)));
        assertThat(with).hasSize(without.size() + 1);
        assertThat(with.subList(0, with.size() - 1))
                .allMatch(chunk -> chunk.containsKey("usage") && chunk.getValue("usage") == null);
        assertThat(with.getLast().getJsonArray("choices")).isEmpty();
        assertThat(with.getLast().getJsonObject("usage").getInteger("total_tokens"))
                .isEqualTo(5);
    }

    @Test
    void answersEachChoiceDifferently() throws Exception {
        JsonObject answer = answer(chat("gpt-4o", "hi").put("n", 3));
        assertThat(List.of(0, 1, 2))
                .extracting(choice -> message(answer, choice).getString("content"))
                .containsExactly("Echo: hi", "Echo 2: hi", "Echo 3: hi");
        assertThat(answer.getJsonObject("usage").getInteger("completion_tokens"))
                .isEqualTo(8);
        List<JsonObject> chunks = chunks(chat("gpt-4o", "hi").put("n", 2));
        assertThat(chunks)
                .extracting(
                        chunk -> chunk.getJsonArray("choices").getJsonObject(0).getInteger("index"))
                .containsExactly(0, 1, 0, 1, 0, 1, 1, 0, 1);
    }

    @Test
    void endsAtStopTextsAndLimits() throws Exception {
        JsonObject stopped = answer(chat("gpt-4o", "one two three").put("stop", " two"));
        assertThat(message(stopped, 0).getString("content")).isEqualTo("Echo: one");
        assertThat(stopped.getJsonArray("choices").getJsonObject(0).getString("finish_reason"))
                .isEqualTo("stop");
        JsonObject several = answer(chat("gpt-4o", "one two three")
                .put("stop", new JsonArray().add("x").add(" three")));
        assertThat(message(several, 0).getString("content")).isEqualTo("Echo: one two");
        for (String limit : List.of("max_tokens", "max_completion_tokens")) {
            JsonObject cut = answer(chat("gpt-4o", "one two three").put(limit, 2));
            assertThat(message(cut, 0).getString("content")).isEqualTo("Echo: one");
            assertThat(cut.getJsonArray("choices").getJsonObject(0).getString("finish_reason"))
                    .isEqualTo("length");
            assertThat(cut.getJsonObject("usage").getInteger("completion_tokens"))
                    .isEqualTo(2);
        }
    }

    @Test
    void callsToolsInParallelUnlessForbidden() throws Exception {
        JsonArray tools = new JsonArray().add(tool("weather", WEATHER)).add(tool("clock", CLOCK));
        JsonObject answer = answer(chat("gpt-4o", "hi").put("tools", tools));
        assertThat(answer.getJsonArray("choices").getJsonObject(0).getString("finish_reason"))
                .isEqualTo("tool_calls");
        assertThat(message(answer, 0).getValue("content")).isNull();
        JsonArray calls = message(answer, 0).getJsonArray("tool_calls");
        assertThat(calls).hasSize(2);
        assertThat(calls.getJsonObject(0).getString("id"))
                .matches("call_[0-9a-f]{24}")
                .isNotEqualTo(calls.getJsonObject(1).getString("id"));
        assertThat(calls.getJsonObject(0).getJsonObject("function"))
                .isEqualTo(new JsonObject().put("name", "weather").put("arguments", "{\"city\":\"city\"}"));
        assertThat(calls.getJsonObject(1).getJsonObject("function").getString("arguments"))
                .isEqualTo("{\"zone\":\"UTC\"}");
        JsonObject single = answer(chat("gpt-4o", "hi").put("tools", tools).put("parallel_tool_calls", false));
        assertThat(message(single, 0).getJsonArray("tool_calls")).hasSize(1);
    }

    @Test
    void streamsToolCallsInFragments() throws Exception {
        JsonArray tools = new JsonArray().add(tool("weather", WEATHER)).add(tool("clock", CLOCK));
        List<JsonObject> chunks = chunks(chat("gpt-4o", "hi").put("tools", tools));
        StringBuilder first = new StringBuilder();
        StringBuilder second = new StringBuilder();
        int named = 0;
        for (JsonObject chunk : chunks) {
            JsonArray calls = delta(chunk).getJsonArray("tool_calls");
            if (calls != null) {
                JsonObject call = calls.getJsonObject(0);
                named += call.containsKey("id") ? 1 : 0;
                (call.getInteger("index") == 0 ? first : second)
                        .append(call.getJsonObject("function").getString("arguments"));
            }
        }
        assertThat(named).isEqualTo(2);
        assertThat(first).hasToString("{\"city\":\"city\"}");
        assertThat(second).hasToString("{\"zone\":\"UTC\"}");
    }

    @Test
    void obeysTheToolChoice() throws Exception {
        JsonArray tools = new JsonArray().add(tool("weather", WEATHER)).add(tool("clock", CLOCK));
        JsonObject none = answer(chat("gpt-4o", "hi").put("tools", tools).put("tool_choice", "none"));
        assertThat(message(none, 0).getString("content")).isEqualTo("Echo: hi");
        JsonObject named = answer(chat("gpt-4o", "hi")
                .put("tools", tools)
                .put(
                        "tool_choice",
                        new JsonObject()
                                .put("type", "function")
                                .put("function", new JsonObject().put("name", "clock"))));
        assertThat(message(named, 0).getJsonArray("tool_calls")).hasSize(1);
        assertThat(message(named, 0)
                        .getJsonArray("tool_calls")
                        .getJsonObject(0)
                        .getJsonObject("function")
                        .getString("name"))
                .isEqualTo("clock");
        JsonObject missing = refusal(chat("gpt-4o", "hi")
                .put("tools", tools)
                .put(
                        "tool_choice",
                        new JsonObject().put("type", "function").put("function", new JsonObject().put("name", "x"))));
        assertThat(missing.getString("param")).isEqualTo("tool_choice");
    }

    @Test
    void mentionsTheResultOfATool() throws Exception {
        JsonObject call = new JsonObject()
                .put("id", "call_1")
                .put("type", "function")
                .put("function", new JsonObject().put("name", "weather").put("arguments", "{}"));
        JsonObject request = chat("gpt-4o", "hi").put("tools", new JsonArray().add(tool("weather", WEATHER)));
        request.getJsonArray("messages")
                .add(new JsonObject().put("role", "assistant").put("tool_calls", new JsonArray().add(call)))
                .add(new JsonObject()
                        .put("role", "tool")
                        .put("tool_call_id", "call_1")
                        .put("content", "18 degrees"));
        assertThat(message(answer(request), 0).getString("content")).isEqualTo("Tool said: 18 degrees");
    }

    @Test
    void refusesToolResultsThatAnswerNoCallAndCallsWithoutResults() throws Exception {
        JsonObject orphan = chat("gpt-4o", "hi");
        orphan.getJsonArray("messages")
                .add(new JsonObject()
                        .put("role", "tool")
                        .put("tool_call_id", "call_1")
                        .put("content", "x"));
        assertThat(refusal(orphan).getString("message")).contains("must be a response to a preceding message");
        JsonObject open = chat("gpt-4o", "hi");
        open.getJsonArray("messages")
                .add(new JsonObject()
                        .put("role", "assistant")
                        .put(
                                "tool_calls",
                                new JsonArray()
                                        .add(new JsonObject()
                                                .put("id", "call_7")
                                                .put("type", "function")
                                                .put(
                                                        "function",
                                                        new JsonObject()
                                                                .put("name", "w")
                                                                .put("arguments", "{}")))))
                .add(new JsonObject().put("role", "user").put("content", "and?"));
        assertThat(refusal(open).getString("message")).endsWith("call_7");
    }

    @Test
    void answersInstancesOfTheWantedSchema() throws Exception {
        JsonObject format = new JsonObject()
                .put("type", "json_schema")
                .put(
                        "json_schema",
                        new JsonObject()
                                .put("name", "place")
                                .put("strict", true)
                                .put("schema", CLOCK));
        assertThat(message(answer(chat("gpt-4o", "hi").put("response_format", format)), 0)
                        .getString("content"))
                .isEqualTo("{\"zone\":\"UTC\"}");
        JsonObject any = new JsonObject().put("type", "json_object");
        assertThat(message(answer(chat("gpt-4o", "say json").put("response_format", any)), 0)
                        .getString("content"))
                .isEqualTo("{\"answer\":\"Echo: say json\"}");
    }

    @Test
    void saysExactlyAsManyTokensAsWished() throws Exception {
        JsonObject answer = answer(chat("fault:tokens=40+gpt-4o", "hi"));
        assertThat(answer.getJsonObject("usage").getInteger("completion_tokens"))
                .isEqualTo(40);
        assertThat(message(answer, 0).getString("content")).startsWith("Echo: hi water runs");
        assertThat(message(answer(chat("fault:text=Good day%21+gpt-4o", "hi")), 0)
                        .getString("content"))
                .isEqualTo("Good day!");
    }

    @Test
    void finishesAsWished() throws Exception {
        JsonObject filtered = answer(chat("fault:finish=content_filter+gpt-4o", "hi"));
        assertThat(filtered.getJsonArray("choices").getJsonObject(0).getString("finish_reason"))
                .isEqualTo("content_filter");
    }

    @Test
    void callsAsManyToolsAsWished() throws Exception {
        JsonArray tools = new JsonArray().add(tool("weather", WEATHER));
        JsonObject three = answer(chat("fault:tool-calls=3+gpt-4o", "hi").put("tools", tools));
        assertThat(message(three, 0).getJsonArray("tool_calls")).hasSize(3);
        JsonObject none = answer(chat("fault:tool-calls=0+gpt-4o", "hi").put("tools", tools));
        assertThat(message(none, 0).getString("content")).isEqualTo("Echo: hi");
    }

    @Test
    void givesFreeformToolsAnyText() throws Exception {
        JsonObject custom = new JsonObject().put("type", "custom").put("custom", new JsonObject().put("name", "shell"));
        JsonObject call = message(answer(chat("gpt-4o", "ls").put("tools", new JsonArray().add(custom))), 0)
                .getJsonArray("tool_calls")
                .getJsonObject(0);
        assertThat(call.getString("type")).isEqualTo("custom");
        assertThat(call.getJsonObject("custom"))
                .isEqualTo(new JsonObject().put("name", "shell").put("input", "Echo: ls"));
    }

    @Test
    void readsTextFromParts() throws Exception {
        JsonObject request = chat("gpt-4o", "x");
        request.getJsonArray("messages")
                .getJsonObject(0)
                .put(
                        "content",
                        new JsonArray()
                                .add(new JsonObject().put("type", "text").put("text", "look"))
                                .add(new JsonObject()
                                        .put("type", "image_url")
                                        .put("image_url", new JsonObject().put("url", "data:,"))));
        assertThat(message(answer(request), 0).getString("content")).isEqualTo("Echo: look");
    }

    @Test
    void refusesWhatOpenAiRefuses() throws Exception {
        assertThat(refusal(new JsonObject().put("messages", new JsonArray())).getString("param"))
                .isEqualTo("model");
        assertThat(refusal(new JsonObject().put("model", "m")).getString("param"))
                .isEqualTo("messages");
        assertThat(refusal(chat("m", "x").put("n", 0)).getString("param")).isEqualTo("n");
        assertThat(refusal(chat("m", "x").put("stream", "yes")).getString("param"))
                .isEqualTo("stream");
        assertThat(refusal(chat("m", "x").put("stream_options", new JsonObject()))
                        .getString("param"))
                .isEqualTo("stream_options");
        assertThat(refusal(chat("m", "x")
                                .put(
                                        "stop",
                                        new JsonArray()
                                                .add("1")
                                                .add("2")
                                                .add("3")
                                                .add("4")
                                                .add("5")))
                        .getString("param"))
                .isEqualTo("stop");
        JsonObject role = chat("m", "x");
        role.getJsonArray("messages").getJsonObject(0).put("role", "robot");
        assertThat(refusal(role).getString("param")).isEqualTo("messages[0].role");
        Answer broken = RawClient.call(simulator, CHAT, "{\"model\":");
        assertThat(broken.status()).isEqualTo(400);
        assertThat(RawClient.get(simulator, CHAT).status()).isEqualTo(405);
        assertThat(RawClient.get(simulator, "/v1/nowhere").status()).isEqualTo(404);
    }

    @Test
    void servesEveryBasePath() throws Exception {
        for (String base : List.of("/compatible-mode/v1", "/api/v3", "")) {
            assertThat(RawClient.call(simulator, base + "/chat/completions", Calls.plain("m"))
                            .status())
                    .isEqualTo(200);
        }
    }
}
