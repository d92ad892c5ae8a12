package dev.sluice.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.RawClient.Answer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Converse and invoke as AWS speaks them; frames are read here by the rules of AWS, not by the code that wrote them. */
class BedrockTest {
    private static final String MODEL = "/model/anthropic.claude-sonnet-4%3A0/";
    private static final String NAME = "anthropic.claude-sonnet-4:0";
    private static Simulator simulator;

    /** A frame; right when lengths and checksums fit. */
    private record Message(boolean right, String headers, String payload) {
        JsonObject json() {
            return new JsonObject(payload);
        }
    }

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

    private static JsonObject asked(String said) {
        JsonArray content = new JsonArray().add(new JsonObject().put("text", said));
        return new JsonObject()
                .put(
                        "messages",
                        new JsonArray().add(new JsonObject().put("role", "user").put("content", content)));
    }

    private static JsonObject claude() {
        JsonObject body =
                Calls.chat("", "hello world").put("max_tokens", 100).put("anthropic_version", "bedrock-2023-05-31");
        body.remove("model");
        return body;
    }

    private static Answer send(String operation, JsonObject body, String... headers) throws Exception {
        return RawClient.call(simulator, MODEL + operation, body.encode(), headers);
    }

    private static List<Message> messages(Answer answer) {
        Buffer bytes = Buffer.buffer(answer.body());
        List<Message> messages = new ArrayList<>();
        for (int at = 0; at < bytes.length(); ) {
            int length = bytes.getInt(at);
            int headersEnd = at + 12 + bytes.getInt(at + 4);
            boolean right = checksum(bytes, at, at + 8) == bytes.getUnsignedInt(at + 8)
                    && checksum(bytes, at, at + length - 4) == bytes.getUnsignedInt(at + length - 4);
            messages.add(new Message(
                    right,
                    bytes.getString(at + 12, headersEnd, "ISO-8859-1"),
                    bytes.getString(headersEnd, at + length - 4, "UTF-8")));
            at += length;
        }
        return messages;
    }

    private static long checksum(Buffer bytes, int from, int to) {
        CRC32 crc = new CRC32();
        crc.update(bytes.getBytes(from, to));
        return crc.getValue();
    }

    @Test
    void converses() throws Exception {
        JsonObject response =
                new JsonObject(send("converse", asked("hello world")).text());
        assertThat(response.getJsonObject("output").encode())
                .isEqualTo("{\"message\":{\"role\":\"assistant\",\"content\":[{\"text\":\"Echo: hello world\"}]}}");
        assertThat(response.getString("stopReason")).isEqualTo("end_turn");
        assertThat(response.getJsonObject("usage").getInteger("totalTokens")).isEqualTo(5);
        assertThat(simulator.totals().of(NAME).reported()).isEqualTo(Usage.of(2, 3));
    }

    @Test
    void streamsInFramesThatAreRight() throws Exception {
        Answer answer = send("converse-stream", asked("hello world"));
        assertThat(answer.headers()).containsEntry("content-type", "application/vnd.amazon.eventstream");
        List<Message> messages = messages(answer);
        assertThat(messages).hasSize(7).allMatch(Message::right);
        assertThat(messages.get(0).headers()).contains("messageStart");
        assertThat(messages.get(1).json().encode())
                .isEqualTo("{\"contentBlockIndex\":0,\"delta\":{\"text\":\"Echo:\"}}");
        assertThat(messages.get(5).headers()).contains("messageStop");
        assertThat(messages.get(6).headers()).contains("metadata");
        assertThat(simulator.totals().of(NAME).reported()).isEqualTo(Usage.of(2, 3));
    }

    @Test
    void usesTools() throws Exception {
        JsonObject request = asked("hi")
                .put(
                        "toolConfig",
                        new JsonObject(
                                "{\"tools\":[{\"toolSpec\":{\"name\":\"weather\",\"inputSchema\":{\"json\":{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}},\"required\":[\"city\"]}}}}]}"));
        JsonObject response = new JsonObject(send("converse", request).text());
        assertThat(response.getString("stopReason")).isEqualTo("tool_use");
        JsonObject message = response.getJsonObject("output").getJsonObject("message");
        JsonObject use = message.getJsonArray("content").getJsonObject(0).getJsonObject("toolUse");
        StringBuilder input = new StringBuilder();
        for (Message frame : messages(send("converse-stream", request))) {
            JsonObject delta = frame.json().getJsonObject("delta", new JsonObject());
            input.append(delta.getJsonObject("toolUse", new JsonObject()).getString("input", ""));
        }
        assertThat(new JsonObject(input.toString())).isEqualTo(use.getJsonObject("input"));
        JsonObject result = new JsonObject()
                .put("toolUseId", use.getString("toolUseId"))
                .put("content", new JsonArray().add(new JsonObject().put("text", "sunny")));
        request.getJsonArray("messages")
                .add(message)
                .add(new JsonObject()
                        .put("role", "user")
                        .put("content", new JsonArray().add(new JsonObject().put("toolResult", result))));
        assertThat(send("converse", request).text()).contains("Tool said: sunny");
        request.remove("toolConfig");
        assertThat(send("converse", request).text()).contains("toolConfig field must be defined");
    }

    @Test
    void thinksWhenAskedAndTellsCachedInputApart() throws Exception {
        JsonObject request = asked("hello world")
                .put("additionalModelRequestFields", new JsonObject("{\"thinking\":{\"type\":\"enabled\"}}"));
        Answer answer = send("converse", request, "x-simulate: cached=10");
        assertThat(answer.text()).contains("reasoningText", "signature", "\"cacheReadInputTokens\":10");
        assertThat(new JsonObject(answer.text()).getJsonObject("usage").getInteger("inputTokens"))
                .isZero();
        assertThat(send("converse-stream", request).text()).contains("reasoningContent", "signature");
    }

    @Test
    void invokesClaudeInItsOwnForm() throws Exception {
        Answer whole = send("invoke", claude());
        assertThat(new JsonObject(whole.text()).getString("type")).isEqualTo("message");
        assertThat(whole.headers()).containsEntry("x-amzn-bedrock-input-token-count", "2");
        List<JsonObject> events = new ArrayList<>();
        for (Message message : messages(send("invoke-with-response-stream", claude()))) {
            assertThat(message.right()).isTrue();
            assertThat(message.headers()).contains("chunk");
            byte[] bytes = Base64.getDecoder().decode(message.json().getString("bytes"));
            events.add(new JsonObject(new String(bytes, StandardCharsets.UTF_8)));
        }
        assertThat(events.getFirst().getString("type")).isEqualTo("message_start");
        assertThat(events.getLast().getString("type")).isEqualTo("message_stop");
        assertThat(events.getLast()
                        .getJsonObject("amazon-bedrock-invocationMetrics")
                        .getInteger("outputTokenCount"))
                .isEqualTo(3);
        assertThat(send("invoke", claude().put("model", "m")).status()).isEqualTo(400);
    }

    @Test
    void countsAndEmbeds() throws Exception {
        JsonObject counted = new JsonObject().put("input", new JsonObject().put("converse", asked("hello world")));
        assertThat(send("count-tokens", counted).text()).isEqualTo("{\"inputTokens\":2}");
        assertThat(RawClient.call(simulator, "/model/us.anthropic.c/count-tokens", counted.encode())
                        .status())
                .isEqualTo(400);
        assertThat(RawClient.call(
                                simulator,
                                "/model/amazon.titan-embed-text-v2:0/invoke",
                                "{\"inputText\":\"a b\",\"dimensions\":256}")
                        .text())
                .endsWith(",\"inputTextTokenCount\":2}");
    }

    @Test
    void speaksAnthropicInMantle() throws Exception {
        Answer answer = RawClient.call(
                simulator,
                "/anthropic/v1/messages",
                Calls.chat("c", "hello world").put("max_tokens", 9).encode(),
                "anthropic-version: 2023-06-01");
        assertThat(answer.text()).contains("Echo: hello world");
    }

    @Test
    void findsTheModelInsideAnArnAndAFaultBeforeIt() throws Exception {
        String arn = "arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile%2Fus.c";
        RawClient.call(simulator, "/model/" + arn + "/converse", asked("x").encode());
        assertThat(simulator.journal().last().model()).isEqualTo("arn:aws:bedrock:us-east-1:1:inference-profile/us.c");
        Answer refused = RawClient.call(
                simulator, "/model/fault:status=429+c/converse", asked("x").encode());
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.headers()).containsEntry("x-amzn-errortype", "ThrottlingException");
    }

    @Test
    void tellsErrorsInsideAStreamAsExceptions() throws Exception {
        List<Message> messages = messages(
                send("converse-stream", asked("x"), "x-simulate: error=2;type=throttlingException;message=slow down"));
        assertThat(messages).hasSize(3).allMatch(Message::right);
        assertThat(messages.getLast().headers())
                .contains(":exception-type")
                .contains("throttlingException")
                .contains("exception");
        assertThat(messages.getLast().payload()).isEqualTo("{\"message\":\"slow down\"}");
    }

    @Test
    void breaksJsonInARightFrameAndAFrameAroundRightJson() throws Exception {
        List<Message> malformed = messages(send("converse-stream", asked("x"), "x-simulate: malformed"));
        assertThat(malformed).allMatch(Message::right);
        assertThat(malformed.get(1).payload()).endsWith("}").doesNotEndWith("}}");
        Answer corrupt = send("converse-stream", asked("x"), "x-simulate: corrupt");
        assertThat(messages(corrupt).get(1).right()).isFalse();
    }
}
