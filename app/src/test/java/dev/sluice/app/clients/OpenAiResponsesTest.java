package dev.sluice.app.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.NotFoundException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseFunctionToolCall;
import com.openai.models.responses.ResponseInputItem;
import com.openai.models.responses.ResponseOutputItem;
import com.openai.models.responses.ResponseStreamEvent;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The responses API of OpenAI's own Java client. */
class OpenAiResponsesTest {
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

    private static ResponseCreateParams.Builder request(String model, String text) {
        return ResponseCreateParams.builder().model(model).input(text);
    }

    private static String text(Response response) {
        StringBuilder text = new StringBuilder();
        response.output().stream()
                .flatMap(item -> item.message().stream())
                .flatMap(message -> message.content().stream())
                .forEach(part -> text.append(part.asOutputText().text()));
        return text.toString();
    }

    @Test
    void answersWhole() {
        Response response =
                client.responses().create(request(Served.FAST, "hello world").build());
        assertThat(text(response)).isEqualTo("Echo: hello world");
        assertThat(response.usage().orElseThrow().totalTokens()).isEqualTo(5);
        assertThat(served.upstreamCall().json().getString("model")).isEqualTo(Served.FAST_UPSTREAM);
        assertThat(served.upstreamCall().path()).isEqualTo("/v1/responses");
    }

    @Test
    void streamsTheSameAnswer() {
        StringBuilder deltas = new StringBuilder();
        List<Response> completed = new ArrayList<>();
        try (StreamResponse<ResponseStreamEvent> stream = client.responses()
                .createStreaming(request("gpt-streamed", "one two three").build())) {
            stream.stream().forEach(event -> {
                event.outputTextDelta().ifPresent(delta -> deltas.append(delta.delta()));
                event.completed().ifPresent(end -> completed.add(end.response()));
            });
        }
        assertThat(deltas).hasToString("Echo: one two three");
        assertThat(completed).singleElement().satisfies(response -> {
            assertThat(text(response)).isEqualTo("Echo: one two three");
            assertThat(response.usage().orElseThrow().outputTokens()).isEqualTo(4);
        });
        served.assertReported("gpt-streamed", 3, 4);
    }

    @Test
    void callsToolsInParallelAndMentionsTheirResults() {
        ResponseCreateParams.Builder tools = ResponseCreateParams.builder()
                .model("gpt-4o")
                .addTool(Weather.class)
                .addTool(Clock.class);
        List<ResponseFunctionToolCall> calls = client
                .responses()
                .create(tools.input("hi").build())
                .output()
                .stream()
                .map(ResponseOutputItem::asFunctionCall)
                .toList();
        assertThat(calls).extracting(ResponseFunctionToolCall::name).containsExactly("Weather", "Clock");
        assertThat(calls.get(0).arguments(Weather.class).city).isEqualTo("city");
        assertThat(calls.get(1).arguments(Clock.class).zone).isEqualTo("zone");
        List<ResponseInputItem> conversation = new ArrayList<>();
        calls.forEach(call -> conversation.add(ResponseInputItem.ofFunctionCall(call)));
        calls.forEach(call ->
                conversation.add(ResponseInputItem.ofFunctionCallOutput(ResponseInputItem.FunctionCallOutput.builder()
                        .callId(call.callId())
                        .output("18 degrees")
                        .build())));
        Response second =
                client.responses().create(tools.inputOfResponse(conversation).build());
        assertThat(text(second)).isEqualTo("Tool said: 18 degrees\n18 degrees");
    }

    @Test
    void answersInTheWantedSchema() {
        var response = client.responses()
                .create(request("gpt-4o", "where?").text(Weather.class).build());
        assertThat(response.output().getFirst().asMessage().content().getFirst().asOutputText().city)
                .isEqualTo("city");
    }

    @Test
    void tellsAWrongKeyAndAnUnknownModel() {
        OpenAIClient stranger = client.withOptions(options -> options.apiKey(Served.WRONG_KEY));
        assertThat(catchThrowableOfType(
                                UnauthorizedException.class,
                                () -> stranger.responses()
                                        .create(request("gpt-4o", "hi").build()))
                        .code())
                .contains("invalid_api_key");
        assertThat(catchThrowableOfType(
                                NotFoundException.class,
                                () -> client.responses()
                                        .create(request("nobody-knows-me", "hi").build()))
                        .code())
                .contains("model_not_found");
        assertThat(served.upstreamCalls()).isZero();
    }

    @Test
    void cancelsTheProvidersCallWhenAStreamIsClosedEarly() {
        // response.created, in_progress, output_item.added, content_part.added, then two deltas
        served.fault("gpt-left", "silence=6");
        StringBuilder text = new StringBuilder();
        try (StreamResponse<ResponseStreamEvent> stream = client.responses()
                .createStreaming(request("gpt-left", "one two three four").build())) {
            Iterator<ResponseStreamEvent> events = stream.stream().iterator();
            while (!text.toString().equals("Echo: one")) {
                events.next().outputTextDelta().ifPresent(delta -> text.append(delta.delta()));
            }
        }
        served.assertCancelledAndSettled("gpt-left");
    }
}
