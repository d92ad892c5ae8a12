package dev.sluice.app.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.anthropic.AnthropicChatModel;
import dev.langchain4j.model.anthropic.AnthropicStreamingChatModel;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.output.FinishReason;
import dev.sluice.app.clients.EveryUpstream.Upstream;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** LangChain4j's OpenAI and Anthropic clients over providers of every wire format. */
class LangChain4jUpstreamsTest {
    private static final JsonObjectSchema CITY = JsonObjectSchema.builder()
            .addStringProperty("city")
            .required("city")
            .build();
    private static final List<ToolSpecification> TOOLS = List.of(
            ToolSpecification.builder().name("weather").parameters(CITY).build(),
            ToolSpecification.builder()
                    .name("clock")
                    .parameters(JsonObjectSchema.builder()
                            .addEnumProperty("zone", List.of("UTC", "CET"))
                            .required("zone")
                            .build())
                    .build());

    private static EveryUpstream upstreams;

    /** The module of LangChain4j that makes the call. */
    enum Module {
        OPENAI {
            @Override
            ChatModel model(Upstream upstream, String name) {
                return OpenAiChatModel.builder()
                        .baseUrl(upstreams.url(upstream) + "/v1")
                        .apiKey(EveryUpstream.KEY)
                        .modelName(name)
                        .maxRetries(0)
                        .build();
            }

            @Override
            StreamingChatModel streaming(Upstream upstream, String name) {
                return OpenAiStreamingChatModel.builder()
                        .baseUrl(upstreams.url(upstream) + "/v1")
                        .apiKey(EveryUpstream.KEY)
                        .modelName(name)
                        .build();
            }
        },
        ANTHROPIC {
            @Override
            ChatModel model(Upstream upstream, String name) {
                return AnthropicChatModel.builder()
                        .baseUrl(upstreams.url(upstream) + "/v1")
                        .apiKey(EveryUpstream.KEY)
                        .modelName(name)
                        .maxTokens(256)
                        .supportedCapabilities(Capability.RESPONSE_FORMAT_JSON_SCHEMA)
                        .maxRetries(0)
                        .build();
            }

            @Override
            StreamingChatModel streaming(Upstream upstream, String name) {
                return AnthropicStreamingChatModel.builder()
                        .baseUrl(upstreams.url(upstream) + "/v1")
                        .apiKey(EveryUpstream.KEY)
                        .modelName(name)
                        .maxTokens(256)
                        .build();
            }
        };

        abstract ChatModel model(Upstream upstream, String name);

        abstract StreamingChatModel streaming(Upstream upstream, String name);
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

    static Stream<Arguments> pairs() {
        return Stream.of(Module.values())
                .flatMap(module -> Stream.of(Upstream.values()).map(upstream -> arguments(module, upstream)));
    }

    private static ChatRequest.Builder request(String text) {
        return ChatRequest.builder().messages(SystemMessage.from("Be brief."), UserMessage.from(text));
    }

    private static CompletableFuture<ChatResponse> stream(StreamingChatModel model, ChatRequest.Builder request) {
        CompletableFuture<ChatResponse> complete = new CompletableFuture<>();
        model.chat(request.build(), new StreamingChatResponseHandler() {
            @Override
            public void onCompleteResponse(ChatResponse response) {
                complete.complete(response);
            }

            @Override
            public void onError(Throwable failure) {
                complete.completeExceptionally(failure);
            }
        });
        return complete.orTimeout(10, TimeUnit.SECONDS);
    }

    private static void assertCallsOfBothTools(ChatResponse answer) {
        assertThat(answer.finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
        assertThat(answer.aiMessage().toolExecutionRequests())
                .extracting(ToolExecutionRequest::name, call -> new JsonObject(call.arguments()))
                .containsExactly(
                        tuple("weather", JsonObject.of("city", "city")), tuple("clock", JsonObject.of("zone", "UTC")));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void answers(Module module, Upstream upstream) {
        ChatResponse answer = module.model(upstream, EveryUpstream.MODEL)
                .chat(request("hello world").build());
        assertThat(answer.aiMessage().text()).isEqualTo("Echo: hello world");
        assertThat(answer.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(answer.tokenUsage().outputTokenCount()).isEqualTo(3);
        assertThat(upstreams.arrived(upstream).text()).contains("Be brief.");
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void streams(Module module, Upstream upstream) {
        ChatResponse answer = stream(module.streaming(upstream, EveryUpstream.MODEL), request("one two three four"))
                .join();
        assertThat(answer.aiMessage().text()).isEqualTo("Echo: one two three four");
        assertThat(answer.tokenUsage().outputTokenCount()).isEqualTo(5);
        upstreams.arrived(upstream);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void callsToolsAndTakesTheirResults(Module module, Upstream upstream) {
        ChatModel model = module.model(upstream, EveryUpstream.MODEL);
        List<ChatMessage> conversation = new ArrayList<>(List.of(UserMessage.from("hi")));
        ChatResponse first = model.chat(ChatRequest.builder()
                .messages(conversation)
                .toolSpecifications(TOOLS)
                .build());
        assertCallsOfBothTools(first);
        conversation.add(first.aiMessage());
        first.aiMessage()
                .toolExecutionRequests()
                .forEach(call -> conversation.add(ToolExecutionResultMessage.from(call, "18 degrees")));
        ChatResponse second = model.chat(ChatRequest.builder()
                .messages(conversation)
                .toolSpecifications(TOOLS)
                .build());
        assertThat(second.aiMessage().text()).contains("Tool said: 18 degrees");
        upstreams.arrived(upstream);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void streamsCallsOfTools(Module module, Upstream upstream) {
        assertCallsOfBothTools(stream(
                        module.streaming(upstream, EveryUpstream.MODEL),
                        request("hi").toolSpecifications(TOOLS))
                .join());
        upstreams.arrived(upstream);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void showsAnImage(Module module, Upstream upstream) {
        UserMessage message =
                UserMessage.from(TextContent.from("what is this"), ImageContent.from(EveryUpstream.PNG, "image/png"));
        ChatResponse answer = module.model(upstream, EveryUpstream.MODEL).chat(message);
        assertThat(answer.aiMessage().text()).contains("what is this");
        assertThat(upstreams.arrived(upstream).text()).contains(EveryUpstream.PNG);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void answersInTheWantedSchema(Module module, Upstream upstream) {
        ResponseFormat format = ResponseFormat.builder()
                .type(ResponseFormatType.JSON)
                .jsonSchema(JsonSchema.builder().name("place").rootElement(CITY).build())
                .build();
        ChatResponse answer = module.model(upstream, EveryUpstream.MODEL)
                .chat(request("where?").responseFormat(format).build());
        assertThat(new JsonObject(answer.aiMessage().text())).isEqualTo(JsonObject.of("city", "city"));
        upstreams.arrived(upstream);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void tellsThatTheProviderIsBusy(Module module, Upstream upstream) {
        ChatModel model = module.model(upstream, EveryUpstream.BUSY);
        assertThat(catchThrowableOfType(RateLimitException.class, () -> model.chat("hi")))
                .isNotNull();
        upstreams.arrived(upstream);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void tellsThatAStreamBroke(Module module, Upstream upstream) {
        CompletableFuture<ChatResponse> answer =
                stream(module.streaming(upstream, EveryUpstream.BROKEN), request("one two three four"));
        // The OpenAI module passes over an error in a stream: all that tells it is that no reason ends the answer.
        if (module == Module.OPENAI) assertThat(answer.join().finishReason()).isNull();
        else assertThat(answer).failsWithin(Duration.ofSeconds(10));
        upstreams.arrived(upstream);
    }
}
