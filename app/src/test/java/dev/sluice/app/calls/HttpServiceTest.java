package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.ReceivedCall;
import dev.sluice.simulator.Rule;
import dev.sluice.simulator.Simulator;
import dev.sluice.traffic.usage.Outcome;
import dev.sluice.traffic.usage.UsageRecord;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Services of which nothing is known but where they are. */
class HttpServiceTest {
    @TempDir
    static Path folder;

    private static final Vertx VERTX = Vertx.vertx();
    private static final HttpServer WORDY =
            VERTX.createHttpServer().requestHandler(HttpServiceTest::answerWhatIsAskedFor);

    private static Simulator backend;
    private static Simulator twin;
    private static GatewayUnderTest gateway;

    @BeforeAll
    static void start() {
        backend = Simulator.start();
        twin = Simulator.start();
        WORDY.listen(0, "127.0.0.1").await();
        gateway = GatewayUnderTest.start(folder, """
                providerKeys:
                  - { name: own, provider: http, secret: backend-key-0123456789 }
                  - { name: bad, provider: http, secret: bad-key-0123456789 }
                services:
                  - { name: plain, kind: http, address: { url: "%1$s" } }
                  - { name: deep, kind: http, address: { url: "%1$s/v1/models" }, keys: [own] }
                  - { name: wordy, kind: http, address: { url: "http://127.0.0.1:%3$d" } }
                  - { name: guarded, kind: http, address: { url: "http://127.0.0.1:%3$d" }, keys: [bad] }
                  - { name: pair, kind: http, address: { fixed: ["127.0.0.1:%4$d", "127.0.0.1:%5$d"] } }
                modelApis:
                  - { name: plain, basePath: /plain, useCase: others, protocol: any,
                      distribution: { strategy: single, targets: [ { service: plain } ] } }
                  - { name: deep, basePath: /deep, useCase: others, protocol: any,
                      distribution: { strategy: single, targets: [ { service: deep } ] } }
                  - { name: wordy, basePath: /wordy, useCase: others, protocol: any,
                      distribution: { strategy: single, targets: [ { service: wordy } ] } }
                  - { name: guarded, basePath: /guarded, useCase: others, protocol: any,
                      distribution: { strategy: single, targets: [ { service: guarded } ] } }
                  - { name: pair, basePath: /pair, useCase: others, protocol: any,
                      distribution: { strategy: single, targets: [ { service: pair } ] } }
                consumers:
                  - { name: caller, modelApis: [plain, deep, wordy, guarded, pair] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %2$s }
                """.formatted(
                        backend.url(), GatewayUnderTest.KEY, WORDY.actualPort(), backend.port(), twin.port()));
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        backend.close();
        twin.close();
        VERTX.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void getWhatIsSentAndAnswerAsTheyLike() {
        Reply reply = gateway.call("/plain/v1/chat/completions?x=1", GatewayUnderTest.chat());
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        ReceivedCall call = backend.journal().last();
        assertThat(call.path()).isEqualTo("/v1/chat/completions");
        assertThat(call.text()).isEqualTo(GatewayUnderTest.chat());
        assertThat(call.header("authorization")).isEmpty();
    }

    @Test
    void keepTheirPathAndGetTheirOwnKey() {
        Reply reply = gateway.get("/deep/gpt-4o", "authorization", "Bearer " + GatewayUnderTest.KEY);
        assertThat(reply.header("x-sluice-service")).isEqualTo("deep");
        ReceivedCall call = backend.journal().last();
        assertThat(call.path()).isEqualTo("/v1/models/gpt-4o");
        assertThat(call.header("authorization")).contains("Bearer backend-key-0123456789");
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 204, 301, 302, 304, 400, 401, 403, 404, 405, 409, 410, 412, 418, 422, 429, 500, 503})
    void sayWhatTheyLikeToTheClient(int status) {
        Reply reply = gateway.get("/wordy/" + status, "authorization", "Bearer " + GatewayUnderTest.KEY);
        assertThat(reply.status()).isEqualTo(status);
        boolean bare = status == 204 || status == 304;
        assertThat(reply.text()).isEqualTo(bare ? "" : "status " + status);
        if (status >= 500) return;
        assertThat(reply.header("location")).isEqualTo("/elsewhere");
        assertThat(reply.header("retry-after")).isEqualTo("7");
        assertThat(reply.header("cache-control")).isEqualTo("max-age=60");
        assertThat(reply.header("www-authenticate")).isEqualTo("Basic");
        UsageRecord record = gateway.record(reply.id());
        assertThat(record.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(record.status()).isEqualTo(status);
    }

    @Test
    void areNotTakenForIllBecauseOfWhatClientsAskFor() {
        for (int i = 0; i < 30; i++) {
            assertThat(gateway.get("/wordy/404", "authorization", "Bearer " + GatewayUnderTest.KEY)
                            .status())
                    .isEqualTo(404);
        }
        assertThat(gateway.adminGet("/admin/v1/services/wordy")
                        .getJsonObject("runtime")
                        .getJsonArray("nodes")
                        .getJsonObject(0)
                        .getString("state"))
                .isEqualTo("active");
    }

    @Test
    void speakToTheGatewayWhereItsOwnKeyIsMeant() {
        Reply reply = gateway.get("/guarded/401", "authorization", "Bearer " + GatewayUnderTest.KEY);
        assertThat(reply.status()).isEqualTo(502);
        assertThat(reply.error().getString("code")).isEqualTo("upstream_auth");
    }

    /** Whatever it is, it may have been done. What is asked again may be asked of both nodes, and once more where a connection was old. */
    @ParameterizedTest
    @CsvSource({"POST, '', false", "PATCH, '', false", "POST, k-1, true", "PUT, '', true", "GET, '', true"})
    void areAskedAgainOnlyForWhatMayBeDoneTwice(String method, String idempotencyKey, boolean again) {
        backend.rules().add(Rule.always("close"));
        twin.rules().add(Rule.always("close"));
        long before = backend.journal().size() + twin.journal().size();
        try (RawConnection client = gateway.connect()) {
            client.send(method + " /pair/v1/runs HTTP/1.1\r\nhost: x\r\nauthorization: Bearer " + GatewayUnderTest.KEY
                    + "\r\n" + (idempotencyKey.isEmpty() ? "" : "idempotency-key: " + idempotencyKey + "\r\n")
                    + "content-length: 2\r\n\r\n{}");
            assertThat(client.answer().status()).isEqualTo(502);
        } finally {
            backend.rules().clear();
            twin.rules().clear();
        }
        long calls = backend.journal().size() + twin.journal().size() - before;
        assertThat(calls > 1).as("%s calls", calls).isEqualTo(again);
        assertThat(calls).isPositive();
    }

    private static void answerWhatIsAskedFor(HttpServerRequest request) {
        int status = Integer.parseInt(request.path().substring(1));
        HttpServerResponse response = request.response()
                .setStatusCode(status)
                .putHeader("location", "/elsewhere")
                .putHeader("retry-after", "7")
                .putHeader("cache-control", "max-age=60")
                .putHeader("www-authenticate", "Basic");
        if (status == 204 || status == 304) response.end();
        else response.end("status " + status);
    }

    @Test
    void areNotOfferedWhereCallsAreRead() {
        Reply reply = gateway.admin("POST", "/admin/v1/modelApis", "application/json", """
                {"name": "chat", "basePath": "/chat",
                  "distribution": {"strategy": "single", "targets": [{"service": "plain"}]}}
                """);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.text())
                .contains(
                        "distribution.targets[0].service",
                        "service \\\"plain\\\" is an HTTP service (expected: a service of models or agents, or useCase: others"
                                + " and protocol: any)");
    }
}
