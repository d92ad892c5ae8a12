package dev.sluice.simulator;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** An HTTP/1.1 client on a bare socket that shows what no real client shows: the exact bytes and how the connection ended. */
final class RawClient implements AutoCloseable {
    private static final int DEADLINE_MILLIS = 20_000;

    /** How an answer ended. */
    enum End {
        COMPLETE,
        CLOSED,
        RESET
    }

    /**
     * An answer.
     *
     * @param chunks the payloads of the chunks of a chunked body, or the body as one
     */
    record Answer(int status, Map<String, String> headers, List<byte[]> chunks, byte[] body, End end) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        /** The data of the events of a stream. */
        List<String> events() {
            List<String> events = new ArrayList<>();
            for (String block : text().split("\n\n")) {
                for (String line : block.split("\n")) {
                    if (line.startsWith("data: ")) {
                        events.add(line.substring(6));
                    }
                }
            }
            return events;
        }
    }

    private final Socket socket;
    private final InputStream in;

    RawClient(Simulator simulator) throws IOException {
        socket = new Socket("127.0.0.1", simulator.port());
        socket.setSoTimeout(DEADLINE_MILLIS);
        in = socket.getInputStream();
    }

    /** One call on a connection of its own. */
    static Answer call(Simulator simulator, String path, String body, String... headers) throws IOException {
        try (RawClient client = new RawClient(simulator)) {
            client.send("POST", path, body, headers);
            return client.answer();
        }
    }

    static Answer get(Simulator simulator, String path, String... headers) throws IOException {
        try (RawClient client = new RawClient(simulator)) {
            client.send("GET", path, "", headers);
            return client.answer();
        }
    }

    void send(String method, String path, String body, String... headers) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        if (bytes.length > 0) {
            head.append("Content-Length: ").append(bytes.length).append("\r\n");
        }
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
        request.writeBytes(bytes);
        socket.getOutputStream().write(request.toByteArray());
    }

    /** Reads one answer to its end; status 0 when the connection ended before the head. */
    Answer answer() throws IOException {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        List<byte[]> chunks = new ArrayList<>();
        int status = 0;
        try {
            status = head(headers);
            if ("chunked".equals(headers.get("transfer-encoding"))) {
                for (byte[] chunk = chunk(body); chunk.length > 0; chunk = chunk(body)) {
                    chunks.add(chunk);
                }
            } else {
                int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
                for (int at = 0; at < length; at++) {
                    body.write(read());
                }
                chunks.add(body.toByteArray());
            }
            return new Answer(status, headers, chunks, body.toByteArray(), End.COMPLETE);
        } catch (EOFException _) {
            return new Answer(status, headers, chunks, body.toByteArray(), End.CLOSED);
        } catch (SocketException _) {
            return new Answer(status, headers, chunks, body.toByteArray(), End.RESET);
        }
    }

    int head(Map<String, String> headers) throws IOException {
        int status = Integer.parseInt(line().split(" ")[1]);
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
        }
        return status;
    }

    /** The payload of the next chunk, empty at the end; what arrives of it is added to the body even when the rest never comes. */
    byte[] chunk(ByteArrayOutputStream body) throws IOException {
        int size = Integer.parseInt(line(), 16);
        ByteArrayOutputStream chunk = new ByteArrayOutputStream();
        for (int at = 0; at < size; at++) {
            int next = read();
            chunk.write(next);
            body.write(next);
        }
        line();
        return chunk.toByteArray();
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = read(); next != '\n'; next = read()) {
            if (next != '\r') {
                line.write(next);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    private int read() throws IOException {
        int next = in.read();
        if (next < 0) {
            throw new EOFException();
        }
        return next;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
