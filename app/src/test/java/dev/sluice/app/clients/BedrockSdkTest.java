package dev.sluice.app.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.app.clients.EveryUpstream.Upstream;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.auth.token.credentials.StaticTokenProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.auth.scheme.BearerAuthScheme;
import software.amazon.awssdk.http.auth.spi.scheme.AuthSchemeOption;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.bedrockruntime.model.AccessDeniedException;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlockDelta;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlockStart;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseResponse;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamResponseHandler;
import software.amazon.awssdk.services.bedrockruntime.model.ImageBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ImageFormat;
import software.amazon.awssdk.services.bedrockruntime.model.ImageSource;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelRequest;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelWithResponseStreamRequest;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelWithResponseStreamResponseHandler;
import software.amazon.awssdk.services.bedrockruntime.model.Message;
import software.amazon.awssdk.services.bedrockruntime.model.StopReason;
import software.amazon.awssdk.services.bedrockruntime.model.SystemContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ThrottlingException;
import software.amazon.awssdk.services.bedrockruntime.model.Tool;
import software.amazon.awssdk.services.bedrockruntime.model.ToolConfiguration;
import software.amazon.awssdk.services.bedrockruntime.model.ToolInputSchema;
import software.amazon.awssdk.services.bedrockruntime.model.ToolResultBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ToolResultContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ToolSpecification;
import software.amazon.awssdk.services.bedrockruntime.model.ToolUseBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ValidationException;

/** Amazon's own Java client, with the gateway's key as its bearer token, over providers of every wire format. */
class BedrockSdkTest {
    /** A model with all that a path must encode. */
    private static final String MODEL = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";

    private static final String ARN =
            "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0";

    /** Without TLS it would speak HTTP/2, for which the gateway has a port of its own. */
    private static final SdkAsyncHttpClient HTTP =
            NettyNioAsyncHttpClient.builder().protocol(Protocol.HTTP1_1).build();

    private static EveryUpstream upstreams;

    @BeforeAll
    static void start() {
        upstreams = new EveryUpstream();
    }

    @AfterAll
    static void stop() {
        HTTP.close();
        upstreams.close();
    }

    @BeforeEach
    void freshen() {
        upstreams.freshen();
    }

    private static BedrockRuntimeClient client(Upstream upstream, String key) {
        return BedrockRuntimeClient.builder()
                .endpointOverride(URI.create(upstreams.url(upstream)))
                .region(Region.US_EAST_1)
                .tokenProvider(StaticTokenProvider.create(() -> key))
                .authSchemeProvider(_ -> List.of(AuthSchemeOption.builder()
                        .schemeId(BearerAuthScheme.SCHEME_ID)
                        .build()))
                .overrideConfiguration(o -> o.retryStrategy(DefaultRetryStrategy.doNotRetry()))
                .build();
    }

    private static ConverseResponse ask(Upstream upstream, ConverseRequest.Builder request) {
        try (BedrockRuntimeClient client = client(upstream, EveryUpstream.KEY)) {
            return client.converse(request.build());
        }
    }

    private static ConverseRequest.Builder request(String model, ContentBlock... content) {
        return ConverseRequest.builder()
                .modelId(model)
                .system(SystemContentBlock.fromText("Be brief."))
                .messages(message(ConversationRole.USER, List.of(content)));
    }

    private static Message message(ConversationRole role, List<ContentBlock> content) {
        return Message.builder().role(role).content(content).build();
    }

    private static ContentBlock text(String text) {
        return ContentBlock.fromText(text);
    }

    private static String text(ConverseResponse answer) {
        StringBuilder text = new StringBuilder();
        for (ContentBlock block : answer.output().message().content()) {
            if (block.text() != null) text.append(block.text());
        }
        return text.toString();
    }

    private static ToolConfiguration tools() {
        return ToolConfiguration.builder()
                .tools(tool("weather", "city"), tool("clock", "zone"))
                .build();
    }

    private static Tool tool(String name, String argument) {
        Document schema = Document.mapBuilder()
                .putString("type", "object")
                .putMap("properties", p -> p.putMap(argument, a -> a.putString("type", "string")))
                .putList("required", l -> l.addString(argument))
                .build();
        return Tool.fromToolSpec(ToolSpecification.builder()
                .name(name)
                .inputSchema(ToolInputSchema.fromJson(schema))
                .build());
    }

    private static List<ToolUseBlock> calls(ConverseResponse answer) {
        List<ToolUseBlock> calls = new ArrayList<>();
        for (ContentBlock block : answer.output().message().content()) {
            if (block.toolUse() != null) calls.add(block.toolUse());
        }
        return calls;
    }

    /** What a stream says: its texts joined, its tools and their arguments, and why it ended. */
    private record Told(StringBuffer text, List<String> tools, StringBuffer arguments, List<String> ends) {}

    private static Told stream(Upstream upstream, ConverseRequest.Builder whole) {
        ConverseRequest request = whole.build();
        Told told = new Told(new StringBuffer(), new ArrayList<>(), new StringBuffer(), new ArrayList<>());
        ConverseStreamResponseHandler handler = ConverseStreamResponseHandler.builder()
                .subscriber(ConverseStreamResponseHandler.Visitor.builder()
                        .onContentBlockStart(event -> {
                            ContentBlockStart begun = event.start();
                            if (begun.toolUse() != null)
                                told.tools.add(begun.toolUse().name());
                        })
                        .onContentBlockDelta(event -> {
                            ContentBlockDelta delta = event.delta();
                            if (delta.text() != null) told.text.append(delta.text());
                            if (delta.toolUse() != null)
                                told.arguments.append(delta.toolUse().input());
                        })
                        .onMessageStop(event -> told.ends.add(event.stopReasonAsString()))
                        .onMetadata(event -> told.ends.add("" + event.usage().outputTokens()))
                        .build())
                .build();
        try (BedrockRuntimeAsyncClient client = streaming(upstream)) {
            client.converseStream(
                            ConverseStreamRequest.builder()
                                    .modelId(request.modelId())
                                    .system(request.system())
                                    .messages(request.messages())
                                    .toolConfig(request.toolConfig())
                                    .build(),
                            handler)
                    .orTimeout(10, TimeUnit.SECONDS)
                    .join();
        }
        return told;
    }

    private static BedrockRuntimeAsyncClient streaming(Upstream upstream) {
        return BedrockRuntimeAsyncClient.builder()
                .endpointOverride(URI.create(upstreams.url(upstream)))
                .region(Region.US_EAST_1)
                .httpClient(HTTP)
                .tokenProvider(StaticTokenProvider.create(() -> EveryUpstream.KEY))
                .authSchemeProvider(_ -> List.of(AuthSchemeOption.builder()
                        .schemeId(BearerAuthScheme.SCHEME_ID)
                        .build()))
                .overrideConfiguration(o -> o.retryStrategy(DefaultRetryStrategy.doNotRetry()))
                .build();
    }

    /** Claude's own body, as a client gives it to what it invokes. */
    private static JsonObject invoked(String text) {
        return JsonObject.of("anthropic_version", "bedrock-2023-05-31", "max_tokens", 100, "system", "Be brief.")
                .put("messages", JsonArray.of(JsonObject.of("role", "user", "content", text)));
    }

    private static JsonObject invoke(Upstream upstream, String model, JsonObject body) {
        try (BedrockRuntimeClient client = client(upstream, EveryUpstream.KEY)) {
            return new JsonObject(client.invokeModel(InvokeModelRequest.builder()
                            .modelId(model)
                            .contentType("application/json")
                            .body(SdkBytes.fromUtf8String(body.encode()))
                            .build())
                    .body()
                    .asUtf8String());
        }
    }

    /** The events of an invoked model. */
    private static List<JsonObject> streamInvoked(Upstream upstream, String model, JsonObject body) {
        List<JsonObject> events = new ArrayList<>();
        InvokeModelWithResponseStreamResponseHandler handler = InvokeModelWithResponseStreamResponseHandler.builder()
                .subscriber(InvokeModelWithResponseStreamResponseHandler.Visitor.builder()
                        .onChunk(
                                chunk -> events.add(new JsonObject(chunk.bytes().asUtf8String())))
                        .build())
                .build();
        try (BedrockRuntimeAsyncClient client = streaming(upstream)) {
            client.invokeModelWithResponseStream(
                            InvokeModelWithResponseStreamRequest.builder()
                                    .modelId(model)
                                    .contentType("application/json")
                                    .body(SdkBytes.fromUtf8String(body.encode()))
                                    .build(),
                            handler)
                    .orTimeout(10, TimeUnit.SECONDS)
                    .join();
        }
        return events;
    }

    @ParameterizedTest
    @EnumSource
    void invokesWithTheBodiesOfClaude(Upstream upstream) {
        JsonObject answer = invoke(upstream, MODEL, invoked("hello world"));
        assertThat(answer.getJsonArray("content").getJsonObject(0).getString("text"))
                .isEqualTo("Echo: hello world");
        assertThat(answer.getString("stop_reason")).isEqualTo("end_turn");
        assertThat(answer.getJsonObject("usage").getInteger("output_tokens")).isEqualTo(3);
        assertThat(upstreams.arrived(upstream).text()).contains("Be brief.");
    }

    @ParameterizedTest
    @EnumSource
    void streamsWhatIsInvoked(Upstream upstream) {
        List<JsonObject> events = streamInvoked(upstream, MODEL, invoked("one two three four"));
        StringBuilder text = new StringBuilder();
        for (JsonObject event : events) {
            JsonObject delta = event.getJsonObject("delta", new JsonObject());
            text.append(delta.getString("text", ""));
        }
        assertThat(text).hasToString("Echo: one two three four");
        assertThat(events.getFirst().getString("type")).isEqualTo("message_start");
        assertThat(events.getLast().getString("type")).isEqualTo("message_stop");
        upstreams.arrived(upstream);
    }

    @ParameterizedTest
    @EnumSource
    void tellsThatTheProviderOfWhatIsInvokedIsBusy(Upstream upstream) {
        assertThat(catchThrowableOfType(
                                ThrottlingException.class, () -> invoke(upstream, EveryUpstream.BUSY, invoked("hi")))
                        .statusCode())
                .isEqualTo(429);
        upstreams.arrived(upstream);
    }

    @ParameterizedTest
    @EnumSource
    void tellsThatAnInvokedStreamBroke(Upstream upstream) {
        assertThat(catchThrowableOfType(
                                RuntimeException.class,
                                () -> streamInvoked(upstream, EveryUpstream.BROKEN, invoked("one two three four")))
                        .getCause())
                .isInstanceOf(software.amazon.awssdk.services.bedrockruntime.model.BedrockRuntimeException.class);
        upstreams.arrived(upstream);
    }

    @Test
    void whatIsInvokedReachesBedrockAsItIs() {
        JsonObject body = invoked("hi").put("future_field", 1);
        invoke(Upstream.BEDROCK, MODEL, body);
        assertThat(upstreams.arrived(Upstream.BEDROCK).text()).isEqualTo(body.encode());
        JsonObject streamed = streamInvoked(Upstream.BEDROCK, MODEL, body).getLast();
        assertThat(streamed.getString("type")).isEqualTo("message_stop");
        assertThat(upstreams.arrived(Upstream.BEDROCK).path()).endsWith("/invoke-with-response-stream");
    }

    @Test
    void bodiesOfOtherModelsAreNotInvoked() {
        ValidationException refused = catchThrowableOfType(
                ValidationException.class,
                () -> invoke(Upstream.BEDROCK, "amazon.titan-text-lite-v1", JsonObject.of("inputText", "hi")));
        assertThat(refused).hasMessageContaining("call other models by Converse");
    }

    @ParameterizedTest
    @EnumSource
    void answers(Upstream upstream) {
        ConverseResponse answer = ask(upstream, request(MODEL, text("hello world")));
        assertThat(text(answer)).isEqualTo("Echo: hello world");
        assertThat(answer.stopReason()).isEqualTo(StopReason.END_TURN);
        assertThat(answer.usage().outputTokens()).isEqualTo(3);
        assertThat(upstreams.arrived(upstream).text()).contains("Be brief.");
    }

    @ParameterizedTest
    @EnumSource
    void streamsWhatAWholeAnswerSays(Upstream upstream) {
        Told told = stream(upstream, request(MODEL, text("one two three four")));
        assertThat(told.text).hasToString("Echo: one two three four");
        assertThat(told.ends).containsExactly("end_turn", "5");
        upstreams.arrived(upstream);
    }

    @ParameterizedTest
    @EnumSource
    void callsToolsAndTakesTheirResults(Upstream upstream) {
        ConverseResponse first = ask(upstream, request(MODEL, text("hi")).toolConfig(tools()));
        assertThat(first.stopReason()).isEqualTo(StopReason.TOOL_USE);
        assertThat(calls(first)).extracting(ToolUseBlock::name).containsExactly("weather", "clock");
        assertThat(calls(first).getFirst().input().asMap().get("city").asString())
                .isEqualTo("city");
        List<ContentBlock> results = new ArrayList<>();
        for (ToolUseBlock call : calls(first)) {
            results.add(ContentBlock.fromToolResult(ToolResultBlock.builder()
                    .toolUseId(call.toolUseId())
                    .content(ToolResultContentBlock.fromText("18 degrees"))
                    .build()));
        }
        ConverseResponse second = ask(
                upstream,
                request(MODEL)
                        .messages(
                                message(ConversationRole.USER, List.of(text("hi"))),
                                first.output().message(),
                                message(ConversationRole.USER, results))
                        .toolConfig(tools()));
        assertThat(text(second)).contains("Tool said: 18 degrees");
        upstreams.arrived(upstream);
    }

    @ParameterizedTest
    @EnumSource
    void streamsCallsOfTools(Upstream upstream) {
        Told told = stream(upstream, request(MODEL, text("hi")).toolConfig(tools()));
        assertThat(told.tools).containsExactly("weather", "clock");
        assertThat(told.arguments.toString().replace(" ", "")).isEqualTo("{\"city\":\"city\"}{\"zone\":\"zone\"}");
        assertThat(told.ends.getFirst()).isEqualTo("tool_use");
        upstreams.arrived(upstream);
    }

    @ParameterizedTest
    @EnumSource
    void showsAnImage(Upstream upstream) {
        ContentBlock image = ContentBlock.fromImage(ImageBlock.builder()
                .format(ImageFormat.PNG)
                .source(ImageSource.fromBytes(
                        SdkBytes.fromByteArray(Base64.getDecoder().decode(EveryUpstream.PNG))))
                .build());
        assertThat(text(ask(upstream, request(MODEL, text("what is this"), image))))
                .contains("what is this");
        assertThat(upstreams.arrived(upstream).text()).contains(EveryUpstream.PNG);
    }

    @ParameterizedTest
    @EnumSource
    void tellsThatTheProviderIsBusy(Upstream upstream) {
        ThrottlingException failure = catchThrowableOfType(
                ThrottlingException.class, () -> ask(upstream, request(EveryUpstream.BUSY, text("hi"))));
        assertThat(failure.statusCode()).isEqualTo(429);
        upstreams.arrived(upstream);
    }

    @ParameterizedTest
    @EnumSource
    void tellsThatAStreamBroke(Upstream upstream) {
        assertThat(catchThrowableOfType(
                                RuntimeException.class,
                                () -> stream(upstream, request(EveryUpstream.BROKEN, text("one two three four"))))
                        .getCause())
                .isInstanceOf(software.amazon.awssdk.services.bedrockruntime.model.BedrockRuntimeException.class);
        upstreams.arrived(upstream);
    }

    @Test
    void theModelMayBeAnArn() {
        ask(Upstream.OPENAI, request(ARN, text("hi")));
        assertThat(upstreams.arrived(Upstream.OPENAI).json().getString("model")).isEqualTo(ARN);
        ask(Upstream.BEDROCK, request(ARN, text("hi")));
        assertThat(upstreams.arrived(Upstream.BEDROCK).model()).isEqualTo(ARN);
    }

    @Test
    void tellsAWrongKey() {
        try (BedrockRuntimeClient client = client(Upstream.GEMINI, "sk-nobody")) {
            assertThat(catchThrowableOfType(
                            AccessDeniedException.class,
                            () -> client.converse(request(MODEL, text("hi")).build())))
                    .isNotNull();
        }
    }
}
