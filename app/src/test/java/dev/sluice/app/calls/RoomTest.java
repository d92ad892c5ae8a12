package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.Transport;
import dev.sluice.traffic.usage.Outcome;
import dev.sluice.traffic.usage.Provenance;
import dev.sluice.traffic.usage.UsageRecord;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a gateway does that may hold only a little in memory. */
class RoomTest {
    private static final String CHAT = "/v1/chat/completions";
    private static final String MESSAGES = "/v1/messages";
    private static final int ROOM = 300_000;
    private static final int LONGEST_ANSWER = 500_000;

    @TempDir
    Path folder;

    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger calls = new AtomicInteger();
    private HttpServer upstream;
    private GatewayUnderTest gateway;

    @BeforeEach
    void start() {
        upstream = vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> {
                    calls.incrementAndGet();
                    answer(request, new JsonObject(body).getString("model"));
                }))
                .listen(0, "127.0.0.1")
                .await();
        gateway = start("narrow", LONGEST_ANSWER, ROOM);
    }

    private GatewayUnderTest start(String name, int longestAnswer, int room) {
        return GatewayUnderTest.start(
                folder.resolve(name),
                """
                services:
                  - { name: main, address: { url: "http://127.0.0.1:%d/v1" }, health: { passive: { consecutiveFailures: 1 } } }
                modelApis:
                  - { name: main, retries: 2, routes: [/v1/chat/completions, /v1/messages, /v1/images/generations],
                      distribution: { strategy: single, targets: [ { service: main } ] } }
                consumers:
                  - { name: caller, modelApis: [main] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %s }
                """.formatted(upstream.actualPort(), GatewayUnderTest.KEY),
                Transport.PLAIN,
                longestAnswer,
                room);
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    /** The model says of which kind and how long: {@code whole-1000}, {@code stream-1000}, {@code picture-1000}. */
    private static void answer(HttpServerRequest request, String model) {
        int length = Integer.parseInt(model.substring(model.indexOf('-') + 1));
        if (model.startsWith("stream")) {
            StringBuilder events = new StringBuilder();
            for (int i = 0; i < length / 1000; i++)
                events.append("data: {\"id\":\"a\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,"
                                + "\"delta\":{\"content\":\"")
                        .append("x".repeat(1000))
                        .append("\"}}]}\n\n");
            events.append(
                    "data: {\"id\":\"a\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{},"
                            + "\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n");
            request.response().putHeader("content-type", "text/event-stream").end(events.toString());
            return;
        }
        String text = "x".repeat(length);
        request.response()
                .putHeader("content-type", "application/json")
                .end(
                        model.startsWith("picture")
                                ? "{\"created\":1,\"data\":[{\"b64_json\":\"" + text + "\"},{\"b64_json\":\"" + text
                                        + "\"}],\"usage\":{\"input_tokens\":3,\"output_tokens\":4,\"total_tokens\":7}}"
                                : "{\"id\":\"a\",\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":{"
                                        + "\"role\":\"assistant\",\"content\":\"" + text
                                        + "\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":3,"
                                        + "\"completion_tokens\":4,\"total_tokens\":7}}");
    }

    private static String message(String model) {
        return "{\"model\":\"" + model + "\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    }

    private void nothingIsHeld() {
        GatewayUnderTest.await("all calls have ended", () -> gateway.gateway().callsInFlight() == 0);
        assertThat(gateway.gauge("sluice_request_bytes_buffered")).isZero();
    }

    @Test
    void aBodyThatThereIsNoRoomForMayBeSentAgainSoon() {
        try (RawConnection client = gateway.connect().post(CHAT, "x".repeat(ROOM + 1), "")) {
            RawConnection.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("retry-after")).isEqualTo("1");
            assertThat(answer.body()).contains("\"code\":\"overloaded\"");
        }
        assertThat(gateway.call(CHAT, GatewayUnderTest.chat("whole-5", false)).status())
                .isEqualTo(200);
        nothingIsHeld();
    }

    @Test
    void aBodyThatThereIsNoRoomForOnceItIsDecodedIsRefusedToo() throws IOException {
        ByteArrayOutputStream coded = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(coded)) {
            for (int i = 0; i < 60_000; i++) gzip.write(Integer.toString(i).getBytes(StandardCharsets.UTF_8));
        }
        assertThat(coded.size()).isBetween(ROOM / 10, ROOM / 2);
        Reply reply = gateway.callBytes(CHAT, coded.toByteArray(), "content-encoding", "gzip");
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.header("retry-after")).isEqualTo("1");
        nothingIsHeld();
    }

    @ParameterizedTest
    @CsvSource({
        "whole-200000, 200",
        "whole-450000, 503",
        "whole-600000, 503",
        "stream-200000, 200",
        "stream-450000, 503"
    })
    void anAnswerThatMustBeTranslatedNeedsRoom(String model, int status) {
        Reply reply = gateway.call(MESSAGES, message(model));
        assertThat(reply.status()).as(reply.text()).isEqualTo(status);
        if (status == 503) {
            assertThat(reply.text()).contains("try again in a second");
            assertThat(reply.header("retry-after")).isEqualTo("1");
        }
        assertThat(calls).as("it is not asked for again").hasValue(1);
        upstreamIsNotBlamed();
        nothingIsHeld();
    }

    @ParameterizedTest
    @ValueSource(strings = {"whole-90000", "whole-110000", "stream-90000", "stream-110000"})
    void anAnswerThatIsTooLongToBeTranslatedIsNoFaultOfTheUpstream(String model) {
        gateway.close();
        gateway = start("brief", 100_000, 10 << 20);
        Reply reply = gateway.call(MESSAGES, message(model));
        boolean tooLong = model.endsWith("110000");
        assertThat(reply.status()).as(reply.text()).isEqualTo(tooLong ? 502 : 200);
        if (tooLong) {
            assertThat(reply.text()).contains("--max-answer-bytes");
            assertThat(gateway.record(reply.id()).failure()).isEqualTo("answer-too-long");
        }
        assertThat(calls).as("it is not asked for again").hasValue(1);
        upstreamIsNotBlamed();
        nothingIsHeld();
    }

    @ParameterizedTest
    @ValueSource(strings = {"whole-450000", "whole-900000"})
    void anAnswerThatThereIsNoRoomForIsPassedOnAsItComesWithItsUsage(String model) {
        Reply reply = gateway.call(CHAT, GatewayUnderTest.chat(model, false));
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("transfer-encoding")).isEqualTo("chunked");
        assertThat(reply.json().getJsonObject("usage").getInteger("total_tokens"))
                .isEqualTo(7);
        UsageRecord record = gateway.record(reply.id());
        assertThat(record.provenance()).isEqualTo(Provenance.REPORTED);
        assertThat(record.usage().totalTokens()).isEqualTo(7);
        nothingIsHeld();
    }

    @Test
    void picturesThatArePassedOnAsTheyComeAreCounted() {
        Reply reply = gateway.call("/v1/images/generations", "{\"model\":\"picture-400000\",\"prompt\":\"a fox\"}");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().getJsonArray("data")).hasSize(2);
        UsageRecord record = gateway.record(reply.id());
        assertThat(record.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(record.units().images()).isEqualTo(2);
        assertThat(record.usage().totalTokens()).isEqualTo(7);
        nothingIsHeld();
    }

    private void upstreamIsNotBlamed() {
        assertThat(gateway.adminGet("/admin/v1/services/main")
                        .getJsonObject("runtime")
                        .getJsonArray("nodes")
                        .getJsonObject(0)
                        .getString("state"))
                .isEqualTo("active");
    }
}
