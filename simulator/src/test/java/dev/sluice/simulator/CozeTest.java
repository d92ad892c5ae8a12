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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Chats of a bot of Coze, streamed, asked after and cancelled. */
class CozeTest {
    private static final String CHAT = "/v3/chat";
    private static final String KEY = "Authorization: Bearer pat-1";
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

    private static JsonObject asked(String content, String contentType) {
        JsonObject message =
                new JsonObject().put("role", "user").put("content", content).put("content_type", contentType);
        return new JsonObject()
                .put("bot_id", "bot-1")
                .put("user_id", "someone")
                .put("additional_messages", JsonArray.of(message));
    }

    private static JsonObject asked() {
        return asked("hello world", "text");
    }

    private static JsonObject call(String path, JsonObject body) throws Exception {
        Answer answer = RawClient.call(simulator, path, body.encode(), KEY);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return new JsonObject(answer.text());
    }

    private static JsonObject get(String what, JsonObject chat, String... headers) throws Exception {
        String query = "?conversation_id=" + chat.getString("conversation_id") + "&chat_id=" + chat.getString("id");
        return new JsonObject(
                RawClient.get(simulator, CHAT + what + query, headers).text());
    }

    private static JsonObject cancel(JsonObject chat) throws Exception {
        return call(
                CHAT + "/cancel",
                new JsonObject()
                        .put("chat_id", chat.getString("id"))
                        .put("conversation_id", chat.getString("conversation_id")));
    }

    /** The names of the events and what they bring. */
    private static List<String> events(String text, String member) {
        return List.of(text.split("\n\n")).stream()
                .map(event -> event.split("\ndata:", 2))
                .map(event -> event[1].startsWith("{")
                        ? event[0] + " " + new JsonObject(event[1]).getValue(member)
                        : event[0] + " " + event[1])
                .toList();
    }

    @Test
    void streamsAnAnswerAndTellsItWholeAtItsEnd() throws Exception {
        String text = RawClient.call(
                        simulator, CHAT, asked().put("stream", true).encode(), KEY)
                .text();
        assertThat(events(text, "content"))
                .containsExactly(
                        "event:conversation.chat.created null",
                        "event:conversation.chat.in_progress null",
                        "event:conversation.message.delta Echo:",
                        "event:conversation.message.delta  hello",
                        "event:conversation.message.delta  world",
                        "event:conversation.message.completed Echo: hello world",
                        "event:conversation.message.completed {\"msg_type\":\"generate_answer_finish\",\"data\":\"\"}",
                        "event:conversation.chat.completed null",
                        "event:done \"[DONE]\"");
        assertThat(events(text, "usage"))
                .contains("event:conversation.chat.completed {\"token_count\":5,\"output_count\":3,\"input_count\":2}");
        assertThat(simulator.totals().of("bot-1").reported()).isEqualTo(Usage.of(2, 3));
    }

    @Test
    void aChatThatIsNotStreamedIsAskedAfter() throws Exception {
        JsonObject begun = call(CHAT, asked()).getJsonObject("data");
        assertThat(begun.getString("status")).isEqualTo("in_progress");
        assertThat(get("/message/list", begun, KEY).getJsonArray("data")).isEmpty();
        JsonObject completed = get("/retrieve", begun, KEY).getJsonObject("data");
        assertThat(completed.getString("status")).isEqualTo("completed");
        assertThat(completed.getJsonObject("usage").getInteger("token_count")).isEqualTo(5);
        JsonArray messages = get("/message/list", begun, KEY).getJsonArray("data");
        assertThat(messages.getJsonObject(0).getString("content")).isEqualTo("Echo: hello world");
        assertThat(simulator.totals().of("bot-1").billed()).isEqualTo(Usage.of(2, 3));
        assertThat(simulator.totals().of("coze-retrieve").reported()).isEqualTo(Usage.of(2, 3));
        assertThat(simulator.totals().of("coze-retrieve").billed()).isEqualTo(Usage.ZERO);
        assertThat(get("/retrieve", begun).getInteger("code"))
                .as("of another key")
                .isEqualTo(4200);
        assertThat(cancel(begun).getInteger("code")).as("of a completed chat").isEqualTo(4000);
    }

    @Test
    void aChatIsCancelled() throws Exception {
        JsonObject begun = call(CHAT, asked("good bye", "text")).getJsonObject("data");
        assertThat(cancel(begun).getJsonObject("data").getString("status")).isEqualTo("canceled");
        assertThat(get("/retrieve", begun, KEY).getJsonObject("data").getString("status"))
                .isEqualTo("canceled");
        assertThat(get("/message/list", begun, KEY).getJsonArray("data")).isEmpty();
        assertThat(cancel(begun.put("conversation_id", "7000000000000000000")).getString("msg"))
                .isEqualTo("The chat does not exist.");
    }

    @Test
    void goesOnWithAConversationThatWasGivenOut() throws Exception {
        String id = call(CHAT, asked()).getJsonObject("data").getString("conversation_id");
        JsonObject second = call(CHAT + "?conversation_id=" + id, asked("and now", "text"));
        assertThat(second.getJsonObject("data").getString("conversation_id")).isEqualTo(id);
        assertThat(call(CHAT, asked("another", "text")).getJsonObject("data").getString("conversation_id"))
                .isNotEqualTo(id);
        for (String unknown : List.of("c1", "7000000000000000000")) {
            JsonObject refused = call(CHAT + "?conversation_id=" + unknown, asked());
            assertThat(refused.getInteger("code")).isEqualTo(4200);
            assertThat(refused.getString("msg")).isEqualTo("The conversation does not exist.");
        }
    }

    @Test
    void picturesStandBesideWords() throws Exception {
        String items =
                "[{\"type\":\"text\",\"text\":\"what is it\"},{\"type\":\"image\",\"file_url\":\"https://a.example/b.png\"}]";
        JsonObject begun = call(CHAT, asked(items, "object_string")).getJsonObject("data");
        get("/retrieve", begun, KEY);
        assertThat(get("/message/list", begun, KEY)
                        .getJsonArray("data")
                        .getJsonObject(0)
                        .getString("content"))
                .isEqualTo("Echo: what is it");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            {'user_id':'u'}                                                                           | bot_id: Field required
            {'bot_id':'b'}                                                                            | user_id: Field required
            {'bot_id':'b','user_id':'u'}                                                              | additional_messages: Field required
            {'bot_id':'b','user_id':'u','additional_messages':[{'role':'tool','content':'x'}]}        | additional_messages.0.role
            {'bot_id':'b','user_id':'u','additional_messages':[{'role':'user','content':'x','content_type':'card'}]} | additional_messages.0.content_type
            {'bot_id':'b','user_id':'u','additional_messages':[{'role':'user','content':'x','content_type':'object_string'}]} | a list in JSON
            """)
    void refusesWithStatus200AndANumber(String body, String message) throws Exception {
        JsonObject refused = call(CHAT, new JsonObject(body.replace('\'', '"')));
        assertThat(refused.getInteger("code")).isEqualTo(4000);
        assertThat(refused.getString("msg")).contains(message);
    }

    @ParameterizedTest
    @CsvSource({
        "status=401, 401, 4100, The token you entered is incorrect",
        "status=200;code=4013;message=slow, 200, 4013, slow",
        "status=500;code=internal;message=no, 500, 5000, internal: no",
    })
    void faultsHaveNumbersToo(String fault, int status, int code, String message) throws Exception {
        Answer answer = RawClient.call(simulator, CHAT, asked().encode(), "x-simulate: " + fault);
        assertThat(answer.status()).isEqualTo(status);
        JsonObject error = new JsonObject(answer.text());
        assertThat(error.getInteger("code")).isEqualTo(code);
        assertThat(error.getString("msg")).startsWith(message);
    }

    @Test
    void aChatThatHasBegunFails() throws Exception {
        String body = asked().put("stream", true).encode();
        String failed = RawClient.call(simulator, CHAT, body, "x-simulate: error=3;code=4013;message=slow")
                .text();
        assertThat(failed)
                .contains(
                        "event:conversation.chat.failed\ndata:{\"status\":\"failed\",\"last_error\":{\"code\":4013,\"msg\":\"slow\"");
        assertThat(RawClient.call(simulator, CHAT, body, "x-simulate: error").text())
                .startsWith("event:error\ndata:{\"code\":5000,");
    }
}
