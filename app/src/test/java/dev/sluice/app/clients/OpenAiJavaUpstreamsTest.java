package dev.sluice.app.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.annotation.JsonTypeName;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.OpenAIException;
import com.openai.errors.RateLimitException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionContentPart;
import com.openai.models.chat.completions.ChatCompletionContentPartImage;
import com.openai.models.chat.completions.ChatCompletionContentPartText;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionMessageToolCall;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseFunctionToolCall;
import com.openai.models.responses.ResponseInputItem;
import com.openai.models.responses.ResponseOutputItem;
import com.openai.models.responses.ResponseStreamEvent;
import dev.sluice.app.clients.EveryUpstream.Upstream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** OpenAI's own Java client over providers of every wire format: chat completions and responses. */
class OpenAiJavaUpstreamsTest {
    private static EveryUpstream upstreams;

    @JsonTypeName("weather")
    static final class Weather {
        public String city = "";
    }

    @JsonTypeName("clock")
    static final class Clock {
        public String zone = "";
    }

    @BeforeAll
    static void start() {
        upstreams = new EveryUpstream();
    }

    @AfterAll
    static void stop() {
        upstreams.close();
    }

    @BeforeEach
    void freshen() {
        upstreams.freshen();
    }

    private static OpenAIClient client(Upstream upstream) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(upstreams.url(upstream) + "/v1")
                .apiKey(EveryUpstream.KEY)
                .maxRetries(0)
                .build();
    }

    private static ChatCompletionCreateParams.Builder chat(String model, String text) {
        return ChatCompletionCreateParams.builder()
                .model(model)
                .addSystemMessage("Be brief.")
                .addUserMessage(text);
    }

    private static ChatCompletionCreateParams.Builder chat(String text) {
        return chat(EveryUpstream.MODEL, text);
    }

    private static ChatCompletionCreateParams.Builder chatWithTools() {
        return chat("hi").addTool(Weather.class).addTool(Clock.class);
    }

    private static ChatCompletion ask(Upstream upstream, ChatCompletionCreateParams.Builder request) {
        return client(upstream).chat().completions().create(request.build());
    }

    private static ChatCompletion stream(Upstream upstream, ChatCompletionCreateParams.Builder request) {
        ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
        request.streamOptions(
                ChatCompletionStreamOptions.builder().includeUsage(true).build());
        try (StreamResponse<ChatCompletionChunk> stream =
                client(upstream).chat().completions().createStreaming(request.build())) {
            stream.stream().forEach(accumulator::accumulate);
        }
        return accumulator.chatCompletion();
    }

    private static ChatCompletionMessage message(ChatCompletion answer) {
        return answer.choices().getFirst().message();
    }

    private static List<ChatCompletionMessageFunctionToolCall> calls(ChatCompletion answer) {
        return message(answer).toolCalls().orElseThrow().stream()
                .map(ChatCompletionMessageToolCall::asFunction)
                .toList();
    }

    private static void assertCallsOfBothTools(ChatCompletion answer) {
        assertThat(answer.choices().getFirst().finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.TOOL_CALLS);
        assertThat(calls(answer)).extracting(call -> call.function().name()).containsExactly("weather", "clock");
        assertThat(calls(answer).getFirst().function().arguments(Weather.class).city)
                .isEqualTo("city");
        assertThat(calls(answer).getLast().function().arguments(Clock.class).zone)
                .isEqualTo("zone");
    }

    private static ResponseCreateParams.Builder respond(String text) {
        return ResponseCreateParams.builder()
                .model(EveryUpstream.MODEL)
                .instructions("Be brief.")
                .input(text);
    }

    private static String text(Response response) {
        StringBuilder text = new StringBuilder();
        for (ResponseOutputItem item : response.output()) {
            item.message()
                    .ifPresent(message -> message.content()
                            .forEach(part -> part.outputText().ifPresent(said -> text.append(said.text()))));
        }
        return text.toString();
    }

    private static Response streamed(Upstream upstream, ResponseCreateParams.Builder request) {
        ResponseAccumulator accumulator = ResponseAccumulator.create();
        try (StreamResponse<ResponseStreamEvent> stream =
                client(upstream).responses().createStreaming(request.build())) {
            stream.stream().forEach(accumulator::accumulate);
        }
        return accumulator.response();
    }

    private static List<ResponseFunctionToolCall> calls(Response response) {
        return response.output().stream()
                .filter(ResponseOutputItem::isFunctionCall)
                .map(ResponseOutputItem::asFunctionCall)
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void answers(Upstream upstream) {
        ChatCompletion answer = ask(upstream, chat("hello world"));
        assertThat(message(answer).content()).contains("Echo: hello world");
        assertThat(answer.choices().getFirst().finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
        assertThat(answer.usage().orElseThrow().completionTokens()).isEqualTo(3);
        assertThat(upstreams.arrived(upstream).text()).contains("Be brief.");
    }

    @ParameterizedTest
    @EnumSource
    void streamsWhatAWholeAnswerSays(Upstream upstream) {
        ChatCompletion whole = ask(upstream, chat("one two three four"));
        ChatCompletion streamed = stream(upstream, chat("one two three four"));
        assertThat(message(streamed).content())
                .contains("Echo: one two three four")
                .isEqualTo(message(whole).content());
        assertThat(streamed.usage().orElseThrow().completionTokens())
                .isEqualTo(whole.usage().orElseThrow().completionTokens());
        upstreams.arrived(upstream);
    }

    @ParameterizedTest
    @EnumSource
    void callsToolsAndTakesTheirResults(Upstream upstream) {
        ChatCompletion first = ask(upstream, chatWithTools());
        assertCallsOfBothTools(first);
        ChatCompletionCreateParams.Builder next = chatWithTools().addMessage(message(first));
        for (ChatCompletionMessageFunctionToolCall call : calls(first)) {
            next.addMessage(ChatCompletionToolMessageParam.builder()
                    .toolCallId(call.id())
                    .content("18 degrees")
                    .build());
        }
        assertThat(message(ask(upstream, next)).content().orElseThrow()).contains("Tool said: 18 degrees");
        upstreams.arrived(upstream);
    }

    @ParameterizedTest
    @EnumSource
    void streamsCallsOfTools(Upstream upstream) {
        assertCallsOfBothTools(stream(upstream, chatWithTools()));
        upstreams.arrived(upstream);
    }

    @ParameterizedTest
    @EnumSource
    void showsAnImage(Upstream upstream) {
        ChatCompletionContentPart image = ChatCompletionContentPart.ofImageUrl(ChatCompletionContentPartImage.builder()
                .imageUrl(ChatCompletionContentPartImage.ImageUrl.builder()
                        .url("data:image/png;base64," + EveryUpstream.PNG)
                        .build())
                .build());
        ChatCompletionContentPart text = ChatCompletionContentPart.ofText(
                ChatCompletionContentPartText.builder().text("what is this").build());
        ChatCompletion answer = ask(
                upstream,
                ChatCompletionCreateParams.builder()
                        .model(EveryUpstream.MODEL)
                        .addUserMessageOfArrayOfContentParts(List.of(text, image)));
        assertThat(message(answer).content().orElseThrow()).contains("what is this");
        assertThat(upstreams.arrived(upstream).text()).contains(EveryUpstream.PNG);
    }

    @ParameterizedTest
    @EnumSource
    void answersInTheWantedSchema(Upstream upstream) {
        Weather weather = client(upstream)
                .chat()
                .completions()
                .create(chat("where?").responseFormat(Weather.class).build())
                .choices()
                .getFirst()
                .message()
                .content()
                .orElseThrow();
        assertThat(weather.city).isEqualTo("city");
        upstreams.arrived(upstream);
    }

    @ParameterizedTest
    @EnumSource
    void tellsThatTheProviderIsBusy(Upstream upstream) {
        RateLimitException failure =
                catchThrowableOfType(RateLimitException.class, () -> ask(upstream, chat(EveryUpstream.BUSY, "hi")));
        assertThat(failure.headers().values("retry-after")).isNotEmpty();
        upstreams.arrived(upstream);
    }

    @ParameterizedTest
    @EnumSource
    void tellsThatAStreamBroke(Upstream upstream) {
        OpenAIException failure = catchThrowableOfType(
                OpenAIException.class, () -> stream(upstream, chat(EveryUpstream.BROKEN, "one two three four")));
        assertThat(failure).isNotNull();
        upstreams.arrived(upstream);
    }

    @ParameterizedTest
    @EnumSource
    void responds(Upstream upstream) {
        Response whole =
                client(upstream).responses().create(respond("one two three").build());
        assertThat(text(whole)).isEqualTo("Echo: one two three");
        Response streamed = streamed(upstream, respond("one two three"));
        assertThat(text(streamed)).isEqualTo(text(whole));
        assertThat(streamed.usage().orElseThrow().outputTokens())
                .isEqualTo(whole.usage().orElseThrow().outputTokens());
        upstreams.arrived(upstream);
    }

    @ParameterizedTest
    @EnumSource
    void respondsWithCallsOfToolsAndTakesTheirResults(Upstream upstream) {
        ResponseCreateParams.Builder request =
                respond("hi").addTool(Weather.class).addTool(Clock.class);
        Response first = streamed(upstream, request);
        assertThat(calls(first)).extracting(ResponseFunctionToolCall::name).containsExactly("weather", "clock");
        List<ResponseInputItem> conversation = new ArrayList<>();
        conversation.add(ResponseInputItem.ofMessage(ResponseInputItem.Message.builder()
                .role(ResponseInputItem.Message.Role.USER)
                .addInputTextContent("hi")
                .build()));
        for (ResponseFunctionToolCall call : calls(first)) {
            conversation.add(ResponseInputItem.ofFunctionCall(call));
            conversation.add(ResponseInputItem.ofFunctionCallOutput(ResponseInputItem.FunctionCallOutput.builder()
                    .callId(call.callId())
                    .output("18 degrees")
                    .build()));
        }
        Response second = client(upstream)
                .responses()
                .create(request.inputOfResponse(conversation).build());
        assertThat(text(second)).contains("Tool said: 18 degrees");
        assertThat(tuple(second.error().isPresent(), second.output().size())).isEqualTo(tuple(false, 1));
        upstreams.arrived(upstream);
    }
}
