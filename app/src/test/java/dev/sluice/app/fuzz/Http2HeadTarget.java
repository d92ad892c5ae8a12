package dev.sluice.app.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sluice.app.GatewayFixture;
import dev.sluice.app.calls.FrameClient;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;

/**
 * A request of HTTP/2 with any fields, to a gateway whose upstream speaks HTTP/1: it is answered, or its stream or connection ends; no answer
 * blames the gateway, the upstream gets one request at most and that well formed, and the next call on a new connection is answered.
 *
 * <p>The input is the fields, each a byte with the length of its name, the name, a byte with the length of its value and the value.
 */
public final class Http2HeadTarget {
    private static final int MOST_FIELDS = 200;
    private static final String CHAT = "/v1/chat/completions";
    private static final String BODY = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}";
    private static final Pattern REQUEST_LINE = Pattern.compile("[A-Z]+ /[!-~\\x80-\\xff]* HTTP/1\\.1");
    private static final Pattern FIELD = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+: ?[\\t -~\\x80-\\xff]*");

    private static final Upstream UPSTREAM = Upstream.start();
    private static final GatewayFixture GATEWAY =
            GatewayFixture.start("""
            services:
              - { name: raw, provider: openai-compatible, address: { url: "http://127.0.0.1:%d/v1" } }
            modelApis:
              - { name: chat, authentication: { mode: none }, distribution: { strategy: single, targets: [ { service: raw } ] } }
            """.formatted(UPSTREAM.port()), List.of("--http2-port", "0"));

    private Http2HeadTarget() {}

    /** The input that stands for these names and values in turn. */
    static byte[] encoded(List<String> fields) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String text : fields) {
            out.write(text.length());
            out.writeBytes(text.getBytes(ISO_8859_1));
        }
        return out.toByteArray();
    }

    /** Called by Jazzer before the first input, whose time does not count the start of a gateway then. */
    public static void fuzzerInitialize() {
        if (GATEWAY.url().isEmpty()) throw new IllegalStateException("the gateway has not started");
    }

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        UPSTREAM.heads.clear();
        int status = call(head(input), true);
        if (status >= 500) throw new IllegalStateException("an answer that blames the gateway: " + status);
        if (UPSTREAM.heads.size() > 1) throw new IllegalStateException("several requests: " + UPSTREAM.heads);
        UPSTREAM.heads.forEach(Http2HeadTarget::check);
        int next = call(FrameClient.post(CHAT), false);
        if (next != 200) throw new IllegalStateException("the next call is answered with " + next);
    }

    private static int call(Http2Headers head, boolean mayEnd) {
        try (FrameClient client = new FrameClient(GATEWAY.gateway().http2Port())) {
            return client.call(head, BODY).status();
        } catch (UncheckedIOException e) {
            if (mayEnd && !(e.getCause() instanceof SocketTimeoutException)) return FrameClient.NONE;
            throw new IllegalStateException("the gateway neither answers nor closes", e);
        }
    }

    private static Http2Headers head(byte[] input) {
        Http2Headers head = new DefaultHttp2Headers(false);
        int at = 0;
        for (int i = 0; i < MOST_FIELDS && at < input.length; i++) {
            AsciiString name = text(input, at);
            at += 1 + name.length();
            AsciiString value = text(input, at);
            at += 1 + value.length();
            head.add(name, value);
        }
        return head;
    }

    /** A text behind its length; what is missing is missing. */
    private static AsciiString text(byte[] input, int at) {
        if (at >= input.length) return AsciiString.EMPTY_STRING;
        int length = Math.min(input[at] & 0xff, input.length - at - 1);
        return new AsciiString(input, at + 1, length, true);
    }

    private static void check(String head) {
        String[] lines = head.split("\r\n", -1);
        boolean whole = REQUEST_LINE.matcher(lines[0]).matches();
        int lengths = 0;
        for (int i = 1; i < lines.length; i++) {
            whole &= FIELD.matcher(lines[i]).matches();
            String name = lines[i].toLowerCase(Locale.ROOT);
            if (name.startsWith("content-length:") || name.startsWith("transfer-encoding:")) lengths++;
        }
        if (!whole || lengths > 1) throw new IllegalStateException("a head that HTTP/1 cannot carry: " + head);
    }

    /** Reads requests as HTTP/1 says and answers each with a short completion. */
    private static final class Upstream {
        private static final byte[] ANSWER = answer(
                "{\"id\":\"c\",\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"finish_reason\":\"stop\",\"message\":"
                        + "{\"role\":\"assistant\",\"content\":\"a\"}}]}");

        private final ServerSocket socket;
        private final ConcurrentLinkedQueue<String> heads = new ConcurrentLinkedQueue<>();

        private Upstream(ServerSocket socket) {
            this.socket = socket;
        }

        static Upstream start() {
            try {
                Upstream upstream = new Upstream(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
                Thread.ofPlatform().daemon().start(upstream::accept);
                return upstream;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        int port() {
            return socket.getLocalPort();
        }

        private static byte[] answer(String body) {
            return ("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: " + body.length() + "\r\n\r\n"
                            + body)
                    .getBytes(ISO_8859_1);
        }

        private void accept() {
            try {
                while (true) {
                    Socket client = socket.accept();
                    Thread.ofPlatform().daemon().start(() -> serve(client));
                }
            } catch (IOException _) {
                // The process ends.
            }
        }

        private void serve(Socket client) {
            try (client) {
                InputStream in = new BufferedInputStream(client.getInputStream());
                for (String head = head(in); !head.isEmpty(); head = head(in)) {
                    heads.add(head);
                    in.skipNBytes(length(head));
                    client.getOutputStream().write(ANSWER);
                }
            } catch (IOException _) {
                // The gateway has closed the connection.
            }
        }

        /** Up to the empty line, without it; empty at the end. */
        private static String head(InputStream in) throws IOException {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            for (int b = in.read(); b >= 0; b = in.read()) {
                out.write(b);
                String text = b == '\n' ? out.toString(ISO_8859_1) : "";
                if (text.endsWith("\r\n\r\n")) return text.substring(0, text.length() - 4);
            }
            return "";
        }

        private static int length(String head) {
            for (String line : head.split("\r\n", -1)) {
                if (line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
                    return Integer.parseInt(line.substring(15).strip());
            }
            return 0;
        }
    }
}
