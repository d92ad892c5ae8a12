package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.Transport;
import dev.sluice.simulator.Simulator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a gateway does that may hold only a little in memory. */
class RoomTest {
    private static final String CHAT = "/v1/chat/completions";
    private static final int ROOM = 300_000;
    private static final int LONGEST_ANSWER = 100_000;

    @TempDir
    Path folder;

    private final Simulator provider = Simulator.start();
    private GatewayUnderTest gateway;

    @BeforeEach
    void start() {
        gateway = GatewayUnderTest.start(
                folder, """
                services:
                  - { name: main, address: { url: "%s/v1" } }
                modelApis:
                  - { name: main, distribution: { strategy: single, targets: [ { service: main } ] } }
                consumers:
                  - { name: caller, modelApis: [main] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %s }
                """.formatted(provider.url(), GatewayUnderTest.KEY), Transport.PLAIN, LONGEST_ANSWER, ROOM);
    }

    @AfterEach
    void stop() {
        gateway.close();
        provider.close();
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
        GatewayUnderTest.await("all is given back", () -> gateway.gateway().callsInFlight() == 0);
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
        assertThat(gateway.call(CHAT, GatewayUnderTest.chat()).status()).isEqualTo(200);
        GatewayUnderTest.await("all is given back", () -> gateway.gateway().callsInFlight() == 0);
        assertThat(gateway.gauge("sluice_request_bytes_buffered")).isZero();
    }
}
