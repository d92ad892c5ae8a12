package dev.sluice.simulator;

import static dev.sluice.simulator.Calls.CHAT;
import static dev.sluice.simulator.Calls.RESPONSES;
import static dev.sluice.simulator.Calls.plain;
import static dev.sluice.simulator.Calls.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.RawClient.Answer;
import dev.sluice.simulator.RawClient.End;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every fault, seen from a bare socket. The plain stream has 6 events: role, three tokens, finish, [DONE]. */
class FaultsTest {
    private static Simulator simulator;

    @BeforeAll
    static void start() {
        simulator = Simulator.start();
    }

    @AfterAll
    static void stop() {
        simulator.close();
    }

    @BeforeEach
    void forget() {
        simulator.journal().clear();
        simulator.totals().reset();
        simulator.rules().clear();
    }

    private static Answer whole(String fault) throws Exception {
        return RawClient.call(simulator, CHAT, plain("fault:" + fault + "+gpt-4o"));
    }

    private static Answer streamed(String fault) throws Exception {
        return RawClient.call(simulator, CHAT, stream("fault:" + fault + "+gpt-4o"));
    }

    private static ReceivedCall outcome() throws Exception {
        return simulator.journal().await(call -> !call.isOpen()).get(20, TimeUnit.SECONDS);
    }

    @Test
    void answersPlainlyWithoutAFault() throws Exception {
        Answer answer = streamed("plain");
        assertThat(answer.end()).isEqualTo(End.COMPLETE);
        assertThat(answer.events()).hasSize(6).last().isEqualTo("[DONE]");
        assertThat(answer.headers()).containsEntry("content-type", "text/event-stream; charset=utf-8");
        assertThat(answer.chunks()).as("one write per event").hasSize(6);
    }

    @Test
    void refusesWithAStatusARetryAfterAndTheErrorBody() throws Exception {
        Answer answer = whole("status=429;retry-after=2;code=slow_down;type=requests;message=Easy%2C now");
        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.headers()).containsEntry("retry-after", "2");
        assertThat(answer.text())
                .isEqualTo(
                        "{\"error\":{\"message\":\"Easy, now\",\"type\":\"requests\",\"param\":null,\"code\":\"slow_down\"}}");
        assertThat(outcome().outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(simulator.totals().of("gpt-4o").billed()).isEqualTo(Usage.ZERO);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 402, 403, 404, 408, 409, 413, 422, 429, 500, 502, 503, 504, 529})
    void refusesAStreamToo(int status) throws Exception {
        Answer answer = streamed("status=" + status);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.headers()).containsEntry("content-type", "application/json");
        assertThat(new JsonObject(answer.text()).getJsonObject("error").fieldNames())
                .containsExactly("message", "type", "param", "code");
    }

    @Test
    void answersWithAnyBodyAndHeader() throws Exception {
        Answer answer = whole("status=502;content-type=text/html;body=<h1>Bad%3B gateway</h1>;header=X-Node:7");
        assertThat(answer.status()).isEqualTo(502);
        assertThat(answer.text()).isEqualTo("<h1>Bad; gateway</h1>");
        assertThat(answer.headers()).containsEntry("content-type", "text/html").containsEntry("X-Node", "7");
    }

    @Test
    void resetsTheConnectionBeforeTheHead() throws Exception {
        Answer answer = whole("reset");
        assertThat(answer.status()).isZero();
        assertThat(answer.end()).isEqualTo(End.RESET);
        assertThat(outcome().outcome()).isEqualTo(Outcome.CUT);
    }

    @Test
    void closesTheConnectionBeforeTheHead() throws Exception {
        Answer answer = whole("close");
        assertThat(answer.status()).isZero();
        assertThat(answer.end()).isEqualTo(End.CLOSED);
        assertThat(outcome().outcome()).isEqualTo(Outcome.CUT);
    }

    @Test
    void hangsUntilTheClientGoes() throws Exception {
        try (RawClient client = new RawClient(simulator)) {
            client.send("POST", CHAT, plain("fault:hang+gpt-4o"));
            ReceivedCall call = simulator.journal().await(_ -> true).get(20, TimeUnit.SECONDS);
            assertThat(call.outcome()).isEqualTo(Outcome.OPEN);
            assertThat(call.bytesSent()).isZero();
        }
        assertThat(outcome().outcome()).isEqualTo(Outcome.CANCELLED);
    }

    @Test
    void resetsInTheMiddleOfABody() throws Exception {
        String full = whole("plain").text();
        simulator.journal().clear();
        Answer answer = whole("cut=0.5;end=reset");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.end()).isEqualTo(End.RESET);
        assertThat(answer.headers()).containsEntry("content-length", "" + full.length());
        assertThat(answer.text()).isEqualTo(full.substring(0, full.length() / 2));
        assertThat(outcome().tokensSent()).isZero();
    }

    @Test
    void closesInTheMiddleOfABody() throws Exception {
        Answer answer = whole("cut=0.5");
        assertThat(answer.end()).isEqualTo(End.CLOSED);
        assertThat(answer.body()).isNotEmpty();
    }

    @Test
    void endsABodyInTheMiddleAsIfItWereComplete() throws Exception {
        Answer answer = whole("cut=0.5;end=clean");
        assertThat(answer.end()).isEqualTo(End.COMPLETE);
        assertThatThrownBy(() -> new JsonObject(answer.text())).isInstanceOf(DecodeException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"clean", "close", "reset"})
    void cutsAStreamAfterSomeEvents(String ending) throws Exception {
        Answer answer = streamed("cut=3;end=" + ending);
        assertThat(answer.end()).isEqualTo(end(ending));
        assertThat(answer.events()).isEqualTo(streamed("plain").events().subList(0, 3));
        ReceivedCall call = outcome();
        assertThat(call.outcome()).isEqualTo(Outcome.CUT);
        assertThat(call.eventsSent()).isEqualTo(3);
        assertThat(call.tokensSent()).isEqualTo(2);
        assertThat(call.billed()).isEqualTo(Usage.of(2, 2));
        assertThat(call.reported()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"clean", "close", "reset"})
    void cutsAStreamInTheMiddleOfAnEvent(String ending) throws Exception {
        Answer whole = streamed("plain");
        Answer answer = streamed("cut=3.5;end=" + ending);
        assertThat(answer.end()).isEqualTo(end(ending));
        int sent = whole.chunks().subList(0, 3).stream()
                        .mapToInt(chunk -> chunk.length)
                        .sum()
                + whole.chunks().get(3).length / 2;
        assertThat(answer.text()).isEqualTo(whole.text().substring(0, sent));
    }

    private static End end(String ending) {
        return switch (ending) {
            case "clean" -> End.COMPLETE;
            case "close" -> End.CLOSED;
            default -> End.RESET;
        };
    }

    @Test
    void fallsSilentAfterTheRoleAndHasNoTimer() throws Exception {
        try (RawClient client = new RawClient(simulator)) {
            client.send("POST", CHAT, stream("fault:silence+gpt-4o"));
            client.head(new TreeMap<>());
            byte[] event = client.chunk(new ByteArrayOutputStream());
            assertThat(new String(event, StandardCharsets.UTF_8)).contains("\"role\":\"assistant\"");
            assertThat(simulator.openTimers()).isZero();
            assertThat(simulator.openCalls()).isEqualTo(1);
        }
        ReceivedCall call = outcome();
        assertThat(call.outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(call.eventsSent()).isEqualTo(1);
        assertThat(call.billed()).isEqualTo(Usage.ZERO);
    }

    @Test
    void fallsSilentAfterTheHead() throws Exception {
        String length = whole("plain").headers().get("content-length");
        try (RawClient client = new RawClient(simulator)) {
            client.send("POST", CHAT, plain("fault:silence+gpt-4o"));
            TreeMap<String, String> headers = new TreeMap<>();
            assertThat(client.head(headers)).isEqualTo(200);
            assertThat(headers).containsEntry("content-length", length);
        }
        assertThat(simulator
                        .journal()
                        .await(ReceivedCall::isCancelled)
                        .get(20, TimeUnit.SECONDS)
                        .bytesSent())
                .isZero();
    }

    @Test
    void putsAnErrorIntoA200Body() throws Exception {
        Answer answer = whole("error;code=engine_overloaded;message=busy");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text())
                .isEqualTo(
                        "{\"error\":{\"message\":\"busy\",\"type\":\"server_error\",\"param\":null,\"code\":\"engine_overloaded\"}}");
        assertThat(outcome().outcome()).isEqualTo(Outcome.REFUSED);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void putsAnErrorIntoAStream(int before) throws Exception {
        Answer answer = streamed("error=" + before + ";message=busy");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.end()).isEqualTo(End.COMPLETE);
        assertThat(answer.events())
                .hasSize(before + 1)
                .last()
                .asString()
                .startsWith("{\"error\":{\"message\":\"busy\"");
        assertThat(outcome().outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(outcome().billed().outputTokens()).isEqualTo(Math.max(0, before - 1));
    }

    @Test
    void putsAnErrorEventIntoAResponsesStream() throws Exception {
        String body = new JsonObject()
                .put("model", "fault:error=2;code=oops;message=busy+gpt-4o")
                .put("input", "hi")
                .put("stream", true)
                .encode();
        Answer answer = RawClient.call(simulator, RESPONSES, body);
        assertThat(answer.text())
                .endsWith(
                        "event: error\ndata: {\"type\":\"error\",\"sequence_number\":2,\"code\":\"oops\",\"message\":\"busy\",\"param\":null}\n\n");
    }

    @Test
    void sendsMalformedJson() throws Exception {
        String full = whole("plain").text();
        Answer answer = whole("malformed");
        assertThat(answer.end()).isEqualTo(End.COMPLETE);
        assertThat(answer.text()).isEqualTo(full.substring(0, full.length() - 1));
    }

    @Test
    void sendsMalformedJsonInOneEvent() throws Exception {
        Answer first = streamed("malformed");
        assertThatThrownBy(() -> new JsonObject(first.events().get(1))).isInstanceOf(DecodeException.class);
        assertThat(first.events()).hasSize(6).last().isEqualTo("[DONE]");
        Answer third = streamed("malformed=3");
        assertThat(new JsonObject(third.events().get(1))).isNotNull();
        assertThatThrownBy(() -> new JsonObject(third.events().get(2))).isInstanceOf(DecodeException.class);
    }

    @Test
    void keepsTheUsageToItself() throws Exception {
        assertThat(new JsonObject(whole("usage=none").text()).containsKey("usage"))
                .isFalse();
        String body = Calls.chat("fault:usage=none+gpt-4o", "hi")
                .put("stream", true)
                .put("stream_options", new JsonObject().put("include_usage", true))
                .encode();
        assertThat(RawClient.call(simulator, CHAT, body).text()).doesNotContain("usage");
        assertThat(simulator.totals().of("gpt-4o").reported()).isEqualTo(Usage.ZERO);
        assertThat(simulator.totals().of("gpt-4o").billed()).isEqualTo(Usage.of(3, 5));
    }

    @Test
    void tellsRunningTotalsInEveryChunk() throws Exception {
        Answer answer = streamed("usage=every;reasoning=5");
        assertThat(answer.events().subList(0, 5))
                .extracting(
                        event -> new JsonObject(event).getJsonObject("usage").getInteger("completion_tokens"))
                .containsExactly(0, 6, 7, 8, 8);
        assertThat(outcome().reported()).isEqualTo(new Usage(2, 0, 0, 8, 5));
    }

    @Test
    void reportsCachedAndReasoningTokens() throws Exception {
        JsonObject usage =
                new JsonObject(whole("cached=30;cache-written=10;reasoning=7").text()).getJsonObject("usage");
        assertThat(usage.getInteger("prompt_tokens")).isEqualTo(40);
        assertThat(usage.getInteger("completion_tokens")).isEqualTo(10);
        assertThat(usage.getInteger("total_tokens")).isEqualTo(50);
        assertThat(usage.getJsonObject("prompt_tokens_details").getInteger("cached_tokens"))
                .isEqualTo(30);
        assertThat(usage.getJsonObject("prompt_tokens_details").getInteger("cache_write_tokens"))
                .isEqualTo(10);
        assertThat(usage.getJsonObject("completion_tokens_details").getInteger("reasoning_tokens"))
                .isEqualTo(7);
        assertThat(simulator.totals().of("gpt-4o").billed()).isEqualTo(new Usage(40, 30, 10, 10, 7));
    }

    @Test
    void sendsHugeEvents() throws Exception {
        Answer answer = streamed("huge=200000");
        assertThat(answer.end()).isEqualTo(End.COMPLETE);
        assertThat(new JsonObject(answer.events().get(1))
                        .getJsonArray("choices")
                        .getJsonObject(0)
                        .getJsonObject("delta")
                        .getString("content"))
                .hasSize(200_000)
                .matches("x+");
        assertThat(answer.events()).hasSize(7).last().isEqualTo("[DONE]");
    }

    @Test
    void dripsBytes() throws Exception {
        Answer answer = streamed("drip=7;drip-delay=0");
        assertThat(answer.text()).isEqualTo(streamed("plain").text());
        assertThat(answer.chunks()).allSatisfy(chunk -> assertThat(chunk.length).isLessThanOrEqualTo(7));
        Answer slowly = whole("drip=100");
        assertThat(slowly.text()).isEqualTo(whole("plain").text());
    }

    @Test
    void sendsNothingAtAll() throws Exception {
        Answer stream = streamed("empty");
        assertThat(stream.end()).isEqualTo(End.COMPLETE);
        assertThat(stream.body()).isEmpty();
        assertThat(stream.headers()).containsEntry("content-type", "text/event-stream; charset=utf-8");
        Answer whole = whole("empty");
        assertThat(whole.status()).isEqualTo(200);
        assertThat(whole.headers()).containsEntry("content-length", "0");
    }

    @Test
    void sendsOnlyTheTerminator() throws Exception {
        assertThat(streamed("empty=done").text()).isEqualTo("data: [DONE]\n\n");
    }

    @Test
    void forgetsTheTerminator() throws Exception {
        String full = streamed("plain").text();
        Answer answer = streamed("no-done");
        assertThat(answer.end()).isEqualTo(End.COMPLETE);
        assertThat(answer.text() + "data: [DONE]\n\n").isEqualTo(full);
    }

    @Test
    void putsWhiteSpaceAndAMarkBeforeTheBody() throws Exception {
        String full = whole("plain").text();
        assertThat(whole("whitespace=3").text()).isEqualTo("\n\n\n" + full);
        assertThat(whole("bom").text()).isEqualTo("\uFEFF" + full);
    }

    @Test
    void sendsKeepAlivesBeforeTheContent() throws Exception {
        assertThat(streamed("comments=2;keep-alive-delay=1").text())
                .isEqualTo(
                        ": keep-alive\n\n: keep-alive\n\n" + streamed("plain").text());
        Answer whole = whole("comments=2;keep-alive-delay=1;ttft=1");
        assertThat(whole.text()).isEqualTo("\n\n" + whole("plain").text());
        assertThat(whole.end()).isEqualTo(End.COMPLETE);
    }

    @Test
    void endsLinesAsWished() throws Exception {
        String plain = streamed("plain").text();
        assertThat(streamed("line-end=crlf").text()).isEqualTo(plain.replace("\n", "\r\n"));
        assertThat(streamed("line-end=cr;comments=1").text())
                .isEqualTo((": keep-alive\n\n" + plain).replace("\n", "\r"));
        assertThat(whole("line-end=crlf").text()).isEqualTo(whole("plain").text());
    }

    @Test
    void takesItsTimeAndStillSaysTheSame() throws Exception {
        String fault = "latency=5;ttft=5ms;tps=500;jitter=3;seed=4";
        assertThat(streamed(fault).text()).isEqualTo(streamed("plain").text());
        assertThat(whole(fault).text()).isEqualTo(whole("plain").text());
    }

    @Test
    void stopsItsTimersWhenTheClientGoes() throws Exception {
        try (RawClient client = new RawClient(simulator)) {
            client.send("POST", CHAT, stream("fault:ttft=9000s+gpt-4o"));
            client.head(new TreeMap<>());
            client.chunk(new ByteArrayOutputStream());
            simulator.journal().await(call -> call.eventsSent() == 1).get(20, TimeUnit.SECONDS);
            assertThat(simulator.openCalls()).isEqualTo(1);
        }
        assertThat(outcome().outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(simulator.openTimers()).isZero();
        assertThat(simulator.openCalls()).isZero();
    }

    @Test
    void explainsAWrongFault() throws Exception {
        Answer answer = whole("statsu=1");
        assertThat(answer.status()).isEqualTo(400);
        JsonObject error = new JsonObject(answer.text()).getJsonObject("error");
        assertThat(error.getString("code")).isEqualTo("invalid_fault");
        assertThat(error.getString("message")).startsWith("unknown directive \"statsu\" (expected: plain or one of");
    }

    @Test
    void takesFaultsFromTheHeaderOverThoseOfTheModelAndTheRules() throws Exception {
        simulator.rules().add(Rule.always("status=500;code=rule;message=rule"));
        Answer ruled = RawClient.call(simulator, CHAT, plain("gpt-4o"));
        assertThat(ruled.status()).isEqualTo(500);
        Answer named = RawClient.call(simulator, CHAT, plain("fault:code=model;status=501+gpt-4o"));
        assertThat(named.status()).isEqualTo(501);
        assertThat(named.text()).contains("\"message\":\"rule\"").contains("\"code\":\"model\"");
        Answer headed = RawClient.call(
                simulator, CHAT, plain("fault:status=501+gpt-4o"), "X-Simulate: status=502", "x-simulate: code=header");
        assertThat(headed.status()).isEqualTo(502);
        assertThat(headed.text()).contains("\"code\":\"header\"");
        Answer plain = RawClient.call(simulator, CHAT, plain("gpt-4o"), "x-simulate: plain");
        assertThat(plain.status()).isEqualTo(200);
    }

    @Test
    void refusesConnectionsAndListensAgainOnTheSamePort() throws Exception {
        try (Simulator other = Simulator.start();
                RawClient client = new RawClient(other)) {
            int port = other.port();
            client.send("POST", CHAT, stream("fault:silence+gpt-4o"));
            other.journal().await(call -> call.eventsSent() == 1).get(20, TimeUnit.SECONDS);
            other.refuseConnections();
            assertThat(client.answer().end()).isNotEqualTo(End.COMPLETE);
            assertThat(other.journal().last().outcome()).isEqualTo(Outcome.CUT);
            assertThatThrownBy(() -> new RawClient(other)).isInstanceOf(ConnectException.class);
            other.listen();
            assertThat(other.port()).isEqualTo(port);
            assertThat(RawClient.call(other, CHAT, plain("gpt-4o")).status()).isEqualTo(200);
        }
    }
}
