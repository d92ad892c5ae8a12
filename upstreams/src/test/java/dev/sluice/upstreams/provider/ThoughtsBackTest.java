package dev.sluice.upstreams.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.Asked;
import dev.sluice.protocol.anthropic.Anthropic;
import dev.sluice.protocol.chat.ChatFormat;
import dev.sluice.protocol.chat.ChatFormat.AnswerRead;
import dev.sluice.protocol.chat.ChatFormat.ClientView;
import dev.sluice.protocol.gemini.Gemini;
import dev.sluice.protocol.json.Json;
import dev.sluice.protocol.openai.OpenAi;
import dev.sluice.settings.catalogue.Catalogue;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two turns of a conversation with tools: thoughts that a provider shows come back to it with the results, if it takes them. */
class ThoughtsBackTest {
    private static final ChatFormat CHAT = OpenAi.chatCompletions();
    private static final ChatFormat MESSAGES = Anthropic.messages();
    private static final ClientView VIEW = new ClientView("m", true, "1", 7);
    private static final String ANSWER = """
            {"choices":[{"message":{"role":"assistant","content":null,"reasoning_content":"I need the time.",\
            "tool_calls":[{"id":"call_1","type":"function","function":{"name":"time","arguments":"{}"}}]},"finish_reason":"tool_calls"}]}""";
    private static final String STREAM = """
            data: {"choices":[{"delta":{"role":"assistant","reasoning_content":"I need "}}]}

            data: {"choices":[{"delta":{"reasoning_content":"the time."}}]}

            data: {"choices":[{"delta":{"tool_calls":[{"index":0,"id":"call_1","function":{"name":"time","arguments":"{}"}}]}}]}

            data: {"choices":[{"delta":{},"finish_reason":"tool_calls"}]}

            data: [DONE]

            """;

    @ParameterizedTest
    @CsvSource({
        "deepseek, deepseek-v4-flash",
        "deepseek, deepseek-chat",
        "moonshot, kimi-k2.5",
        "moonshot, kimi-k2-thinking",
        "zhipu, glm-4.7",
        "dashscope, qwen3-max",
        "siliconflow, Qwen/Qwen3-32B"
    })
    void goBackToModelsThatTakeThem(String provider, String model) {
        for (Json content : List.of(whole(), streamed())) {
            Json turn = second(provider, model, MESSAGES, content)
                    .get("messages")
                    .items()
                    .get(1);
            assertThat(turn.get("reasoning_content").text()).isEqualTo("I need the time.");
            assertThat(turn.get("tool_calls").items().getFirst().get("id").text())
                    .isEqualTo("call_1");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "deepseek, deepseek-r1",
        "zhipu, GLM-4-Plus",
        "dashscope, qwen-max",
        "openai, gpt-5",
        "groq, qwen/qwen3-32b"
    })
    void stayWithModelsThatDoNot(String provider, String model) {
        assertThat(second(provider, model, MESSAGES, whole()).toJson()).doesNotContain("reasoning_content");
    }

    @Test
    void aClientThatLostThemGoesOnWithoutThinkingWhereTheyAreRequired() {
        Json lost = Json.parse(
                "[{\"type\":\"tool_use\",\"id\":\"call_1\",\"name\":\"time\",\"input\":{}}]".getBytes(UTF_8));
        assertThat(second("deepseek", "deepseek-v4-pro", MESSAGES, lost)
                        .get("thinking")
                        .toJson())
                .isEqualTo("{\"type\":\"disabled\"}");
        assertThat(second("deepseek", "deepseek-v4-pro", MESSAGES, whole())
                        .get("thinking")
                        .toJson())
                .isEqualTo("{\"type\":\"enabled\"}");
        assertThat(second("zhipu", "glm-4.7", MESSAGES, lost).get("thinking").toJson())
                .isEqualTo("{\"type\":\"enabled\"}");
    }

    @Test
    void aGeminiClientThatIsShownNoThoughtsGoesOnWithoutThinking() {
        String request = """
                {"contents":[{"role":"user","parts":[{"text":"time?"}]},\
                {"role":"model","parts":[{"functionCall":{"name":"time","args":{}}}]},\
                {"role":"user","parts":[{"functionResponse":{"name":"time","response":{"output":"noon"}}}]}]}""";
        Json sent = written("deepseek", "deepseek-v4-pro", Gemini.generateContent(), request);
        assertThat(sent.get("thinking").toJson()).isEqualTo("{\"type\":\"disabled\"}");
    }

    /** What the client keeps of a whole answer. */
    private static Json whole() {
        byte[] bytes = ANSWER.getBytes(UTF_8);
        if (!(CHAT.readAnswer(bytes, 0, bytes.length) instanceof AnswerRead.Read(var answer)))
            throw new AssertionError(ANSWER);
        return Json.parse(MESSAGES.writeAnswer(answer, VIEW)).get("content");
    }

    /** What the client puts together of a stream. */
    private static Json streamed() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        var encoder = MESSAGES.encoder(VIEW);
        var decoder = CHAT.decoder(1 << 20);
        byte[] bytes = STREAM.getBytes(UTF_8);
        decoder.feed(bytes, 0, bytes.length, event -> encoder.write(event, out));
        decoder.end(event -> encoder.write(event, out));
        List<Json> blocks = new ArrayList<>();
        StringBuilder thought = new StringBuilder();
        for (String line : out.toString(UTF_8).split("\n")) {
            if (!line.startsWith("data: ")) continue;
            Json event = Json.parse(line.substring(6).getBytes(UTF_8));
            if (event.get("content_block").isObject()) blocks.add(event.get("content_block"));
            thought.append(event.get("delta").get("thinking").text(""));
        }
        blocks.set(0, blocks.getFirst().with("thinking", Json.of(thought.toString())));
        return Json.array(blocks);
    }

    private static Json second(String provider, String model, ChatFormat client, Json content) {
        String request = """
                {"model":"m","max_tokens":4000,"thinking":{"type":"enabled","budget_tokens":2000},\
                "tools":[{"name":"time","input_schema":{"type":"object"}}],\
                "messages":[{"role":"user","content":"time?"},{"role":"assistant","content":%s},\
                {"role":"user","content":[{"type":"tool_result","tool_use_id":"call_1","content":"noon"}]}]}""".formatted(content.toJson());
        return written(provider, model, client, request);
    }

    private static Json written(String provider, String model, ChatFormat client, String request) {
        var read = client.readRequest(request.getBytes(UTF_8), Asked.IN_BODY);
        var dialect = ProviderCalls.dialect(Catalogue.load().find(provider).orElseThrow(), model);
        return Json.parse(CHAT.writeRequest(read, dialect));
    }
}
