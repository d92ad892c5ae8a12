package dev.sluice.protocol.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.Asked;
import dev.sluice.protocol.anthropic.Anthropic;
import dev.sluice.protocol.chat.AnswerCollector;
import dev.sluice.protocol.chat.ChatAnswer;
import dev.sluice.protocol.chat.ChatFormat.AnswerRead;
import dev.sluice.protocol.chat.ChatFormat.ClientView;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.chat.Part;
import dev.sluice.protocol.chat.StopReason;
import dev.sluice.protocol.chat.StreamDecoder;
import dev.sluice.protocol.json.Json;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Sealed thoughts at OpenRouter, from there and back. */
class ReasoningDetailsTest {
    private static final List<Part> SAID =
            List.of(new Part.Thinking("Hm. So.", "c2ln"), new Part.RedactedThinking("aGlkZGVu"), new Part.Text("Yes"));

    @Test
    void ofAWholeAnswerAreRead() {
        assertThat(whole("""
                {"choices":[{"message":{"role":"assistant","content":"Yes","reasoning":"Hm. So.","reasoning_details":[
                  {"type":"reasoning.text","text":"Hm. So.","signature":"c2ln","format":"anthropic-claude-v1","index":0},
                  {"type":"reasoning.encrypted","data":"aGlkZGVu","format":"anthropic-claude-v1","index":1}]},
                  "finish_reason":"stop"}]}""")).isEqualTo(SAID);
    }

    @Test
    void ofAStreamAreRead() {
        assertThat(streamed("""
                data: {"choices":[{"delta":{"role":"assistant","reasoning":"Hm.","reasoning_details":[{"type":"reasoning.text","text":"Hm.","format":"anthropic-claude-v1","index":0}]}}]}

                data: {"choices":[{"delta":{"reasoning":" So.","reasoning_details":[{"type":"reasoning.text","text":" So.","format":"anthropic-claude-v1","index":0}]}}]}

                data: {"choices":[{"delta":{"reasoning":"","reasoning_details":[{"type":"reasoning.text","text":"","signature":"c2ln","format":"anthropic-claude-v1","index":0}]}}]}

                data: {"choices":[{"delta":{"reasoning_details":[{"type":"reasoning.encrypted","data":"aGlkZGVu","format":"anthropic-claude-v1","index":1}]}}]}

                data: {"choices":[{"delta":{"content":"Yes"},"finish_reason":"stop"}]}

                data: [DONE]

                """)).isEqualTo(SAID);
    }

    @Test
    void withoutASealAreReadAsTheirText() {
        assertThat(whole("""
                {"choices":[{"message":{"role":"assistant","content":"Yes","reasoning":"Hm.","reasoning_details":[
                  {"type":"reasoning.text","text":"Hm.","format":"unknown","index":0}]},
                  "finish_reason":"stop"}]}""")).isEqualTo(List.of(new Part.Thinking("Hm.", null), new Part.Text("Yes")));
    }

    @Test
    void ofOtherMakersGoBackAsTheyCame() {
        String details =
                "[{\"type\":\"reasoning.summary\",\"summary\":\"Hm.\",\"format\":\"openai-responses-v1\",\"index\":0},"
                        + "{\"type\":\"reasoning.encrypted\",\"data\":\"b3RoZXI=\",\"id\":\"rs_1\",\"format\":\"openai-responses-v1\",\"index\":0}]";
        List<Part> parts =
                whole("{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"Yes\",\"reasoning\":\"Hm.\","
                        + "\"reasoning_details\":" + details + "},\"finish_reason\":\"stop\"}]}");
        assertThat(parts).hasSize(3).startsWith(new Part.Thinking("Hm.", null)).endsWith(new Part.Text("Yes"));
        assertThat(back(parts)).isEqualTo(details);
    }

    @Test
    void piecesOfOneDetailGoBackAsOne() {
        List<Part> parts = streamed("""
                data: {"choices":[{"delta":{"reasoning":"Hm.","reasoning_details":[{"type":"reasoning.text","text":"Hm.","format":"google-gemini-v1","index":0}]}}]}

                data: {"choices":[{"delta":{"reasoning":" So.","reasoning_details":[{"type":"reasoning.text","text":" So.","format":"google-gemini-v1","index":0}]}}]}

                data: {"choices":[{"delta":{"reasoning_details":[{"type":"reasoning.encrypted","data":"c2ln","id":"tool_1","format":"google-gemini-v1","index":1}],"tool_calls":[{"index":0,"id":"tool_1","type":"function","function":{"name":"f","arguments":"{}"}}]}}]}

                data: {"choices":[{"delta":{},"finish_reason":"tool_calls"}]}

                data: [DONE]

                """);
        assertThat(parts).hasSize(3);
        assertThat(parts.getFirst()).isEqualTo(new Part.Thinking("Hm. So.", null));
        assertThat(parts.getLast()).isEqualTo(new Part.ToolCall("tool_1", "f", "{}"));
        assertThat(back(parts))
                .isEqualTo(
                        "[{\"type\":\"reasoning.text\",\"text\":\"Hm. So.\",\"format\":\"google-gemini-v1\",\"index\":0},"
                                + "{\"type\":\"reasoning.encrypted\",\"data\":\"c2ln\",\"id\":\"tool_1\",\"format\":\"google-gemini-v1\",\"index\":1}]");
    }

    @Test
    void aSealThatComesLateIsKeptToo() {
        List<Part> parts = streamed("""
                data: {"choices":[{"delta":{"content":"Yes"}}]}

                data: {"choices":[{"delta":{"content":"","reasoning_details":[{"type":"reasoning.encrypted","data":"c2ln","format":"xai-responses-v1","index":0}]},"finish_reason":"stop"}]}

                data: [DONE]

                """);
        assertThat(parts).hasSize(2).startsWith(new Part.Text("Yes"));
        assertThat(back(parts))
                .isEqualTo(
                        "[{\"type\":\"reasoning.encrypted\",\"data\":\"c2ln\",\"format\":\"xai-responses-v1\",\"index\":0}]");
    }

    /** By way of a client of Anthropic's protocol. */
    private static String back(List<Part> parts) {
        ChatAnswer answer = new ChatAnswer("", "m", 0, parts, StopReason.END, null, null, null);
        Json told = Json.parse(Anthropic.messages().writeAnswer(answer, new ClientView("m", true, "1", 1)));
        Json turn = Json.object()
                .put("role", "assistant")
                .put("content", told.get("content"))
                .build();
        Json user = Json.object().put("role", "user").put("content", "hi").build();
        Json request = Json.object()
                .put("model", "m")
                .put("max_tokens", 9)
                .put("messages", Json.array(List.of(user, turn, user)))
                .build();
        return written(request.toBytes()).get("reasoning_details").toJson();
    }

    @Test
    void goBackWithTheirSeals() {
        byte[] request = """
                {"model":"anthropic/claude-sonnet-4.5","max_tokens":9,"messages":[
                  {"role":"user","content":"Why?"},
                  {"role":"assistant","content":[
                    {"type":"thinking","thinking":"Hm. So.","signature":"c2ln"},
                    {"type":"thinking","thinking":"Without a seal."},
                    {"type":"redacted_thinking","data":"aGlkZGVu"},
                    {"type":"text","text":"Because."}]},
                  {"role":"user","content":"Really?"}]}""".getBytes(UTF_8);
        Json turn = written(request);
        assertThat(turn.get("content").text()).isEqualTo("Because.");
        assertThat(turn.get("reasoning_details").toJson())
                .isEqualTo(
                        "[{\"type\":\"reasoning.text\",\"text\":\"Hm. So.\",\"signature\":\"c2ln\",\"format\":\"anthropic-claude-v1\",\"index\":0},"
                                + "{\"type\":\"reasoning.encrypted\",\"data\":\"aGlkZGVu\",\"format\":\"anthropic-claude-v1\",\"index\":1}]");
    }

    /** The second message of what OpenRouter is sent. */
    private static Json written(byte[] request) {
        byte[] written = OpenAi.chatCompletions()
                .writeRequest(
                        Anthropic.messages().readRequest(request, Asked.IN_BODY),
                        Dialect.PLAIN.withExtensions(Set.of("reasoning_details")));
        return Json.parse(written).get("messages").items().get(1);
    }

    private static List<Part> streamed(String text) {
        AnswerCollector collector = new AnswerCollector();
        StreamDecoder decoder = OpenAi.chatCompletions().decoder(1 << 16);
        byte[] stream = text.getBytes(UTF_8);
        decoder.feed(stream, 0, stream.length, collector::add);
        decoder.end(collector::add);
        return ((AnswerRead.Read) collector.result()).answer().parts();
    }

    private static List<Part> whole(String json) {
        byte[] bytes = json.getBytes(UTF_8);
        AnswerRead read = OpenAi.chatCompletions().readAnswer(bytes, 0, bytes.length);
        return ((AnswerRead.Read) read).answer().parts();
    }
}
