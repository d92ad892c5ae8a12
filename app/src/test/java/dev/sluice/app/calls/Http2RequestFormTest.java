package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.Transport;
import dev.sluice.simulator.Rule;
import dev.sluice.simulator.Simulator;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests over HTTP/2 as attackers write them: what it can carry may be something else in HTTP/1, which most upstreams speak. */
class Http2RequestFormTest {
    private static final String CHAT = "/v1/chat/completions";

    private static final Transport IMPATIENT = new Transport(
            null,
            0,
            false,
            32 << 10,
            8 << 10,
            Duration.ofMillis(1_500),
            Duration.ofSeconds(30),
            Duration.ofSeconds(75),
            1_000,
            0,
            10,
            Transport.PLAIN.sessions(),
            Transport.PLAIN.balancers());

    @TempDir
    static Path folder;

    private static Simulator provider;
    private static GatewayUnderTest gateway;

    @BeforeAll
    static void start() {
        provider = Simulator.start();
        gateway = GatewayUnderTest.start(folder, """
                services:
                  - { name: main, address: { url: "%s/v1" } }
                modelApis:
                  - { name: main, distribution: { strategy: single, targets: [ { service: main } ] } }
                consumers:
                  - { name: caller, modelApis: [main] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %s }
                """.formatted(provider.url(), GatewayUnderTest.KEY), IMPATIENT, null);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        provider.close();
    }

    private static Http2Headers head() {
        return FrameClient.post(CHAT).add("authorization", "Bearer " + GatewayUnderTest.KEY);
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                with("a NUL in a value", h -> h.add("x-note", "a\0b")),
                with("a line feed in a value", h -> h.add("x-note", "a\nx-injected: b")),
                with("a carriage return in a value", h -> h.add("x-note", "a\rb")),
                with("a whole request in a value", h -> h.add("x-note", "a\r\n\r\nGET / HTTP/1.1\r\nhost: x\r\n\r\n")),
                with("a vertical tab in a value", h -> h.add("x-note", "a\u000bb")),
                with("an escape in a value", h -> h.add("x-note", "a\u001b[0m")),
                with("a value that begins with a blank", h -> h.add("x-note", " a")),
                with("a line feed in a name", h -> h.add("x\nnote", "a")),
                with("a colon in a name", h -> h.add("x:note", "a")),
                with("a blank in a name", h -> h.add("x note", "a")),
                with("capitals in a name", h -> h.add("X-Note", "a")),
                with("a line feed in the query", h -> h.path(CHAT + "?a=b\nc")),
                with("a new request line in the query", h -> h.path(CHAT + "?a HTTP/1.1\r\nx: y")),
                with("a NUL in the query", h -> h.path(CHAT + "?a=\0")),
                with("a blank in the query", h -> h.path(CHAT + "?a b")),
                with("a line feed in the path", h -> h.path("/v1\n/chat/completions")),
                with("another host than the authority", h -> h.add("host", "y")),
                with("two hosts", h -> h.add("host", "x").add("host", "y")),
                with("no authority and no host", h -> {
                    h.remove(":authority");
                    return h;
                }),
                with("an authority that is none", h -> h.authority("x/y@z")),
                with("a line feed in the method", h -> h.method("POST / HTTP/1.1\r\nx: y")),
                with("a target that is no path", h -> h.path("*")));
    }

    private static Arguments with(String what, UnaryOperator<Http2Headers> change) {
        return Arguments.of(what, change.apply(head()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void isRefusedAndTheConnectionOrTheNextCallIsWhole(String what, Http2Headers head) {
        int before = provider.journal().calls().size();
        try (FrameClient client = new FrameClient(gateway.gateway().http2Port())) {
            FrameClient.Answer answer = client.call(head, GatewayUnderTest.chat());
            assertThat(answer.status()).as("%s: %s", what, answer.body()).isIn(400, FrameClient.NONE);
            assertThat(provider.journal().calls()).as(what).hasSize(before);
            if (answer.status() == 400)
                assertThat(client.call(head(), GatewayUnderTest.chat()).status())
                        .isEqualTo(200);
        }
    }

    @Test
    void aConnectionMustSayInTimeWhatItSpeaks() {
        try (RawConnection silent = RawConnection.open(gateway.gateway().http2Port());
                RawConnection slow =
                        RawConnection.open(gateway.gateway().http2Port()).send("PRI * HT")) {
            assertThat(silent.endsHere()).isTrue();
            assertThat(slow.endsHere()).isTrue();
        }
    }

    @Test
    void aCallMayTakeLongerThanTheFirstRequestMay() {
        provider.rules().add(Rule.always("latency=2500").forModel("slow"));
        try (FrameClient client = new FrameClient(gateway.gateway().http2Port())) {
            FrameClient.Answer answer = client.call(head(), GatewayUnderTest.chat("slow", true));
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).endsWith("data: [DONE]\n\n");
        }
    }

    @Test
    void theHostMayBeSaidTwiceInTheSameWay() {
        try (FrameClient client = new FrameClient(gateway.gateway().http2Port())) {
            Http2Headers head = head().add("host", "x").path(CHAT + "?a=%20b").add("x-empty", "");
            assertThat(client.call(head, GatewayUnderTest.chat()).status()).isEqualTo(200);
        }
    }
}
