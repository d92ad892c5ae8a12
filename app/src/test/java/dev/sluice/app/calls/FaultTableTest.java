package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.ReceivedCall;
import dev.sluice.simulator.Rule;
import dev.sluice.simulator.Simulator;
import dev.sluice.traffic.usage.Outcome;
import dev.sluice.traffic.usage.Provenance;
import dev.sluice.traffic.usage.UsageRecord;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every fault of a provider comes to: for the client, for the next fallback step, and on the bill. */
class FaultTableTest {
    /**
     * One line per fault, each tried as a whole answer, as a stream or as both, without a fallback step and with one.
     *
     * <ul>
     *   <li>answer: {@code as sent}: byte for byte what the provider would have sent the client itself; {@code SOURCE CODE}: an error
     *       answer; {@code N + CODE}: the first N events of the undisturbed stream, then an error event and no [DONE]
     *   <li>failure: how the usage record names it
     *   <li>billed: provenance, input + output tokens
     *   <li>fallback: {@code backup}: the next step answers and the client sees nothing of the fault; {@code stays}: the same with and
     *       without a step
     * </ul>
     */
    private static final String TABLE = """
            fault                                   | how    | status | answer                                   | failure                  | billed            | fallback
            plain                                   | both   | 200    | as sent                                  |                          | reported 4+5      | stays
            status=400                              | both   | 400    | as sent                                  | upstream-refused         | none              | stays
            status=401                              | both   | 502    | upstream upstream_auth                   | provider-auth            | none              | backup
            status=403                              | both   | 502    | upstream upstream_auth                   | provider-auth            | none              | backup
            status=404                              | both   | 404    | as sent                                  | upstream-model-not-found | none              | stays
            status=404;code=model_not_found         | both   | 404    | as sent                                  | upstream-model-not-found | none              | stays
            status=408                              | both   | 504    | upstream upstream_timeout                | timeout                  | none              | backup
            status=413                              | both   | 413    | as sent                                  | upstream-refused         | none              | stays
            status=422                              | both   | 422    | as sent                                  | upstream-refused         | none              | stays
            status=429;retry-after=2                | both   | 429    | upstream upstream_failed, retry-after 2  | provider-rate-limited    | none              | backup
            status=429;code=insufficient_quota      | both   | 429    | upstream upstream_failed                 | provider-quota           | none              | backup
            status=400;code=context_length_exceeded | both   | 400    | as sent                                  | context-too-long         | none              | stays
            status=400;code=content_filter          | both   | 400    | as sent                                  | content-filtered         | none              | stays
            status=400;code=invalid_api_key         | both   | 502    | upstream upstream_auth                   | provider-auth            | none              | backup
            status=500                              | both   | 502    | upstream upstream_failed                 | upstream-error           | none              | backup
            status=502;body=Bad gateway             | both   | 502    | upstream upstream_failed                 | upstream-error           | none              | backup
            status=503                              | both   | 502    | upstream upstream_failed                 | upstream-overloaded      | none              | backup
            status=503;retry-after=7                | both   | 502    | upstream upstream_failed                 | upstream-overloaded      | none              | backup
            status=529                              | both   | 503    | upstream upstream_failed                 | upstream-overloaded      | none              | backup
            status=302                              | both   | 502    | upstream upstream_failed                 | upstream-error           | none              | backup
            latency=5s                              | whole  | 504    | gateway upstream_timeout                 | timeout                  | none              | backup
            latency=5s                              | stream | 504    | gateway first_packet_timeout             | first-packet-timeout     | none              | backup
            hang                                    | whole  | 504    | gateway upstream_timeout                 | timeout                  | none              | backup
            hang                                    | stream | 504    | gateway first_packet_timeout             | first-packet-timeout     | none              | backup
            ttft=5s                                 | whole  | 504    | gateway upstream_timeout                 | timeout                  | none              | backup
            ttft=5s                                 | stream | 504    | gateway first_packet_timeout             | first-packet-timeout     | none              | backup
            silence                                 | whole  | 504    | gateway upstream_timeout                 | timeout                  | none              | backup
            silence                                 | stream | 504    | gateway first_packet_timeout             | first-packet-timeout     | none              | backup
            silence=3                               | stream | 200    | 3 + upstream_timeout                     | timeout                  | estimated 14+3    | stays
            connection refused                      | both   | 502    | gateway upstream_failed                  | connect                  | none              | backup
            reset                                   | both   | 502    | gateway upstream_failed                  | connect                  | none              | backup
            close                                   | both   | 502    | gateway upstream_failed                  | connect                  | none              | backup
            cut=0.5                                 | both   | 502    | gateway upstream_failed                  | upstream-cut             | none              | backup
            cut=0.5;end=reset                       | both   | 502    | gateway upstream_failed                  | upstream-cut             | none              | backup
            cut=0.5;end=clean                       | both   | 502    | upstream upstream_failed                 | upstream-malformed       | none              | backup
            cut=0;end=close                         | both   | 502    | gateway upstream_failed                  | upstream-cut             | none              | backup
            cut=1                                   | stream | 502    | gateway upstream_failed                  | upstream-cut             | none              | backup
            cut=1;end=clean                         | stream | 502    | upstream upstream_failed                 | upstream-malformed       | none              | backup
            cut=3                                   | stream | 200    | 3 + upstream_failed                      | upstream-cut             | estimated 14+3    | stays
            cut=3;end=reset                         | stream | 200    | 3 + upstream_failed                      | upstream-cut             | estimated 14+3    | stays
            cut=3;end=clean                         | stream | 200    | 3 + upstream_failed                      | upstream-cut             | estimated 14+3    | stays
            cut=3.5                                 | stream | 200    | 3 + upstream_failed                      | upstream-cut             | estimated 14+3    | stays
            cut=3.5;end=clean                       | stream | 200    | 3 + upstream_failed                      | upstream-malformed       | estimated 14+3    | stays
            error                                   | both   | 502    | upstream upstream_failed                 | upstream-error           | none              | backup
            error;code=rate_limit_exceeded          | both   | 429    | upstream upstream_failed                 | provider-rate-limited    | none              | backup
            error;code=invalid_api_key              | both   | 502    | upstream upstream_auth                   | provider-auth            | none              | backup
            error=1                                 | stream | 502    | upstream upstream_failed                 | upstream-error           | none              | backup
            error=3                                 | stream | 200    | as sent                                  | upstream-error           | estimated 14+3    | stays
            error=3;code=rate_limit_exceeded        | stream | 200    | as sent                                  | provider-rate-limited    | estimated 14+3    | stays
            malformed                               | both   | 502    | upstream upstream_failed                 | upstream-malformed       | none              | backup
            malformed=1                             | stream | 502    | upstream upstream_failed                 | upstream-malformed       | none              | backup
            malformed=4                             | stream | 200    | 3 + upstream_failed                      | upstream-malformed       | estimated 14+4    | stays
            empty                                   | both   | 502    | upstream upstream_failed                 | upstream-malformed       | none              | backup
            empty=done                              | stream | 502    | upstream upstream_failed                 | upstream-malformed       | none              | backup
            no-done                                 | stream | 200    | as sent                                  |                          | reported 4+5      | stays
            comments=3                              | both   | 200    | as sent                                  |                          | reported 4+5      | stays
            whitespace=10                           | both   | 200    | as sent                                  |                          | reported 4+5      | stays
            bom                                     | both   | 200    | as sent                                  |                          | reported 4+5      | stays
            line-end=crlf                           | stream | 200    | as sent                                  |                          | reported 4+5      | stays
            line-end=cr                             | stream | 200    | as sent                                  |                          | reported 4+5      | stays
            drip=1;drip-delay=0                     | both   | 200    | as sent                                  |                          | reported 4+5      | stays
            drip=7;drip-delay=0                     | both   | 200    | as sent                                  |                          | reported 4+5      | stays
            huge=200000                             | both   | 200    | as sent                                  |                          | reported 4+12505  | stays
            huge=5000000                            | whole  | 200    | as sent                                  |                          | reported 4+312505 | stays
            huge=5000000                            | stream | 502    | gateway upstream_failed                  | upstream-malformed       | none              | backup
            usage=none                              | both   | 200    | as sent                                  |                          | estimated 14+6    | stays
            usage=every                             | stream | 200    | as sent                                  |                          | reported 4+5      | stays
            body=not json                           | both   | 502    | upstream upstream_failed                 | upstream-malformed       | none              | backup
            body=<h1>hi</h1>;content-type=text/html | both   | 502    | upstream upstream_failed                 | upstream-malformed       | none              | backup
            finish=length                           | both   | 200    | as sent                                  |                          | reported 4+5      | stays
            finish=content_filter                   | both   | 200    | as sent                                  |                          | reported 4+5      | stays
            tool-calls=2                            | both   | 200    | as sent                                  |                          | reported 4+5      | stays
            cached=100                              | both   | 200    | as sent                                  |                          | reported 100+5    | stays
            reasoning=50                            | both   | 200    | as sent                                  |                          | reported 4+55     | stays
            comments=50;keep-alive-delay=100        | stream | 504    | gateway first_packet_timeout             | first-packet-timeout     | none              | backup
            tps=200;tokens=10;jitter=5;seed=7       | both   | 200    | as sent                                  |                          | reported 4+10     | stays
            drip=20;drip-delay=1                    | both   | 200    | as sent                                  |                          | reported 4+5      | stays
            text=Good morning                       | both   | 200    | as sent                                  |                          | reported 4+2      | stays
            cache-written=100                       | both   | 200    | as sent                                  |                          | reported 100+5    | stays
            header=x-ratelimit-remaining-requests:0 | both   | 200    | as sent                                  |                          | reported 4+5      | stays
            status=500;empty                        | both   | 502    | upstream upstream_failed                 | upstream-error           | none              | backup
            status=400;type=x;message=no;param=messages| both   | 400    | as sent                                  | upstream-refused         | none              | stays
            """;

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    static Path folder;

    private static final HttpClient DIRECT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final List<Case> CASES = cases();
    private static Simulator primary;
    private static Simulator backup;
    private static Simulator away;
    private static GatewayUnderTest gateway;

    /** One line of the table, one way to ask, with or without a fallback step. */
    private static final class Case {
        final String fault;
        final boolean stream;
        final boolean hasFallback;
        final String model;
        final List<String> expected;
        final boolean fallsBack;
        CompletableFuture<Reply> reply = new CompletableFuture<>();

        Case(List<String> cells, boolean stream, boolean hasFallback, int number) {
            this.fault = cells.get(0);
            this.stream = stream;
            this.hasFallback = hasFallback;
            this.model = "row-" + number;
            this.expected = cells.subList(2, 6);
            this.fallsBack = hasFallback && cells.get(6).equals("backup");
        }

        /** Whether the gateway's patience ends it. Such calls are made in advance and all at once. */
        boolean isTimed() {
            return Stream.of("hang", "latency", "ttft", "silence", "comments=50")
                    .anyMatch(fault::startsWith);
        }

        boolean isRefusedConnection() {
            return fault.equals("connection refused");
        }

        /** Whether the fault looks like a pooled connection that the provider has just closed: then the request is sent once more. */
        boolean mayBeStale() {
            return fault.equals("reset") || fault.equals("close");
        }

        String body() {
            return GatewayUnderTest.chat(model, stream);
        }

        void call() {
            String path = (isRefusedConnection() ? "/away" : isTimed() ? "/hasty" : "/plain")
                    + (hasFallback ? "-backed" : "") + "/v1/chat/completions";
            reply = gateway.callAsync(path, body());
        }

        @Override
        public String toString() {
            return fault + (stream ? ", stream" : ", whole") + (hasFallback ? ", with fallback" : "");
        }
    }

    @BeforeAll
    static void start() {
        primary = Simulator.start();
        backup = Simulator.start();
        away = Simulator.start();
        away.refuseConnections();
        gateway = GatewayUnderTest.start(
                folder, """
                services:
                  - { name: primary, address: { url: "%1$s/v1" } }
                  - { name: hasty, address: { url: "%1$s/v1" }, timeouts: { firstByteMs: 1000, idleMs: 1000 } }
                  - { name: away, address: { url: "%3$s/v1" } }
                  - { name: backup, address: { url: "%2$s/v1" } }
                modelApis:
                  - { name: plain, basePath: /plain, distribution: { strategy: single, targets: [ { service: primary } ] } }
                  - { name: plain-backed, basePath: /plain-backed, distribution: { strategy: single, targets: [ { service: primary } ] },
                      fallback: { steps: [ { service: backup } ] } }
                  - { name: away, basePath: /away, distribution: { strategy: single, targets: [ { service: away } ] } }
                  - { name: away-backed, basePath: /away-backed, distribution: { strategy: single, targets: [ { service: away } ] },
                      fallback: { steps: [ { service: backup } ] } }
                  - { name: hasty, basePath: /hasty, firstPacketTimeoutMs: 800,
                      distribution: { strategy: single, targets: [ { service: hasty } ] } }
                  - { name: hasty-backed, basePath: /hasty-backed, firstPacketTimeoutMs: 800,
                      distribution: { strategy: single, targets: [ { service: hasty } ] }, fallback: { steps: [ { service: backup } ] } }
                consumers:
                  - { name: caller, modelApis: [plain, plain-backed, away, away-backed, hasty, hasty-backed] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %4$s }
                """.formatted(primary.url(), backup.url(), away.url(), GatewayUnderTest.KEY));
        for (Case c : CASES) {
            if (!c.isRefusedConnection())
                primary.rules().add(Rule.always(c.fault).forModel(c.model));
        }
        CASES.stream().filter(Case::isTimed).forEach(Case::call);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        away.close();
        backup.close();
        primary.close();
    }

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (String line : TABLE.lines().skip(1).toList()) {
            List<String> cells =
                    Arrays.stream(line.split("\\|", -1)).map(String::strip).toList();
            String how = cells.get(1);
            for (boolean stream : new boolean[] {false, true}) {
                if (how.equals(stream ? "whole" : "stream")) continue;
                for (boolean hasFallback : new boolean[] {false, true})
                    cases.add(new Case(cells, stream, hasFallback, cases.size()));
            }
        }
        return cases;
    }

    static Stream<Case> rows() {
        return CASES.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void comesTo(Case c) {
        if (!c.isTimed()) c.call();
        Reply reply = c.reply
                .orTimeout(PATIENCE.toSeconds(), java.util.concurrent.TimeUnit.SECONDS)
                .join();
        UsageRecord record = gateway.record(reply.id());
        String first = c.isRefusedConnection() ? "away" : c.isTimed() ? "hasty" : "primary";

        assertThat(calls(backup, c)).as("calls that reached the backup").hasSize(c.fallsBack ? 1 : 0);
        assertThat(calls(primary, c))
                .as("calls that reached the first service")
                .hasSizeBetween(c.isRefusedConnection() ? 0 : 1, c.mayBeStale() ? 2 : c.isRefusedConnection() ? 0 : 1);
        assertThat(reply.header("x-sluice-attempts")).isEqualTo(c.fallsBack ? "2" : "1");
        assertThat(reply.header("x-sluice-service")).isEqualTo(c.fallsBack ? "backup" : first);
        assertThat(reply.header("x-sluice-model")).isEqualTo(c.model);
        assertThat(record.service()).isEqualTo(c.fallsBack ? "backup" : first);
        assertThat(record.attempts()).isEqualTo(c.fallsBack ? 2 : 1);
        assertThat(record.status()).isEqualTo(reply.status());
        if (c.fallsBack) {
            assertThat(text(reply)).isEqualTo(text(direct(backup, c, "plain")));
            assertThat(seen(c, reply, record).subList(2, 4)).containsExactly("", "reported 4+5");
            assertThat(reply.status()).isEqualTo(200);
        } else {
            assertThat(seen(c, reply, record)).isEqualTo(c.expected);
        }
        assertThat(record.outcome())
                .isEqualTo(record.failure().isEmpty() ? Outcome.COMPLETED : Outcome.UPSTREAM_FAILED);
    }

    private static List<ReceivedCall> calls(Simulator simulator, Case c) {
        return simulator.journal().calls().stream()
                .filter(call -> call.model().equals(c.model))
                .filter(call -> call.header("x-direct").isEmpty())
                .toList();
    }

    /** Status, answer, failure and bill in the words of the table. */
    private static List<String> seen(Case c, Reply reply, UsageRecord record) {
        String billed = record.provenance() == Provenance.NONE
                ? "none"
                : record.provenance().name().toLowerCase(java.util.Locale.ROOT) + " "
                        + record.usage().inputTokens() + "+" + record.usage().outputTokens();
        return List.of(Integer.toString(reply.status()), answer(c, reply), record.failure(), billed);
    }

    private static String answer(Case c, Reply reply) {
        Reply sent = c.isTimed() || c.isRefusedConnection() ? null : direct(primary, c, "");
        if (sent != null && sent.status() == reply.status() && text(sent).equals(text(reply))) return "as sent";
        if (reply.status() != 200) {
            String retryAfter = reply.header("retry-after");
            return reply.header("x-sluice-error-source") + " " + reply.error().getString("code")
                    + (retryAfter.isEmpty() ? "" : ", retry-after " + retryAfter);
        }
        String undisturbed = text(direct(primary, c, "plain"));
        List<String> events = GatewayUnderTest.events(text(reply));
        String last = events.getLast();
        String before = text(reply).substring(0, text(reply).length() - last.length());
        if (!undisturbed.startsWith(before) || !last.startsWith("data: {\"error\":")) return text(reply);
        return events.size() - 1 + " + "
                + new JsonObject(last.substring(6)).getJsonObject("error").getString("code");
    }

    /** Every byte but for what the simulator makes of the request's bytes, which differ: the gateway asks for usage. */
    private static String text(Reply reply) {
        return new String(reply.bytes(), StandardCharsets.ISO_8859_1)
                .replaceAll("\"id\":\"(chatcmpl|call)[-_][0-9A-Za-z]+\",", "\"id\":\"$1\",")
                .replaceAll("\"created\":[0-9]+,", "\"created\":0,");
    }

    /** What the simulator answers without a gateway in between; null when it breaks off. */
    private static Reply direct(Simulator simulator, Case c, String fault) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(simulator.url() + "/v1/chat/completions"))
                .timeout(PATIENCE)
                .header("content-type", "application/json")
                .header("x-direct", "yes")
                .POST(HttpRequest.BodyPublishers.ofString(c.body()));
        if (!fault.isEmpty()) request.header("x-simulate", fault);
        try {
            return Reply.of(DIRECT.send(request.build(), HttpResponse.BodyHandlers.ofByteArray()));
        } catch (IOException _) {
            return null;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
