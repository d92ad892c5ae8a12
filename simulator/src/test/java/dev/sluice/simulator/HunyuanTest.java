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

/** Chat as Tencent Hunyuan speaks it. */
class HunyuanTest {
    private static final String ACTION = "X-TC-Action: ChatCompletions";
    private static final String VERSION = "X-TC-Version: 2023-09-01";
    private static final String SIGNATURE = "b4726ab713667c881956ee6c877ef50873b1bcfb4c2201d3fd09b574c69ded3f";
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
        simulator.rules().clear();
    }

    private static JsonObject asked(String... said) {
        JsonArray messages = new JsonArray();
        for (String text : said) {
            messages.add(new JsonObject()
                    .put("Role", messages.size() % 2 == 0 ? "user" : "assistant")
                    .put("Content", text));
        }
        return new JsonObject().put("Model", "hunyuan-lite").put("Messages", messages);
    }

    private static Answer send(JsonObject body, String... more) throws Exception {
        String[] headers = new String[more.length + 2];
        headers[0] = ACTION;
        headers[1] = VERSION;
        System.arraycopy(more, 0, headers, 2, more.length);
        return RawClient.call(simulator, "/", body.encode(), headers);
    }

    private static JsonObject response(Answer answer) {
        assertThat(answer.status()).isEqualTo(200);
        return new JsonObject(answer.text()).getJsonObject("Response");
    }

    private static JsonObject choice(JsonObject answer) {
        return answer.getJsonArray("Choices").getJsonObject(0);
    }

    private static List<JsonObject> events(Answer answer) {
        return answer.events().stream().map(JsonObject::new).toList();
    }

    @Test
    void answersInAnEnvelope() throws Exception {
        JsonObject response = response(send(asked("hello world")));
        assertThat(choice(response).encode())
                .isEqualTo(
                        "{\"Index\":0,\"FinishReason\":\"stop\",\"Message\":{\"Role\":\"assistant\",\"Content\":\"Echo: hello world\"}}");
        assertThat(response.getJsonObject("Usage").encode())
                .isEqualTo("{\"PromptTokens\":2,\"CompletionTokens\":3,\"TotalTokens\":5}");
        assertThat(simulator.totals().of("hunyuan-lite").reported()).isEqualTo(Usage.of(2, 3));
    }

    @Test
    void streamsWithoutAnEnvelopeAndTellsTheUsageInEveryEvent() throws Exception {
        Answer answer = send(asked("hello world").put("Stream", true));
        List<JsonObject> events = events(answer);
        assertThat(events.stream()
                        .map(event -> choice(event).getJsonObject("Delta").getString("Content")))
                .containsExactly("", "Echo:", " hello", " world", "");
        assertThat(events.stream().map(event -> event.getJsonObject("Usage").getInteger("CompletionTokens")))
                .containsExactly(0, 1, 2, 3, 3);
        assertThat(choice(events.getFirst()).getString("FinishReason")).isEmpty();
        assertThat(choice(events.getLast()).getString("FinishReason")).isEqualTo("stop");
        assertThat(answer.text()).doesNotContain("Response", "[DONE]");
        assertThat(simulator.totals().of("hunyuan-lite").reported()).isEqualTo(Usage.of(2, 3));
    }

    @Test
    void callsToolsAndTakesTheirResults() throws Exception {
        JsonObject function = new JsonObject()
                .put("Name", "weather")
                .put(
                        "Parameters",
                        "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}},\"required\":[\"city\"]}");
        JsonObject tool = new JsonObject().put("Type", "function").put("Function", function);
        JsonObject request = asked("hi").put("Tools", new JsonArray().add(tool));
        JsonObject choice = choice(response(send(request)));
        assertThat(choice.getString("FinishReason")).isEqualTo("tool_calls");
        JsonObject call =
                choice.getJsonObject("Message").getJsonArray("ToolCalls").getJsonObject(0);
        StringBuilder arguments = new StringBuilder();
        for (JsonObject event : events(send(request.copy().put("Stream", true)))) {
            JsonArray calls = choice(event).getJsonObject("Delta").getJsonArray("ToolCalls", new JsonArray());
            if (!calls.isEmpty()) {
                arguments.append(
                        calls.getJsonObject(0).getJsonObject("Function").getString("Arguments"));
            }
        }
        assertThat(arguments.toString())
                .isEqualTo(call.getJsonObject("Function").getString("Arguments"));
        request.getJsonArray("Messages")
                .add(choice.getJsonObject("Message"))
                .add(new JsonObject()
                        .put("Role", "tool")
                        .put("ToolCallId", call.getString("Id"))
                        .put("Content", "sunny"));
        assertThat(choice(response(send(request))).getJsonObject("Message").getString("Content"))
                .isEqualTo("Tool said: sunny");
        JsonObject custom = asked("hi").put("Tools", new JsonArray().add(tool)).put("ToolChoice", "none");
        assertThat(choice(response(send(custom))).getString("FinishReason")).isEqualTo("stop");
    }

    @Test
    void thinksWhenTheModelDoes() throws Exception {
        JsonObject request = asked("hello").put("Model", "hunyuan-t1-latest");
        String thoughts =
                choice(response(send(request))).getJsonObject("Message").getString("ReasoningContent");
        assertThat(thoughts).isNotEmpty();
        StringBuilder streamed = new StringBuilder();
        for (JsonObject event : events(send(request.put("Stream", true)))) {
            streamed.append(choice(event).getJsonObject("Delta").getString("ReasoningContent", ""));
        }
        assertThat(streamed.toString()).isEqualTo(thoughts);
    }

    @Test
    void refusesWithStatus200() throws Exception {
        assertThat(response(send(asked("a", "b"))).getJsonObject("Error").getString("Code"))
                .isEqualTo("InvalidParameter");
        JsonObject late = asked("a", "b", "c");
        late.getJsonArray("Messages").getJsonObject(2).put("Role", "system");
        assertThat(response(send(late)).getJsonObject("Error")).isNotNull();
        JsonObject twice = asked("a", "b", "c");
        twice.getJsonArray("Messages").remove(1);
        assertThat(response(send(twice)).getJsonObject("Error").getString("Message"))
                .contains("by turns");
        assertThat(response(send(asked(""))).getJsonObject("Error").getString("Message"))
                .contains("some text");
        Answer other = RawClient.call(simulator, "/", asked("a").encode(), "X-TC-Action: ChatTranslations", VERSION);
        assertThat(response(other).getJsonObject("Error").getString("Code")).isEqualTo("InvalidAction");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-02, hunyuan, content-type;host;x-tc-action, ''",
        "2026-01-02, hunyuan, content-type;host, ''",
        "2026-01-03, hunyuan, content-type;host, AuthFailure.SignatureFailure",
        "2026-01-02, cvm, content-type;host, AuthFailure.SignatureFailure",
        "2026-01-02, hunyuan, host, AuthFailure.SignatureFailure",
    })
    void checksWhatCanBeToldOfASignature(String day, String service, String signed, String code) throws Exception {
        String authorization = "Authorization: TC3-HMAC-SHA256 Credential=AKID1/" + day + "/" + service
                + "/tc3_request, SignedHeaders=" + signed + ", Signature=" + SIGNATURE;
        JsonObject response = response(send(asked("hi"), authorization, "X-TC-Timestamp: 1767323045"));
        JsonObject error = response.getJsonObject("Error", new JsonObject());
        assertThat(error.getString("Code", "")).isEqualTo(code);
        JsonObject bearer = response(send(asked("hi"), "Authorization: Bearer sk-1"));
        assertThat(bearer.getJsonObject("Error").getString("Code")).isEqualTo("AuthFailure.InvalidAuthorization");
    }

    @Test
    void aRuleForASecretIdAppliesToItsSignedCalls() throws Exception {
        simulator.rules().add(new Rule("*", "*", "AKID1", 0, 0, "status=200;code=AuthFailure.SecretIdNotFound"));
        String authorization = "Authorization: TC3-HMAC-SHA256 Credential=AKID1/2026-01-02/hunyuan/tc3_request, "
                + "SignedHeaders=content-type;host, Signature=" + SIGNATURE;
        Answer answer = send(asked("hi").put("Stream", true), authorization, "X-TC-Timestamp: 1767323045");
        assertThat(answer.headers()).containsEntry("content-type", "application/json");
        assertThat(response(answer).getJsonObject("Error").getString("Code")).isEqualTo("AuthFailure.SecretIdNotFound");
    }

    @Test
    void tellsErrorsInItsOwnForm() throws Exception {
        Answer limited = send(asked("hi"), "x-simulate: status=429");
        assertThat(limited.status()).isEqualTo(429);
        assertThat(limited.text()).contains("\"Code\":\"RequestLimitExceeded\"");
        Answer inside = send(asked("hi"), "x-simulate: error;code=RequestLimitExceeded;message=Slow");
        assertThat(response(inside).getJsonObject("Error").encode())
                .isEqualTo("{\"Code\":\"RequestLimitExceeded\",\"Message\":\"Slow\"}");
        JsonObject last = events(send(asked("hi").put("Stream", true), "x-simulate: error=2;message=Oops;code=4001"))
                .getLast();
        assertThat(last.getJsonObject("ErrorMsg").encode()).isEqualTo("{\"Msg\":\"Oops\",\"Code\":\"4001\"}");
        Answer cut = send(asked("hi").put("Stream", true), "x-simulate: cut=2");
        assertThat(cut.end()).isEqualTo(End.CLOSED);
        assertThat(cut.events()).hasSize(2);
    }
}
