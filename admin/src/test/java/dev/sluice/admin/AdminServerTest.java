package dev.sluice.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AdminServerTest {
    @RegisterExtension
    final AdminFixture gateway = new AdminFixture();

    @Test
    void answersHealthWithoutAToken() {
        Reply reply = gateway.client().withToken("").get("/healthz");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).isEqualTo("{\"status\":\"ok\"}");
    }

    @Test
    void tellsWhyItIsNotReady() {
        assertThat(gateway.client().withToken("").get("/readyz").status()).isEqualTo(200);
        gateway.notReady = List.of("the store was never reached");
        Reply reply = gateway.client().withToken("").get("/readyz");
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.at("reasons")).isEqualTo(List.of("the store was never reached"));
    }

    @Test
    void tellsConcernsWhileItIsReady() {
        gateway.concerns = List.of("secret env:OPENAI_API_KEY is not set");
        Reply reply = gateway.client().withToken("").get("/readyz");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.at("reasons")).isEqualTo(List.of("secret env:OPENAI_API_KEY is not set"));
    }

    @Test
    void showsMetricsAndAPageWithoutAToken() {
        assertThat(gateway.client().withToken("").get("/metrics").body()).contains("sluice_up 1");
        assertThat(gateway.client().withToken("").get("/").body()).contains("console is not part of this build");
    }

    @Test
    void answersHeadWithoutABody() {
        Reply reply = gateway.client().send("HEAD", "/healthz", "", "");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("content-length")).isEqualTo("15");
    }

    @Test
    void servesTheWholeContract() {
        Reply reply = gateway.client().withToken("").get("/admin/v1/openapi.yaml");
        assertThat(reply.status()).isEqualTo(200);
        Map<?, ?> paths = (Map<?, ?>) reply.at("paths");
        assertThat(paths.keySet().stream().map(String::valueOf))
                .contains("/admin/v1/services", "/admin/v1/modelApis/{id}/dependencies", "/admin/v1/usage");
        assertThat(reply.body()).doesNotContain("<", "x-every-kind", "x-filters");
        assertThat(reply.text("components.schemas.ServiceItem.required")).contains("version");
    }

    @Test
    void everyReferenceOfTheContractLeadsSomewhere() {
        assertThat(references(AdminFixture.CONTRACT.document()))
                .isNotEmpty()
                .allSatisfy(
                        ref -> assertThat(SchemaCheck.resolve(AdminFixture.CONTRACT.document(), Map.of("$ref", ref)))
                                .isNotNull());
    }

    private static List<String> references(Object node) {
        return switch (node) {
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .flatMap(e -> "$ref".equals(e.getKey())
                                ? java.util.stream.Stream.of((String) e.getValue())
                                : references(e.getValue()).stream())
                        .toList();
            case List<?> list ->
                list.stream().flatMap(i -> references(i).stream()).toList();
            default -> List.of();
        };
    }

    @Test
    void refusesTheApiWithoutAToken() {
        Reply reply = gateway.client().withToken("").get("/admin/v1/services");
        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.header("www-authenticate")).startsWith("Bearer");
        assertThat(reply.header("cache-control")).isEqualTo("no-store");
        assertThat(reply.text("error.code")).isEqualTo("unauthenticated");
        assertThat(gateway.client().withToken("").get("/admin/v1/nothing").status())
                .isEqualTo(401);
    }

    @Test
    void auditsAWrongToken() throws InterruptedException {
        Reply reply = gateway.client().withToken("guess").get("/admin/v1/services");
        assertThat(reply.status()).isEqualTo(401);
        assertThat(gateway.audit.noted.poll(10, TimeUnit.SECONDS))
                .isEqualTo("denied 127.0.0.1 wrong admin token for GET /admin/v1/services")
                .doesNotContain("guess");
    }

    @Test
    void turnsAnAddressAwayAfterTooManyWrongTokensUntilThePauseIsOver() {
        for (int i = 0; i < SignIn.MAX_FAILURES; i++)
            assertThat(gateway.client()
                            .withToken("guess" + i)
                            .get("/admin/v1/services")
                            .status())
                    .isEqualTo(401);
        Reply reply = gateway.client().get("/admin/v1/services");
        assertThat(reply.status()).isEqualTo(429);
        assertThat(reply.header("retry-after")).isEqualTo("60");
        assertThat(gateway.client().get("/healthz").status()).isEqualTo(200);
        gateway.clock.advance(Duration.ofSeconds(60));
        assertThat(gateway.client().get("/admin/v1/services").status()).isEqualTo(200);
    }

    @Test
    void namesAnUnknownPath() {
        Reply reply = gateway.client().get("/admin/v1/gateways");
        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.text("error.message")).contains("/admin/v1/gateways");
        assertThat(gateway.client().withToken("").get("/favicon.ico").status()).isEqualTo(404);
    }

    @Test
    void namesTheMethodsOfAPath() {
        Reply reply = gateway.client().delete("/admin/v1/services");
        assertThat(reply.status()).isEqualTo(405);
        assertThat(reply.header("allow")).isEqualTo("GET, POST");
    }

    @Test
    void listsEveryWrongQueryParameter() {
        Reply reply = gateway.client().get("/admin/v1/services?limit=0&limt=3&enabled=yes&offset=a");
        assertThat(reply.status()).isEqualTo(400);
        assertThat((List<?>) reply.at("error.problems")).hasSize(4);
        assertThat(reply.body()).contains("unknown query parameter \\\"limt\\\"", "from 1 to 1000", "true or false");
    }

    @Test
    void refusesAQueryThatIsNotEncoded() {
        assertThat(raw("GET /admin/v1/services?q=%zz HTTP/1.1\r\n", "")).startsWith("HTTP/1.1 400");
    }

    @Test
    void asksForABodyAndForAKnownMediaType() {
        assertThat(gateway.client().send("POST", "/admin/v1/services", "", "").status())
                .isEqualTo(400);
        Reply reply = gateway.client().send("POST", "/admin/v1/services", "<a/>", "application/xml");
        assertThat(reply.status()).isEqualTo(415);
        assertThat(reply.text("error.message")).contains("application/xml", "application/json");
    }

    @Test
    void refusesABodyThatIsNoDocument() {
        Reply reply = gateway.client().post("/admin/v1/services", "{\"name\": ");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.at("error.problems.0.line")).isEqualTo(1);
        assertThat(gateway.client().post("/admin/v1/services", "[1]").status()).isEqualTo(400);
        assertThat(gateway.client()
                        .post("/admin/v1/services", "[".repeat(50_000))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void letsACallerWaitForContinue() {
        String head = "Expect: 100-continue\r\nContent-Length: 2\r\nContent-Type: application/json\r\n";
        assertThat(raw("POST /admin/v1/services HTTP/1.1\r\n", head)).startsWith("HTTP/1.1 100");
    }

    @Test
    void saysThatTheStoreIsAwayAndNotThatTheTokenIsWrong() {
        gateway.settings.fail(new AdminFixture.Away());
        Reply reply = gateway.client().get("/admin/v1/services");
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.text("error.code")).isEqualTo("store_unavailable");
        assertThat(reply.body()).doesNotContain("secret-host");
    }

    @Test
    void keepsTheCauseOfABugToItself() {
        gateway.metricsFailure = new IllegalStateException("internal detail");
        Reply reply = gateway.client().send("GET", "/metrics", "", "", "x-request-id", "call-1");
        assertThat(reply.status()).isEqualTo(500);
        assertThat(reply.body()).contains("call-1").doesNotContain("internal detail");
        assertThat(reply.header("x-request-id")).isEqualTo("call-1");
    }

    @Test
    void doesNotRepeatARequestIdThatIsNone() {
        Reply reply = gateway.client().send("GET", "/healthz", "", "", "x-request-id", "<script>");
        assertThat(reply.header("x-request-id")).isNotEqualTo("<script>").hasSize(36);
    }

    @Test
    void refusesWhatIsNotHttpWithARequestIdAllTheSame() {
        assertThat(raw("GET /" + "a".repeat(20_000) + " HTTP/1.1\r\n", "")).contains(" 414 ", "x-request-id");
        assertThat(raw("GET /healthz HTTP/1.1\r\n", "x-long: " + "a".repeat(40_000) + "\r\n"))
                .contains(" 431 ");
        assertThat(raw("nonsense\r\n", "")).contains(" 400 ");
    }

    @Test
    void answersNobodyOnceClosed() throws Exception {
        String mark = "told by this server alone";
        gateway.concerns = List.of(mark);
        assertThat(raw("GET /readyz HTTP/1.1\r\n", "")).contains(mark);
        gateway.server()
                .close(Duration.ofSeconds(1))
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        assertThat(whoeverListensNow()).doesNotContain(mark);
    }

    /** Another process may have taken the port since. */
    private String whoeverListensNow() {
        try {
            return raw("GET /readyz HTTP/1.1\r\n", "");
        } catch (UncheckedIOException nobody) {
            return "";
        }
    }

    private String raw(String requestLine, String headers) {
        return RawHttp.send(gateway.port(), requestLine, headers, "");
    }
}
