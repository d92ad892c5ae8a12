package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.simulator.ReceivedCall;
import dev.sluice.simulator.Rule;
import dev.sluice.simulator.Simulator;
import dev.sluice.simulator.fault.Fault;
import dev.sluice.traffic.usage.Outcome;
import dev.sluice.traffic.usage.UsageRecord;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every fault of a provider comes to: for the client, for the next fallback step, and on the bill. What is seen makes the table
 * {@code provider-faults} of {@code docs/faults.md}.
 */
class FaultMatrixTest {
    /** Where in the answer, asked for how (a whole answer, a stream or both), which fault of the simulator. */
    private static final String FAULTS = """
            before the head | both   | status=400
            before the head | both   | status=401
            before the head | both   | status=403
            before the head | both   | status=404
            before the head | both   | status=404;code=model_not_found
            before the head | both   | status=408
            before the head | both   | status=413
            before the head | both   | status=422
            before the head | both   | status=429;retry-after=2
            before the head | both   | status=429;code=insufficient_quota
            before the head | both   | status=400;code=context_length_exceeded
            before the head | both   | status=400;code=content_filter
            before the head | both   | status=400;code=invalid_api_key
            before the head | both   | status=500
            before the head | both   | status=502;body=Bad gateway
            before the head | both   | status=503
            before the head | both   | status=503;retry-after=7
            before the head | both   | status=529
            before the head | both   | status=302
            before the head | both   | latency=5s
            before the head | both   | hang
            before the head | both   | connection refused
            before the head | both   | reset
            before the head | both   | close
            before the head | both   | header=x-ratelimit-remaining-requests:0
            before the head | both   | status=500;empty
            before the head | both   | status=400;type=x;message=no;param=messages
            before the head | both   | quirk=zhipu-no-balance
            before the head | both   | quirk=dashscope-arrearage
            before the head | both   | quirk=gemini-bad-key
            after the head  | both   | cut=0.5
            after the head  | both   | cut=0.5;end=reset
            after the head  | both   | cut=0.5;end=clean
            after the head  | both   | cut=0;end=close
            after the head  | both   | error
            after the head  | both   | error;code=rate_limit_exceeded
            after the head  | both   | error;code=invalid_api_key
            after the head  | stream | malformed=1
            after the head  | both   | empty
            after the head  | stream | empty=done
            after the head  | both   | comments=3
            after the head  | both   | whitespace=10
            after the head  | both   | bom
            after the head  | both   | body=not json
            after the head  | both   | body=<h1>hi</h1>;content-type=text/html
            after the head  | stream | comments=50;keep-alive-delay=100
            after the head  | both   | cut=0;end=reset
            after the head  | both   | cut=0;end=clean
            after the head  | stream | silence=0
            after the head  | both   | quirk=minimax-error
            after the head  | both   | quirk=spark-error
            after the head  | both   | quirk=openrouter-error
            after the role  | both   | ttft=5s
            after the role  | both   | quirk=azure
            after the role  | both   | silence
            after the role  | stream | cut=1
            after the role  | stream | cut=1;end=clean
            after the role  | stream | error=1
            after the role  | both   | malformed
            after the role  | stream | silence=1
            after the role  | stream | cut=1;end=reset
            after the role  | stream | cut=1.5
            after the role  | stream | cut=1.5;end=reset
            after content   | stream | silence=3
            after content   | stream | cut=3
            after content   | stream | cut=3;end=reset
            after content   | stream | cut=3;end=clean
            after content   | stream | cut=3.5
            after content   | stream | cut=3.5;end=clean
            after content   | stream | error=3
            after content   | stream | error=3;code=rate_limit_exceeded
            after content   | stream | malformed=4
            after content   | both   | corrupt
            after content   | stream | corrupt=4
            after content   | stream | error=3;quirk=openrouter-error
            at the end      | stream | no-done
            at the end      | stream | error=6
            at the end      | stream | error=8
            at the end      | stream | silence=6
            at the end      | stream | silence=7
            at the end      | stream | silence=8
            at the end      | stream | cut=6
            at the end      | stream | cut=6;end=reset
            at the end      | stream | cut=6;end=clean
            at the end      | stream | cut=6.5
            at the end      | stream | cut=7
            at the end      | stream | cut=7;end=reset
            at the end      | stream | cut=7;end=clean
            at the end      | stream | cut=8
            at the end      | stream | cut=8;end=reset
            at the end      | stream | cut=8;end=clean
            at the end      | stream | malformed=7
            at the end      | stream | malformed=8
            throughout      | both   | plain
            throughout      | both   | quirk=reasoning-content;reasoning=5
            throughout      | both   | quirk=think;reasoning=5
            throughout      | stream | line-end=crlf
            throughout      | stream | line-end=cr
            throughout      | both   | drip=1;drip-delay=0
            throughout      | both   | drip=7;drip-delay=0
            throughout      | both   | huge=200000
            throughout      | whole  | huge=5000000
            throughout      | stream | huge=5000000
            throughout      | both   | usage=none
            throughout      | stream | usage=every
            throughout      | both   | finish=length
            throughout      | both   | finish=content_filter
            throughout      | both   | tool-calls=2
            throughout      | both   | cached=100
            throughout      | both   | reasoning=50
            throughout      | both   | tps=200;tokens=10;jitter=5;seed=7
            throughout      | both   | drip=20;drip-delay=1
            throughout      | both   | text=Good morning
            throughout      | both   | cache-written=100
            """;

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int AT_A_TIME = 4;

    @TempDir
    static Path folder;

    private static final HttpClient DIRECT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final List<Case> CASES = cases();
    private static Simulator primary;
    private static Simulator backup;
    private static Simulator away;
    private static GatewayUnderTest gateway;

    /** One fault, one way to ask. */
    private static final class Case {
        final String place;
        final String fault;
        final boolean stream;
        final String model;
        /** Without a fallback step, and with one. */
        final List<Reply> replies = new ArrayList<>();

        Case(String place, String fault, boolean stream, int number) {
            this.place = place;
            this.fault = fault;
            this.stream = stream;
            this.model = "row-" + number;
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

        /** Without a fallback step, then with one. */
        CompletableFuture<?> call() {
            return call("").thenAccept(replies::add)
                    .thenCompose(_ -> call("-backed"))
                    .thenAccept(replies::add);
        }

        private CompletableFuture<Reply> call(String backed) {
            String path = isRefusedConnection() ? "/away" : isTimed() ? "/hasty" : "/plain";
            return gateway.callAsync(path + backed + "/v1/chat/completions", body());
        }

        String first() {
            return isRefusedConnection() ? "away" : isTimed() ? "hasty" : "primary";
        }

        @Override
        public String toString() {
            return fault + (stream ? ", stream" : ", whole");
        }
    }

    @BeforeAll
    static void callAll() {
        primary = Simulator.start();
        backup = Simulator.start();
        away = Simulator.start();
        away.refuseConnections();
        gateway = GatewayUnderTest.start(
                folder, """
                services:
                  - { name: primary, address: { url: "%1$s/v1" } }
                  - { name: hasty, address: { url: "%1$s/v1" }, timeouts: { firstByteMs: 1000, wholeAnswerMs: 1000, idleMs: 1000 } }
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
                  - { name: caller-key, consumer: caller, secret: %4$s, limits: { concurrency: 1000 } }
                """.formatted(primary.url(), backup.url(), away.url(), GatewayUnderTest.KEY));
        for (Case c : CASES) {
            if (!c.isRefusedConnection())
                primary.rules().add(Rule.always(c.fault).forModel(c.model));
        }
        List<Case> patient = CASES.stream().filter(c -> !c.isTimed()).toList();
        for (int i = 0; i < patient.size(); i += AT_A_TIME)
            callAtOnce(patient.subList(i, Math.min(patient.size(), i + AT_A_TIME)));
        callAtOnce(CASES.stream().filter(Case::isTimed).toList());
    }

    private static void callAtOnce(List<Case> cases) {
        CompletableFuture.allOf(cases.stream().map(Case::call).toArray(CompletableFuture[]::new))
                .join();
    }

    @AfterAll
    static void stop() {
        gateway.close();
        away.close();
        backup.close();
        primary.close();
    }

    private static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (String line : FAULTS.lines().toList()) {
            List<String> cells =
                    Arrays.stream(line.split("\\|", -1)).map(String::strip).toList();
            for (boolean stream : new boolean[] {false, true}) {
                if (!cells.get(1).equals(stream ? "whole" : "stream"))
                    cases.add(new Case(cells.get(0), cells.get(2), stream, cases.size()));
            }
        }
        return cases;
    }

    @Test
    void everyFaultComesToWhatTheTableSays() {
        FaultTable table = new FaultTable(1, "where", "fault", "asked").and("with a fallback step");
        for (Case c : CASES) {
            List<String> plain = seen(c, c.replies.getFirst());
            List<String> backed = seen(c, c.replies.getLast());
            List<String> columns = new ArrayList<>(plain);
            columns.add(
                    c.replies.getLast().header("x-sluice-attempts").equals("2")
                            ? "it answers"
                            : backed.equals(plain) ? "the same" : String.join(", ", backed));
            table.add(List.of(c.place, "`" + c.fault + "`", c.stream ? "stream" : "whole"), columns);
        }
        Pages.assertShows("faults.md", "provider-faults", table.markdown());
    }

    @Test
    void everyDirectiveOfTheSimulatorIsInTheTable() {
        Set<String> used = FAULTS.lines()
                .map(line -> line.substring(line.lastIndexOf('|') + 1))
                .flatMap(fault -> Arrays.stream(fault.split(";")))
                .map(directive -> directive.replaceAll("=.*", "").strip())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThatThrownBy(() -> Fault.parse("no-such-directive"))
                .hasMessageContaining("one of [")
                .satisfies(refused -> {
                    String known = refused.getMessage().replaceAll(".*one of \\[|\\]\\).*", "");
                    assertThat(used).containsAll(List.of(known.split(", ")));
                });
    }

    @Test
    void whatIsMadeUpForByAFallbackStepIsNotSeenByTheClient() {
        for (Case c : CASES) {
            Reply backed = c.replies.getLast();
            UsageRecord record = gateway.record(backed.id());
            boolean fellBack = backed.header("x-sluice-attempts").equals("2");
            assertThat(calls(backup, c)).as("calls of the backup: %s", c).hasSize(fellBack ? 1 : 0);
            assertThat(backed.header("x-sluice-service")).as("%s", c).isEqualTo(fellBack ? "backup" : c.first());
            if (!fellBack) continue;
            assertThat(backed.status()).as("%s", c).isEqualTo(200);
            assertThat(ClientView.text(backed)).as("%s", c).isEqualTo(ClientView.text(direct(backup, c, "plain")));
            assertThat(record.failure() + ClientView.bill(record)).as("%s", c).isEqualTo("reported 4+5");
        }
    }

    @Test
    void everyCallIsSentAndRecordedOnce() {
        for (Case c : CASES) {
            for (Reply reply : c.replies) {
                UsageRecord record = gateway.record(reply.id());
                assertThat(reply.header("x-sluice-attempts")).as("%s", c).isEqualTo("" + record.attempts());
                assertThat(reply.header("x-sluice-service")).as("%s", c).isEqualTo(record.service());
                assertThat(reply.header("x-sluice-model")).as("%s", c).isEqualTo(c.model);
                assertThat(record.status()).as("%s", c).isEqualTo(reply.status());
                assertThat(record.outcome())
                        .as("%s", c)
                        .isEqualTo(record.failure().isEmpty() ? Outcome.COMPLETED : Outcome.UPSTREAM_FAILED);
            }
            assertThat(c.replies.getFirst().header("x-sluice-attempts"))
                    .as("%s", c)
                    .isEqualTo("1");
            if (c.isRefusedConnection()) assertThat(calls(primary, c)).isEmpty();
            else assertThat(calls(primary, c)).as("%s", c).hasSizeBetween(2, c.mayBeStale() ? 4 : 2);
        }
        assertThat(gateway.gauge("sluice_calls_in_flight")).isZero();
        assertThat(gateway.gauge("sluice_reservations_in_flight")).isZero();
        long counted =
                gateway.usage("consumer").getJsonArray("items").getJsonObject(0).getLong("calls");
        assertThat(counted).isEqualTo(2L * CASES.size());
    }

    private static List<ReceivedCall> calls(Simulator simulator, Case c) {
        return simulator.journal().calls().stream()
                .filter(call -> call.model().equals(c.model))
                .filter(call -> call.header("x-direct").isEmpty())
                .toList();
    }

    private static List<String> seen(Case c, Reply reply) {
        UsageRecord record = gateway.record(reply.id());
        Reply sent = c.isTimed() || c.isRefusedConnection() ? null : direct(primary, c, "");
        String answer = ClientView.answer(reply, sent == null ? direct(primary, c, "plain") : sent);
        if (sent != null && answer.startsWith("data: ")) answer = ClientView.answer(reply, direct(primary, c, "plain"));
        return List.of(Integer.toString(reply.status()), answer, record.failure(), ClientView.bill(record));
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
