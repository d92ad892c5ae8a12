package dev.sluice.app.fuzz;

import dev.sluice.app.GatewayFixture;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Bytes on a connection to a running gateway: it answers or closes, and no answer blames the gateway itself. */
public final class RequestHeadTarget {
    private static final int PATIENCE_MILLIS = 10_000;
    private static final GatewayFixture GATEWAY = GatewayFixture.start("""
            services:
              - { name: simulated, provider: openai-compatible, address: { url: "${SIM}/v1" } }
            modelApis:
              - { name: chat, distribution: { strategy: single, targets: [ { service: simulated } ] } }
            """);
    private static final URI URL = URI.create(GATEWAY.url());

    private RequestHeadTarget() {}

    /** Called by Jazzer before the first input, whose time does not count the start of a gateway then. */
    public static void fuzzerInitialize() {
        if (GATEWAY.url().isEmpty()) throw new IllegalStateException("the gateway has not started");
    }

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        try (Socket socket = new Socket(URL.getHost(), URL.getPort())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(input);
            socket.shutdownOutput();
            check(read(socket.getInputStream()));
        } catch (SocketTimeoutException e) {
            throw new IllegalStateException("the gateway neither answers nor closes", e);
        } catch (IOException _) {
            // It closed the connection while it was written to.
        }
    }

    private static String read(InputStream in) throws IOException {
        return new String(in.readNBytes(1 << 16), StandardCharsets.ISO_8859_1);
    }

    private static void check(String answer) {
        if (answer.isEmpty()) return;
        if (!answer.matches("(?s)HTTP/1\\.[01] [1-4]\\d\\d .*"))
            throw new IllegalStateException("an answer that blames the gateway: "
                    + answer.lines().findFirst().orElse(""));
    }
}
