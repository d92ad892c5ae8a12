package dev.sluice.app.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.openai.OpenAiEmbeddingModel;
import org.springframework.ai.openai.OpenAiEmbeddingOptions;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.function.FunctionToolCallback;

/** Spring AI, whose OpenAI models rest on OpenAI's own client but make requests of their own. */
class SpringAiTest {
    private static final String CITY =
            "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}},\"required\":[\"city\"]}";
    private static final String ZONE =
            "{\"type\":\"object\",\"properties\":{\"zone\":{\"enum\":[\"UTC\",\"CET\"]}},\"required\":[\"zone\"]}";

    private static Served served;

    record Place(String city) {}

    record Zone(String zone) {}

    @BeforeAll
    static void start() {
        served = new Served();
    }

    @AfterAll
    static void stop() {
        served.close();
    }

    @BeforeEach
    void freshen() {
        served.freshen();
    }

    private static OpenAiChatOptions.Builder options(String key, String name) {
        OpenAiChatOptions.Builder options = OpenAiChatOptions.builder();
        options.baseUrl(served.baseUrl());
        options.apiKey(key);
        options.model(name);
        options.maxRetries(0);
        return options;
    }

    private static OpenAiChatModel model(OpenAiChatOptions.Builder options) {
        return OpenAiChatModel.builder().options(options.build()).build();
    }

    private static OpenAiChatModel model(String name) {
        return model(options(Served.KEY, name));
    }

    private static OpenAiChatModel modelWithTools() {
        OpenAiChatOptions.Builder options = options(Served.KEY, "gpt-4o");
        options.toolCallbacks(List.<ToolCallback>of(
                FunctionToolCallback.builder("weather", (Place place) -> "18 degrees in " + place.city())
                        .inputType(Place.class)
                        .inputSchema(CITY)
                        .build(),
                FunctionToolCallback.builder("clock", (Zone zone) -> "noon in " + zone.zone())
                        .inputType(Zone.class)
                        .inputSchema(ZONE)
                        .build()));
        return model(options);
    }

    private static List<ChatResponse> stream(OpenAiChatModel model, String text) {
        return model.stream(new Prompt(text))
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

    private static <E extends OpenAIServiceException> E failure(Class<E> kind, String key, String name) {
        return catchThrowableOfType(kind, () -> model(options(key, name)).call("hello world"));
    }

    @Test
    void chatsWithTheProvidersKeyAndItsNameForTheModel() {
        ChatResponse answer = model(Served.FAST).call(new Prompt("hello world"));
        assertThat(answer.getResult().getOutput().getText()).isEqualTo("Echo: hello world");
        assertThat(answer.getMetadata().getUsage().getTotalTokens()).isEqualTo(5);
        assertThat(served.upstreamCall().json().getString("model")).isEqualTo(Served.FAST_UPSTREAM);
    }

    @Test
    void streamsTheWholeAnswer() {
        List<ChatResponse> parts = stream(model("gpt-streamed"), "one two three four");
        assertThat(text(parts)).isEqualTo("Echo: one two three four");
        assertThat(parts.size()).isGreaterThan(3);
        served.upstreamCall();
        served.assertReported("gpt-streamed", 4, 5);
    }

    @Test
    void endsAStreamWithTheUsageWhenAsked() {
        OpenAiChatOptions.Builder options = options(Served.KEY, "gpt-4o");
        options.streamUsage(true);
        List<ChatResponse> parts = stream(model(options), "one two three four");
        assertThat(text(parts)).isEqualTo("Echo: one two three four");
        assertThat(parts.getLast().getMetadata().getUsage().getCompletionTokens())
                .isEqualTo(5);
    }

    @Test
    void callsToolsInParallelAndMentionsTheirResults() {
        OpenAiChatModel model = modelWithTools();
        AssistantMessage first =
                model.call(new Prompt("hi", model.getOptions())).getResult().getOutput();
        assertThat(first.getToolCalls())
                .extracting(AssistantMessage.ToolCall::name, call -> new JsonObject(call.arguments()))
                .containsExactly(
                        tuple("weather", JsonObject.of("city", "city")), tuple("clock", JsonObject.of("zone", "UTC")));
        List<Message> conversation = new ArrayList<>(List.of(new UserMessage("hi"), first));
        conversation.add(ToolResponseMessage.builder()
                .responses(first.getToolCalls().stream()
                        .map(call -> new ToolResponseMessage.ToolResponse(call.id(), call.name(), "18 degrees"))
                        .toList())
                .build());
        ChatResponse second = model.call(new Prompt(conversation, model.getOptions()));
        assertThat(second.getResult().getOutput().getText()).isEqualTo("Tool said: 18 degrees\n18 degrees");
    }

    @Test
    void answersInTheWantedSchema() {
        OpenAiChatOptions.Builder options = options(Served.KEY, "gpt-4o");
        options.outputSchema(CITY);
        assertThat(new JsonObject(model(options).call("where?"))).isEqualTo(JsonObject.of("city", "city"));
        assertThat(served.upstreamCall().json().getJsonObject("response_format").getString("type"))
                .isEqualTo("json_schema");
    }

    @Test
    void embeds() {
        OpenAiEmbeddingOptions.Builder options = OpenAiEmbeddingOptions.builder();
        options.baseUrl(served.baseUrl());
        options.apiKey(Served.KEY);
        options.model("text-embedding-3-small");
        options.maxRetries(0);
        OpenAiEmbeddingModel model =
                OpenAiEmbeddingModel.builder().options(options.build()).build();
        List<float[]> vectors = model.embed(List.of("a red apple", "a green apple"));
        served.upstreamCall();
        assertThat(vectors).hasSize(2).allSatisfy(vector -> {
            assertThat(vector).hasSize(1536);
            double square = 0;
            for (float f : vector) square += f * f;
            assertThat(Math.sqrt(square)).isCloseTo(1, within(1e-4));
        });
    }

    @Test
    void tellsAWrongKey() {
        UnauthorizedException failure = failure(UnauthorizedException.class, Served.WRONG_KEY, "gpt-4o");
        assertThat(failure.code()).contains("invalid_api_key");
        assertThat(served.upstreamCalls()).isZero();
    }

    @Test
    void tellsAnUnknownModel() {
        NotFoundException failure = failure(NotFoundException.class, Served.KEY, "nobody-knows-me");
        assertThat(failure.code()).contains("model_not_found");
        assertThat(served.upstreamCalls()).isZero();
    }

    @Test
    void tellsTheRateLimitAndHowLongToWait() {
        model(options(Served.SLOW_KEY, "gpt-4o")).call("hello");
        RateLimitException failure = failure(RateLimitException.class, Served.SLOW_KEY, "gpt-4o");
        assertThat(Integer.parseInt(failure.headers().values("retry-after").getFirst()))
                .isBetween(1, Served.LONGEST_WAIT_SECONDS);
        assertThat(served.upstreamCalls()).isOne();
    }

    @Test
    void passesOnWhatTheProviderFindsWrong() {
        OpenAiChatOptions.Builder options = options(Served.KEY, "gpt-4o");
        options.n(1_000);
        BadRequestException failure = catchThrowableOfType(
                BadRequestException.class, () -> model(options).call("hi"));
        assertThat(failure.param()).contains("n");
        assertThat(served.upstreamCalls()).isOne();
    }

    @Test
    void tellsThatAllAttemptsFailed() {
        served.fault("gpt-broken", "status=500");
        InternalServerException failure = failure(InternalServerException.class, Served.KEY, "gpt-broken");
        assertThat(failure.statusCode()).isEqualTo(502);
        assertThat(served.upstreamCalls()).isEqualTo(2);
    }

    @Test
    void cancelsTheProvidersCallWhenASubscriberLeaves() {
        served.fault("gpt-left", "silence=3");
        StringBuffer text = new StringBuffer();
        model("gpt-left").stream(new Prompt("one two three four"))
                .doOnNext(part -> text.append(text(List.of(part))))
                .takeUntil(_ -> text.toString().equals("Echo: one"))
                .blockLast(Duration.ofSeconds(10));
        served.assertCancelledAndSettled("gpt-left");
    }
}
