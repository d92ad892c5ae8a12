package dev.sluice.protocol.anthropic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.sluice.protocol.Answer;
import dev.sluice.protocol.Asked;
import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.EventKind;
import dev.sluice.protocol.RequestHead;
import dev.sluice.protocol.StreamTap;
import dev.sluice.protocol.TextSample;
import dev.sluice.protocol.Usage;
import dev.sluice.protocol.chat.CallIds;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.chat.InexpressibleException;
import dev.sluice.protocol.chat.Part.Media.Inline;
import dev.sluice.protocol.json.Json;
import dev.sluice.protocol.openai.OpenAi;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnthropicTest {
    @ParameterizedTest
    @CsvSource({
        "claude-3-5-sonnet-20241022,305",
        "claude-3-opus-20240229,300",
        "claude-opus-4-20250514,400",
        "claude-opus-4-1-20250805,401",
        "anthropic.claude-sonnet-4-5-20250929-v1:0,405",
        "claude-sonnet-4-5@20250929,405",
        "anthropic/claude-opus-4.6,406",
        "claude-opus-4-7,407",
        "claude-opus-5,500",
        "kimi-k2,0"
    })
    void knowsTheGenerationOfAModel(String model, int version) {
        assertThat(Generation.of(model)).isEqualTo(new Generation(version));
    }

    @Test
    void newModelsGetAnEffortAndNoTemperature() {
        Json out = fromChat("claude-opus-4-7", "\"temperature\":1.5,\"top_p\":0.5,\"reasoning_effort\":\"xhigh\"");
        assertThat(out.has("temperature")).isFalse();
        assertThat(out.has("top_p")).isFalse();
        assertThat(out.get("thinking").toJson()).isEqualTo("{\"type\":\"adaptive\"}");
        assertThat(out.get("output_config").toJson()).isEqualTo("{\"effort\":\"xhigh\"}");
    }

    private static Dialect dialect(String provider, long mostOutput, @Nullable String model) {
        Dialect plain = Dialect.PLAIN;
        return new Dialect(
                provider,
                plain.reasoning(),
                plain.efforts(),
                plain.thinksUnasked(),
                plain.maxTokens(),
                plain.thoughtsBack(),
                plain.toolChoices(),
                plain.callIds(),
                plain.mostStops(),
                plain.authorNames(),
                plain.extensions(),
                mostOutput,
                model);
    }

    @Test
    void aModelBehindAnotherNameGetsWhatItsGenerationTakes() {
        Dialect named = dialect("foundry", 0, "claude-opus-4-7");
        byte[] body = "{\"model\":\"mine\",\"messages\":[{\"role\":\"user\",\"content\":\"u\"}],\"temperature\":1}"
                .getBytes(UTF_8);
        Json out = Json.parse(
                Anthropic.messages().writeRequest(OpenAi.chatCompletions().readRequest(body, Asked.IN_BODY), named));
        assertThat(out).isNotNull();
        assertThat(out.get("model").text()).isEqualTo("mine");
        assertThat(out.has("temperature")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "claude-sonnet-4-5,'',64000,0",
        "claude-sonnet-4-5,'\"max_tokens\":100000,',64000,0",
        "claude-sonnet-4-5,'\"max_tokens\":100,',100,0",
        "claude-sonnet-4-5,'\"reasoning_effort\":\"high\",',64000,16384",
        "claude-opus-4-7,'\"reasoning_effort\":\"high\",',64000,0"
    })
    void theLimitIsWhatTheModelCanSayUnlessTheClientWantsLess(String model, String members, long limit, long budget) {
        Dialect limited = dialect("anthropic", 64000, null);
        String body =
                "{\"model\":\"" + model + "\"," + members + "\"messages\":[{\"role\":\"user\",\"content\":\"u\"}]}";
        Json out = Json.parse(Anthropic.messages()
                .writeRequest(OpenAi.chatCompletions().readRequest(body.getBytes(UTF_8), Asked.IN_BODY), limited));
        assertThat(out).isNotNull();
        assertThat(out.get("max_tokens").integer(0)).isEqualTo(limit);
        assertThat(out.get("thinking").get("budget_tokens").integer(0)).isEqualTo(budget);
    }

    @Test
    void olderModelsGetABudgetBelowTheLimit() {
        Json out =
                fromChat("claude-sonnet-4-5", "\"max_tokens\":2000,\"reasoning_effort\":\"high\",\"temperature\":0.3");
        assertThat(out.get("thinking").toJson()).isEqualTo("{\"type\":\"enabled\",\"budget_tokens\":1999}");
        assertThat(out.get("max_tokens").toJson()).isEqualTo("2000");
        assertThat(out.has("temperature")).isFalse();
        assertThat(fromChat("claude-sonnet-4-5", "\"max_tokens\":500,\"reasoning_effort\":\"high\"")
                        .has("thinking"))
                .isFalse();
    }

    @Test
    void temperatureIsHeldBelowOneAndGoesAlone() {
        Json out = fromChat("claude-opus-4-1", "\"temperature\":1.5,\"top_p\":0.5");
        assertThat(out.get("temperature").toJson()).isEqualTo("1");
        assertThat(out.has("top_p")).isFalse();
    }

    @Test
    void aSchemaIsAskedForWhereTheModelKnowsSchemas() {
        String format =
                "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"n\",\"schema\":{\"type\":\"object\"}}}";
        assertThat(fromChat("claude-sonnet-4-5", format).get("output_config").toJson())
                .isEqualTo("{\"format\":{\"type\":\"json_schema\",\"schema\":{\"type\":\"object\"}}}");
        assertThat(fromChat("claude-3-7-sonnet", format).get("tool_choice").toJson())
                .isEqualTo("{\"type\":\"tool\",\"name\":\"sluice_json_output\"}");
    }

    @Test
    void betasForBedrockAreThoseThatItKnowsEachOnce() {
        Json out = forBedrock(
                "{\"messages\":[]}",
                "claude-code-20250219, interleaved-thinking-2025-05-14,oauth-2025-04-20",
                "context-1m-2025-08-07,interleaved-thinking-2025-05-14,advanced-tool-use-2025-11-20,next-year-2027-01-01");
        assertThat(out.get("anthropic_beta").toJson())
                .isEqualTo(
                        "[\"interleaved-thinking-2025-05-14\",\"context-1m-2025-08-07\",\"tool-search-tool-2025-10-19\"]");
        assertThat(forBedrock("{\"messages\":[]}", "oauth-2025-04-20").has("anthropic_beta"))
                .isFalse();
        assertThat(forBedrock("{\"anthropic_beta\":[\"oauth-2025-04-20\",\"compact-2026-01-12\"]}")
                        .get("anthropic_beta")
                        .toJson())
                .isEqualTo("[\"compact-2026-01-12\"]");
        assertThat(Anthropic.betasOnVertex(List.of("claude-code-20250219,web-search-2025-03-05")))
                .containsExactly("web-search-2025-03-05");
    }

    @Test
    void otherVendorsGetNoMemberThatTheyRefuse() {
        String body = "{\"service_tier\":\"auto\",\"speed\":\"fast\",\"cache_control\":{\"type\":\"ephemeral\"},"
                + "\"metadata\":{},\"context_management\":{\"edits\":[]}}";
        assertThat(forBedrock(body, "context-management-2025-06-27").fields())
                .containsOnlyKeys("metadata", "context_management", "anthropic_version", "anthropic_beta");
        assertThat(forBedrock(body).fields()).containsOnlyKeys("metadata", "anthropic_version");
        Json onVertex = Json.parse(HostedRequest.read(body.getBytes(UTF_8)).forVertex(List.of()));
        assertThat(onVertex).isNotNull();
        assertThat(onVertex.fields()).containsOnlyKeys("service_tier", "metadata", "anthropic_version");
    }

    @Test
    void cacheHintsForOtherVendorsSayNothingOfAScope() {
        String scoped = "\"cache_control\":{\"type\":\"ephemeral\",\"ttl\":\"1h\",\"scope\":\"global\"}";
        String plain = scoped.replace(",\"scope\":\"global\"", "");
        String body = "{\"system\":[{\"type\":\"text\",\"text\":\"s\",HINT}],\"tools\":[{\"name\":\"t\",HINT}],"
                + "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"i\","
                + "\"content\":[{\"type\":\"text\",\"text\":\"r\",HINT}],HINT}]},{\"role\":\"user\",\"content\":\"u\"}],"
                + "\"anthropic_version\":\"bedrock-2023-05-31\"}";
        assertThat(forBedrock(body.replace("HINT", scoped)).toJson()).isEqualTo(body.replace("HINT", plain));
    }

    @Test
    void bytesTakeThePlaceOfUrlsAlsoWithinResults() {
        String request = "{\"messages\":[{\"role\":\"user\",\"content\":\"u\"},{\"role\":\"user\",\"content\":["
                + "{\"type\":\"image\",\"source\":{\"type\":\"url\",\"url\":\"http://h/i\"},\"cache_control\":{}},"
                + "{\"type\":\"tool_result\",\"content\":[{\"type\":\"document\",\"source\":"
                + "{\"type\":\"url\",\"url\":\"http://h/d\"}}]}]}]}";
        HostedRequest read = HostedRequest.read(request.getBytes(UTF_8));
        assertThat(read.urls())
                .containsExactly(
                        entry("http://h/i", "messages[1].content[0].source"),
                        entry("http://h/d", "messages[1].content[1].content[0].source"));
        assertThat(read.inlined(Map.of(
                                "http://h/i", new Inline("image/png", "AAAA"),
                                "http://h/d", new Inline("application/pdf", "BBBB")))
                        .body()
                        .toJson())
                .isEqualTo(request.replace(
                                "{\"type\":\"url\",\"url\":\"http://h/i\"}",
                                "{\"type\":\"base64\",\"media_type\":\"image/png\",\"data\":\"AAAA\"}")
                        .replace(
                                "{\"type\":\"url\",\"url\":\"http://h/d\"}",
                                "{\"type\":\"base64\",\"media_type\":\"application/pdf\",\"data\":\"BBBB\"}"));
    }

    private static Json forBedrock(String body, String... betas) {
        Json json = Json.parse(HostedRequest.read(body.getBytes(UTF_8)).forBedrock(List.of(betas)));
        assertThat(json).isNotNull();
        return json;
    }

    @Test
    void reservedToolNameIsRefused() {
        assertThatThrownBy(() -> fromChat(
                        "c", "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"sluice_json_output\"}}]"))
                .isInstanceOf(InexpressibleException.class)
                .hasMessageContaining("reserved");
    }

    @Test
    void idsOfCallsStayDifferent() {
        CallIds ids = new CallIds(CallIds.Form.WORD);
        assertThat(List.of(ids.of("a:1"), ids.of("a.1"), ids.of("a:1"), ids.of("")))
                .containsExactly("a_1", "a_1_2", "a_1", "call");
        CallIds nine = new CallIds(CallIds.Form.NINE);
        String first = nine.of("toolu_01A");
        assertThat(first).matches("[A-Za-z0-9]{9}").isEqualTo(nine.of("toolu_01A"));
        assertThat(first).isEqualTo(new CallIds(CallIds.Form.NINE).of("toolu_01A"));
        assertThat(nine.of("toolu_01B")).matches("[A-Za-z0-9]{9}").isNotEqualTo(first);
        assertThat(nine.of("D681PevKs")).isEqualTo("D681PevKs");
        assertThat(nine.of(first)).matches("[A-Za-z0-9]{9}").isNotEqualTo(first);
    }

    @Test
    void peeksAtARequest() {
        byte[] body =
                "{\"model\":\"c\",\"max_tokens\":7,\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}"
                        .getBytes(UTF_8);
        assertThat(Anthropic.messages().peek(body, Asked.IN_BODY)).isInstanceOfSatisfying(RequestHead.class, head -> {
            assertThat(head.model()).isEqualTo("c");
            assertThat(head.stream()).isTrue();
            assertThat(head.maxOutputTokens()).isEqualTo(7);
            assertThat(head.input().isEmpty()).isFalse();
        });
    }

    @Test
    void tapCommitsAtContentAndSeesUsageAndTheEnd() {
        StreamTap tap = Anthropic.messages().tap();
        assertThat(event(tap, "{\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":3}}}"))
                .isEqualTo(EventKind.LIFECYCLE);
        assertThat(event(tap, "{\"type\":\"ping\"}")).isEqualTo(EventKind.LIFECYCLE);
        assertThat(
                        event(
                                tap,
                                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"x\"}}"))
                .isEqualTo(EventKind.CONTENT);
        event(
                tap,
                "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":2}}");
        assertThat(tap.usage()).isEqualTo(Usage.of(3, 2));
        assertThat(tap.isFinished()).isTrue();
        assertThat(event(tap, "{\"type\":\"message_stop\"}")).isEqualTo(EventKind.END);
    }

    private static EventKind event(StreamTap tap, String data) {
        byte[] bytes = ("data: " + data + "\n\n").getBytes(UTF_8);
        return tap.event(bytes, 0, bytes.length);
    }

    @Test
    void countsOfTokensCostNothing() {
        byte[] counted = Anthropic.countTokens().written(42);
        assertThat(new String(counted, UTF_8)).isEqualTo("{\"input_tokens\":42}");
        assertThat(Anthropic.countTokens().inspect(counted, 0, counted.length))
                .isEqualTo(new Answer.Complete(null, TextSample.EMPTY));
        byte[] failed = Anthropic.countTokens()
                .errorBody(new ClientError(404, "t", "model_not_found", "no such model", null, List.of()));
        assertThat(Anthropic.countTokens().inspect(failed, 0, failed.length)).isInstanceOf(Answer.Failed.class);
    }

    @Test
    void listsModelsOnOnePage() {
        Json list = Json.parse(Anthropic.modelList(List.of("a", "b")));
        assertThat(list).isNotNull();
        assertThat(list.get("first_id").text()).isEqualTo("a");
        assertThat(list.get("last_id").text()).isEqualTo("b");
        assertThat(list.get("data").items()).hasSize(2);
        assertThat(new String(Anthropic.model("a"), UTF_8)).contains("\"type\":\"model\"", "\"id\":\"a\"");
        assertThat(new String(Anthropic.modelList(List.of()), UTF_8)).contains("\"first_id\":null");
    }

    private static Json fromChat(String model, String members) {
        String body =
                "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"u\"}]," + members + "}";
        Json json = Json.parse(Anthropic.messages()
                .writeRequest(
                        OpenAi.chatCompletions().readRequest(body.getBytes(UTF_8), Asked.IN_BODY), Dialect.PLAIN));
        assertThat(json).isNotNull();
        return json;
    }
}
