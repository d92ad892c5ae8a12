package dev.sluice.app.calls;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** HTTP written and read by hand. */
final class RawConnection implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;

    private final Socket socket;
    private final InputStream in;

    /** An answer as it came; header names are in lower case. */
    record Answer(int status, String head, String body) {
        boolean hasHeader(String line) {
            return head.contains("\r\n" + line + "\r\n");
        }

        String header(String name) {
            int from = head.indexOf("\r\n" + name + ": ");
            if (from < 0) return "";
            return head.substring(from + name.length() + 4, head.indexOf("\r\n", from + 2));
        }
    }

    private RawConnection(Socket socket, InputStream in) {
        this.socket = socket;
        this.in = in;
    }

    static RawConnection open(int port) {
        try {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.setTcpNoDelay(true);
            return new RawConnection(socket, new BufferedInputStream(socket.getInputStream()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    RawConnection send(String text) {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    RawConnection send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a POST of JSON with the usual headers and the given further header lines, each ending in CRLF. */
    RawConnection post(String path, String body, String headerLines) {
        return send("POST " + path
                + " HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: "
                + body.getBytes(StandardCharsets.UTF_8).length + "\r\nauthorization: Bearer " + GatewayUnderTest.KEY
                + "\r\n" + headerLines + "\r\n" + body);
    }

    /** The next answer in full. */
    Answer answer() {
        String head = head();
        String body;
        try {
            if (head.contains("\r\ntransfer-encoding: chunked\r\n")) body = chunks();
            else if (head.contains("\r\ncontent-length: ")) body = bytes(length(head));
            else body = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Answer(Integer.parseInt(head.substring(9, 12)), head, body);
    }

    /** The next status line and headers, names in lower case, with the blank line. */
    String head() {
        StringBuilder head = new StringBuilder();
        String line = line();
        head.append(line).append("\r\n");
        while (!(line = line()).isEmpty()) {
            int colon = line.indexOf(':');
            head.append(line.substring(0, colon).toLowerCase(Locale.ROOT))
                    .append(line.substring(colon))
                    .append("\r\n");
        }
        return head.append("\r\n").toString();
    }

    /** Reads on until this text has come. */
    String readUntil(String text) {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        try {
            while (!read.toString(StandardCharsets.UTF_8).contains(text)) {
                int b = in.read();
                if (b < 0) throw new AssertionError("the connection ended before \"" + text + "\": " + read);
                read.write(b);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return read.toString(StandardCharsets.UTF_8);
    }

    /** Whatever still comes until the other side closes. */
    String all() {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        try {
            int b;
            while ((b = in.read()) >= 0) read.write(b);
        } catch (IOException e) {
            // a reset ends it as well
        }
        return read.toString(StandardCharsets.UTF_8);
    }

    /** Whether the other side closes the connection and says nothing more. */
    boolean endsHere() {
        try {
            return in.read() < 0;
        } catch (IOException e) {
            return true;
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes with a reset, as a client does that dies. */
    void reset() {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        close();
    }

    private String chunks() throws IOException {
        StringBuilder body = new StringBuilder();
        int size;
        while ((size = Integer.parseInt(line().strip(), 16)) > 0) {
            body.append(bytes(size));
            line();
        }
        while (!line().isEmpty()) continue;
        return body.toString();
    }

    private String bytes(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) throw new AssertionError("got " + bytes.length + " bytes of " + length);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private String line() {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try {
            int b;
            while ((b = in.read()) != '\n') {
                if (b < 0) throw new AssertionError("the connection ended within \"" + line + '"');
                if (b != '\r') line.write(b);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    private static int length(String head) {
        int from = head.indexOf("\r\ncontent-length: ") + 18;
        return Integer.parseInt(head.substring(from, head.indexOf("\r\n", from)));
    }
}
