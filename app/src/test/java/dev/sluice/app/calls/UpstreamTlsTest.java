package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Upstreams behind TLS: whom the gateway trusts, what it shows of itself, and which version of HTTP is spoken. */
class UpstreamTlsTest {
    private static final String ANSWER =
            "{\"id\":\"a\",\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
                    + "\"content\":\"hi\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1}}";

    @TempDir
    Path folder;

    private final Vertx vertx = Vertx.vertx();
    /** Held, as one that nobody refers to is closed with its connections. */
    private final WebSocketClient sockets = vertx.createWebSocketClient();

    private TestCertificates.Pair server;
    private TestCertificates.Pair own;
    private TestCertificates.Pair stranger;

    @BeforeEach
    void makeCertificates() {
        server = TestCertificates.make(folder, "server", "dns:localhost,ip:127.0.0.1");
        own = TestCertificates.make(folder, "own", "dns:gateway");
        stranger = TestCertificates.make(folder, "stranger", "dns:elsewhere.example");
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void aServiceIsTrustedByItsDeclaredAuthority() {
        int port = serve(server, null);
        assertThat(call(port, "mode: one-way, caFile: " + server.certificate(), "h1"))
                .isEqualTo("200 HTTP_2");
        assertThat(call(port, "mode: one-way, http2: false, caFile: " + server.certificate(), "h2"))
                .isEqualTo("200 HTTP_1_1");
    }

    @Test
    void aCertificateOfAnUnknownAuthorityIsRefusedInPlainWords() {
        int port = serve(server, null);
        assertThat(call(port, "mode: one-way", "u")).startsWith("502").contains("tls.caFile");
    }

    @Test
    void aCertificateForAnotherNameIsRefused() {
        int port = serve(stranger, null);
        assertThat(call(port, "mode: one-way, caFile: " + stranger.certificate(), "n"))
                .startsWith("502")
                .contains("certificate is for another name");
    }

    @Test
    void withMutualTlsTheGatewayShowsItsOwnCertificate() {
        int port = serve(server, own);
        String trusted = "caFile: " + server.certificate();
        String shown = "certFile: " + own.certificate() + ", keyFile: " + own.key();
        assertThat(call(port, "mode: mutual, " + trusted + ", " + shown, "m")).isEqualTo("200 HTTP_2");
        assertThat(call(port, "mode: one-way, " + trusted, "w")).startsWith("502");
    }

    @Test
    void aRealtimeSessionIsProtectedInTheSameWay() {
        int port = serve(server, null);
        String trusted = "caFile: " + server.certificate();
        assertThat(session(port, "mode: one-way, " + trusted, "r1")).isEqualTo("echo hello");
        assertThat(session(port, "mode: one-way", "r2")).startsWith("502").contains("tls.caFile");
        assertThat(session(serve(stranger, null), "mode: one-way, caFile: " + stranger.certificate(), "r3"))
                .startsWith("502")
                .contains("certificate is for another name");
    }

    @Test
    void aRealtimeSessionShowsTheGatewaysCertificate() {
        int port = serve(server, own);
        String trusted = "caFile: " + server.certificate();
        String shown = "certFile: " + own.certificate() + ", keyFile: " + own.key();
        assertThat(session(port, "mode: mutual, " + trusted + ", " + shown, "r4"))
                .isEqualTo("echo hello");
        assertThat(session(port, "mode: one-way, " + trusted, "r5")).startsWith("502");
    }

    @Test
    void aMissingFileIsNamed() {
        int port = serve(server, null);
        assertThat(call(port, "mode: one-way, caFile: /nowhere/ca.pem", "f"))
                .startsWith("502")
                .contains("/nowhere/ca.pem");
    }

    /** A server that answers every chat, tells the version of HTTP in a header, and repeats what is said over a web socket. */
    private int serve(TestCertificates.Pair shown, TestCertificates.Pair trusted) {
        HttpServerOptions options = new HttpServerOptions()
                .setSsl(true)
                .setUseAlpn(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .addCertPath(shown.certificate().toString())
                        .addKeyPath(shown.key().toString()));
        if (trusted != null) {
            options.setClientAuth(ClientAuth.REQUIRED)
                    .setTrustOptions(new PemTrustOptions()
                            .addCertPath(trusted.certificate().toString()));
        }
        HttpServer http = vertx.createHttpServer(options)
                .webSocketHandler(socket -> socket.textMessageHandler(text -> socket.writeTextMessage("echo " + text)))
                .requestHandler(UpstreamTlsTest::answer);
        try {
            http.listen(0, "127.0.0.1")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return http.actualPort();
    }

    private static void answer(HttpServerRequest request) {
        request.body()
                .onComplete(_ -> request.response()
                        .putHeader("content-type", "application/json")
                        .putHeader("x-version", request.version().name())
                        .end(ANSWER));
    }

    /** Status and version of HTTP, or status and message. */
    private String call(int port, String tls, String name) {
        try (GatewayUnderTest gateway = start(port, tls, name)) {
            Reply reply = gateway.call("/v1/chat/completions", GatewayUnderTest.chat());
            return reply.status() == 200 ? "200 " + reply.header("x-version") : reply.status() + " " + reply.text();
        }
    }

    /** What is said back in a realtime session, or status and message. */
    private String session(int port, String tls, String name) {
        try (GatewayUnderTest gateway = start(port, tls, name)) {
            CompletableFuture<String> heard = new CompletableFuture<>();
            sockets.connect(new WebSocketConnectOptions()
                            .setHost("127.0.0.1")
                            .setPort(gateway.gateway().port())
                            .setURI("/v1/realtime?model=voice")
                            .addHeader("authorization", "Bearer " + GatewayUnderTest.KEY))
                    .onSuccess(socket -> {
                        socket.textMessageHandler(heard::complete);
                        socket.writeTextMessage("hello");
                    })
                    .onFailure(failed -> heard.complete(
                            failed instanceof UpgradeRejectedException rejected
                                    ? rejected.getStatus() + " " + rejected.getBody()
                                    : failed.toString()));
            return heard.orTimeout(20, TimeUnit.SECONDS).join();
        }
    }

    private GatewayUnderTest start(int port, String tls, String name) {
        return GatewayUnderTest.start(folder.resolve(name), """
                services:
                  - { name: s, address: { fixed: ["127.0.0.1:%d"] }, tls: { %s } }
                modelApis:
                  - name: chat
                    routes: [/v1/chat/completions, /v1/realtime]
                    distribution: { strategy: single, targets: [ { service: s } ] }
                consumers:
                  - { name: caller, modelApis: [chat] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %s }
                """.formatted(port, tls, GatewayUnderTest.KEY));
    }
}
