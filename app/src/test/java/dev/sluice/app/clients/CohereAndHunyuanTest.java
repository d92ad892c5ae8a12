package dev.sluice.app.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.app.clients.EveryUpstream.Upstream;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that speak Cohere's chat and Hunyuan's own form, over providers of every wire format. */
class CohereAndHunyuanTest {
    private static final String COHERE = "/v2/chat";
    private static final String HUNYUAN = "/hunyuan";
    private static final JsonObject SCHEMA = new JsonObject("""
            {"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}""");

    private static EveryUpstream upstreams;

    @BeforeAll
    static void start() {
        upstreams = new EveryUpstream();
    }

    @AfterAll
    static void stop() {
        upstreams.close();
    }

    @BeforeEach
    void freshen() {
        upstreams.freshen();
    }

    private static JsonObject cohere(String model, boolean stream) {
        return new JsonObject()
                .put("model", model)
                .put("stream", stream)
                .put("messages", JsonArray.of(JsonObject.of("role", "user", "content", "one two three four")));
    }

    private static JsonObject hunyuan(String model, boolean stream) {
        return new JsonObject()
                .put("Model", model)
                .put("Stream", stream)
                .put("Messages", JsonArray.of(JsonObject.of("Role", "user", "Content", "one two three four")));
    }

    private static HttpResponse<String> post(Upstream upstream, String path, JsonObject body) {
        return upstreams.post(upstream, path, EveryUpstream.KEY, body);
    }

    private static JsonObject answer(Upstream upstream, String path, JsonObject body) {
        HttpResponse<String> answer = post(upstream, path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        upstreams.arrived(upstream);
        return new JsonObject(answer.body());
    }

    private static List<JsonObject> events(Upstream upstream, String path, JsonObject body) {
        HttpResponse<String> answer = post(upstream, path, body);
        assertThat(answer.headers().firstValue("content-type").orElse("")).startsWith("text/event-stream");
        return answer.body()
                .lines()
                .filter(line -> line.startsWith("data: {"))
                .map(line -> new JsonObject(line.substring("data: ".length())))
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void answersInCoheresForm(Upstream upstream) {
        JsonObject answer = answer(upstream, COHERE, cohere("m", false));
        assertThat(answer.getString("finish_reason")).isEqualTo("COMPLETE");
        assertThat(answer.getJsonObject("message").getJsonArray("content").encode())
                .contains("Echo: one two three four");
        assertThat(answer.getJsonObject("usage").getJsonObject("tokens").getLong("output_tokens"))
                .isEqualTo(5);
    }

    @ParameterizedTest
    @EnumSource
    void streamsInCoheresForm(Upstream upstream) {
        List<JsonObject> events = events(upstream, COHERE, cohere("m", true));
        StringBuilder text = new StringBuilder();
        for (JsonObject event : events) {
            if (event.getString("type").equals("content-delta"))
                text.append(event.getJsonObject("delta")
                        .getJsonObject("message")
                        .getJsonObject("content")
                        .getString("text"));
        }
        assertThat(text).hasToString("Echo: one two three four");
        assertThat(events.getFirst().getString("type")).isEqualTo("message-start");
        assertThat(events.getLast().getJsonObject("delta").getString("finish_reason"))
                .isEqualTo("COMPLETE");
    }

    @ParameterizedTest
    @EnumSource
    void callsToolsForCoheresClients(Upstream upstream) {
        JsonObject tool =
                JsonObject.of("type", "function", "function", JsonObject.of("name", "weather", "parameters", SCHEMA));
        JsonObject first = answer(upstream, COHERE, cohere("m", false).put("tools", JsonArray.of(tool)));
        assertThat(first.getString("finish_reason")).isEqualTo("TOOL_CALL");
        JsonObject said = first.getJsonObject("message");
        JsonObject call = said.getJsonArray("tool_calls").getJsonObject(0);
        assertThat(new JsonObject(call.getJsonObject("function").getString("arguments")))
                .isEqualTo(JsonObject.of("city", "city"));
        JsonObject next = cohere("m", false).put("tools", JsonArray.of(tool));
        next.getJsonArray("messages")
                .add(said)
                .add(JsonObject.of("role", "tool", "tool_call_id", call.getString("id"), "content", "18 degrees"));
        assertThat(answer(upstream, COHERE, next).encode()).contains("Tool said: 18 degrees");
    }

    @ParameterizedTest
    @EnumSource
    void answersInHunyuansForm(Upstream upstream) {
        JsonObject answer = answer(upstream, HUNYUAN, hunyuan("m", false)).getJsonObject("Response");
        JsonObject choice = answer.getJsonArray("Choices").getJsonObject(0);
        assertThat(choice.getJsonObject("Message").getString("Content")).isEqualTo("Echo: one two three four");
        assertThat(choice.getString("FinishReason")).isEqualTo("stop");
        assertThat(answer.getJsonObject("Usage").getLong("CompletionTokens")).isEqualTo(5);
    }

    @ParameterizedTest
    @EnumSource
    void streamsInHunyuansForm(Upstream upstream) {
        StringBuilder text = new StringBuilder();
        List<JsonObject> events = events(upstream, HUNYUAN, hunyuan("m", true));
        for (JsonObject event : events) {
            JsonObject choice = event.getJsonArray("Choices").getJsonObject(0);
            text.append(choice.getJsonObject("Delta").getString("Content"));
        }
        assertThat(text).hasToString("Echo: one two three four");
        assertThat(events.getLast().getJsonObject("Usage").getLong("CompletionTokens"))
                .isEqualTo(5);
    }

    @ParameterizedTest
    @EnumSource
    void tellsErrorsInTheFormOfTheClient(Upstream upstream) {
        HttpResponse<String> cohere = post(upstream, COHERE, cohere(EveryUpstream.BUSY, false));
        assertThat(cohere.statusCode()).isEqualTo(429);
        assertThat(new JsonObject(cohere.body()).getString("message")).isNotEmpty();
        HttpResponse<String> hunyuan = post(upstream, HUNYUAN, hunyuan(EveryUpstream.BUSY, false));
        assertThat(hunyuan.statusCode()).isEqualTo(200);
        assertThat(new JsonObject(hunyuan.body())
                        .getJsonObject("Response")
                        .getJsonObject("Error")
                        .getString("Code"))
                .isEqualTo("RequestLimitExceeded");
    }

    @ParameterizedTest
    @EnumSource
    void tellsThatAStreamBroke(Upstream upstream) {
        assertThat(events(upstream, COHERE, cohere(EveryUpstream.BROKEN, true))
                        .getLast()
                        .encode())
                .contains("rror");
        assertThat(events(upstream, HUNYUAN, hunyuan(EveryUpstream.BROKEN, true))
                        .getLast()
                        .getJsonObject("ErrorMsg")
                        .getString("Msg"))
                .isNotEmpty();
    }

    @Test
    void tellsAWrongKeyAndAnUnknownAction() {
        HttpResponse<String> refused = upstreams.post(Upstream.OPENAI, COHERE, "sk-nobody", cohere("m", false));
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(upstreams
                        .post(Upstream.OPENAI, HUNYUAN, "sk-nobody", hunyuan("m", false))
                        .body())
                .contains("\"Code\":\"AuthFailure");
    }
}
