package dev.sluice.app.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.AnthropicException;
import com.anthropic.errors.RateLimitException;
import com.anthropic.errors.UnauthorizedException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.ErrorType;
import com.anthropic.models.messages.Base64ImageSource;
import com.anthropic.models.messages.ContentBlock;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.ImageBlockParam;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.StructuredContentBlock;
import com.anthropic.models.messages.StructuredMessage;
import com.anthropic.models.messages.TextBlockParam;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolResultBlockParam;
import com.anthropic.models.messages.ToolUseBlock;
import dev.sluice.app.clients.EveryUpstream.Upstream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Anthropic's own Java client over providers of every wire format. */
class AnthropicJavaTest {
    private static EveryUpstream upstreams;

    static final class Place {
        public String city = "";
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

    private static AnthropicClient client(Upstream upstream, String key) {
        return AnthropicOkHttpClient.builder()
                .baseUrl(upstreams.url(upstream))
                .apiKey(key)
                .maxRetries(0)
                .build();
    }

    private static AnthropicClient client(Upstream upstream) {
        return client(upstream, EveryUpstream.KEY);
    }

    private static MessageCreateParams.Builder request(String model) {
        return MessageCreateParams.builder().model(model).maxTokens(256).system("Be brief.");
    }

    private static MessageCreateParams.Builder request() {
        return request(EveryUpstream.MODEL);
    }

    private static Message ask(Upstream upstream, MessageCreateParams.Builder request) {
        return client(upstream).messages().create(request.build());
    }

    private static Message stream(Upstream upstream, MessageCreateParams.Builder request) {
        MessageAccumulator accumulator = MessageAccumulator.create();
        try (StreamResponse<RawMessageStreamEvent> stream =
                client(upstream).messages().createStreaming(request.build())) {
            stream.stream().forEach(accumulator::accumulate);
        }
        return accumulator.message();
    }

    private static Tool tool(String name, String argument) {
        return Tool.builder()
                .name(name)
                .inputSchema(Tool.InputSchema.builder()
                        .properties(Tool.InputSchema.Properties.builder()
                                .putAdditionalProperty(argument, JsonValue.from(Map.of("type", "string")))
                                .build())
                        .addRequired(argument)
                        .build())
                .build();
    }

    private static MessageCreateParams.Builder requestWithTools() {
        return request().addTool(tool("weather", "city")).addTool(tool("clock", "zone"));
    }

    private static String text(Message message) {
        StringBuilder text = new StringBuilder();
        message.content().forEach(block -> block.text().ifPresent(t -> text.append(t.text())));
        return text.toString();
    }

    private static List<ToolUseBlock> calls(Message message) {
        return message.content().stream()
                .filter(ContentBlock::isToolUse)
                .map(ContentBlock::asToolUse)
                .toList();
    }

    private static void assertCallsOfBothTools(Message message) {
        assertThat(message.stopReason()).contains(StopReason.TOOL_USE);
        assertThat(calls(message)).extracting(ToolUseBlock::name).containsExactly("weather", "clock");
        assertThat(calls(message)).extracting(ToolUseBlock::id).doesNotHaveDuplicates();
        assertThat(calls(message).getFirst()._input()).isEqualTo(JsonValue.from(Map.of("city", "city")));
        assertThat(calls(message).getLast()._input()).isEqualTo(JsonValue.from(Map.of("zone", "zone")));
    }

    @ParameterizedTest
    @EnumSource
    void answers(Upstream upstream) {
        Message answer = ask(upstream, request().addUserMessage("hello world"));
        assertThat(text(answer)).isEqualTo("Echo: hello world");
        assertThat(answer.stopReason()).contains(StopReason.END_TURN);
        assertThat(answer.usage().inputTokens()).isPositive();
        assertThat(answer.usage().outputTokens()).isEqualTo(3);
        assertThat(upstreams.arrived(upstream).text()).contains("Be brief.");
    }

    @ParameterizedTest
    @EnumSource
    void streamsWhatAWholeAnswerSays(Upstream upstream) {
        Message whole = ask(upstream, request().addUserMessage("one two three four"));
        Message streamed = stream(upstream, request().addUserMessage("one two three four"));
        assertThat(text(streamed)).isEqualTo("Echo: one two three four").isEqualTo(text(whole));
        assertThat(streamed.stopReason()).contains(StopReason.END_TURN);
        assertThat(streamed.usage().outputTokens()).isEqualTo(whole.usage().outputTokens());
        upstreams.arrived(upstream);
    }

    @ParameterizedTest
    @EnumSource
    void callsToolsAndTakesTheirResults(Upstream upstream) {
        Message first = ask(upstream, requestWithTools().addUserMessage("hi"));
        assertCallsOfBothTools(first);
        List<ContentBlockParam> results = new ArrayList<>();
        for (ToolUseBlock call : calls(first)) {
            results.add(ContentBlockParam.ofToolResult(ToolResultBlockParam.builder()
                    .toolUseId(call.id())
                    .content("18 degrees")
                    .build()));
        }
        Message second = ask(
                upstream,
                requestWithTools().addUserMessage("hi").addMessage(first).addUserMessageOfBlockParams(results));
        assertThat(text(second)).contains("Tool said: 18 degrees");
        assertThat(second.stopReason()).contains(StopReason.END_TURN);
        upstreams.arrived(upstream);
    }

    @ParameterizedTest
    @EnumSource
    void streamsCallsOfTools(Upstream upstream) {
        assertCallsOfBothTools(stream(upstream, requestWithTools().addUserMessage("hi")));
        upstreams.arrived(upstream);
    }

    @ParameterizedTest
    @EnumSource
    void showsAnImage(Upstream upstream) {
        ImageBlockParam image = ImageBlockParam.builder()
                .source(Base64ImageSource.builder()
                        .mediaType(Base64ImageSource.MediaType.IMAGE_PNG)
                        .data(EveryUpstream.PNG)
                        .build())
                .build();
        Message answer = ask(
                upstream,
                request()
                        .addUserMessageOfBlockParams(List.of(
                                ContentBlockParam.ofImage(image),
                                ContentBlockParam.ofText(TextBlockParam.builder()
                                        .text("what is this")
                                        .build()))));
        assertThat(text(answer)).contains("what is this");
        assertThat(upstreams.arrived(upstream).text()).contains(EveryUpstream.PNG);
    }

    @ParameterizedTest
    @EnumSource
    void answersInTheWantedSchema(Upstream upstream) {
        StructuredMessage<Place> answer = client(upstream)
                .messages()
                .create(request()
                        .addUserMessage("where?")
                        .outputConfig(Place.class)
                        .build());
        assertThat(answer.content())
                .filteredOn(StructuredContentBlock::isText)
                .singleElement()
                .extracting(block -> block.asText().text().city)
                .isEqualTo("city");
        assertThat(upstreams.arrived(upstream).text()).contains("\"city\"");
    }

    @ParameterizedTest
    @EnumSource
    void endsWhereTheClientSays(Upstream upstream) {
        Message cut = ask(upstream, request().maxTokens(3).addUserMessage("a b c d e f g h i j k"));
        assertThat(cut.stopReason()).contains(StopReason.MAX_TOKENS);
        Message stopped = ask(upstream, request().addStopSequence(" three").addUserMessage("one two three four"));
        assertThat(text(stopped)).isEqualTo("Echo: one two");
        upstreams.arrived(upstream);
    }

    @ParameterizedTest
    @EnumSource
    void tellsThatTheProviderIsBusy(Upstream upstream) {
        RateLimitException failure = catchThrowableOfType(
                RateLimitException.class,
                () -> ask(upstream, request(EveryUpstream.BUSY).addUserMessage("hi")));
        assertThat(failure.errorType()).contains(ErrorType.RATE_LIMIT_ERROR);
        upstreams.arrived(upstream);
    }

    @ParameterizedTest
    @EnumSource
    void tellsThatAStreamBroke(Upstream upstream) {
        AnthropicException failure = catchThrowableOfType(
                AnthropicException.class,
                () -> stream(upstream, request(EveryUpstream.BROKEN).addUserMessage("one two three four")));
        assertThat(failure).isNotNull();
        upstreams.arrived(upstream);
    }

    @ParameterizedTest
    @EnumSource
    void countsTokens(Upstream upstream) {
        long tokens = client(upstream)
                .messages()
                .countTokens(MessageCountTokensParams.builder()
                        .model(EveryUpstream.MODEL)
                        .addUserMessage("count these words please")
                        .build())
                .inputTokens();
        assertThat(tokens).isPositive();
    }

    @Test
    void tellsAWrongKey() {
        UnauthorizedException failure = catchThrowableOfType(
                UnauthorizedException.class,
                () -> client(Upstream.GEMINI, "sk-nobody")
                        .messages()
                        .create(request().addUserMessage("hi").build()));
        assertThat(failure.errorType()).contains(ErrorType.AUTHENTICATION_ERROR);
    }
}
