package dev.sluice.simulator;

import static dev.sluice.simulator.Calls.CHAT;
import static dev.sluice.simulator.Calls.plain;
import static dev.sluice.simulator.Calls.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.RawClient.Answer;
import dev.sluice.simulator.voice.Header;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Journal, totals, rules, the control API, and starting and stopping. */
class SimulatorTest {
    private Simulator simulator;

    @BeforeEach
    void start() {
        simulator = Simulator.start();
    }

    @AfterEach
    void stop() {
        simulator.close();
    }

    private static <T> T soon(CompletableFuture<T> future) throws Exception {
        return future.get(20, TimeUnit.SECONDS);
    }

    private JsonObject control(String method, String path, String body) throws Exception {
        try (RawClient client = new RawClient(simulator)) {
            client.send(method, path, body);
            Answer answer = client.answer();
            return answer.body().length == 0 ? new JsonObject() : new JsonObject(answer.text());
        }
    }

    @Test
    void keepsTheExactRequestInTheJournal() throws Exception {
        String body = "{ \"model\" : \"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"h\u00e9\"}] }";
        RawClient.call(simulator, CHAT + "?a=1&b", body, "Authorization: Bearer sk-1", "X-Two: 1", "X-Two: 2");
        ReceivedCall call = simulator.journal().last();
        assertThat(call.number()).isEqualTo(1);
        assertThat(call.method()).isEqualTo("POST");
        assertThat(call.path()).isEqualTo(CHAT);
        assertThat(call.query()).isEqualTo("a=1&b");
        assertThat(call.headers())
                .containsExactly(
                        new Header("Host", "localhost"),
                        new Header("Authorization", "Bearer sk-1"),
                        new Header("X-Two", "1"),
                        new Header("X-Two", "2"),
                        new Header("Content-Length", "" + body.getBytes(StandardCharsets.UTF_8).length));
        assertThat(call.header("authorization")).contains("Bearer sk-1");
        assertThat(call.body()).isEqualTo(body.getBytes(StandardCharsets.UTF_8));
        assertThat(call.model()).isEqualTo("gpt-4o");
        assertThat(call.outcome()).isEqualTo(Outcome.ANSWERED);
        assertThat(call.eventsSent()).isEqualTo(1);
        assertThat(call.billed()).isEqualTo(call.reported()).isEqualTo(Usage.of(1, 2));
        assertThat(call.endedAt()).isNotNull();
    }

    @Test
    void tellsConnectionsApart() throws Exception {
        try (RawClient client = new RawClient(simulator)) {
            client.send("POST", CHAT, plain("m"));
            assertThat(client.answer().status()).isEqualTo(200);
            client.send("POST", CHAT, stream("m"));
            assertThat(client.answer().status()).isEqualTo(200);
        }
        RawClient.call(simulator, CHAT, plain("m"));
        assertThat(simulator.journal().calls())
                .extracting(ReceivedCall::connection)
                .containsExactly(1L, 1L, 2L);
    }

    @Test
    void waitsForTheCancellationOfACertainCall() throws Exception {
        CompletableFuture<ReceivedCall> cancelled = simulator.journal().awaitCancellation(2);
        RawClient.call(simulator, CHAT, plain("m"));
        try (RawClient client = new RawClient(simulator)) {
            client.send("POST", CHAT, stream("fault:silence=3;reasoning=5+m"));
            client.head(new TreeMap<>());
            for (int event = 0; event < 3; event++) {
                client.chunk(new ByteArrayOutputStream());
            }
            assertThat(cancelled).isNotDone();
        }
        ReceivedCall call = soon(cancelled);
        assertThat(call.number()).isEqualTo(2);
        assertThat(call.eventsSent()).isEqualTo(3);
        assertThat(call.tokensSent()).isEqualTo(2);
        assertThat(call.billed()).isEqualTo(new Usage(2, 0, 0, 7, 5));
        ModelTotals totals = simulator.totals().of("m");
        assertThat(totals.calls()).isEqualTo(2);
        assertThat(totals.cancelled()).isEqualTo(1);
        assertThat(totals.tokensSent()).isEqualTo(5);
        assertThat(totals.reported()).isEqualTo(Usage.of(2, 3));
        assertThat(totals.billed()).isEqualTo(new Usage(4, 0, 0, 10, 5));
    }

    @Test
    void noticesThatASlowReaderLeaves() throws Exception {
        try (RawClient client = new RawClient(simulator)) {
            client.send("POST", CHAT, plain("fault:huge=40000000+m"));
            assertThat(client.head(new TreeMap<>())).isEqualTo(200);
            assertThat(soon(simulator.journal().awaitArrival(1)).outcome()).isEqualTo(Outcome.OPEN);
        }
        assertThat(soon(simulator.journal().awaitOutcome(1)).outcome()).isEqualTo(Outcome.CANCELLED);
    }

    @Test
    void forgetsTheOldestCallsWhenTheJournalIsFull() throws Exception {
        try (Simulator small = Simulator.start(SimulatorOptions.USUAL.withJournal(2, 1_000_000))) {
            for (int call = 0; call < 3; call++) {
                RawClient.call(small, CHAT, plain("m"));
            }
            assertThat(small.journal().calls()).extracting(ReceivedCall::number).containsExactly(2L, 3L);
        }
        try (Simulator tiny = Simulator.start(SimulatorOptions.USUAL.withJournal(100, 10))) {
            RawClient.call(tiny, CHAT, plain("a"));
            RawClient.call(tiny, CHAT, plain("b"));
            assertThat(tiny.journal().calls()).extracting(ReceivedCall::model).containsExactly("b");
        }
        try (Simulator none = Simulator.start(SimulatorOptions.USUAL.withJournal(0, 0))) {
            RawClient.call(none, CHAT, plain("m"));
            assertThat(none.journal().size()).isZero();
            assertThat(none.totals().of("m").answered()).isEqualTo(1);
        }
    }

    private int status(String model, String... headers) throws Exception {
        return RawClient.call(simulator, CHAT, plain(model), headers).status();
    }

    @Test
    void givesTheNextCallsAFault() throws Exception {
        simulator.rules().next(2, "status=503");
        simulator.rules().next(1, "status=429");
        assertThat(List.of(status("m"), status("m"), status("m"), status("m"))).containsExactly(503, 503, 429, 200);
    }

    @Test
    void givesTheNthCallOfAModelOrPathAFault() throws Exception {
        simulator
                .rules()
                .add(Rule.always("status=500").forModel("gpt-*").after(1).times(1));
        assertThat(List.of(status("gpt-4o"), status("qwen"), status("gpt-x"), status("gpt-4o")))
                .containsExactly(200, 200, 500, 200);
        simulator.rules().clear();
        simulator.rules().add(Rule.always("status=501").forPath("*/embeddings"));
        assertThat(status("m")).isEqualTo(200);
        assertThat(RawClient.call(simulator, "/v1/embeddings", "{}").status()).isEqualTo(501);
    }

    @Test
    void refusesAProviderKey() throws Exception {
        simulator.rules().refuseKey("sk-bad", 401);
        assertThat(status("m", "Authorization: Bearer sk-bad")).isEqualTo(401);
        assertThat(status("m", "api-key: sk-bad")).isEqualTo(401);
        assertThat(status("m", "Authorization: Bearer sk-good")).isEqualTo(200);
        assertThat(RawClient.call(simulator, CHAT + "?key=sk-bad", plain("m")).status())
                .isEqualTo(401);
    }

    @Test
    void isControlledOverHttp() throws Exception {
        JsonObject added = control(
                "POST",
                "/_simulator/rules",
                "{\"model\":\"gpt-*\",\"apiKey\":\"sk-1\",\"times\":1,\"fault\":\"status=418\"}");
        assertThat(added.getLong("id")).isEqualTo(1);
        assertThat(control("GET", "/_simulator/rules", "").getJsonArray("rules"))
                .containsExactly(added);
        assertThat(status("gpt-4o", "Authorization: Bearer sk-1")).isEqualTo(418);
        assertThat(status("gpt-4o", "Authorization: Bearer sk-1")).isEqualTo(200);

        JsonObject call = control("GET", "/_simulator/journal?after=1", "")
                .getJsonArray("calls")
                .getJsonObject(0);
        assertThat(call.getLong("number")).isEqualTo(2);
        assertThat(call.getString("body")).isEqualTo(plain("gpt-4o"));
        assertThat(call.getString("outcome")).isEqualTo("answered");
        assertThat(call.getBoolean("cancelled")).isFalse();
        JsonObject totals = control("GET", "/_simulator/totals", "");
        assertThat(totals.getJsonObject("models").getJsonObject("gpt-4o").getInteger("refused"))
                .isEqualTo(1);
        assertThat(totals.getJsonObject("sum").getJsonObject("reported").getInteger("outputTokens"))
                .isEqualTo(3);

        control("DELETE", "/_simulator/journal", "");
        control("DELETE", "/_simulator/totals", "");
        control("DELETE", "/_simulator/rules/1", "");
        assertThat(simulator.journal().size()).isZero();
        assertThat(simulator.totals().byModel()).isEmpty();
        assertThat(simulator.rules().all()).isEmpty();
        simulator.rules().next(1, "status=500");
        control("DELETE", "/_simulator/rules", "");
        assertThat(simulator.rules().all()).isEmpty();
    }

    @Test
    void explainsWrongControlCalls() throws Exception {
        assertThat(control("POST", "/_simulator/rules", "{\"fault\":\"status=9\"}")
                        .encode())
                .contains("directive status: \\\"9\\\" (expected: a whole number from 200 to 599)");
        assertThat(control("POST", "/_simulator/rules", "{\"modle\":\"x\",\"fault\":\"\"}")
                        .encode())
                .contains("unknown field \\\"modle\\\"");
        assertThat(control("POST", "/_simulator/rules", "{").encode()).contains("error");
        assertThat(control("GET", "/_simulator/nothing", "").encode()).contains("expected: journal, totals or rules");
    }

    @Test
    void refusesBodiesThatAreTooLong() throws Exception {
        SimulatorOptions usual = SimulatorOptions.USUAL;
        try (Simulator strict =
                Simulator.start(new SimulatorOptions(usual.host(), 0, 1, usual.models(), "", 10, 1_000, 50))) {
            assertThat(RawClient.call(strict, CHAT, plain("m")).status()).isEqualTo(413);
        }
    }

    @Test
    void sharesTheWorkBetweenEventLoopsOnOnePort() throws Exception {
        Vertx vertx = Vertx.vertx();
        Simulator shared = Simulator.start(vertx, SimulatorOptions.USUAL.withEventLoops(2));
        HttpClient client = HttpClient.newHttpClient();
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int call = 0; call < 40; call++) {
            answers.add(client.sendAsync(
                    HttpRequest.newBuilder(shared.uri(CHAT))
                            .POST(BodyPublishers.ofString(stream("m")))
                            .build(),
                    BodyHandlers.ofString()));
        }
        for (CompletableFuture<HttpResponse<String>> answer : answers) {
            assertThat(soon(answer).body()).isEqualTo(soon(answers.getFirst()).body());
        }
        assertThat(shared.totals().of("m").answered()).isEqualTo(40);
        assertThat(shared.totals().of("m").billed()).isEqualTo(Usage.of(80, 120));
        shared.close();
        assertThat(soon(vertx.close().toCompletionStage().toCompletableFuture()))
                .isNull();
    }

    @Test
    void cancelsHttp2StreamsWithoutTheirNeighbours() throws Exception {
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
        HttpRequest plain = HttpRequest.newBuilder(simulator.uri(CHAT))
                .POST(BodyPublishers.ofString(plain("m")))
                .build();
        assertThat(client.send(plain, BodyHandlers.ofString()).version()).isEqualTo(HttpClient.Version.HTTP_2);
        HttpRequest cut = HttpRequest.newBuilder(simulator.uri(CHAT))
                .POST(BodyPublishers.ofString(stream("fault:cut=2;end=reset+m")))
                .build();
        assertThatThrownBy(() -> client.send(cut, BodyHandlers.ofString())).isInstanceOf(java.io.IOException.class);
        assertThat(client.send(plain, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
        assertThat(simulator.journal().calls())
                .extracting(ReceivedCall::connection)
                .containsOnly(1L);
    }

    @Test
    void answersAsUsualUnderAUsualFault() throws Exception {
        try (Simulator slow = Simulator.start(SimulatorOptions.USUAL.withFault("tokens=10;ttft=1"))) {
            assertThat(new JsonObject(RawClient.call(slow, CHAT, plain("m")).text())
                            .getJsonObject("usage")
                            .getInteger("completion_tokens"))
                    .isEqualTo(10);
        }
    }

    @Test
    void startsAsAProgram() throws Exception {
        List<String> lines = new ArrayList<>();
        try (Simulator served =
                SimulatorServer.start(List.of("--port=0", "--fault=tokens=4", "--models=a,b"), lines::add)) {
            assertThat(lines).first().isEqualTo("simulated provider at " + served.url() + "/v1");
            assertThat(RawClient.get(served, "/v1/models").text()).contains("\"id\":\"b\"");
        }
        assertThatThrownBy(() -> SimulatorServer.options(List.of("--prot=1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("argument: --prot=1 (expected: one of")
                .hasMessageContaining("--port=NUMBER");
        assertThat(SimulatorServer.options(List.of()).port()).isEqualTo(8_900);
    }

    @Test
    void saysWhyItCannotStart() {
        assertThatThrownBy(() -> Simulator.start(SimulatorOptions.USUAL.withPort(simulator.port())))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("cannot be started");
    }
}
