package dev.sluice.admin;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Requests that no proper client sends. */
final class RawHttp {
    private RawHttp() {}

    /** Sends bytes as they are, and reads what comes back first. */
    static String send(int port, String requestLine, String headers, String body) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            String head = requestLine + "Host: localhost\r\nAuthorization: Bearer " + AdminFixture.TOKEN + "\r\n"
                    + headers + "\r\n";
            out.write((head + body).getBytes(StandardCharsets.UTF_8));
            out.flush();
            InputStream in = socket.getInputStream();
            byte[] first = new byte[4096];
            int length = in.read(first);
            return length < 0 ? "closed" : new String(first, 0, length, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
