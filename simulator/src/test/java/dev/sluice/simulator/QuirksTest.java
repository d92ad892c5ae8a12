package dev.sluice.simulator;

import static dev.sluice.simulator.Calls.CHAT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.RawClient.Answer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Habits of vendors of the OpenAI wire format. */
class QuirksTest {
    private static Simulator simulator;

    @BeforeAll
    static void start() {
        simulator = Simulator.start();
    }

    @AfterAll
    static void stop() {
        simulator.close();
    }

    private static Answer whole(String fault) throws Exception {
        return RawClient.call(simulator, CHAT, Calls.plain("m"), "x-simulate: " + fault);
    }

    private static Answer streamed(String fault) throws Exception {
        return RawClient.call(simulator, CHAT, Calls.stream("m"), "x-simulate: " + fault);
    }

    private static JsonObject message(Answer answer) {
        return new JsonObject(answer.text())
                .getJsonArray("choices")
                .getJsonObject(0)
                .getJsonObject("message");
    }

    private static String joined(Answer answer, String field) {
        StringBuilder text = new StringBuilder();
        for (String event : answer.events()) {
            if (!event.equals("[DONE]")) {
                text.append(new JsonObject(event)
                        .getJsonArray("choices")
                        .getJsonObject(0)
                        .getJsonObject("delta")
                        .getString(field, ""));
            }
        }
        return text.toString();
    }

    @Test
    void tellsReasoningBesideTheText() throws Exception {
        JsonObject message = message(whole("quirk=reasoning-content;reasoning=3"));
        assertThat(message.getString("content")).isEqualTo("Echo: hello world");
        assertThat(message.getString("reasoning_content").split(" ")).hasSize(3);
        Answer stream = streamed("quirk=reasoning-content;reasoning=3");
        assertThat(joined(stream, "content")).isEqualTo("Echo: hello world");
        assertThat(joined(stream, "reasoning_content")).isEqualTo(message.getString("reasoning_content"));
    }

    @Test
    void tellsReasoningInsideTheText() throws Exception {
        String whole = message(whole("quirk=think")).getString("content");
        assertThat(whole).startsWith("<think>\n").endsWith("\n</think>\n\nEcho: hello world");
        assertThat(joined(streamed("quirk=think"), "content")).isEqualTo(whole);
    }

    @Test
    void beginsWithoutChoicesAsAzureDoes() throws Exception {
        List<String> events = streamed("quirk=azure").events();
        assertThat(events).hasSize(7);
        JsonObject first = new JsonObject(events.getFirst());
        assertThat(first.getJsonArray("choices")).isEmpty();
        assertThat(first.getJsonArray("prompt_filter_results")).hasSize(1);
    }

    @Test
    void hidesErrorsInsideASuccess() throws Exception {
        Answer minimax = whole("quirk=minimax-error");
        assertThat(minimax.status()).isEqualTo(200);
        assertThat(new JsonObject(minimax.text()).getJsonObject("base_resp").getInteger("status_code"))
                .isEqualTo(1008);
        Answer spark = streamed("quirk=spark-error");
        assertThat(spark.status()).isEqualTo(200);
        assertThat(new JsonObject(spark.events().getFirst()).getInteger("code")).isEqualTo(10013);
        List<String> openRouter = streamed("error=3;quirk=openrouter-error").events();
        assertThat(openRouter).hasSize(4);
        assertThat(new JsonObject(openRouter.getLast())
                        .getJsonArray("choices")
                        .getJsonObject(0)
                        .getString("finish_reason"))
                .isEqualTo("error");
    }

    @Test
    void givesMisleadingStatuses() throws Exception {
        Answer zhipu = whole("quirk=zhipu-no-balance");
        assertThat(zhipu.status()).isEqualTo(429);
        assertThat(new JsonObject(zhipu.text()).getJsonObject("error").getString("code"))
                .isEqualTo("1113");
        Answer dashScope = whole("quirk=dashscope-arrearage");
        assertThat(dashScope.status()).isEqualTo(400);
        assertThat(dashScope.text()).contains("Arrearage");
        Answer gemini = whole("quirk=gemini-bad-key");
        assertThat(gemini.status()).isEqualTo(400);
        assertThat(new JsonArray(gemini.text()).encode()).contains("API_KEY_INVALID");
    }

    @Test
    void turnsOneBit() throws Exception {
        byte[] right = whole("plain").body();
        byte[] wrong = whole("corrupt").body();
        int different = 0;
        for (int at = 0; at < right.length; at++) {
            different += Integer.bitCount((right[at] ^ wrong[at]) & 0xff);
        }
        assertThat(different).isEqualTo(1);
    }

    @Test
    void recordsWhereCredentialsCame() throws Exception {
        RawClient.call(simulator, CHAT + "?key=k", Calls.plain("m"), "Authorization: Bearer a", "x-goog-api-key: b");
        assertThat(simulator.journal().last().credentials()).containsExactly("authorization", "x-goog-api-key", "?key");
    }
}
