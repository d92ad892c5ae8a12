package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.Transport;
import dev.sluice.simulator.Rule;
import dev.sluice.simulator.Simulator;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How clients reach the gateway beside HTTP/1 in clear: TLS with certificates by domain, and HTTP/2. */
class ServerTransportTest {
    private static final int PATIENCE_MILLIS = 20_000;
    private static final String PATH = "/v1/chat/completions";
    private static final int MOST_STREAMS = 7;

    @TempDir
    Path folder;

    private final Vertx vertx = Vertx.vertx();
    /** Held, as one that nobody refers to is closed with its connections. */
    private final HttpClientAgent clear = vertx.createHttpClient(
            new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false));

    private final Simulator provider = Simulator.start();
    private Path certificates;
    private GatewayUnderTest gateway;

    @BeforeEach
    void start() throws IOException {
        certificates = Files.createDirectories(folder.resolve("certificates"));
        TestCertificates.make(certificates, "default", "dns:usual.example");
        TestCertificates.make(certificates, "chat", "dns:chat.example,dns:*.chat.example");
        Transport some = Transport.PLAIN.withPorts(0, 0);
        gateway = GatewayUnderTest.start(
                folder.resolve("gateway"),
                """
                services:
                  - { name: main, address: { url: "%s/v1" } }
                modelApis:
                  - { name: main, distribution: { strategy: single, targets: [ { service: main } ] } }
                consumers:
                  - { name: caller, modelApis: [main] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %s }
                """.formatted(provider.url(), GatewayUnderTest.KEY),
                new Transport(
                        some.tlsPort(),
                        some.http2Port(),
                        false,
                        some.maxHeaderBytes(),
                        some.maxUrlBytes(),
                        some.headTimeout(),
                        some.bodyTimeout(),
                        some.idleTimeout(),
                        some.maxConnections(),
                        0,
                        MOST_STREAMS,
                        some.sessions(),
                        some.balancers()),
                certificates);
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
        provider.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void theNameThatAClientAsksForPicksTheCertificate() throws Exception {
        assertThat(subject("chat.example")).isEqualTo("CN=chat");
        assertThat(subject("eu.chat.example")).isEqualTo("CN=chat");
        assertThat(subject("usual.example")).isEqualTo("CN=default");
        assertThat(subject("elsewhere.example")).isEqualTo("CN=default");
    }

    @Test
    void changedCertificatesAreTakenUpAndNoConnectionIsDropped() throws Exception {
        try (SSLSocket old = connect("chat.example", "http/1.1")) {
            assertThat(call(old)).startsWith("HTTP/1.1 200 ");
            Path fresh = Files.createDirectories(folder.resolve("fresh"));
            TestCertificates.Pair renewed = TestCertificates.make(fresh, "renewed", "dns:chat.example");
            Files.copy(renewed.key(), certificates.resolve("chat.key"), StandardCopyOption.REPLACE_EXISTING);
            Files.copy(renewed.certificate(), certificates.resolve("chat.crt"), StandardCopyOption.REPLACE_EXISTING);
            GatewayUnderTest.await("the new certificate is shown", () -> "CN=renewed".equals(subject("chat.example")));
            assertThat(call(old)).startsWith("HTTP/1.1 200 ");
            assertThat(subject("usual.example")).isEqualTo("CN=default");
        }
    }

    @Test
    void bothSidesAgreeOnTheVersionOfHttp() throws Exception {
        for (String protocol : List.of("h2", "http/1.1")) {
            try (SSLSocket socket = connect("chat.example", protocol)) {
                assertThat(socket.getApplicationProtocol()).isEqualTo(protocol);
            }
        }
        HttpClient secure = vertx.createHttpClient(new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setUseAlpn(true)
                .setSsl(true)
                .setTrustAll(true)
                .setVerifyHost(false));
        assertThat(call(secure, gateway.gateway().tlsPort(), false)).startsWith("HTTP_2 200 {\"id\":");
        assertThat(call(secure, gateway.gateway().tlsPort(), true))
                .startsWith("HTTP_2 200 data: ")
                .endsWith("data: [DONE]\n\n");
    }

    @Test
    void http2InClearIsSpokenByPriorKnowledgeOnAPortOfItsOwn() {
        assertThat(call(clear, gateway.gateway().http2Port(), false)).startsWith("HTTP_2 200 {\"id\":");
        assertThat(call(clear, gateway.gateway().http2Port(), true))
                .startsWith("HTTP_2 200 data: ")
                .endsWith("data: [DONE]\n\n");
        try (RawConnection old =
                RawConnection.open(gateway.gateway().http2Port()).post(PATH, GatewayUnderTest.chat(), "")) {
            RawConnection.Answer answer = old.answer();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).contains("--http2-port");
        }
    }

    @Test
    void aConnectionHasSoManyStreamsAndNoMore() {
        HttpClientConnection connection = await(clear.connect(new HttpConnectOptions()
                .setHost("127.0.0.1")
                .setPort(gateway.gateway().http2Port())));
        assertThat(call(connection)).isEqualTo(200);
        assertThat(connection.remoteSettings().getMaxConcurrentStreams()).isEqualTo(MOST_STREAMS);
    }

    @Test
    void aGatewayThatStopsSendsHttp2ClientsAwayAndEndsTheirCalls() {
        provider.rules().add(Rule.always("tokens=20;tps=20").forModel("slow"));
        HttpClientConnection connection = await(clear.connect(new HttpConnectOptions()
                .setHost("127.0.0.1")
                .setPort(gateway.gateway().http2Port())));
        var away = new java.util.concurrent.CompletableFuture<Void>();
        connection.shutdownHandler(_ -> away.complete(null));
        connection.goAwayHandler(_ -> away.complete(null));
        Future<String> stream = connection
                .request(new RequestOptions()
                        .setMethod(HttpMethod.POST)
                        .setURI(PATH)
                        .putHeader("authorization", "Bearer " + GatewayUnderTest.KEY)
                        .putHeader("content-type", "application/json"))
                .compose(request -> request.send(GatewayUnderTest.chat("slow", true)))
                .compose(answer -> answer.body().map(body -> answer.statusCode() + " " + body));
        GatewayUnderTest.await("the call is under way", () -> gateway.gateway().callsInFlight() == 1);
        gateway.gateway().close();
        assertThat(away).succeedsWithin(10, TimeUnit.SECONDS);
        assertThat(await(stream)).startsWith("200 data: ").endsWith("data: [DONE]\n\n");
    }

    /** Version, status and body. */
    private static String call(HttpClient client, int port, boolean stream) {
        return await(client.request(new RequestOptions()
                        .setHost("127.0.0.1")
                        .setPort(port)
                        .setMethod(HttpMethod.POST)
                        .setURI(PATH)
                        .putHeader("authorization", "Bearer " + GatewayUnderTest.KEY)
                        .putHeader("content-type", "application/json"))
                .compose(request -> request.send(GatewayUnderTest.chat("gpt-4o", stream)))
                .compose(answer ->
                        answer.body().map(body -> answer.version() + " " + answer.statusCode() + " " + body)));
    }

    private static int call(HttpClientConnection connection) {
        return await(connection
                .request(new RequestOptions()
                        .setMethod(HttpMethod.POST)
                        .setURI(PATH)
                        .putHeader("authorization", "Bearer " + GatewayUnderTest.KEY)
                        .putHeader("content-type", "application/json"))
                .compose(request -> request.send(GatewayUnderTest.chat()))
                .map(answer -> answer.statusCode()));
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
                .join();
    }

    /** Whose certificate is shown to a client that asks for this name. */
    private String subject(String name) {
        try (SSLSocket socket = connect(name, "http/1.1")) {
            X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return shown.getSubjectX500Principal().getName();
        } catch (IOException | GeneralSecurityException e) {
            // Between two files the old pair is shown, or the new one is not trusted yet.
            return e.toString();
        }
    }

    /** Trusts what lies in the folder of certificates now. */
    private SSLSocket connect(String name, String protocol) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        for (String file : List.of("default", "chat")) {
            byte[] pem = Files.readAllBytes(certificates.resolve(file + ".crt"));
            trusted.setCertificateEntry(
                    file,
                    CertificateFactory.getInstance("X.509").generateCertificate(new java.io.ByteArrayInputStream(pem)));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket("127.0.0.1", gateway.gateway().tlsPort());
        socket.setSoTimeout(PATIENCE_MILLIS);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(name)));
        parameters.setApplicationProtocols(new String[] {protocol});
        socket.setSSLParameters(parameters);
        try {
            socket.startHandshake();
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        return socket;
    }

    /** One call on a connection that stays open. */
    private static String call(SSLSocket socket) throws IOException {
        String body = GatewayUnderTest.chat();
        socket.getOutputStream()
                .write(("POST " + PATH
                                + " HTTP/1.1\r\nhost: chat.example\r\ncontent-type: application/json\r\ncontent-length: "
                                + body.length() + "\r\nauthorization: Bearer " + GatewayUnderTest.KEY + "\r\n\r\n"
                                + body)
                        .getBytes(StandardCharsets.UTF_8));
        StringBuilder answer = new StringBuilder();
        int length = -1;
        while (length < 0 || answer.length() < length) {
            int b = socket.getInputStream().read();
            if (b < 0) throw new AssertionError("the connection ended: " + answer);
            answer.append((char) b);
            int head = answer.indexOf("\r\n\r\n");
            if (length >= 0 || head < 0) continue;
            int from = answer.indexOf("content-length: ") + 16;
            length = head + 4 + Integer.parseInt(answer.substring(from, answer.indexOf("\r\n", from)));
        }
        return answer.toString();
    }
}
