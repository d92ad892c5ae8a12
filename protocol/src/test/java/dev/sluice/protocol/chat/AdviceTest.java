package dev.sluice.protocol.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.Asked;
import dev.sluice.protocol.anthropic.Anthropic;
import dev.sluice.protocol.cohere.Cohere;
import dev.sluice.protocol.dashscope.DashScope;
import dev.sluice.protocol.gemini.Gemini;
import dev.sluice.protocol.openai.OpenAi;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdviceTest {
    private static final String ALL = """
            {"model":"m","messages":[{"role":"user","content":"the \\"seed\\": of \\"store\\": things"}],"max_tokens":9000,
            "temperature":0.5,"top_p":0.9,"top_k":5,"seed":7,"presence_penalty":0.1,"frequency_penalty":0.2,
            "reasoning_effort":"low","parallel_tool_calls":false,"user":"u","metadata":{"team":"a","seed":"b"},"logit_bias":{"1":2},
            "min_p":0.1,"prediction":{"type":"content"},"prompt_cache_key":"k","repetition_penalty":1.1,"service_tier":"flex",
            "store":true,"verbosity":"low","made_up\\u000aby: the client":1,
            "tools":[{"type":"function","function":{"name":"weather","parameters":{"type":"object","properties":{"seed":{"type":"integer"}}}}}]}""";

    private static List<String> unsaid(ChatFormat upstream, Dialect dialect, String model) {
        ChatRequest request = OpenAi.chatCompletions().readRequest(ALL.getBytes(UTF_8), Asked.IN_BODY);
        return Advice.unsaid(request, upstream.writeRequest(request.forModel(model), dialect));
    }

    @Test
    void namesWhatEachFormatHasNoPlaceFor() {
        assertThat(unsaid(Anthropic.messages(), Dialect.PLAIN, "claude-sonnet-4-5"))
                .containsExactly(
                        "temperature",
                        "top_p",
                        "top_k",
                        "seed",
                        "presence_penalty",
                        "frequency_penalty",
                        "metadata",
                        "logit_bias",
                        "min_p",
                        "prediction",
                        "prompt_cache_key",
                        "repetition_penalty",
                        "service_tier",
                        "store",
                        "verbosity");
        assertThat(unsaid(Gemini.generateContent(), Dialect.PLAIN, "gemini-2.5-flash"))
                .contains("parallel_tool_calls", "user", "metadata", "logit_bias")
                .doesNotContain("temperature", "top_p", "top_k", "seed", "reasoning_effort", "presence_penalty");
        assertThat(unsaid(DashScope.generation(), Dialect.PLAIN, "qwen-plus"))
                .contains("user", "metadata", "logit_bias")
                .doesNotContain("temperature", "seed", "top_k", "parallel_tool_calls", "reasoning_effort");
        assertThat(unsaid(Cohere.chat(), Dialect.PLAIN, "command-a"))
                .contains("parallel_tool_calls", "user")
                .doesNotContain("temperature", "seed", "top_k", "top_p", "presence_penalty");
        assertThat(unsaid(OpenAi.chatCompletions(), Dialect.PLAIN, "gpt-4o"))
                .contains("top_k", "min_p")
                .doesNotContain("temperature", "seed", "user", "parallel_tool_calls");
    }

    @Test
    void toolsOfWhichNoneMayBeCalledAreNamedWhereTheyAreNotShown() {
        String none = ALL.replace("\"parallel_tool_calls\":false", "\"tool_choice\":\"none\"");
        ChatRequest request = OpenAi.chatCompletions().readRequest(none.getBytes(UTF_8), Asked.IN_BODY);
        assertThat(Advice.unsaid(request, "{\"model\":\"m\"}".getBytes(UTF_8))).contains("tools");
        for (ChatFormat format :
                List.of(OpenAi.chatCompletions(), OpenAi.responses(), Gemini.generateContent(), DashScope.generation()))
            assertThat(Advice.unsaid(request, format.writeRequest(request, Dialect.PLAIN)))
                    .as(format.getClass().getSimpleName())
                    .doesNotContain("tools");
    }

    @Test
    void stopSequencesAreNamedWhereThereIsNoPlaceForThem() {
        ChatRequest request = OpenAi.chatCompletions()
                .readRequest(
                        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"stop\":[\"END\"]}"
                                .getBytes(UTF_8),
                        Asked.IN_BODY);
        for (Formats.Entry to : Formats.ALL) {
            List<String> unsaid;
            try {
                unsaid = Advice.unsaid(request, to.format().writeRequest(request.forModel("m"), to.dialect()));
            } catch (InexpressibleException refused) {
                assertThat(to.name()).isEqualTo("openai-responses");
                continue;
            }
            boolean isAgent =
                    List.of("dify", "dify-workflow", "bailian", "coze").contains(to.name());
            assertThat(unsaid).as(to.name()).isEqualTo(isAgent ? List.of("stop") : List.of());
        }
    }

    @Test
    void neverNamesWhatTheClientMadeUp() {
        assertThat(unsaid(Anthropic.messages(), Dialect.PLAIN, "claude-sonnet-4-5"))
                .allMatch(name -> name.matches("[a-z_]+"));
    }

    @Test
    void aRequestThatAdvisesNothingHasNothingUnsaid() {
        ChatRequest request = OpenAi.chatCompletions()
                .readRequest(
                        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}".getBytes(UTF_8),
                        Asked.IN_BODY);
        assertThat(Advice.unsaid(request, new byte[0])).isEmpty();
    }
}
