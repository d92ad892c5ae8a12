package dev.sluice.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.bench.upstream.Upstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LoadTest {
    private static final Duration DRAIN = Duration.ofSeconds(20);

    private Upstream upstream;

    @BeforeEach
    void start() throws IOException {
        upstream = Upstream.start(0);
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    @Test
    void sendsExactlyAsManyCallsAsTheScheduleHas() throws IOException {
        LoadResult result = Load.run(plan(upstream.port(), new Call.Whole(), new Pace.Constant(500), 400));

        assertThat(result.complaint()).isEmpty();
        assertThat(result.finished()).isEqualTo(200);
        assertThat(result.latency().getTotalCount()).isEqualTo(200);
    }

    @Test
    void keepsCallingInAClosedLoop() throws IOException {
        LoadPlan plan = new LoadPlan(
                target(upstream.port()), new Call.Whole(), new Pace.ClosedLoop(), 1, Duration.ofSeconds(1), DRAIN);
        LoadResult result = Load.run(plan);

        assertThat(result.complaint()).isEmpty();
        assertThat(result.finished()).isGreaterThan(1);
    }

    @Test
    void countsEventsAndGapsOfStreams() throws IOException {
        LoadResult result = Load.run(plan(upstream.port(), new Call.Streamed(10, 2), new Pace.Constant(50), 200));

        assertThat(result.complaint()).isEmpty();
        assertThat(result.finished()).isEqualTo(10);
        assertThat(result.events()).isEqualTo(100);
        assertThat(result.firstEvent().getTotalCount()).isEqualTo(10);
        assertThat(result.gaps().getTotalCount()).isLessThanOrEqualTo(90);
        assertThat(upstream.openStreams()).isZero();
    }

    @Test
    void chargesTheTargetForCallsThatWaitedForAConnection() throws IOException {
        // Two streams of 50 ms at a time, 50 due in the first 100 ms: the last waits for 24 pairs before it.
        LoadPlan plan = new LoadPlan(
                target(upstream.port()),
                new Call.Streamed(11, 5),
                new Pace.Constant(500),
                2,
                Duration.ofMillis(100),
                DRAIN);
        LoadResult result = Load.run(plan);

        assertThat(result.finished()).isEqualTo(50);
        assertThat(result.startedLate()).isGreaterThanOrEqualTo(48);
        assertThat(result.latency().getMaxValue()).isGreaterThan(TimeUnit.SECONDS.toNanos(1));
    }

    @Test
    void tellsWhatWasRefused() throws Exception {
        try (ServerSocket server = answering("HTTP/1.1 401 Unauthorized\r\nContent-Length: 7\r\n\r\nbad key")) {
            LoadResult result = Load.run(plan(server.getLocalPort(), new Call.Whole(), new Pace.Constant(10), 100));

            assertThat(result.failures().refused()).isEqualTo(1);
            assertThat(result.isClean()).isFalse();
            assertThat(result.complaint())
                    .hasValueSatisfying(text -> assertThat(text).contains("401", "bad key"));
        }
    }

    @Test
    void doesNotCountAStreamWithoutItsEnd() throws Exception {
        String cut = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n0\r\n\r\n";
        try (ServerSocket server = answering(cut)) {
            LoadResult result =
                    Load.run(plan(server.getLocalPort(), new Call.Streamed(3, 0), new Pace.Constant(10), 100));

            assertThat(result.failures().cutShort()).isEqualTo(1);
            assertThat(result.finished()).isZero();
        }
    }

    @Test
    void countsAConnectionThatEndsWithinAnAnswer() throws Exception {
        try (ServerSocket server = answering("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")) {
            LoadResult result = Load.run(plan(server.getLocalPort(), new Call.Whole(), new Pace.Constant(10), 100));

            assertThat(result.failures().broken()).isEqualTo(1);
        }
    }

    @Test
    void givesUpOnCallsThatAreNotAnswered() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            LoadPlan plan = new LoadPlan(
                    target(server.getLocalPort()),
                    new Call.Whole(),
                    new Pace.Constant(100),
                    2,
                    Duration.ofMillis(50),
                    Duration.ofMillis(200));
            LoadResult result = Load.run(plan);

            assertThat(result.failures().unfinished()).isEqualTo(5);
        }
    }

    @Test
    void holdsStreamsAndLetsThemGo() throws IOException {
        try (HeldStreams held = HeldStreams.open(target(upstream.port()), 20, 1000, DRAIN)) {
            assertThat(held.count()).isEqualTo(20);
            assertThat(held.firstFailure()).isEmpty();
            assertThat(upstream.openStreams()).isEqualTo(20);
        }
        long deadline = System.nanoTime() + DRAIN.toNanos();
        while (upstream.openStreams() > 0 && System.nanoTime() < deadline) Thread.onSpinWait();
        assertThat(upstream.openStreams()).isZero();
    }

    private static Target target(int port) {
        return new Target(port, Target.CHAT, "key", "model");
    }

    private static LoadPlan plan(int port, Call call, Pace pace, int millis) {
        return new LoadPlan(target(port), call, pace, 8, Duration.ofMillis(millis), DRAIN);
    }

    /** Reads a request on each connection, sends the answer, and ends the connection. */
    private static ServerSocket answering(String answer) throws IOException {
        ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    Thread.ofVirtual().start(() -> answer(socket, answer));
                } catch (IOException _) {
                    return;
                }
            }
        });
        return server;
    }

    private static void answer(Socket socket, String answer) {
        try (socket) {
            int length = new Call.Whole().request(target(socket.getLocalPort())).length;
            if (socket.getInputStream().readNBytes(length).length < length) return;
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput();
            // Reads what is left, so that closing resets nothing that is still on its way.
            socket.getInputStream().readAllBytes();
        } catch (IOException _) {
            // The client left first.
        }
    }
}
