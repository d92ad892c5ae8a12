package dev.sluice.app.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionMessageToolCall;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.Embedding;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.models.Model;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** OpenAI's own Java client: everything but responses. */
class OpenAiJavaTest {
    private static Served served;
    private static OpenAIClient client;

    @JsonClassDescription("The weather in a city")
    static final class Weather {
        public String city = "";
    }

    @JsonClassDescription("The time in a zone")
    static final class Clock {
        public String zone = "";
    }

    @BeforeAll
    static void start() {
        served = new Served();
        client = OpenAIOkHttpClient.builder()
                .baseUrl(served.baseUrl())
                .apiKey(Served.KEY)
                .maxRetries(0)
                .build();
    }

    @AfterAll
    static void stop() {
        client.close();
        served.close();
    }

    @BeforeEach
    void freshen() {
        served.freshen();
    }

    /** The same client with another key. */
    private static OpenAIClient client(String key) {
        return client.withOptions(options -> options.apiKey(key));
    }

    private static ChatCompletionCreateParams.Builder chat(String model, String text) {
        return ChatCompletionCreateParams.builder().model(model).addUserMessage(text);
    }

    private static ChatCompletion ask(ChatCompletionCreateParams.Builder request) {
        return client.chat().completions().create(request.build());
    }

    private static List<ChatCompletionChunk> chunks(ChatCompletionCreateParams.Builder request) {
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(request.build())) {
            return stream.stream().toList();
        }
    }

    private static ChatCompletionMessage message(ChatCompletion answer) {
        return answer.choices().getFirst().message();
    }

    private static List<ChatCompletionMessageFunctionToolCall> calls(ChatCompletionMessage message) {
        return message.toolCalls().orElseThrow().stream()
                .map(ChatCompletionMessageToolCall::asFunction)
                .toList();
    }

    private static String text(List<ChatCompletionChunk> chunks) {
        StringBuilder text = new StringBuilder();
        for (ChatCompletionChunk chunk : chunks) {
            chunk.choices().forEach(choice -> choice.delta().content().ifPresent(text::append));
        }
        return text.toString();
    }

    private static <E extends OpenAIServiceException> E failure(Class<E> kind, String key, String model) {
        return catchThrowableOfType(
                kind,
                () -> client(key)
                        .chat()
                        .completions()
                        .create(chat(model, "hello world").build()));
    }

    @Test
    void chatsWithTheProvidersKeyAndItsNameForTheModel() {
        ChatCompletion answer = ask(chat(Served.FAST, "hello world"));
        assertThat(message(answer).content()).contains("Echo: hello world");
        assertThat(answer.usage().orElseThrow().totalTokens()).isEqualTo(5);
        JsonObject sent = served.upstreamCall().json();
        assertThat(sent)
                .isEqualTo(new JsonObject(
                        "{\"messages\":[{\"content\":\"hello world\",\"role\":\"user\"}],\"model\":\"gpt-4o-mini\"}"));
    }

    @Test
    void passesFieldsOnThatItDoesNotKnow() {
        ask(chat("gpt-4o", "hi").putAdditionalBodyProperty("future_field", JsonValue.from(List.of(1, 2))));
        assertThat(served.upstreamCall().json().getJsonArray("future_field")).isEqualTo(new JsonArray("[1,2]"));
    }

    @Test
    void streamsTheWholeAnswerWithoutUsageUnlessAsked() {
        List<ChatCompletionChunk> chunks = chunks(chat("gpt-streamed", "one two three four"));
        assertThat(text(chunks)).isEqualTo("Echo: one two three four");
        assertThat(chunks).noneMatch(chunk -> chunk.usage().isPresent());
        assertThat(chunks).noneMatch(chunk -> chunk.choices().isEmpty());
        served.upstreamCall();
        served.assertReported("gpt-streamed", 4, 5);
    }

    @Test
    void endsAStreamWithTheUsageWhenAsked() {
        List<ChatCompletionChunk> chunks = chunks(chat("gpt-4o", "one two three four")
                .streamOptions(
                        ChatCompletionStreamOptions.builder().includeUsage(true).build()));
        assertThat(text(chunks)).isEqualTo("Echo: one two three four");
        assertThat(chunks.getLast().choices()).isEmpty();
        assertThat(chunks.getLast().usage().orElseThrow().completionTokens()).isEqualTo(5);
    }

    @Test
    void callsToolsInParallelAndMentionsTheirResults() {
        ChatCompletionCreateParams.Builder request =
                chat("gpt-4o", "hi").addTool(Weather.class).addTool(Clock.class);
        ChatCompletionMessage first = message(ask(request));
        List<ChatCompletionMessageFunctionToolCall> calls = calls(first);
        assertThat(calls).extracting(call -> call.function().name()).containsExactly("Weather", "Clock");
        assertThat(calls.get(0).function().arguments(Weather.class).city).isEqualTo("city");
        assertThat(calls.get(1).function().arguments(Clock.class).zone).isEqualTo("zone");
        request.addMessage(first);
        for (ChatCompletionMessageFunctionToolCall call : calls) {
            request.addMessage(ChatCompletionToolMessageParam.builder()
                    .toolCallId(call.id())
                    .content("18 degrees")
                    .build());
        }
        assertThat(message(ask(request)).content()).contains("Tool said: 18 degrees\n18 degrees");
    }

    @Test
    void callsOneToolWhenParallelCallsAreForbidden() {
        ChatCompletion answer = ask(
                chat("gpt-4o", "hi").addTool(Weather.class).addTool(Clock.class).parallelToolCalls(false));
        assertThat(calls(message(answer))).hasSize(1);
    }

    @Test
    void streamsToolCallsThatAddUpToTheWholeOnes() {
        ChatCompletionCreateParams.Builder request =
                chat("gpt-4o", "hi").addTool(Weather.class).addTool(Clock.class);
        ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
        chunks(request).forEach(accumulator::accumulate);
        assertThat(calls(message(accumulator.chatCompletion())))
                .extracting(
                        call -> call.function().name(), call -> call.function().arguments())
                .containsExactlyElementsOf(calls(message(ask(request))).stream()
                        .map(call ->
                                tuple(call.function().name(), call.function().arguments()))
                        .toList());
    }

    @Test
    void answersInTheWantedSchema() {
        var request = chat("gpt-4o", "where?").responseFormat(Weather.class).build();
        Weather weather = client.chat()
                .completions()
                .create(request)
                .choices()
                .getFirst()
                .message()
                .content()
                .orElseThrow();
        assertThat(weather.city).isEqualTo("city");
        assertThat(served.upstreamCall().json().getJsonObject("response_format").getString("type"))
                .isEqualTo("json_schema");
    }

    @Test
    void embedsInBase64ByDefault() {
        CreateEmbeddingResponse answer = client.embeddings()
                .create(EmbeddingCreateParams.builder()
                        .model("text-embedding-3-small")
                        .inputOfArrayOfStrings(List.of("a red apple", "a green apple"))
                        .build());
        assertThat(served.upstreamCall().json().getString("encoding_format")).isEqualTo("base64");
        assertThat(answer.data()).extracting(Embedding::index).containsExactly(0L, 1L);
        for (Embedding embedding : answer.data()) {
            List<Float> vector = embedding.embedding();
            assertThat(vector).hasSize(1536);
            assertThat(Math.sqrt(vector.stream().mapToDouble(f -> f * f).sum())).isCloseTo(1, within(1e-4));
        }
        assertThat(answer.usage().promptTokens()).isEqualTo(6);
    }

    @Test
    void listsTheModelsOfTheCaller() {
        List<String> models =
                client.models().list().data().stream().map(Model::id).toList();
        assertThat(models).contains(Served.FAST, "gpt-4o");
        assertThat(client.models().retrieve(Served.FAST).id()).isEqualTo(Served.FAST);
        assertThat(served.upstreamCalls()).isZero();
    }

    @Test
    void completesTextTheOldWay() {
        CompletionCreateParams request = CompletionCreateParams.builder()
                .model(Served.FAST)
                .prompt("hello world")
                .build();
        Completion answer = client.completions().create(request);
        assertThat(answer.choices().getFirst().text()).isEqualTo("Echo: hello world");
        assertThat(served.upstreamCall().json().getString("model")).isEqualTo(Served.FAST_UPSTREAM);
        try (StreamResponse<Completion> stream = client.completions().createStreaming(request)) {
            StringBuilder text = new StringBuilder();
            stream.stream().forEach(c -> c.choices().forEach(choice -> text.append(choice.text())));
            assertThat(text).hasToString("Echo: hello world");
        }
    }

    @Test
    void tellsAWrongKey() {
        UnauthorizedException failure = failure(UnauthorizedException.class, Served.WRONG_KEY, "gpt-4o");
        assertThat(failure.code()).contains("invalid_api_key");
        assertThat(failure).hasMessageNotContaining(Served.WRONG_KEY);
        assertThat(served.upstreamCalls()).isZero();
    }

    @Test
    void tellsAnUnknownModel() {
        NotFoundException failure = failure(NotFoundException.class, Served.KEY, "nobody-knows-me");
        assertThat(failure.code()).contains("model_not_found");
        assertThat(failure).hasMessageContaining("nobody-knows-me");
        assertThat(served.upstreamCalls()).isZero();
    }

    @Test
    void tellsTheRateLimitAndHowLongToWait() {
        client(Served.SLOW_KEY)
                .chat()
                .completions()
                .create(chat("gpt-4o", "hello").build());
        RateLimitException failure = failure(RateLimitException.class, Served.SLOW_KEY, "gpt-4o");
        assertThat(failure.code()).contains("rate_limit_exceeded");
        assertThat(Integer.parseInt(failure.headers().values("retry-after").getFirst()))
                .isBetween(1, Served.LONGEST_WAIT_SECONDS);
        assertThat(failure.headers().values("x-ratelimit-limit-requests")).containsExactly("1");
        assertThat(served.upstreamCalls()).isOne();
    }

    @Test
    void passesOnWhatTheProviderFindsWrong() {
        BadRequestException failure = catchThrowableOfType(
                BadRequestException.class, () -> ask(chat("gpt-4o", "hi").n(1_000)));
        assertThat(failure.param()).contains("n");
        assertThat(failure.type()).contains("invalid_request_error");
        assertThat(failure.headers().values("x-sluice-error-source")).containsExactly("upstream");
        assertThat(served.upstreamCalls()).isOne();
    }

    @Test
    void tellsThatAllAttemptsFailed() {
        served.fault("gpt-broken", "status=500");
        InternalServerException failure = failure(InternalServerException.class, Served.KEY, "gpt-broken");
        assertThat(failure.statusCode()).isEqualTo(502);
        assertThat(failure.code()).contains("upstream_failed");
        assertThat(failure.headers().values("x-sluice-attempts")).containsExactly("2");
        assertThat(failure.headers().values("x-should-retry")).containsExactly("false");
        assertThat(served.upstreamCalls()).isEqualTo(2);
    }

    @Test
    void doesNotRetryByItselfWhatTheGatewayHasTriedEnough() {
        served.fault("gpt-broken", "status=500");
        OpenAIClient eager = client.withOptions(options -> options.maxRetries(3));
        catchThrowableOfType(
                InternalServerException.class,
                () -> eager.chat().completions().create(chat("gpt-broken", "hi").build()));
        assertThat(served.upstreamCalls()).isEqualTo(2);
    }

    @Test
    void cancelsTheProvidersCallWhenAStreamIsClosedEarly() {
        served.fault("gpt-left", "silence=3");
        StringBuilder text = new StringBuilder();
        try (StreamResponse<ChatCompletionChunk> stream = client.chat()
                .completions()
                .createStreaming(chat("gpt-left", "one two three four").build())) {
            Iterator<ChatCompletionChunk> chunks = stream.stream().iterator();
            while (!text.toString().equals("Echo: one")) {
                text.append(text(List.of(chunks.next())));
            }
        }
        served.assertCancelledAndSettled("gpt-left");
    }
}
