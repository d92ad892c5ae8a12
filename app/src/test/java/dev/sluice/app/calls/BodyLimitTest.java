package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.Simulator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How long bodies may be that a Model API takes, beside what holds for the process. */
class BodyLimitTest {
    private static final String CHAT = "/v1/chat/completions";
    private static final String FORM = "content-type: multipart/form-data; boundary=cut\r\n";
    private static final String FORM_BEGINS =
            "--cut\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nassistants\r\n"
                    + "--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\n";

    @TempDir
    static Path folder;

    private static Simulator provider;
    private static GatewayUnderTest gateway;

    @BeforeAll
    static void start() {
        provider = Simulator.start();
        gateway = GatewayUnderTest.start(folder, """
                services:
                  - { name: main, address: { url: "%s/v1" } }
                modelApis:
                  - name: small
                    basePath: /small
                    maxBodyBytes: 200
                    authentication: { mode: none }
                    distribution: { strategy: single, targets: [ { service: main } ] }
                  - name: generous
                    basePath: /generous
                    maxBodyBytes: 2000000000
                    authentication: { mode: none }
                    distribution: { strategy: single, targets: [ { service: main } ] }
                  - name: files
                    basePath: /files
                    routes: [/v1/files, /v1/any]
                    maxUploadBytes: 200000
                    authentication: { mode: none }
                    distribution: { strategy: single, targets: [ { service: main } ] }
                """.formatted(provider.url()));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        provider.close();
    }

    @AfterEach
    void forget() {
        provider.journal().clear();
    }

    private static String chat(int length) {
        String body = GatewayUnderTest.chat();
        return body + " ".repeat(length - body.length());
    }

    @Test
    void aBodyOfTheAllowedLengthPassesAndOneByteMoreDoesNot() {
        assertThat(gateway.call("/small" + CHAT, chat(200)).status()).isEqualTo(200);
        Reply refused = gateway.call("/small" + CHAT, chat(201));
        assertThat(refused.status()).isEqualTo(413);
        assertThat(refused.error().getString("code")).isEqualTo("request_too_large");
        assertThat(refused.error().getString("message"))
                .isEqualTo(
                        "the request body has 201 bytes (allowed: 200; setting: maxBodyBytes of Model API \"small\")");
        assertThat(provider.journal().size()).isEqualTo(1);
    }

    @Test
    void aBodyThatIsAnnouncedTooLongIsRefusedBeforeItComes() {
        try (RawConnection client = gateway.connect()
                .send("POST /small" + CHAT
                        + " HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 201\r\n\r\n")) {
            assertThat(client.answer().status()).isEqualTo(413);
            assertThat(client.endsHere()).isTrue();
        }
    }

    @Test
    void aBodyOfUnknownLengthIsRefusedWhereItIsTooLong() {
        try (RawConnection client = gateway.connect()
                .send("POST /small" + CHAT + " HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n" + "c9\r\n"
                        + chat(201) + "\r\n")) {
            RawConnection.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.body()).contains("maxBodyBytes of Model API");
        }
    }

    @Test
    void aBodyIsAsLongAsItIsWhenDecoded() throws IOException {
        ByteArrayOutputStream coded = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(coded)) {
            out.write(chat(201).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        Reply refused = gateway.callBytes("/small" + CHAT, coded.toByteArray(), "content-encoding", "gzip");
        assertThat(refused.status()).isEqualTo(413);
        assertThat(refused.error().getString("message"))
                .isEqualTo("the request body is longer than 200 bytes when decoded (setting: maxBodyBytes of Model API"
                        + " \"small\")");
    }

    @Test
    void aModelApiAllowsNoMoreThanTheProcess() {
        assertThat(gateway.call("/generous" + CHAT, chat(GatewayUnderTest.MAX_BODY_BYTES))
                        .status())
                .isEqualTo(200);
        Reply refused = gateway.call("/generous" + CHAT, chat(GatewayUnderTest.MAX_BODY_BYTES + 1));
        assertThat(refused.status()).isEqualTo(413);
        assertThat(refused.error().getString("message"))
                .isEqualTo("the request body has 1048577 bytes (allowed: 1048576; setting: --max-body-bytes)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/files/v1/files", "/files/v1/any"})
    void anUploadThatIsAnnouncedTooLongIsRefusedBeforeItComes(String path) {
        try (RawConnection client = gateway.connect()
                .send("POST " + path + " HTTP/1.1\r\nhost: x\r\n" + FORM + "content-length: 200001\r\n\r\n")) {
            RawConnection.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.body())
                    .contains("the request body has 200001 bytes (allowed: 200000; setting: maxUploadBytes of Model API"
                            + " \\\"files\\\")");
        }
        assertThat(provider.journal().size()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"/files/v1/files, 100000, 200", "/files/v1/files, 250000, 413", "/files/v1/any, 250000, 413"})
    void anUploadOfUnknownLengthIsBrokenOffWhereItIsTooLong(String path, int length, int status) {
        String body = FORM_BEGINS + "x".repeat(length) + "\r\n--cut--\r\n";
        try (RawConnection client = gateway.connect()
                .send("POST " + path + " HTTP/1.1\r\nhost: x\r\n" + FORM + "transfer-encoding: chunked\r\n\r\n"
                        + Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n")) {
            assertThat(client.answer().status()).isEqualTo(status);
        }
    }
}
