package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.Balancers;
import dev.sluice.proxy.Sessions;
import dev.sluice.proxy.Transport;
import dev.sluice.simulator.Simulator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests as attackers and broken clients write them. */
class RequestFormTest {
    private static final String CHAT = "/v1/chat/completions";
    private static final String BODY = GatewayUnderTest.chat();
    private static final String LENGTH = "content-length: " + BODY.length() + "\r\n";
    private static final String CHUNKS = Integer.toHexString(BODY.length()) + "\r\n" + BODY + "\r\n0\r\n\r\n";
    private static final String KEY = "authorization: Bearer " + GatewayUnderTest.KEY + "\r\n";
    private static final String HEAD = "POST " + CHAT + " HTTP/1.1\r\nhost: x\r\n" + KEY;
    /** What an attacker would like to have served on the same connection. */
    private static final String SMUGGLED = "GET /v1/models HTTP/1.1\r\nhost: x\r\n" + KEY + "\r\n";

    @TempDir
    static Path folder;

    private static Simulator provider;
    private static GatewayUnderTest gateway;

    @BeforeAll
    static void start() {
        provider = Simulator.start();
        Transport impatient = new Transport(
                null,
                null,
                false,
                32 << 10,
                8 << 10,
                Duration.ofMillis(300),
                Duration.ofMillis(300),
                Duration.ofMillis(300),
                1000,
                20,
                10,
                Sessions.USUAL,
                Balancers.NONE);
        gateway = GatewayUnderTest.start(folder, """
                services:
                  - { name: main, address: { url: "%s/v1" } }
                modelApis:
                  - { name: main, routes: [/v1/chat/completions, /v1/models, /v1/files],
                      distribution: { strategy: single, targets: [ { service: main } ] } }
                  - { name: any, basePath: /any, useCase: others, protocol: any,
                      distribution: { strategy: single, targets: [ { service: main } ] } }
                consumers:
                  - { name: caller, modelApis: [main, any] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %s }
                """.formatted(provider.url(), GatewayUnderTest.KEY), impatient, null);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        provider.close();
    }

    static Stream<Arguments> ambiguous() {
        return Stream.of(
                Arguments.of(
                        "a version that nobody speaks", HEAD.replace("HTTP/1.1", "HTTP/0.1") + LENGTH + "\r\n" + BODY),
                Arguments.of("two lengths", HEAD + LENGTH + "content-length: 3\r\n\r\n" + BODY),
                Arguments.of("the same length twice", HEAD + LENGTH + LENGTH + "\r\n" + BODY),
                Arguments.of("a list of lengths", HEAD + "content-length: 3, 3\r\n\r\n" + BODY),
                Arguments.of("a signed length", HEAD + "content-length: +" + BODY.length() + "\r\n\r\n" + BODY),
                Arguments.of("a length that is none", HEAD + "content-length: 0x10\r\n\r\n" + BODY),
                Arguments.of("length and chunks", HEAD + LENGTH + "transfer-encoding: chunked\r\n\r\n" + CHUNKS),
                Arguments.of("chunks and length", HEAD + "transfer-encoding: chunked\r\n" + LENGTH + "\r\n" + CHUNKS),
                Arguments.of("another coding", HEAD + "transfer-encoding: identity\r\n\r\n"),
                Arguments.of("a coding before chunks", HEAD + "transfer-encoding: gzip, chunked\r\n\r\n" + CHUNKS),
                Arguments.of(
                        "chunks twice",
                        HEAD + "transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n" + CHUNKS),
                Arguments.of("a misspelt coding", HEAD + "transfer-encoding: xchunked\r\n" + LENGTH + "\r\n" + BODY),
                Arguments.of("a space before the colon", HEAD + "transfer-encoding : chunked\r\n\r\n" + CHUNKS),
                Arguments.of("a folded header", HEAD + "x-note: a\r\n b\r\n" + LENGTH + "\r\n" + BODY),
                Arguments.of("a folded coding", HEAD + "transfer-encoding:\r\n\tchunked\r\n\r\n" + CHUNKS),
                Arguments.of("bare line feeds", HEAD.replace("\r\n", "\n") + "\n"),
                Arguments.of("a bare line feed in the head", HEAD + "x-note: a\n" + LENGTH + "\r\n" + BODY),
                Arguments.of("a bare carriage return in a value", HEAD + "x-note: a\rb\r\n" + LENGTH + "\r\n" + BODY),
                Arguments.of("a NUL in a value", HEAD + "x-note: a\0b\r\n" + LENGTH + "\r\n" + BODY),
                Arguments.of("a control character in a name", HEAD + "x\u0001note: a\r\n" + LENGTH + "\r\n" + BODY),
                Arguments.of("a name that is empty", HEAD + ": a\r\n" + LENGTH + "\r\n" + BODY),
                Arguments.of("two hosts", HEAD + "host: y\r\n" + LENGTH + "\r\n" + BODY),
                Arguments.of("no host", "POST " + CHAT + " HTTP/1.1\r\n" + KEY + LENGTH + "\r\n" + BODY),
                Arguments.of("a host that is none", HEAD.replace("host: x", "host: x/y@z") + LENGTH + "\r\n" + BODY),
                Arguments.of(
                        "chunks on HTTP/1.0",
                        HEAD.replace("/1.1", "/1.0") + "transfer-encoding: chunked\r\n\r\n" + CHUNKS),
                Arguments.of("an absolute target", HEAD.replace(CHAT, "http://other" + CHAT) + LENGTH + "\r\n" + BODY),
                Arguments.of("an asterisk", "OPTIONS * HTTP/1.1\r\nhost: x\r\n\r\n"),
                Arguments.of("another version", HEAD.replace("HTTP/1.1", "HTTP/1.1.1") + LENGTH + "\r\n" + BODY));
    }

    @Test
    void whatIsRefusedForItsFormHasAnIdAndIsCounted() {
        double before = refused("ambiguous");
        try (RawConnection client = gateway.connect()) {
            RawConnection.Answer answer =
                    client.send(HEAD + "host: y\r\n" + LENGTH + "\r\n" + BODY).answer();
            assertThat(answer.head().toLowerCase(Locale.ROOT)).contains("\r\nx-request-id: req_");
        }
        assertThat(refused("ambiguous")).isEqualTo(before + 1);
        double longOnes = refused("url-too-long");
        try (RawConnection client = gateway.connect()) {
            assertThat(client.send("GET /" + "a".repeat(20_000) + " HTTP/1.1\r\nhost: x\r\n\r\n")
                            .answer()
                            .status())
                    .isEqualTo(414);
        }
        assertThat(refused("url-too-long")).isEqualTo(longOnes + 1);
    }

    private static double refused(String reason) {
        return gateway.gauge("sluice_requests_refused_total{reason=\"" + reason + "\"}");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ambiguous")
    void isRefusedAndEndsTheConnection(String what, String request) {
        int before = provider.journal().calls().size();
        try (RawConnection client = gateway.connect()) {
            client.send(request + SMUGGLED);
            RawConnection.Answer answer = client.answer();
            assertThat(answer.status()).as("%s: %s", what, answer.body()).isEqualTo(400);
            assertThat(answer.body()).contains("\"type\":\"invalid_request_error\"");
            assertThat(client.endsHere()).as("closes after %s", what).isTrue();
        }
        assertThat(provider.journal().calls()).hasSize(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"zz", "-1", "+5", "5 5", "0x5", "", "FFFFFFFFFFFFFFFFF"})
    void aBadChunkSizeEndsTheConnectionWithoutACall(String size) {
        int before = provider.journal().calls().size();
        try (RawConnection client = gateway.connect()) {
            client.send(
                    HEAD + "transfer-encoding: chunked\r\n\r\n" + size + "\r\n" + BODY + "\r\n0\r\n\r\n" + SMUGGLED);
            assertThat(client.all()).doesNotContain("HTTP/1.1 200");
        }
        assertThat(provider.journal().calls()).hasSize(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/files/../chat/completions",
                "/v1/files/..",
                "/v1/files/./x",
                "/v1/files/%2e%2e/admin",
                "/v1/files/%2E./admin",
                "/v1/files/.%2e",
                "/v1/models/..%2f..%2fadmin",
                "/v1/models/a%2F%2e%2e%2Fadmin",
                "/v1/models/a%5c..",
                "/v1/models/a%2f.%2Fb",
                "/v1/models/..%5Cadmin",
                "/v1/files/a\\b",
                "/v1/files/a%00b",
                "/v1/files/a%0d%0ab",
                "/v1/files/a%zz",
                "/v1/files/a%2",
            })
    void pathsThatOthersReadDifferentlyAreRefused(String path) {
        try (RawConnection client = gateway.connect()) {
            client.send("GET " + path + " HTTP/1.1\r\nhost: x\r\n" + KEY + "\r\n" + SMUGGLED);
            assertThat(client.answer().status()).isEqualTo(400);
            assertThat(client.endsHere()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/v1/files/a..b", "/v1/files/...", "/v1/files/.well-known", "/v1/files/a%20b", "/v1/files/a//b"})
    void pathsThatOnlyLookOddPass(String path) {
        try (RawConnection client = gateway.connect()) {
            client.send("GET " + path + " HTTP/1.1\r\nhost: x\r\n" + KEY + "\r\n");
            client.answer();
        }
        assertThat(provider.journal().last().path()).endsWith(path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/files/a%2fb",
                "/v1/files/a%2Fb",
                "/v1/files/a%5Cb",
                "/v1/files/models/a%2Fb",
                "/any/models/a%2fb",
                "/any/model/a%5Cb"
            })
    void onlyTheNameOfAModelMayHoldAnEncodedSlash(String path) {
        int before = provider.journal().calls().size();
        try (RawConnection client = gateway.connect()) {
            client.send("GET " + path + " HTTP/1.1\r\nhost: x\r\n" + KEY + "\r\n");
            RawConnection.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).contains("encoded slash");
        }
        assertThat(provider.journal().calls()).hasSize(before);
    }

    @Test
    void theNameOfAModelMayHoldAnEncodedSlash() {
        try (RawConnection client = gateway.connect()) {
            client.send("GET /v1/models/meta%2Fllama HTTP/1.1\r\nhost: x\r\n" + KEY + "\r\n");
            RawConnection.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.body()).contains("meta/llama");
        }
    }

    @Test
    void headsMayComeByteByByte() {
        try (RawConnection client = gateway.connect()) {
            for (char c : (HEAD + LENGTH + "\r\n" + BODY).toCharArray()) client.send(String.valueOf(c));
            assertThat(client.answer().status()).isEqualTo(200);
            for (char c : (HEAD + "x-note: a\r\n b\r\n").toCharArray()) client.send(String.valueOf(c));
            assertThat(client.send(LENGTH + "\r\n" + BODY).answer().status()).isEqualTo(400);
            assertThat(client.endsHere()).isTrue();
        }
    }

    @Test
    void requestsMayComeInOnePiece() {
        try (RawConnection client = gateway.connect()) {
            client.send(
                    (HEAD + "transfer-encoding: chunked\r\n\r\n" + CHUNKS).repeat(2) + HEAD + LENGTH + "\r\n" + BODY);
            for (int i = 0; i < 3; i++) assertThat(client.answer().status()).isEqualTo(200);
        }
    }

    @Test
    void longUrlsAndHeadersAreRefused() {
        try (RawConnection client = gateway.connect()) {
            client.send("GET /v1/models?" + "x".repeat(9000) + " HTTP/1.1\r\nhost: x\r\n\r\n");
            assertThat(client.answer().status()).isEqualTo(414);
            assertThat(client.endsHere()).isTrue();
        }
        try (RawConnection client = gateway.connect()) {
            client.send(HEAD + ("x-many: " + "y".repeat(1000) + "\r\n").repeat(40) + "\r\n");
            assertThat(client.answer().status()).isEqualTo(431);
            assertThat(client.endsHere()).isTrue();
        }
    }

    @Test
    void asksForTheBodyOnlyWhenTheCallIsWanted() {
        try (RawConnection client = gateway.connect()) {
            client.send(HEAD + LENGTH + "expect: 100-continue\r\n\r\n");
            assertThat(client.head()).startsWith("HTTP/1.1 100 ");
            client.send(BODY);
            assertThat(client.answer().status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource({"401, 10, nobody", "413, 99999999, sk-caller-0123456789"})
    void refusesEarlyWhoWaitsToSendABody(int status, int length, String key) {
        try (RawConnection client = gateway.connect()) {
            client.send("POST " + CHAT + " HTTP/1.1\r\nhost: x\r\nauthorization: Bearer " + key + "\r\ncontent-length: "
                    + length + "\r\nexpect: 100-continue\r\n\r\n");
            RawConnection.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.hasHeader("connection: close")).isTrue();
            assertThat(client.endsHere()).isTrue();
        }
    }

    @Test
    void otherExpectationsFail() {
        try (RawConnection client = gateway.connect()) {
            client.send(HEAD + LENGTH + "expect: tea\r\n\r\n" + BODY);
            assertThat(client.answer().status()).isEqualTo(417);
        }
    }

    @Test
    void decodesGzipAndPassesItOnPlain() throws IOException {
        Reply reply = gateway.callBytes(CHAT, gzip(BODY.getBytes(StandardCharsets.UTF_8)), "content-encoding", "gzip");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(provider.journal().last().text()).isEqualTo(BODY);
        assertThat(provider.journal().last().header("content-encoding")).isEmpty();
    }

    @Test
    void bombsAreRefused() throws IOException {
        byte[] bomb = gzip(new byte[GatewayUnderTest.MAX_BODY_BYTES * 10]);
        assertThat(bomb.length).isLessThan(20_000);
        Reply reply = gateway.callBytes(CHAT, bomb, "content-encoding", "gzip");
        assertThat(reply.status()).isEqualTo(413);
        assertThat(reply.text()).contains("--max-body-bytes");
        Reply steep = gateway.callBytes(CHAT, gzip(new byte[500_000]), "content-encoding", "gzip");
        assertThat(steep.status()).isEqualTo(413);
        assertThat(steep.text()).contains("100-fold");
    }

    @Test
    void whatIsNoGzipIsRefused() {
        Reply reply = gateway.callBytes(CHAT, BODY.getBytes(StandardCharsets.UTF_8), "content-encoding", "gzip");
        assertThat(reply.status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "deflate", "zstd", "gzip, gzip"})
    void otherCodingsAreRefused(String coding) {
        Reply reply = gateway.callBytes(CHAT, BODY.getBytes(StandardCharsets.UTF_8), "content-encoding", coding);
        assertThat(reply.status()).isEqualTo(415);
    }

    @Test
    void aHeadMustArriveInTime() {
        try (RawConnection silent = gateway.connect();
                RawConnection slow = gateway.connect().send("POST / HT")) {
            assertThat(silent.endsHere()).isTrue();
            assertThat(slow.endsHere()).isTrue();
        }
    }

    @Test
    void aConnectionWithoutCallsIsClosed() {
        try (RawConnection client = gateway.connect().post(CHAT, BODY, "")) {
            assertThat(client.answer().status()).isEqualTo(200);
            client.send("POST / HT");
            assertThat(client.endsHere()).isTrue();
        }
    }

    @Test
    void aBodyMustGoOn() {
        try (RawConnection client = gateway.connect().send(HEAD + LENGTH + "\r\n" + BODY.substring(1))) {
            RawConnection.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(408);
            assertThat(answer.body()).contains("--body-timeout-ms");
            assertThat(client.endsHere()).isTrue();
        }
    }

    @Test
    void oneAddressGetsSoManyConnectionsAndNoMore() {
        List<RawConnection> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 40; i++) clients.add(gateway.connect().post("/v1/hold", BODY, ""));
            long refused =
                    clients.stream().filter(client -> client.all().isEmpty()).count();
            // Others of this class may still hold some; those that were refused got not a byte.
            assertThat(refused).isBetween(20L, 39L);
        } finally {
            clients.forEach(RawConnection::close);
        }
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        }
        return out.toByteArray();
    }
}
