package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.Transport;
import dev.sluice.simulator.Simulator;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections that say nothing, on each port. */
class ConnectionLimitTest {
    private static final int MOST = 3;
    private static final int PATIENCE_MILLIS = 20_000;

    @TempDir
    Path folder;

    private final Simulator provider = Simulator.start();
    private final List<Socket> silent = new ArrayList<>();
    private GatewayUnderTest gateway;

    @BeforeEach
    void start() throws IOException {
        Path certificates = Files.createDirectories(folder.resolve("certificates"));
        TestCertificates.make(certificates, "default", "dns:usual.example");
        Transport some = Transport.PLAIN.withPorts(0, 0);
        gateway = GatewayUnderTest.start(
                folder.resolve("gateway"),
                """
                services:
                  - { name: main, address: { url: "%s/v1" } }
                modelApis:
                  - { name: main, authentication: { mode: none }, distribution: { strategy: single, targets: [ { service: main } ] } }
                """.formatted(provider.url()),
                new Transport(
                        some.tlsPort(),
                        some.http2Port(),
                        false,
                        some.maxHeaderBytes(),
                        some.maxUrlBytes(),
                        some.headTimeout(),
                        some.bodyTimeout(),
                        some.idleTimeout(),
                        MOST,
                        0,
                        some.maxStreams(),
                        some.sessions(),
                        some.balancers()),
                certificates);
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket socket : silent) socket.close();
        gateway.close();
        provider.close();
    }

    @Test
    void silentConnectionsToThePlainPortCount() throws IOException {
        count(dev.sluice.app.Gateway::port);
    }

    @Test
    void silentConnectionsToTheTlsPortCountBeforeTheirHandshake() throws IOException {
        count(dev.sluice.app.Gateway::tlsPort);
    }

    @Test
    void silentConnectionsToTheHttp2PortCount() throws IOException {
        count(dev.sluice.app.Gateway::http2Port);
    }

    private void count(ToIntFunction<dev.sluice.app.Gateway> port) throws IOException {
        for (int i = 0; i < MOST; i++) connect(port.applyAsInt(gateway.gateway()));
        awaitConnections(MOST);
        assertThat(isTurnedAway(connect(port.applyAsInt(gateway.gateway())))).isTrue();
        assertThat(isTurnedAway(connect(gateway.gateway().port()))).isTrue();
        assertThat(gateway.gauge("sluice_client_connections")).isEqualTo(MOST);
        silent.getFirst().close();
        awaitConnections(MOST - 1);
        assertThat(gateway.call("/v1/chat/completions", GatewayUnderTest.chat()).status())
                .isEqualTo(200);
        for (Socket socket : silent) socket.close();
        // The client of the test keeps its own.
        awaitConnections(1);
    }

    private void awaitConnections(int wanted) {
        GatewayUnderTest.await(
                wanted + " connections are counted", () -> gateway.gauge("sluice_client_connections") == wanted);
    }

    private Socket connect(int port) throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        silent.add(socket);
        return socket;
    }

    /** The peer closes it, or resets it, without a word. */
    private static boolean isTurnedAway(Socket socket) {
        try {
            return socket.getInputStream().read() == -1;
        } catch (IOException e) {
            return !(e instanceof java.net.SocketTimeoutException);
        }
    }
}
