package dev.sluice.app.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.catalog.ModelDescription;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.openai.OpenAiLanguageModel;
import dev.langchain4j.model.openai.OpenAiModelCatalog;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** LangChain4j with its own OpenAI client, which does not rest on OpenAI's. */
class LangChain4jTest {
    private static final JsonObjectSchema CITY = JsonObjectSchema.builder()
            .addStringProperty("city")
            .required("city")
            .build();
    private static final ToolSpecification WEATHER =
            ToolSpecification.builder().name("weather").parameters(CITY).build();
    private static final ToolSpecification CLOCK = ToolSpecification.builder()
            .name("clock")
            .parameters(JsonObjectSchema.builder()
                    .addEnumProperty("zone", List.of("UTC", "CET"))
                    .required("zone")
                    .build())
            .build();

    private static Served served;

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

    /** Gathers a stream, and cancels it as soon as it has said what is given. */
    private static final class Listener implements StreamingChatResponseHandler {
        final StringBuffer text = new StringBuffer();
        final CompletableFuture<ChatResponse> complete = new CompletableFuture<>();
        final CompletableFuture<String> cancelled = new CompletableFuture<>();
        private final String enough;

        Listener(String enough) {
            this.enough = enough;
        }

        @Override
        public void onPartialResponse(PartialResponse part, PartialResponseContext context) {
            text.append(part.text());
            if (text.toString().equals(enough)) {
                context.streamingHandle().cancel();
                cancelled.complete(enough);
            }
        }

        @Override
        public void onCompleteResponse(ChatResponse response) {
            complete.complete(response);
        }

        @Override
        public void onError(Throwable failure) {
            complete.completeExceptionally(failure);
        }
    }

    private static ChatModel model(String key, String name) {
        return OpenAiChatModel.builder()
                .baseUrl(served.baseUrl())
                .apiKey(key)
                .modelName(name)
                .maxRetries(0)
                .build();
    }

    private static ChatModel model(String name) {
        return model(Served.KEY, name);
    }

    private static Listener stream(String name, ChatRequest request, String enough) {
        Listener listener = new Listener(enough);
        OpenAiStreamingChatModel.builder()
                .baseUrl(served.baseUrl())
                .apiKey(Served.KEY)
                .modelName(name)
                .build()
                .chat(request, listener);
        return listener;
    }

    private static ChatRequest.Builder request(String text) {
        return ChatRequest.builder().messages(UserMessage.from(text));
    }

    private static <T> T await(CompletableFuture<T> future) {
        return future.orTimeout(10, TimeUnit.SECONDS).join();
    }

    private static <E extends LangChain4jException> E failure(Class<E> kind, String key, String model) {
        return catchThrowableOfType(kind, () -> model(key, model).chat("hello world"));
    }

    /** The status and the error object of an answer, which are told by the cause. */
    private static JsonObject error(LangChain4jException failure, int status) {
        assertThat(failure).hasCauseInstanceOf(HttpException.class);
        HttpException answer = (HttpException) failure.getCause();
        assertThat(answer.statusCode()).isEqualTo(status);
        return new JsonObject(answer.getMessage()).getJsonObject("error");
    }

    @Test
    void chatsWithTheProvidersKeyAndItsNameForTheModel() {
        ChatResponse answer = model(Served.FAST).chat(request("hello world").build());
        assertThat(answer.aiMessage().text()).isEqualTo("Echo: hello world");
        assertThat(answer.tokenUsage().totalTokenCount()).isEqualTo(5);
        assertThat(served.upstreamCall().json().getString("model")).isEqualTo(Served.FAST_UPSTREAM);
    }

    @Test
    void streamsTheWholeAnswerWithItsUsage() {
        Listener listener = stream("gpt-streamed", request("one two three four").build(), "");
        ChatResponse answer = await(listener.complete);
        assertThat(listener.text).hasToString("Echo: one two three four");
        assertThat(answer.aiMessage().text()).isEqualTo("Echo: one two three four");
        assertThat(answer.tokenUsage().outputTokenCount()).isEqualTo(5);
        served.upstreamCall();
        served.assertReported("gpt-streamed", 4, 5);
    }

    @Test
    void callsToolsInParallelAndMentionsTheirResults() {
        List<ChatMessage> conversation = new ArrayList<>(List.of(UserMessage.from("hi")));
        ChatResponse first = model("gpt-4o")
                .chat(ChatRequest.builder()
                        .messages(conversation)
                        .toolSpecifications(WEATHER, CLOCK)
                        .build());
        List<ToolExecutionRequest> calls = first.aiMessage().toolExecutionRequests();
        assertThat(calls).extracting(ToolExecutionRequest::name).containsExactly("weather", "clock");
        assertThat(new JsonObject(calls.get(0).arguments())).isEqualTo(JsonObject.of("city", "city"));
        assertThat(new JsonObject(calls.get(1).arguments())).isEqualTo(JsonObject.of("zone", "UTC"));
        conversation.add(first.aiMessage());
        calls.forEach(call -> conversation.add(ToolExecutionResultMessage.from(call, "18 degrees")));
        ChatResponse second = model("gpt-4o")
                .chat(ChatRequest.builder()
                        .messages(conversation)
                        .toolSpecifications(WEATHER, CLOCK)
                        .build());
        assertThat(second.aiMessage().text()).isEqualTo("Tool said: 18 degrees\n18 degrees");
    }

    @Test
    void streamsToolCalls() {
        Listener listener = stream(
                "gpt-4o", request("hi").toolSpecifications(WEATHER, CLOCK).build(), "");
        assertThat(await(listener.complete).aiMessage().toolExecutionRequests())
                .extracting(ToolExecutionRequest::name, call -> new JsonObject(call.arguments()))
                .containsExactly(
                        tuple("weather", JsonObject.of("city", "city")), tuple("clock", JsonObject.of("zone", "UTC")));
    }

    @Test
    void answersInTheWantedSchema() {
        ResponseFormat format = ResponseFormat.builder()
                .type(ResponseFormatType.JSON)
                .jsonSchema(JsonSchema.builder().name("place").rootElement(CITY).build())
                .build();
        ChatResponse answer =
                model("gpt-4o").chat(request("where?").responseFormat(format).build());
        assertThat(new JsonObject(answer.aiMessage().text())).isEqualTo(JsonObject.of("city", "city"));
        assertThat(served.upstreamCall().json().getJsonObject("response_format").getString("type"))
                .isEqualTo("json_schema");
    }

    @Test
    void embeds() {
        OpenAiEmbeddingModel.OpenAiEmbeddingModelBuilder model = OpenAiEmbeddingModel.builder()
                .baseUrl(served.baseUrl())
                .apiKey(Served.KEY)
                .modelName("text-embedding-3-small")
                .maxRetries(0);
        List<TextSegment> texts = List.of(TextSegment.from("a red apple"), TextSegment.from("a green apple"));
        List<Embedding> plain = model.build().embedAll(texts).content();
        served.upstreamCall();
        List<Embedding> packed =
                model.encodingFormat("base64").build().embedAll(texts).content();
        assertThat(served.upstreamCall().json().getString("encoding_format")).isEqualTo("base64");
        assertThat(plain)
                .hasSize(2)
                .allSatisfy(embedding -> assertThat(embedding.dimension()).isEqualTo(1536));
        for (int i = 0; i < plain.size(); i++) {
            assertThat(packed.get(i).vector()).containsExactly(plain.get(i).vector(), within(1e-6f));
        }
    }

    @Test
    void listsTheModelsOfTheCaller() {
        OpenAiModelCatalog catalog = OpenAiModelCatalog.builder()
                .baseUrl(served.baseUrl())
                .apiKey(Served.KEY)
                .build();
        assertThat(catalog.listModels()).extracting(ModelDescription::name).contains(Served.FAST, "gpt-4o");
        assertThat(served.upstreamCalls()).isZero();
    }

    @Test
    void completesTextTheOldWay() {
        String text = OpenAiLanguageModel.builder()
                .baseUrl(served.baseUrl())
                .apiKey(Served.KEY)
                .modelName(Served.FAST)
                .maxRetries(0)
                .build()
                .generate("hello world")
                .content();
        assertThat(text).isEqualTo("Echo: hello world");
        assertThat(served.upstreamCall().path()).isEqualTo("/v1/completions");
    }

    @Test
    void tellsAWrongKey() {
        AuthenticationException failure = failure(AuthenticationException.class, Served.WRONG_KEY, "gpt-4o");
        assertThat(error(failure, 401).getString("code")).isEqualTo("invalid_api_key");
        assertThat(served.upstreamCalls()).isZero();
    }

    @Test
    void tellsAnUnknownModel() {
        ModelNotFoundException failure = failure(ModelNotFoundException.class, Served.KEY, "nobody-knows-me");
        assertThat(error(failure, 404).getString("code")).isEqualTo("model_not_found");
        assertThat(served.upstreamCalls()).isZero();
    }

    @Test
    void tellsTheRateLimit() {
        model(Served.SLOW_KEY, "gpt-4o").chat("hello");
        RateLimitException failure = failure(RateLimitException.class, Served.SLOW_KEY, "gpt-4o");
        assertThat(error(failure, 429).getString("code")).isEqualTo("rate_limit_exceeded");
        assertThat(served.upstreamCalls()).isOne();
    }

    @Test
    void passesOnWhatTheProviderFindsWrong() {
        ChatModel model = OpenAiChatModel.builder()
                .baseUrl(served.baseUrl())
                .apiKey(Served.KEY)
                .modelName("gpt-4o")
                .customParameters(Map.of("n", 1_000))
                .maxRetries(0)
                .build();
        InvalidRequestException failure = catchThrowableOfType(InvalidRequestException.class, () -> model.chat("hi"));
        assertThat(error(failure, 400).getString("param")).isEqualTo("n");
        assertThat(served.upstreamCalls()).isOne();
    }

    @Test
    void tellsThatAllAttemptsFailed() {
        served.fault("gpt-broken", "status=500");
        InternalServerException failure = failure(InternalServerException.class, Served.KEY, "gpt-broken");
        JsonObject error = error(failure, 502);
        assertThat(error.getString("code")).isEqualTo("upstream_failed");
        assertThat(error.getJsonArray("attempts")).hasSize(2);
        assertThat(served.upstreamCalls()).isEqualTo(2);
    }

    @Test
    void tellsAStreamThatWasRefusedBeforeItsFirstContent() {
        served.fault("gpt-broken", "status=500");
        Listener listener = stream("gpt-broken", request("hi").build(), "");
        assertThat(listener.complete)
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(InternalServerException.class);
        assertThat(listener.text).isEmpty();
    }

    @Test
    void cancelsTheProvidersCallWhenAStreamIsCancelled() {
        served.fault("gpt-left", "silence=3");
        Listener listener = stream("gpt-left", request("one two three four").build(), "Echo: one");
        assertThat(await(listener.cancelled)).isEqualTo("Echo: one");
        served.assertCancelledAndSettled("gpt-left");
    }
}
