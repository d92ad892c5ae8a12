package dev.sluice.upstreams.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.Asked;
import dev.sluice.protocol.anthropic.Anthropic;
import dev.sluice.protocol.chat.ChatFormat;
import dev.sluice.protocol.json.Json;
import dev.sluice.protocol.openai.OpenAi;
import dev.sluice.settings.catalogue.Catalogue;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an Anthropic client wants of thinking, in the words that each model knows. */
class ThinkingWishesTest {
    private static final List<String> MEMBERS =
            List.of("reasoning_effort", "reasoning", "thinking", "enable_thinking", "thinking_budget");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    openai     | gpt-5           | high   | {"reasoning_effort":"high"}
                    openai     | gpt-5           | max    | {"reasoning_effort":"high"}
                    openai     | gpt-5           | off    | {"reasoning_effort":"minimal"}
                    openai     | gpt-5.2         | max    | {"reasoning_effort":"xhigh"}
                    openai     | gpt-5.1         | max    | {"reasoning_effort":"high"}
                    openai     | gpt-5.1         | off    | {"reasoning_effort":"none"}
                    openai     | gpt-5-pro       | low    | {"reasoning_effort":"high"}
                    openai     | o3              | off    | {"reasoning_effort":"low"}
                    openai     | gpt-4.1-mini    | high   | {}
                    openai     | gpt-4o          | off    | {}
                    openai     | gpt-5           |        | {}
                    mistral    | mistral-large-latest | high | {}
                    baichuan   | Baichuan4       | high   | {}
                    yi         | yi-large        | high   | {}
                    spark      | 4.0Ultra        | high   | {}
                    minimax    | MiniMax-M2      | high   | {}
                    groq       | llama-3.1-8b-instant | high | {}
                    groq       | openai/gpt-oss-20b   | max  | {"reasoning_effort":"high"}
                    xai        | grok-3-mini     | medium | {"reasoning_effort":"high"}
                    cohere     | command-a-reasoning | low | {"reasoning_effort":"high"}
                    sambanova  | any             | xhigh  | {"reasoning_effort":"high"}
                    sambanova  | any             | off    | {}
                    openrouter | any             | max    | {"reasoning":{"effort":"xhigh"}}
                    zhipu      | glm-4.6         | low    | {"thinking":{"type":"enabled"}}
                    zhipu      | glm-4.6         |        | {"thinking":{"type":"disabled"}}
                    zhipu      | GLM-4-Plus      |        | {}
                    doubao     | doubao-seed-1-6 |        | {}
                    dashscope  | qwen3-32b       |        | {"enable_thinking":false}
                    dashscope  | qwen-plus       |        | {}
                    """)
    void areSaidInWordsThatTheModelKnows(String provider, String model, String effort, String expected) {
        String wish = switch (effort) {
            case null -> "";
            case "off" -> ",\"thinking\":{\"type\":\"disabled\"}";
            default -> ",\"thinking\":{\"type\":\"adaptive\"},\"output_config\":{\"effort\":\"" + effort + "\"}";
        };
        Json sent = written(OpenAi.chatCompletions(), provider, model, wish);
        assertThat(members(sent)).isEqualTo(expected);
    }

    @Test
    void modelsThatDoNotThinkAreNotAskedForThoughtsInResponsesEither() {
        String wish = ",\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2000}";
        Json none = written(OpenAi.responses(), "openai", "gpt-4o", wish);
        assertThat(none.has("reasoning") || none.has("include")).isFalse();
        assertThat(written(OpenAi.responses(), "openai", "gpt-5", wish)
                        .get("reasoning")
                        .get("effort")
                        .text())
                .isEqualTo("low");
    }

    private static String members(Json sent) {
        Json.Builder found = Json.object();
        for (String member : MEMBERS) if (sent.has(member)) found.put(member, sent.get(member));
        return found.build().toJson();
    }

    private static Json written(ChatFormat upstream, String provider, String model, String wish) {
        String request = "{\"model\":\"m\",\"max_tokens\":4000,\"messages\":[{\"role\":\"user\",\"content\":\"u\"}]"
                + wish + "}";
        var read = Anthropic.messages().readRequest(request.getBytes(UTF_8), Asked.IN_BODY);
        var dialect = ProviderCalls.dialect(Catalogue.load().find(provider).orElseThrow(), model);
        return Json.parse(upstream.writeRequest(read, dialect));
    }
}
