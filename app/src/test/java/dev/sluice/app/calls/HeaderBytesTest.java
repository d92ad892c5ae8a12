package dev.sluice.app.calls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.Transport;
import io.netty.util.AsciiString;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever byte stands in a header: it is refused at the door, or it travels. No call is taken in that cannot be sent on. */
class HeaderBytesTest {
    private static final String BODY = GatewayUnderTest.chat();
    private static final String ANSWER =
            "{\"id\":\"a\",\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
                    + "\"content\":\"hi\"},\"finish_reason\":\"stop\"}]}";

    @TempDir
    static Path folder;

    private static final Vertx VERTX = Vertx.vertx();
    private static GatewayUnderTest gateway;

    /** A header as a client may write it, in Latin-1. */
    private record Header(String name, String value) {
        @Override
        public String toString() {
            StringBuilder shown = new StringBuilder();
            for (char c : (name + ": " + value).toCharArray())
                shown.append(c > ' ' && c <= '~' ? "" + c : "%" + Integer.toHexString(c));
            return shown.toString();
        }
    }

    @BeforeAll
    static void start() {
        TestCertificates.Pair certificate = TestCertificates.make(folder, "server", "ip:127.0.0.1");
        int clear = serve(new HttpServerOptions());
        int secure = serve(new HttpServerOptions()
                .setSsl(true)
                .setUseAlpn(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .addCertPath(certificate.certificate().toString())
                        .addKeyPath(certificate.key().toString())));
        gateway = GatewayUnderTest.start(
                folder.resolve("gateway"),
                """
                services:
                  - { name: http1, address: { fixed: ["127.0.0.1:%1$d"] } }
                  - { name: http2, address: { fixed: ["127.0.0.1:%2$d"] }, tls: { mode: one-way, caFile: %3$s } }
                modelApis:
                  - { name: http1, basePath: /http1, routes: [/v1/chat/completions, /v1/realtime], distribution: { strategy: single, targets: [ { service: http1 } ] } }
                  - { name: http2, basePath: /http2, distribution: { strategy: single, targets: [ { service: http2 } ] } }
                consumers:
                  - { name: caller, modelApis: [http1, http2] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %4$s }
                """.formatted(clear, secure, certificate.certificate(), GatewayUnderTest.KEY),
                Transport.PLAIN.withPorts(null, 0),
                null);
    }

    private static int serve(HttpServerOptions options) {
        HttpServer server = VERTX.createHttpServer(options)
                .webSocketHandler(socket -> socket.writeTextMessage("hello"))
                .requestHandler(request -> request.response()
                        .putHeader("content-type", "application/json")
                        .end(ANSWER));
        server.listen(0, "127.0.0.1").await();
        return server.actualPort();
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        VERTX.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    /** Every byte in a name, within a value and as a value, and the ends of lines as they come in twos and threes. */
    private static List<Header> headers() {
        List<Header> headers = new ArrayList<>();
        for (char c = 0; c < 256; c++) {
            headers.add(new Header("x" + c + "y", "a"));
            headers.add(new Header("x-note", "a" + c + "z"));
            headers.add(new Header("x-note", "" + c));
        }
        for (String end : List.of("\r\n", "\n\r", "\r\r", "\n\n", "\r\n ", "\r ", "\n\t", "\r\nz", "\0\r\n"))
            headers.add(new Header("x-note", "a" + end + "z"));
        return headers;
    }

    @ParameterizedTest
    @ValueSource(strings = {"/http1", "/http2"})
    void areRefusedOrTravelFromHttp1(String base) {
        List<Integer> told = new ArrayList<>();
        for (Header header : headers()) {
            try (RawConnection client = gateway.connect()
                    .send(("POST " + base + "/v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer "
                                    + GatewayUnderTest.KEY + "\r\ncontent-type: application/json\r\ncontent-length: "
                                    + BODY.length() + "\r\n" + header.name() + ": " + header.value() + "\r\n\r\n"
                                    + BODY)
                            .getBytes(ISO_8859_1))) {
                int status = client.answer().status();
                assertThat(status).as(header.toString()).isIn(200, 400);
                told.add(status);
            }
        }
        assertThat(told).contains(200, 400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/http1", "/http2"})
    void areRefusedOrTravelFromHttp2(String base) {
        List<Integer> told = new ArrayList<>();
        for (Header header : headers()) {
            try (FrameClient client = new FrameClient(gateway.gateway().http2Port())) {
                int status = client.call(
                                FrameClient.post(base + "/v1/chat/completions")
                                        .add("authorization", "Bearer " + GatewayUnderTest.KEY)
                                        .add(latin(header.name()), latin(header.value())),
                                BODY)
                        .status();
                assertThat(status).as(header.toString()).isIn(200, 400, FrameClient.NONE);
                told.add(status);
            }
        }
        assertThat(told).contains(200, 400);
    }

    private static AsciiString latin(String text) {
        return new AsciiString(text.getBytes(ISO_8859_1), false);
    }

    @Test
    void areRefusedOrTravelIntoASession() {
        List<Integer> told = new ArrayList<>();
        for (Header header : headers()) {
            try (RawConnection client = gateway.connect()
                    .send(("GET /http1/v1/realtime?model=m HTTP/1.1\r\nhost: x\r\nauthorization: Bearer "
                                    + GatewayUnderTest.KEY
                                    + "\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-version: 13\r\n"
                                    + "sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n" + header.name() + ": "
                                    + header.value() + "\r\n\r\n")
                            .getBytes(ISO_8859_1))) {
                int status = Integer.parseInt(client.head().substring(9, 12));
                assertThat(status).as(header.toString()).isIn(101, 400);
                told.add(status);
            }
        }
        assertThat(told).contains(101, 400);
    }
}
