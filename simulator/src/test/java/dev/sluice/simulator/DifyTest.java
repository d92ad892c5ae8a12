package dev.sluice.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.RawClient.Answer;
import dev.sluice.simulator.RawClient.End;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Applications of Dify: chats, agents, completions and workflows. */
class DifyTest {
    private static final String CHAT = "/v1/chat-messages";
    private static final String WORKFLOW = "/v1/workflows/run";
    private static final String AGENT = "Authorization: Bearer app-agent-1";
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

    private static JsonObject asked(String mode) {
        return new JsonObject()
                .put("query", "hello world")
                .put("inputs", new JsonObject())
                .put("user", "someone")
                .put("response_mode", mode);
    }

    private static JsonObject answer(String path, JsonObject body, String... headers) throws Exception {
        Answer answer = RawClient.call(simulator, path, body.encode(), headers);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return new JsonObject(answer.text());
    }

    private static JsonObject refused(int status, String path, JsonObject body, String... headers) throws Exception {
        Answer answer = RawClient.call(simulator, path, body.encode(), headers);
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        return new JsonObject(answer.text());
    }

    private static List<JsonObject> events(String path, JsonObject body, String... headers) throws Exception {
        Answer answer = RawClient.call(simulator, path, body.encode(), headers);
        assertThat(answer.text()).startsWith("event: ping\n\ndata: ");
        return answer.events().stream().map(JsonObject::new).toList();
    }

    @Test
    void chatsWholeAndGoesOnWithAConversation() throws Exception {
        JsonObject first = answer(CHAT, asked("blocking"));
        assertThat(first.getString("answer")).isEqualTo("Echo: hello world");
        assertThat(first.getJsonObject("metadata").getJsonObject("usage").getInteger("total_tokens"))
                .isEqualTo(5);
        String id = first.getString("conversation_id");
        JsonObject second =
                answer(CHAT, asked("blocking").put("query", "and now").put("conversation_id", id));
        assertThat(second.getString("conversation_id")).isEqualTo(id);
        assertThat(second.getString("answer")).isEqualTo("Echo: and now");
        assertThat(answer(CHAT, asked("blocking").put("query", "another")).getString("conversation_id"))
                .isNotEqualTo(id);
        assertThat(refused(404, CHAT, asked("blocking").put("conversation_id", "c1"))
                        .encode())
                .isEqualTo("{\"code\":\"not_found\",\"message\":\"Conversation Not Exists.\",\"status\":404}");
        assertThat(simulator.totals().of("dify-chat").reported()).isEqualTo(Usage.of(5, 8));
    }

    @Test
    void streamsAChat() throws Exception {
        List<JsonObject> events = events(CHAT, asked("streaming"));
        assertThat(events.stream().map(event -> event.getString("event")))
                .containsExactly("message", "message", "message", "message_end");
        assertThat(events.stream().map(event -> event.getString("answer", "")))
                .containsExactly("Echo:", " hello", " world", "");
        assertThat(events.stream()
                        .map(event -> event.getString("conversation_id"))
                        .distinct())
                .hasSize(1);
        assertThat(simulator.totals().of("dify-chat").reported()).isEqualTo(Usage.of(2, 3));
    }

    @Test
    void anAgentAnswersInStreamsOnly() throws Exception {
        assertThat(refused(400, CHAT, asked("blocking"), AGENT).encode())
                .isEqualTo(
                        "{\"code\":\"invalid_param\",\"message\":\"Agent Chat App does not support blocking mode\",\"status\":400}");
        List<JsonObject> events = events(CHAT, asked("streaming"), AGENT, "x-simulate: reasoning=3");
        assertThat(events.stream().map(event -> event.getString("event")))
                .containsExactly(
                        "agent_thought",
                        "agent_thought",
                        "agent_message",
                        "agent_message",
                        "agent_message",
                        "agent_thought",
                        "message_end");
        assertThat(events.get(1).getString("thought")).isEqualTo("The user wants");
        assertThat(events.get(5).getString("thought")).isEqualTo("Echo: hello world");
        assertThat(simulator.totals().of("dify-agent").reported()).isEqualTo(Usage.of(2, 6));
    }

    @Test
    void theWorkflowOfAChatFlowEndsBeforeItsMessage() throws Exception {
        assertThat(events(CHAT, asked("streaming"), "Authorization: Bearer app-flow-1").stream()
                        .map(event -> event.getString("event")))
                .containsExactly(
                        "workflow_started", "message", "message", "message", "workflow_finished", "message_end");
    }

    @Test
    void completesAndRunsWorkflows() throws Exception {
        JsonObject inputs = new JsonObject().put("query", "hello world");
        JsonObject request = asked("blocking").put("inputs", inputs);
        request.remove("query");
        assertThat(answer("/v1/completion-messages", request).getString("answer"))
                .isEqualTo("Echo: hello world");
        JsonObject run = answer(WORKFLOW, request).getJsonObject("data");
        assertThat(run.getString("status")).isEqualTo("succeeded");
        assertThat(run.getJsonObject("outputs").encode()).isEqualTo("{\"text\":\"Echo: hello world\"}");
        assertThat(run.getInteger("total_tokens")).isEqualTo(5);
        List<JsonObject> events = events("/v1/workflows/w-1/run", request.put("response_mode", "streaming"));
        assertThat(events.stream().map(event -> event.getString("event")))
                .containsExactly(
                        "workflow_started",
                        "node_started",
                        "text_chunk",
                        "text_chunk",
                        "text_chunk",
                        "node_finished",
                        "workflow_finished");
        assertThat(events.getLast().getJsonObject("data").getInteger("total_tokens"))
                .isEqualTo(5);
    }

    @Test
    void insistsOnAUserAndInputs() throws Exception {
        JsonObject request = asked("blocking");
        request.remove("user");
        assertThat(refused(400, CHAT, request).getString("message")).startsWith("user");
        JsonObject other = asked("blocking");
        other.remove("inputs");
        assertThat(refused(400, CHAT, other).getString("code")).isEqualTo("invalid_param");
        assertThat(refused(400, WORKFLOW, asked("blocking")).getString("message"))
                .contains("query");
    }

    @Test
    void tellsErrorsInItsOwnForm() throws Exception {
        assertThat(refused(429, CHAT, asked("blocking"), "x-simulate: status=429")
                        .encode())
                .contains("\"code\":\"too_many_requests\"", "\"status\":429");
        JsonObject inChat = events(CHAT, asked("streaming"), "x-simulate: error=2;message=Oops")
                .getLast();
        assertThat(inChat.encode())
                .isEqualTo(
                        "{\"event\":\"error\",\"code\":\"internal_server_error\",\"message\":\"Oops\",\"status\":500}");
        JsonObject request = asked("streaming").put("inputs", new JsonObject().put("query", "a b"));
        JsonObject inRun =
                events(WORKFLOW, request, "x-simulate: error=4;message=Oops").getLast();
        assertThat(inRun.getJsonObject("data").getString("status")).isEqualTo("failed");
        assertThat(inRun.getJsonObject("data").getString("error")).isEqualTo("Oops");
        Answer cut = RawClient.call(simulator, CHAT, asked("streaming").encode(), "x-simulate: cut=3");
        assertThat(cut.end()).isEqualTo(End.CLOSED);
        assertThat(cut.text()).doesNotContain("message_end");
    }
}
