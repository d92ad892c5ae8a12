package dev.sluice.protocol.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.Asked;
import dev.sluice.protocol.anthropic.Anthropic;
import dev.sluice.protocol.chat.AnswerCollector;
import dev.sluice.protocol.chat.ChatFormat.AnswerRead;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.chat.Part;
import dev.sluice.protocol.chat.StreamDecoder;
import dev.sluice.protocol.json.Json;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Claude's sealed thoughts at OpenRouter, from there and back. */
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
        AnswerCollector collector = new AnswerCollector();
        StreamDecoder decoder = OpenAi.chatCompletions().decoder(1 << 16);
        byte[] stream = """
                data: {"choices":[{"delta":{"role":"assistant","reasoning":"Hm.","reasoning_details":[{"type":"reasoning.text","text":"Hm.","format":"anthropic-claude-v1","index":0}]}}]}

                data: {"choices":[{"delta":{"reasoning":" So.","reasoning_details":[{"type":"reasoning.text","text":" So.","format":"anthropic-claude-v1","index":0}]}}]}

                data: {"choices":[{"delta":{"reasoning":"","reasoning_details":[{"type":"reasoning.text","text":"","signature":"c2ln","format":"anthropic-claude-v1","index":0}]}}]}

                data: {"choices":[{"delta":{"reasoning_details":[{"type":"reasoning.encrypted","data":"aGlkZGVu","format":"anthropic-claude-v1","index":1}]}}]}

                data: {"choices":[{"delta":{"content":"Yes"},"finish_reason":"stop"}]}

                data: [DONE]

                """.getBytes(UTF_8);
        decoder.feed(stream, 0, stream.length, collector::add);
        decoder.end(collector::add);
        assertThat(((AnswerRead.Read) collector.result()).answer().parts()).isEqualTo(SAID);
    }

    @Test
    void ofOtherMakersAreReadAsTheirText() {
        assertThat(whole("""
                {"choices":[{"message":{"role":"assistant","content":"Yes","reasoning":"Hm.","reasoning_details":[
                  {"type":"reasoning.summary","summary":"Hm.","format":"openai-responses-v1","index":0},
                  {"type":"reasoning.encrypted","data":"b3RoZXI=","id":"rs_1","format":"openai-responses-v1","index":0}]},
                  "finish_reason":"stop"}]}""")).isEqualTo(List.of(new Part.Thinking("Hm.", null), new Part.Text("Yes")));
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
        byte[] written = OpenAi.chatCompletions()
                .writeRequest(
                        Anthropic.messages().readRequest(request, Asked.IN_BODY),
                        Dialect.PLAIN.withExtensions(Set.of("reasoning_details")));
        Json turn = Json.parse(written).get("messages").items().get(1);
        assertThat(turn.get("content").text()).isEqualTo("Because.");
        assertThat(turn.get("reasoning_details").toJson())
                .isEqualTo(
                        "[{\"type\":\"reasoning.text\",\"text\":\"Hm. So.\",\"signature\":\"c2ln\",\"format\":\"anthropic-claude-v1\",\"index\":0},"
                                + "{\"type\":\"reasoning.encrypted\",\"data\":\"aGlkZGVu\",\"format\":\"anthropic-claude-v1\",\"index\":1}]");
    }

    private static List<Part> whole(String json) {
        byte[] bytes = json.getBytes(UTF_8);
        AnswerRead read = OpenAi.chatCompletions().readAnswer(bytes, 0, bytes.length);
        return ((AnswerRead.Read) read).answer().parts();
    }
}
