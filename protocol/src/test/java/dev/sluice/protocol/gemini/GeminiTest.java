package dev.sluice.protocol.gemini;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.protocol.Answer;
import dev.sluice.protocol.Asked;
import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.RequestHead;
import dev.sluice.protocol.chat.AnswerEvents;
import dev.sluice.protocol.chat.ChatAnswer;
import dev.sluice.protocol.chat.ChatFormat.AnswerRead;
import dev.sluice.protocol.chat.ChatFormat.ClientView;
import dev.sluice.protocol.chat.ChatRequest;
import dev.sluice.protocol.chat.ChatRequest.Message;
import dev.sluice.protocol.chat.ChatRequest.Role;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.chat.InexpressibleException;
import dev.sluice.protocol.chat.Part;
import dev.sluice.protocol.chat.StopReason;
import dev.sluice.protocol.chat.StreamEncoder;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GeminiTest {
    private static final String HI = "\"contents\":[{\"parts\":[{\"text\":\"Hi\"}]}]";

    @Test
    void thePathNamesTheModelAndAsksForTheStream() {
        byte[] body = bytes("{" + HI + ",\"generationConfig\":{\"maxOutputTokens\":7}}");
        assertThat(Gemini.generateContent().peek(body, new Asked("m", true)))
                .isInstanceOfSatisfying(RequestHead.class, head -> {
                    assertThat(head.model()).isEqualTo("m");
                    assertThat(head.stream()).isTrue();
                    assertThat(head.maxOutputTokens()).isEqualTo(7);
                });
    }

    @ParameterizedTest
    @CsvSource({
        "gemini-2.5-flash,'\"thinkingLevel\":\"LOW\"','{\"includeThoughts\":true,\"thinkingBudget\":1024}'",
        "gemini-2.5-pro,'\"thinkingBudget\":0','{\"thinkingBudget\":128}'",
        "gemini-3-flash,'\"thinkingBudget\":0','{\"thinkingLevel\":\"MINIMAL\"}'",
        "gemini-3-pro,'\"thinkingLevel\":\"MEDIUM\"','{\"includeThoughts\":true,\"thinkingLevel\":\"HIGH\"}'"
    })
    void wishesAboutThinkingFitTheGeneration(String model, String wish, String written) {
        ChatRequest request = read("{" + HI + ",\"generationConfig\":{\"thinkingConfig\":{" + wish + "}}}");
        assertThat(write(request.forModel(model))).contains("\"thinkingConfig\":" + written);
    }

    @Test
    void allCallsArriveAndTheFirstOneIsSealedForModelsThatWantIt() {
        Message calls =
                Message.of(Role.ASSISTANT, new Part.ToolCall("a", "f", "{}"), new Part.ToolCall("b", "g", "{}"));
        ChatRequest request =
                read("{" + HI + "}").withMessages(List.of(Message.of(Role.USER, new Part.Text("Hi")), calls));
        assertThat(write(request.forModel("gemini-3-flash")))
                .containsOnlyOnce("thoughtSignature")
                .contains("\"id\":\"a\"", "\"id\":\"b\"");
        assertThat(write(request.forModel("gemini-2.5-flash"))).doesNotContain("thoughtSignature");
    }

    @Test
    void aResultWithoutItsCallIsRefused() {
        Part result = new Part.ToolResult("lost", null, List.of(), false, null);
        ChatRequest request = read("{" + HI + "}").withMessages(List.of(Message.of(Role.USER, result)));
        assertThatThrownBy(() -> write(request)).isInstanceOf(InexpressibleException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"STOP", "OTHER", "MALFORMED_FUNCTION_CALL", "A_WORD_OF_TOMORROW"})
    void anUnknownReasonIsAnEnd(String word) {
        byte[] body = bytes("{\"candidates\":[{\"finishReason\":\"" + word + "\"}]}");
        assertThat(Gemini.generateContent().readAnswer(body, 0, body.length))
                .isInstanceOfSatisfying(
                        AnswerRead.Read.class,
                        read -> assertThat(read.answer().stopReason()).isEqualTo(StopReason.END));
    }

    @ParameterizedTest
    @CsvSource({
        "400,INVALID_ARGUMENT",
        "401,UNAUTHENTICATED",
        "403,PERMISSION_DENIED",
        "404,NOT_FOUND",
        "409,ABORTED",
        "429,RESOURCE_EXHAUSTED",
        "502,INTERNAL",
        "503,UNAVAILABLE",
        "504,DEADLINE_EXCEEDED"
    })
    void errorsHaveGooglesStates(int status, String state) {
        ClientError error = new ClientError(status, "t", "c", "m", null, List.of());
        assertThat(new String(Gemini.generateContent().errorBody(error), UTF_8))
                .contains("\"code\":" + status, "\"status\":\"" + state + "\"");
    }

    @ParameterizedTest
    @CsvSource({
        "gemini-1.5-pro,true",
        "gemini-2.0-flash,true",
        "gemini-2.5-flash,false",
        "gemini-3-pro,false",
        "tuned,false"
    })
    void olderModelsGetAPartOfOpenApisSchemas(String model, boolean reduced) {
        String schema = """
                {"type":"object","additionalProperties":false,"$defs":{"place":{"type":["string","null"],"format":"uri"}},\
                "properties":{"at":{"$ref":"#/$defs/place"},"kind":{"const":"a"},"size":{"oneOf":[{"type":"integer"},{"type":"null"}]}}}""";
        String written = write(read("{" + HI
                        + ",\"generationConfig\":{\"responseMimeType\":\"application/json\",\"responseJsonSchema\":"
                        + schema + "}}")
                .forModel(model));
        String expected = reduced
                ? "\"responseSchema\":{\"type\":\"object\",\"properties\":{\"at\":{\"nullable\":true,\"type\":\"string\"},"
                        + "\"kind\":{\"type\":\"string\",\"enum\":[\"a\"]},\"size\":{\"nullable\":true,\"type\":\"integer\"}}}"
                : "\"responseJsonSchema\":" + schema;
        assertThat(written).contains(expected);
    }

    @Test
    void aSchemaThatRefersToItselfIsRefusedForOlderModels() {
        ChatRequest request = read(
                "{" + HI + ",\"generationConfig\":{\"responseMimeType\":\"application/json\",\"responseJsonSchema\":"
                        + "{\"type\":\"object\",\"properties\":{\"next\":{\"$ref\":\"#\"}}}}}");
        assertThatExceptionOfType(InexpressibleException.class)
                .isThrownBy(() -> write(request.forModel("gemini-2.0-flash")))
                .withMessageContaining("refers to itself");
    }

    @Test
    void moreThanFiveStopSequencesAreRefused() {
        ChatRequest request =
                read("{" + HI + ",\"generationConfig\":{\"stopSequences\":[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\"]}}");
        assertThatExceptionOfType(InexpressibleException.class)
                .isThrownBy(() -> write(request))
                .satisfies(refused -> assertThat(refused.param()).isEqualTo("stop"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void thoughtsAreShownToClientsThatAskForThem(boolean asked) {
        ChatRequest request =
                read("{" + HI + ",\"generationConfig\":{\"thinkingConfig\":{\"includeThoughts\":" + asked + "}}}");
        ClientView view = new ClientView("m", true, "1", 1, request.extensions());
        ChatAnswer answer = new ChatAnswer(
                "",
                "",
                0,
                List.of(new Part.Thinking("hmm", null), new Part.Text("yes")),
                StopReason.END,
                null,
                null,
                null);
        ByteArrayOutputStream streamed = new ByteArrayOutputStream();
        StreamEncoder encoder = Gemini.generateContent().encoder(view);
        AnswerEvents.of(answer, event -> encoder.write(event, streamed));
        assertThat(new String(Gemini.generateContent().writeAnswer(answer, view), UTF_8).contains("hmm"))
                .isEqualTo(asked);
        assertThat(streamed.toString(UTF_8).contains("hmm")).isEqualTo(asked);
        assertThat(streamed.toString(UTF_8)).contains("yes");
    }

    @Test
    void listsModelsAndCountsTokens() {
        assertThat(new String(Gemini.modelList(List.of("m")), UTF_8)).startsWith("{\"models\":[{\"name\":\"models/m\"");
        byte[] counted = Gemini.countTokens().written(3);
        assertThat(Gemini.countTokens().inspect(counted, 0, counted.length)).isInstanceOf(Answer.Complete.class);
    }

    private static ChatRequest read(String body) {
        return Gemini.generateContent().readRequest(bytes(body), new Asked("m", false));
    }

    private static String write(ChatRequest request) {
        return new String(Gemini.generateContent().writeRequest(request, Dialect.PLAIN), UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
