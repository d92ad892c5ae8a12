package dev.sluice.protocol.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.protocol.Asked;
import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.Usage;
import dev.sluice.protocol.anthropic.Anthropic;
import dev.sluice.protocol.chat.ChatFormat.AnswerRead;
import dev.sluice.protocol.chat.ChatFormat.ClientView;
import dev.sluice.protocol.json.Json;
import dev.sluice.protocol.openai.OpenAi;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Mistakes that translations are prone to. */
class TranslationDefectsTest {
    private static final ChatFormat CHAT = OpenAi.chatCompletions();
    private static final ChatFormat MESSAGES = Anthropic.messages();
    private static final ClientView VIEW = new ClientView("m", true, "1", 7);

    @Test
    void choiceIndexIsZeroWhateverTheBlock() {
        String out = stream(MESSAGES, CHAT, """
                data: {"type":"message_start","message":{"id":"m1","model":"c"}}

                data: {"type":"content_block_start","index":3,"content_block":{"type":"tool_use","id":"a","name":"f","input":{}}}

                data: {"type":"content_block_start","index":5,"content_block":{"type":"tool_use","id":"b","name":"g","input":{}}}

                data: {"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":"{\\"x\\":1}"}}

                data: {"type":"message_delta","delta":{"stop_reason":"tool_use"}}

                data: {"type":"message_stop"}

                """);
        assertThat(out).doesNotContain("\"choices\":[{\"index\":3");
        assertThat(out).contains("\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"x\\\":1}\"");
        assertThat(out).contains("\"tool_calls\":[{\"index\":1,\"function\":{\"arguments\":\"{}\"");
    }

    @Test
    void allTextsOfAnAnswerAreKept() {
        Json out = answer(
                MESSAGES,
                CHAT,
                "{\"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"text\",\"text\":\"b\"}],\"stop_reason\":\"end_turn\"}");
        assertThat(message(out).get("content").text()).isEqualTo("ab");
    }

    @Test
    void allInstructionsAreKeptInOrder() {
        Json out = request(
                CHAT,
                MESSAGES,
                "{\"messages\":[{\"role\":\"system\",\"content\":\"a\"},{\"role\":\"user\",\"content\":\"u\"},{\"role\":\"system\",\"content\":\"b\"}]}");
        assertThat(out.get("system").toJson())
                .isEqualTo("[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"text\",\"text\":\"b\"}]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    "auto"     | {"type":"auto"}
                    "none"     | {"type":"none"}
                    "required" | {"type":"any"}
                    {"type":"function","function":{"name":"f"}} | {"type":"tool","name":"f"}
                    """)
    void toolChoiceIsTranslated(String chat, String anthropic) {
        Json out = request(
                CHAT,
                MESSAGES,
                "{\"messages\":[{\"role\":\"user\",\"content\":\"u\"}],\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}],\"tool_choice\":"
                        + chat + "}");
        assertThat(out.get("tool_choice").toJson()).isEqualTo(anthropic);
    }

    @Test
    void usageAtTheEndReplacesThatOfTheStartAndCacheCounts() {
        List<ChatEvent> events = events(MESSAGES, """
                data: {"type":"message_start","message":{"usage":{"input_tokens":10,"cache_read_input_tokens":100,"cache_creation_input_tokens":5,"output_tokens":1}}}

                data: {"type":"message_delta","delta":{},"usage":{"output_tokens":3}}

                data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":8}}

                data: {"type":"message_stop"}

                """);
        assertThat(events).contains(new ChatEvent.UsageReport(new Usage(115, 100, 5, 8, 0)));
        assertThat(events).filteredOn(ChatEvent.UsageReport.class::isInstance).hasSize(1);
    }

    @Test
    void thoughtsHaveOneNameWholeAndStreamed() {
        Json whole = answer(
                MESSAGES,
                CHAT,
                "{\"content\":[{\"type\":\"thinking\",\"thinking\":\"t\",\"signature\":\"\"}],\"stop_reason\":\"end_turn\"}");
        assertThat(message(whole).get("reasoning_content").text()).isEqualTo("t");
        String streamed = stream(
                MESSAGES,
                CHAT,
                "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"t\"}}\n\n");
        assertThat(streamed).contains("{\"reasoning_content\":\"t\"}");
    }

    @Test
    void temperatureZeroAndASingleStopSurvive() {
        Json out = request(
                CHAT,
                MESSAGES,
                "{\"messages\":[{\"role\":\"user\",\"content\":\"u\"}],\"temperature\":0,\"stop\":\"x\"}");
        assertThat(out.get("temperature").toJson()).isEqualTo("0");
        assertThat(out.get("stop_sequences").toJson()).isEqualTo("[\"x\"]");
    }

    @ParameterizedTest
    @CsvSource({
        "model_context_window_exceeded,length",
        "something_new,stop",
        "pause_turn,stop",
        "refusal,content_filter"
    })
    void noStopReasonFailsAnAnswer(String anthropic, String chat) {
        Json out = answer(MESSAGES, CHAT, "{\"content\":[],\"stop_reason\":\"" + anthropic + "\"}");
        assertThat(choice(out).get("finish_reason").text()).isEqualTo(chat);
    }

    @Test
    void absentLimitBecomesTheDefaultNotZero() {
        Json out = request(CHAT, MESSAGES, "{\"messages\":[{\"role\":\"user\",\"content\":\"u\"}]}");
        assertThat(out.get("max_tokens").toJson()).isEqualTo("4096");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 402, 403, 404, 405, 408, 409, 413, 415, 422, 429, 500, 502, 503, 504, 529})
    void errorTypesAreThoseThatAnthropicsClientsKnow(int status) {
        ClientError error = new ClientError(status, "insufficient_quota", "some_code", "m", null, List.of());
        Json told = parse(MESSAGES.errorBody(error));
        assertThat(told.get("type").text()).isEqualTo("error");
        assertThat(told.get("error").get("type").text())
                .isIn(
                        "invalid_request_error",
                        "authentication_error",
                        "billing_error",
                        "permission_error",
                        "not_found_error",
                        "request_too_large",
                        "rate_limit_error",
                        "timeout_error",
                        "api_error",
                        "overloaded_error");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"base_resp\":{\"status_code\":1004,\"status_msg\":\"bad\"},\"choices\":null}",
                "{\"code\":10013,\"message\":\"bad\",\"sid\":\"s\"}",
                "{\"error\":{\"message\":\"bad\",\"code\":502},\"choices\":[{\"delta\":{\"content\":\"\"},\"finish_reason\":\"error\"}]}",
                "{\"object\":\"error\",\"message\":\"bad\",\"type\":\"BadRequestError\",\"code\":400}"
            })
    void vendorsErrorsWithinASuccessAreErrors(String chunk) {
        assertThat(CHAT.readAnswer(chunk.getBytes(UTF_8), 0, chunk.length()))
                .isInstanceOfSatisfying(
                        AnswerRead.Failed.class,
                        failed -> assertThat(failed.error().message()).isEqualTo("bad"));
        assertThat(events(CHAT, "data: " + chunk + "\n\n"))
                .singleElement()
                .isInstanceOfSatisfying(
                        ChatEvent.Failed.class,
                        failed -> assertThat(failed.error().message()).isEqualTo("bad"));
    }

    @Test
    void thinkTagsCutAnywhereBecomeThoughts() {
        List<ChatEvent> events = events(
                CHAT,
                delta("content", "<th") + delta("content", "ink>a</thi") + delta("content", "nk>\\n\\nb <think>")
                        + "data: [DONE]\n\n");
        assertThat(events)
                .contains(new ChatEvent.ThinkingDelta("a"), new ChatEvent.TextDelta("b <think>"))
                .doesNotContain(new ChatEvent.TextDelta("<th"));
    }

    @Test
    void callsWithoutIndexAndWithRepeatedIdsStayApart() {
        String out = stream(
                CHAT,
                MESSAGES,
                call("\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{\"}")
                        + call("\"id\":\"a\",\"type\":null,\"function\":{\"name\":\"f\",\"arguments\":\"}\"}")
                        + call("\"index\":0,\"id\":\"b\",\"function\":{\"name\":\"g\",\"arguments\":{\"y\":2}}")
                        + "data: [DONE]\n\n");
        assertThat(out)
                .containsOnlyOnce("\"type\":\"tool_use\",\"id\":\"a\"")
                .containsOnlyOnce("\"type\":\"tool_use\",\"id\":\"b\"")
                .contains("\"partial_json\":\"{\\\"y\\\":2}\"")
                .contains("\"stop_reason\":\"tool_use\"");
    }

    @Test
    void repeatedWholeMessageAtTheEndIsNotAppended() {
        List<ChatEvent> events = events(
                CHAT,
                delta("content", "Hi")
                        + "data: {\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"finish_reason\":\"stop\",\"message\":{\"content\":\"Hi\"}}]}\n\n");
        assertThat(events).filteredOn(ChatEvent.TextDelta.class::isInstance).hasSize(1);
    }

    @Test
    void usageIsShownOnlyToClientsThatAsk() {
        String out = stream(
                CHAT,
                CHAT,
                delta("content", "Hi")
                        + "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1}}\n\ndata: [DONE]\n\n",
                new ClientView("m", false, "1", 7));
        assertThat(out).doesNotContain("usage").endsWith("data: [DONE]\n\n");
    }

    @Test
    void cutOffStreamDoesNotLookComplete() {
        assertThat(events(CHAT, delta("content", "Hi")))
                .noneMatch(ChatEvent.Ended.class::isInstance)
                .noneMatch(ChatEvent.Finished.class::isInstance);
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai-chat", "openai-responses", "dashscope", "cohere", "hunyuan"})
    void aFailedToolSaysSoInWordsWhereThereIsNoMemberForIt(String format) {
        assertThat(withFailedTool(format, "\"no such city\"")).contains("\"Error: no such city\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai-chat", "openai-responses", "dashscope"})
    void aToolThatFailedWithAPictureHasFailed(String format) {
        String picture = "{\"type\":\"image\",\"source\":{\"type\":\"url\",\"url\":\"https://a.b/c.png\"}}";
        assertThat(withFailedTool(format, "[" + picture + "]"))
                .contains("\"Error: \"")
                .contains("https://a.b/c.png");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cohere", "hunyuan"})
    void aPictureThatAToolGaveIsRefusedWhereResultsAreTexts(String format) {
        String picture = "{\"type\":\"image\",\"source\":{\"type\":\"url\",\"url\":\"https://a.b/c.png\"}}";
        assertThatThrownBy(() -> withFailedTool(format, "[" + picture + "]"))
                .isInstanceOfSatisfying(
                        InexpressibleException.class,
                        refused -> assertThat(refused.reason()).contains("takes text only here"));
    }

    private static String withFailedTool(String format, String content) {
        return request(
                        MESSAGES,
                        format(format),
                        "{\"messages\":[{\"role\":\"assistant\",\"content\":[{\"type\":\"tool_use\",\"id\":\"a\",\"name\":\"f\",\"input\":{}}]},"
                                + "{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"a\",\"is_error\":true,\"content\":"
                                + content + "}]}]}")
                .toJson();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            cohere  | {"message":{"tool_calls":[{"id":"a","function":{"name":"f","arguments":""}}]},"finish_reason":"TOOL_CALL"}
            hunyuan | {"Choices":[{"Message":{"ToolCalls":[{"Id":"a","Function":{"Name":"f","Arguments":""}}]},"FinishReason":"tool_calls"}]}
            """)
    void aCallWithoutArgumentsIsOneWithAnEmptyObject(String format, String body) {
        Json call = message(answer(format(format), CHAT, body))
                .get("tool_calls")
                .items()
                .getFirst();
        assertThat(call.get("function").get("arguments").text()).isEqualTo("{}");
    }

    @ParameterizedTest
    @CsvSource({"dify, inputs", "dify-workflow, inputs", "bailian, biz_params"})
    void anOpenAiClientNamesTheInputVariablesOfAnApplication(String format, String member) {
        Json sent = request(
                CHAT,
                format(format),
                "{\"messages\":[{\"role\":\"user\",\"content\":\"u\"}],\"" + member
                        + "\":{\"city\":\"Bern\",\"days\":2}}");
        Json variables = (sent.has("input") ? sent.get("input") : sent).get(member);
        assertThat(variables.get("city").text()).isEqualTo("Bern");
        assertThat(variables.get("days").toJson()).isEqualTo("2");
    }

    private static ChatFormat format(String name) {
        return Formats.ALL.stream()
                .filter(entry -> entry.name().equals(name))
                .findFirst()
                .orElseThrow()
                .format();
    }

    private static String delta(String member, String text) {
        return "data: {\"choices\":[{\"index\":0,\"delta\":{\"" + member + "\":\"" + text + "\"}}]}\n\n";
    }

    private static String call(String members) {
        return "data: {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{" + members + "}]}}]}\n\n";
    }

    private static Json request(ChatFormat from, ChatFormat to, String body) {
        ChatRequest request = from.readRequest(body.getBytes(UTF_8), Asked.IN_BODY);
        return parse(to.writeRequest(request, Dialect.PLAIN));
    }

    private static Json answer(ChatFormat from, ChatFormat to, String body) {
        byte[] bytes = body.getBytes(UTF_8);
        AnswerRead.Read read = (AnswerRead.Read) from.readAnswer(bytes, 0, bytes.length);
        return parse(to.writeAnswer(read.answer(), VIEW));
    }

    private static Json choice(Json answer) {
        return answer.get("choices").items().getFirst();
    }

    private static Json message(Json answer) {
        return choice(answer).get("message");
    }

    private static Json parse(byte[] bytes) {
        Json json = Json.parse(bytes);
        assertThat(json).isNotNull();
        return json;
    }

    private static List<ChatEvent> events(ChatFormat from, String stream) {
        List<ChatEvent> events = new ArrayList<>();
        byte[] bytes = stream.getBytes(UTF_8);
        StreamDecoder decoder = from.decoder(1 << 16);
        decoder.feed(bytes, 0, bytes.length, events::add);
        decoder.end(events::add);
        return events;
    }

    private static String stream(ChatFormat from, ChatFormat to, String stream) {
        return stream(from, to, stream, VIEW);
    }

    private static String stream(ChatFormat from, ChatFormat to, String stream, ClientView view) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StreamEncoder encoder = to.encoder(view);
        events(from, stream).forEach(event -> encoder.write(event, out));
        return out.toString(UTF_8);
    }
}
