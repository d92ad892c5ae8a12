package dev.sluice.app.calls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.app.calls.ClientForm.Said;
import dev.sluice.protocol.Usage;
import dev.sluice.traffic.usage.Provenance;
import dev.sluice.traffic.usage.UsageRecord;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A bot of Coze, called by clients of three protocols, against a server that says what the documentation says. */
class CozeTest {
    private static final String ANSWER = """
            event:conversation.chat.created
            data:{"id":"chat-1","conversation_id":"conv-1","bot_id":"m-1","status":"created","created_at":1700000000}

            event:conversation.chat.in_progress
            data:{"id":"chat-1","conversation_id":"conv-1","bot_id":"m-1","status":"in_progress"}

            event:conversation.message.completed
            data:{"id":"msg-0","chat_id":"chat-1","conversation_id":"conv-1","role":"assistant","type":"function_call","content":"{}","content_type":"text"}

            event:conversation.message.delta
            data:{"id":"msg-1","chat_id":"chat-1","conversation_id":"conv-1","role":"assistant","type":"answer","content":"Good ","content_type":"text"}

            event:conversation.message.delta
            data:{"id":"msg-1","chat_id":"chat-1","conversation_id":"conv-1","role":"assistant","type":"answer","content":"morning","content_type":"text"}

            event:conversation.message.completed
            data:{"id":"msg-1","chat_id":"chat-1","conversation_id":"conv-1","role":"assistant","type":"answer","content":"Good morning","content_type":"text"}

            event:conversation.message.completed
            data:{"id":"msg-2","chat_id":"chat-1","conversation_id":"conv-1","role":"assistant","type":"follow_up","content":"And you?","content_type":"text"}

            event:conversation.chat.completed
            data:{"id":"chat-1","conversation_id":"conv-1","bot_id":"m-1","status":"completed","usage":{"token_count":9,"output_count":2,"input_count":7}}

            event:done
            data:"[DONE]"

            """;

    @TempDir
    Path folder;

    private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
    private volatile String contentType = "text/event-stream";
    private volatile String body = ANSWER;
    private HttpServer coze;
    private GatewayUnderTest gateway;

    record Asked(String target, String authorization, JsonObject body) {}

    @BeforeEach
    void start() throws IOException {
        coze = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        coze.createContext("/", this::answer);
        coze.start();
        gateway = GatewayUnderTest.start(folder, """
                providerKeys:
                  - { name: token, provider: coze, secret: pat-0123456789 }
                services:
                  - { name: bot, kind: agent, provider: coze, protocol: native, keys: [token],
                      address: { url: "http://127.0.0.1:%d" } }
                modelApis:
                  - name: bots
                    routes: [/v1/chat/completions, /v1/messages, "/v1beta/models/{model}:generateContent",
                      "/v1beta/models/{model}:streamGenerateContent"]
                    distribution: { strategy: single, targets: [ { service: bot } ] }
                consumers:
                  - { name: caller, modelApis: [bots] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %s }
                """.formatted(coze.getAddress().getPort(), GatewayUnderTest.KEY));
    }

    @AfterEach
    void stop() {
        gateway.close();
        coze.stop(0);
    }

    private void answer(HttpExchange exchange) {
        try (exchange) {
            asked.add(new Asked(
                    exchange.getRequestURI().toString(),
                    exchange.getRequestHeaders().getFirst("authorization"),
                    new JsonObject(new String(exchange.getRequestBody().readAllBytes(), UTF_8))));
            exchange.getResponseHeaders().add("content-type", contentType);
            byte[] bytes = body.getBytes(UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<Arguments> clients() {
        return Stream.of(ClientForm.values())
                .flatMap(client -> Stream.of(Arguments.of(client, false), Arguments.of(client, true)));
    }

    @ParameterizedTest(name = "{0}, stream {1}")
    @MethodSource("clients")
    void answersEveryClientAndKeepsTheConversation(ClientForm client, boolean stream) {
        Reply reply = gateway.call(
                client.path("m-1", stream),
                client.question("m-1", stream, List.of("Hello")).encode());
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        Said said = client.read(reply);
        assertThat(said.text.toString()).isEqualTo("Good morning");
        assertThat(reply.header("x-sluice-conversation")).isEqualTo("conv-1");
        UsageRecord record = gateway.record(reply.id());
        assertThat(record.provenance()).isEqualTo(Provenance.REPORTED);
        assertThat(record.usage()).isEqualTo(Usage.of(7, 2));
        Asked first = asked.remove();
        assertThat(first.target()).isEqualTo("/v3/chat");
        assertThat(first.authorization()).isEqualTo("Bearer pat-0123456789");
        assertThat(first.body().getString("bot_id")).isEqualTo("m-1");
        assertThat(first.body().getBoolean("stream")).isTrue();
        assertThat(first.body()
                        .getJsonArray("additional_messages")
                        .getJsonObject(0)
                        .getString("content"))
                .isEqualTo("Hello");

        gateway.call(
                client.path("m-1", stream),
                client.question("m-1", stream, List.of("Hello", "Good morning", "And?"))
                        .encode(),
                "x-sluice-conversation",
                "conv 1");
        Asked second = asked.remove();
        assertThat(second.target()).isEqualTo("/v3/chat?conversation_id=conv+1");
        assertThat(second.body()
                        .getJsonArray("additional_messages")
                        .getJsonObject(0)
                        .getString("content"))
                .isEqualTo("And?");
    }

    @Test
    void showsPicturesByTheirAddress() {
        gateway.call("/v1/chat/completions", """
                {"model":"m-1","messages":[{"role":"user","content":[{"type":"text","text":"What?"},
                  {"type":"image_url","image_url":{"url":"https://a.example/b.png"}}]}]}
                """);
        JsonObject message =
                asked.remove().body().getJsonArray("additional_messages").getJsonObject(0);
        assertThat(message.getString("content_type")).isEqualTo("object_string");
        assertThat(message.getString("content"))
                .isEqualTo(
                        "[{\"type\":\"text\",\"text\":\"What?\"},{\"type\":\"image\",\"file_url\":\"https://a.example/b.png\"}]");
    }

    @ParameterizedTest
    @CsvSource({
        "4000, Request parameter error, 400, upstream-refused",
        "4013, The limit is exceeded, 429, provider-rate-limited",
        "4100, The token you entered is incorrect, 502, provider-auth",
        "4101, The token does not have permission, 502, provider-auth",
        "4200, The bot does not exist, 404, upstream-model-not-found",
        "4200, The conversation does not exist, 404, conversation-not-found",
        "700012006, something of tomorrow, 502, upstream-error",
    })
    void errorsInsideASuccessAreTold(long code, String message, int status, String failure) {
        contentType = "application/json; charset=utf-8";
        body = "{\"code\":" + code + ",\"msg\":\"" + message + "\",\"error\":{\"logid\":\"l-1\"}}";
        for (boolean stream : new boolean[] {false, true}) {
            Reply reply = gateway.call("/v1/chat/completions", GatewayUnderTest.chat("m-1", stream));
            assertThat(gateway.record(reply.id()).failure()).isEqualTo(failure);
            assertThat(reply.status()).isEqualTo(status);
            gateway.admin("POST", "/admin/v1/providerKeys/token/reinstate", "", "");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "conversation.chat.failed, 4013, provider-rate-limited",
        "error, 4013, provider-rate-limited",
        "conversation.chat.requires_action, 0, upstream-refused",
    })
    void errorsInsideTheStreamAreTold(String event, long code, String failure) {
        String told = event.equals("error")
                ? "\"code\":%d,\"msg\":\"slow\""
                : "\"last_error\":{\"code\":%d,\"msg\":\"slow\"}";
        body = "event:" + event + "\ndata:{" + told.formatted(code) + "}\n\n";
        Reply reply = gateway.call("/v1/chat/completions", GatewayUnderTest.chat("m-1", true));
        assertThat(gateway.record(reply.id()).failure()).isEqualTo(failure);
    }

    @Test
    void takesNoToolsOfItsCaller() {
        Reply reply = gateway.call("/v1/chat/completions", """
                {"model":"m-1","messages":[{"role":"user","content":"Hi"}],
                  "tools":[{"type":"function","function":{"name":"f"}}]}
                """);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.error().getString("param")).isEqualTo("tools");
        assertThat(asked).isEmpty();
    }
}
