package dev.sluice.app.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.sluice.app.clients.EveryUpstream.Upstream;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.ai.anthropic.AnthropicChatModel;
import org.springframework.ai.anthropic.AnthropicChatOptions;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.content.Media;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.function.FunctionToolCallback;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.util.MimeTypeUtils;

/** Spring AI's OpenAI and Anthropic models over providers of every wire format. */
class SpringAiUpstreamsTest {
    private static final String CITY =
            "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}},\"required\":[\"city\"],\"additionalProperties\":false}";
    private static final String ZONE =
            "{\"type\":\"object\",\"properties\":{\"zone\":{\"enum\":[\"UTC\",\"CET\"]}},\"required\":[\"zone\"]}";

    private static EveryUpstream upstreams;

    record Place(String city) {}

    record Zone(String zone) {}

    private static final List<ToolCallback> TOOLS = List.of(
            FunctionToolCallback.builder("weather", (Place place) -> "18 degrees in " + place.city())
                    .inputType(Place.class)
                    .inputSchema(CITY)
                    .build(),
            FunctionToolCallback.builder("clock", (Zone zone) -> "noon in " + zone.zone())
                    .inputType(Zone.class)
                    .inputSchema(ZONE)
                    .build());

    /** The model of Spring AI that makes the call. */
    enum Module {
        OPENAI {
            @Override
            ChatModel model(Upstream upstream, String name, List<ToolCallback> tools, String schema) {
                OpenAiChatOptions.Builder options = OpenAiChatOptions.builder();
                options.baseUrl(upstreams.url(upstream) + "/v1");
                options.apiKey(EveryUpstream.KEY);
                options.model(name);
                options.maxRetries(0);
                options.toolCallbacks(tools);
                if (!schema.isEmpty()) options.outputSchema(schema);
                return OpenAiChatModel.builder().options(options.build()).build();
            }
        },
        ANTHROPIC {
            @Override
            ChatModel model(Upstream upstream, String name, List<ToolCallback> tools, String schema) {
                AnthropicChatOptions.Builder options = AnthropicChatOptions.builder();
                options.baseUrl(upstreams.url(upstream));
                options.apiKey(EveryUpstream.KEY);
                options.model(name);
                options.maxTokens(256);
                options.maxRetries(0);
                options.toolCallbacks(tools);
                if (!schema.isEmpty()) options.outputSchema(schema);
                return AnthropicChatModel.builder().options(options.build()).build();
            }
        };

        abstract ChatModel model(Upstream upstream, String name, List<ToolCallback> tools, String schema);

        ChatModel model(Upstream upstream, String name) {
            return model(upstream, name, List.of(), "");
        }
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

    private static ChatResponse ask(ChatModel model, Message... messages) {
        return model.call(new Prompt(List.of(messages), model.getOptions()));
    }

    private static List<ChatResponse> stream(ChatModel model, String text) {
        return model.stream(new Prompt(List.of(new UserMessage(text)), model.getOptions()))
                .collectList()
                .blockOptional(Duration.ofSeconds(10))
                .orElseThrow();
    }

    private static String text(List<ChatResponse> parts) {
        StringBuilder text = new StringBuilder();
        for (ChatResponse part : parts) {
            if (part.getResult() != null && part.getResult().getOutput().getText() != null) {
                text.append(part.getResult().getOutput().getText());
            }
        }
        return text.toString();
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void answers(Module module, Upstream upstream) {
        ChatResponse answer = ask(
                module.model(upstream, EveryUpstream.MODEL),
                new SystemMessage("Be brief."),
                new UserMessage("hello world"));
        assertThat(answer.getResult().getOutput().getText()).isEqualTo("Echo: hello world");
        assertThat(answer.getMetadata().getUsage().getCompletionTokens()).isEqualTo(3);
        assertThat(upstreams.arrived(upstream).text()).contains("Be brief.");
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void streams(Module module, Upstream upstream) {
        List<ChatResponse> parts = stream(module.model(upstream, EveryUpstream.MODEL), "one two three four");
        assertThat(text(parts)).isEqualTo("Echo: one two three four");
        assertThat(parts.size()).isGreaterThan(3);
        upstreams.arrived(upstream);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void callsToolsAndTakesTheirResults(Module module, Upstream upstream) {
        ChatModel model = module.model(upstream, EveryUpstream.MODEL, TOOLS, "");
        UserMessage question = new UserMessage("hi");
        AssistantMessage first = ask(model, question).getResults().stream()
                .map(generation -> generation.getOutput())
                .filter(AssistantMessage::hasToolCalls)
                .findFirst()
                .orElseThrow();
        assertThat(first.getToolCalls())
                .extracting(AssistantMessage.ToolCall::name, call -> new JsonObject(call.arguments()))
                .containsExactly(
                        tuple("weather", JsonObject.of("city", "city")), tuple("clock", JsonObject.of("zone", "UTC")));
        ToolResponseMessage results = ToolResponseMessage.builder()
                .responses(first.getToolCalls().stream()
                        .map(call -> new ToolResponseMessage.ToolResponse(call.id(), call.name(), "18 degrees"))
                        .toList())
                .build();
        ChatResponse second = ask(model, question, first, results);
        assertThat(second.getResult().getOutput().getText()).contains("Tool said: 18 degrees");
        upstreams.arrived(upstream);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void streamsCallsOfTools(Module module, Upstream upstream) {
        List<AssistantMessage.ToolCall> calls = new ArrayList<>();
        for (ChatResponse part : stream(module.model(upstream, EveryUpstream.MODEL, TOOLS, ""), "hi")) {
            part.getResults().forEach(result -> calls.addAll(result.getOutput().getToolCalls()));
        }
        assertThat(calls).extracting(AssistantMessage.ToolCall::name).containsExactly("weather", "clock");
        upstreams.arrived(upstream);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void showsAnImage(Module module, Upstream upstream) {
        byte[] png = Base64.getDecoder().decode(EveryUpstream.PNG);
        UserMessage question = UserMessage.builder()
                .text("what is this")
                .media(new Media(MimeTypeUtils.IMAGE_PNG, new ByteArrayResource(png)))
                .build();
        ChatResponse answer = ask(module.model(upstream, EveryUpstream.MODEL), question);
        assertThat(answer.getResult().getOutput().getText()).contains("what is this");
        assertThat(upstreams.arrived(upstream).text()).contains(EveryUpstream.PNG);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void answersInTheWantedSchema(Module module, Upstream upstream) {
        ChatResponse answer =
                ask(module.model(upstream, EveryUpstream.MODEL, List.of(), CITY), new UserMessage("where?"));
        assertThat(new JsonObject(answer.getResult().getOutput().getText())).isEqualTo(JsonObject.of("city", "city"));
        upstreams.arrived(upstream);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void tellsThatTheProviderIsBusy(Module module, Upstream upstream) {
        ChatModel model = module.model(upstream, EveryUpstream.BUSY);
        assertThat(catchThrowable(() -> ask(model, new UserMessage("hi")))
                        .getClass()
                        .getSimpleName())
                .isEqualTo("RateLimitException");
        upstreams.arrived(upstream);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void tellsThatAStreamBroke(Module module, Upstream upstream) {
        ChatModel model = module.model(upstream, EveryUpstream.BROKEN);
        assertThat(catchThrowable(() -> stream(model, "one two three four"))).isNotNull();
        upstreams.arrived(upstream);
    }
}
