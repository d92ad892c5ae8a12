package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.app.calls.FrameServer.Connection;
import dev.sluice.app.calls.FrameServer.Manner;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An HTTP/2 upstream that goes away, or refuses streams, while many calls run over its connections. */
class Http2UpstreamTest {
    private static final String IMAGES = "/v1/images/generations";
    private static final int CALLS = 48;
    /** A connection goes away with its twelfth call; the last that it has taken is its ninth. */
    private static final int CALLS_OF_A_CONNECTION = 12;

    private static final int TAKEN = 9;
    /** As often as the gateway sends a call again. */
    private static final int TIMES = 3;

    private static final long A_WHILE_MILLIS = 200;
    private static final int INTERNAL_ERROR = 2;

    @TempDir
    Path folder;

    /** How often each model was begun with. */
    private final Map<String, AtomicInteger> begun = new ConcurrentHashMap<>();

    private final List<Connection> goneAway = new CopyOnWriteArrayList<>();
    private FrameServer upstream;
    private GatewayUnderTest gateway;

    /** How a connection takes its leave, told the last stream that it has taken. */
    @FunctionalInterface
    private interface Goodbye {
        void say(Connection connection, int last);
    }

    /** The calls of one connection that wait for it to go away. */
    private static final class Crowd {
        final List<Integer> streams = new ArrayList<>();
        final List<Runnable> answers = new ArrayList<>();
    }

    @AfterEach
    void stop() {
        gateway.close();
        upstream.close();
    }

    @Test
    void whatAnUpstreamHasTakenBeforeItGoesAwayEndsThereAndTheRestGoesElsewhere() {
        start(goingAway((connection, last) -> connection.goAway(0, last)));
        everyCallIsAnsweredAndBegunWithOnce();
    }

    @Test
    void aGoodbyeInTwoStepsLosesNoCallEither() {
        start(goingAway((connection, last) -> {
            connection.goAway(0, Integer.MAX_VALUE);
            connection.goAway(0, last);
        }));
        everyCallIsAnsweredAndBegunWithOnce();
    }

    @Test
    void whenTheConnectionBreaksOnlyWhatWasBegunIsLost() {
        start(goingAway((connection, last) -> {
            connection.goAway(INTERNAL_ERROR, last);
            connection.close();
        }));
        warmUp();
        Map<String, CompletableFuture<Reply>> calls = new LinkedHashMap<>();
        // An image is not made twice, so a call that was begun is not sent again.
        for (int i = 0; i < CALLS_OF_A_CONNECTION; i++) calls.put("image-" + i, image("image-" + i));
        int lost = 0;
        for (Map.Entry<String, CompletableFuture<Reply>> call : calls.entrySet()) {
            Reply reply = call.getValue().join();
            assertThat(begunWith(call.getKey())).as(call.getKey()).isEqualTo(1);
            if (reply.status() == 200) continue;
            lost++;
            assertThat(reply.status()).as(reply.text()).isEqualTo(502);
            assertThat(gateway.record(reply.id()).failure()).isEqualTo("upstream-cut");
        }
        assertThat(lost).isEqualTo(TAKEN);
    }

    @Test
    void aRefusedStreamIsTriedAgain() {
        Map<String, AtomicInteger> seen = new HashMap<>();
        start((connection, stream, path, body) -> {
            int times = seen.computeIfAbsent(body.getString("model"), _ -> new AtomicInteger())
                    .incrementAndGet();
            if (times <= TIMES) connection.refuse(stream);
            else answer(connection, stream, path, body);
        });
        List<CompletableFuture<Reply>> calls = someOfEachKind();
        for (CompletableFuture<Reply> call : calls) isWhole(call.join());
        for (int i = 0; i < CALLS; i++) assertThat(begunWith("call-" + i)).isEqualTo(1);
    }

    @Test
    void anUpstreamThatRefusesEveryStreamFailsTheCall() {
        AtomicInteger seen = new AtomicInteger();
        start((connection, stream, _, _) -> {
            seen.incrementAndGet();
            connection.refuse(stream);
        });
        Reply reply = image("refused").join();
        assertThat(reply.status()).isEqualTo(502);
        assertThat(reply.text()).contains("it reset the stream (HTTP/2 error code 7)");
        assertThat(gateway.record(reply.id()).failure()).isEqualTo("connect");
        assertThat(seen).hasValue(1 + TIMES);
    }

    private void everyCallIsAnsweredAndBegunWithOnce() {
        warmUp();
        for (CompletableFuture<Reply> call : someOfEachKind()) isWhole(call.join());
        for (int i = 0; i < CALLS; i++) assertThat(begunWith("call-" + i)).isEqualTo(1);
        assertThat(goneAway).isNotEmpty();
        GatewayUnderTest.await("no call in flight", () -> gateway.gateway().callsInFlight() == 0);
        GatewayUnderTest.await(
                "nobody stays on a connection that went away",
                () -> goneAway.stream().noneMatch(Connection::isOpen));
    }

    /** Opens the connection that the calls then share. */
    private void warmUp() {
        isWhole(chat("warm-up", false).join());
    }

    private List<CompletableFuture<Reply>> someOfEachKind() {
        List<CompletableFuture<Reply>> calls = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) calls.add(i % 3 == 0 ? image("call-" + i) : chat("call-" + i, i % 3 == 1));
        return calls;
    }

    private static void isWhole(Reply reply) {
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(reply.header("x-sluice-attempts")).isEqualTo("1");
        if (reply.text().startsWith("data:")) assertThat(reply.text()).endsWith("data: [DONE]\n\n");
        else assertThat(reply.text()).endsWith("}");
    }

    private CompletableFuture<Reply> chat(String model, boolean stream) {
        return gateway.callAsync("/v1/chat/completions", GatewayUnderTest.chat(model, stream));
    }

    private CompletableFuture<Reply> image(String model) {
        return gateway.callAsync(IMAGES, "{\"model\":\"" + model + "\",\"prompt\":\"a sluice\"}");
    }

    private int begunWith(String model) {
        AtomicInteger times = begun.get(model);
        return times == null ? 0 : times.get();
    }

    /** The calls of a connection are held until it goes away; those that it has taken are answered then, the others never. */
    private Manner goingAway(Goodbye goodbye) {
        Map<Connection, Crowd> crowds = new HashMap<>();
        return (connection, stream, path, body) -> {
            Runnable answer = () -> answer(connection, stream, path, body);
            Crowd crowd = crowds.computeIfAbsent(connection, _ -> new Crowd());
            if (body.getString("model").equals("warm-up") || crowd.streams.isEmpty() && goneAway.size() == TIMES) {
                answer.run();
                return;
            }
            crowd.streams.add(stream);
            crowd.answers.add(answer);
            int number = crowd.streams.size();
            if (number > CALLS_OF_A_CONNECTION) return;
            if (number == CALLS_OF_A_CONNECTION) {
                goneAway.add(connection);
                goodbye.say(connection, crowd.streams.get(TAKEN - 1));
                crowd.answers.subList(0, TAKEN).forEach(Runnable::run);
                return;
            }
            // So few calls may be left that it stays.
            upstream.later(10 * A_WHILE_MILLIS, () -> {
                if (crowd.streams.size() < CALLS_OF_A_CONNECTION) answer.run();
            });
        };
    }

    /** Begins with a call; a stream ends a while later. */
    private void answer(Connection connection, int stream, String path, JsonObject body) {
        begun.computeIfAbsent(body.getString("model"), _ -> new AtomicInteger()).incrementAndGet();
        if (path.equals(IMAGES)) {
            connection.answer(stream, "application/json", "{\"created\":1,\"data\":[{\"b64_json\":\"aGk=\"}]}");
        } else if (!body.getBoolean("stream", false)) {
            connection.answer(stream, "application/json", """
                    {"id":"a","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"hi"},\
                    "finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1}}""");
        } else {
            connection.head(stream, "text/event-stream");
            connection.data(stream, """
                    data: {"id":"a","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"hi"}}]}

                    """, false);
            upstream.later(A_WHILE_MILLIS, () -> connection.data(stream, """
                    data: {"id":"a","object":"chat.completion.chunk","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

                    data: [DONE]

                    """, true));
        }
    }

    private void start(Manner manner) {
        TestCertificates.Pair certificate = TestCertificates.make(folder, "server", "ip:127.0.0.1");
        upstream = new FrameServer(certificate, manner);
        gateway = GatewayUnderTest.start(folder.resolve("gateway"), """
                services:
                  - { name: s, address: { fixed: ["127.0.0.1:%d"] }, tls: { mode: one-way, caFile: %s } }
                modelApis:
                  - name: main
                    retries: 0
                    routes: [/v1/chat/completions, /v1/images/generations]
                    distribution: { strategy: single, targets: [ { service: s } ] }
                consumers:
                  - { name: caller, modelApis: [main] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %s }
                """.formatted(
                        upstream.port(), certificate.certificate(), GatewayUnderTest.KEY));
    }
}
