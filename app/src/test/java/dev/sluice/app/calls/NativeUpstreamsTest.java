package dev.sluice.app.calls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.app.calls.ClientForm.Call;
import dev.sluice.app.calls.ClientForm.Said;
import dev.sluice.protocol.Usage;
import dev.sluice.simulator.ReceivedCall;
import dev.sluice.simulator.Rule;
import dev.sluice.simulator.Simulator;
import dev.sluice.traffic.usage.Outcome;
import dev.sluice.traffic.usage.Provenance;
import dev.sluice.traffic.usage.UsageRecord;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Cohere, Hunyuan, the applications of Dify and Bailian and bots of Coze as upstreams, each called by clients of three protocols, whole and streamed. */
class NativeUpstreamsTest {
    private static final String SECRET = "SECRETEXAMPLE0000000000000000000";
    private static final String SIGNED = "signed";
    private static final List<String> WITH_TOOLS = List.of("cohere", "hunyuan");
    private static final List<String> UPSTREAMS =
            List.of("cohere", "hunyuan", "chat", "agent", "flow", "completion", "workflow", "application", "coze");
    private static final List<String> WITH_CONVERSATIONS = List.of("chat", "agent", "flow", "application", "coze");
    /** The bill of {@code one two three four}: a workflow tells only the sum. */
    private static final Usage BILL = Usage.of(4, 5);

    /**
     * Faults: what they are in Hunyuan's words when those are others, how they are tried, and what they come to. Frames before the first
     * content are not the same everywhere, so events are counted from there.
     */
    private static final String FAULTS = """
            status=401                      | status=200;code=AuthFailure.SecretIdNotFound         | both   | 502 | provider-auth
            status=429                      | status=200;code=RequestLimitExceeded                 | both   | 429 | provider-rate-limited
            status=500                      | status=200;code=InternalError                        | both   | 502 | upstream-error
            status=400                      | status=200;code=InvalidParameterValue                | both   | 400 | upstream-refused
            error                           |                                                      | both   | 502 | upstream-error
            error=FIRST;message=Oops        |                                                      | stream | 502 | upstream-error
            error=SECOND;message=Oops       |                                                      | stream | 200 | upstream-error
            cut=0.5                         |                                                      | both   | 502 | upstream-cut
            cut=SECOND                      |                                                      | stream | 200 | upstream-cut
            cut=SECOND;end=clean            |                                                      | stream | 200 | upstream-cut
            malformed                       |                                                      | stream | 502 | upstream-malformed
            empty                           |                                                      | both   | 502 | upstream-malformed
            """;

    @TempDir
    static Path folder;

    private static Simulator provider;
    private static GatewayUnderTest gateway;

    @BeforeAll
    static void start() {
        provider = Simulator.start();
        List<String> all = new ArrayList<>(UPSTREAMS);
        all.add(SIGNED);
        StringBuilder declaration =
                new StringBuilder("""
                providerKeys:
                  - { name: tencent, provider: hunyuan, secret: "AKIDEXAMPLE:%3$s:session-token" }
                  - { name: agent, provider: dify, secret: app-agent-0123456789 }
                  - { name: flow, provider: dify, secret: app-flow-0123456789 }
                services:
                  - { name: cohere, provider: cohere, protocol: native, address: { url: "%1$s" } }
                  - { name: hunyuan, provider: hunyuan, protocol: native, address: { url: "%1$s" } }
                  - { name: signed, provider: hunyuan, protocol: native, address: { url: "%1$s" }, keys: [tencent] }
                  - { name: chat, provider: dify, protocol: native, address: { url: "%1$s/v1" }, timeouts: { idleMs: 1000 } }
                  - { name: agent, provider: dify, protocol: native, address: { url: "%1$s/v1" }, keys: [agent], options: { applicationType: agent } }
                  - { name: flow, provider: dify, protocol: native, address: { url: "%1$s/v1" }, keys: [flow], options: { applicationType: chat } }
                  - { name: completion, provider: dify, protocol: native, address: { url: "%1$s/v1" }, timeouts: { idleMs: 1000 }, options: { applicationType: completion } }
                  - { name: workflow, provider: dify, protocol: native, address: { url: "%1$s/v1" }, timeouts: { idleMs: 1000 }, options: { applicationType: workflow } }
                  - { name: application, provider: bailian-app, protocol: native, address: { url: "%1$s/api/v1" }, options: { appId: app-1 } }
                  - { name: coze, provider: coze, protocol: native, address: { url: "%1$s" }, timeouts: { idleMs: 1000 } }
                consumers:
                  - { name: caller, modelApis: [passed, hunyuan-backed, chat-backed, workflow-backed, coze-backed, %4$s] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %2$s }
                modelApis:
                  - { name: passed, basePath: /passed, useCase: others, protocol: any,
                      distribution: { strategy: single, targets: [ { service: agent } ] } }
                """.formatted(provider.url(), GatewayUnderTest.KEY, SECRET, String.join(", ", all)));
        for (String name : List.of("hunyuan", "chat", "workflow", "coze")) {
            declaration.append("""
                      - name: %1$s-backed
                        basePath: /%1$s-backed
                        distribution: { strategy: single, targets: [ { service: %1$s } ] }
                        fallback: { steps: [ { service: cohere } ] }
                    """.formatted(name));
        }
        for (String name : all) {
            declaration.append("""
                      - name: %1$s
                        basePath: /%1$s
                        routes: [/v1/chat/completions, /v1/messages, "/v1beta/models/{model}:generateContent",
                          "/v1beta/models/{model}:streamGenerateContent"]
                        distribution: { strategy: single, targets: [ { service: %1$s } ] }
                    """.formatted(name));
        }
        gateway = GatewayUnderTest.start(folder, declaration.toString());
    }

    @AfterAll
    static void stop() {
        gateway.close();
        provider.close();
    }

    @AfterEach
    void forget() {
        provider.rules().clear();
        provider.journal().clear();
    }

    private static Reply ask(
            String upstream, ClientForm client, boolean stream, JsonObject question, String... headers) {
        return gateway.call("/" + upstream + client.path("m-1", stream), question.encode(), headers);
    }

    private static JsonObject question(ClientForm client, boolean stream, String... turns) {
        return client.question("m-1", stream, List.of(turns));
    }

    private static Stream<Arguments> asked(List<String> upstreams) {
        return upstreams.stream()
                .flatMap(upstream -> Arrays.stream(ClientForm.values())
                        .flatMap(client -> Stream.of(
                                Arguments.of(upstream, client, false), Arguments.of(upstream, client, true))));
    }

    static Stream<Arguments> everybody() {
        return asked(UPSTREAMS);
    }

    static Stream<Arguments> whereToolsAre() {
        return asked(WITH_TOOLS);
    }

    static Stream<Arguments> whereConversationsAreKept() {
        return asked(WITH_CONVERSATIONS);
    }

    @ParameterizedTest(name = "{0} for {1}, stream {2}")
    @MethodSource("everybody")
    void answersAndIsBilledExactly(String upstream, ClientForm client, boolean stream) {
        Reply reply = ask(upstream, client, stream, question(client, stream, "one two three four"));
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        Said said = client.read(reply);
        assertThat(said.text.toString()).isEqualTo("Echo: one two three four");
        assertThat(said.finish).isEqualTo(client.finished(false));
        UsageRecord record = gateway.record(reply.id());
        assertThat(record.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(record.provenance()).isEqualTo(Provenance.REPORTED);
        assertThat(provider.journal().last().reported()).isEqualTo(BILL);
        assertThat(record.usage()).isEqualTo(upstream.equals("workflow") ? Usage.of(0, BILL.totalTokens()) : BILL);
        assertThat(Usage.of(said.input, said.output)).isEqualTo(record.usage());
    }

    @ParameterizedTest(name = "{0} for {1}, stream {2}")
    @MethodSource("whereToolsAre")
    void callsToolsAndTakesTheirResults(String upstream, ClientForm client, boolean stream) {
        JsonObject question = question(client, stream, "weather?");
        client.offer(question);
        provider.rules().add(Rule.always("tool-calls=2"));
        Said first = client.read(ask(upstream, client, stream, question));
        assertThat(first.finish).isEqualTo(client.finished(true));
        assertThat(first.calls).hasSize(2);
        assertThat(first.calls).extracting(Call::id).doesNotHaveDuplicates();
        for (Call call : first.calls) {
            assertThat(call.name()).isEqualTo(ClientForm.TOOL);
            assertThat(new JsonObject(call.arguments()).getString("city")).isNotEmpty();
        }
        client.answer(question, first.calls, "sunny");
        Said second = client.read(ask(upstream, client, stream, question));
        assertThat(second.error).isEmpty();
        assertThat(second.text.toString()).startsWith("Tool said: ").contains("sunny");
        assertThat(second.finish).isEqualTo(client.finished(false));
    }

    @ParameterizedTest
    @CsvSource({
        "cohere, user user, 200",
        "hunyuan, user user, 200",
        "hunyuan, assistant user, 200",
        "hunyuan, user assistant, 400"
    })
    void turnsAreAsTheProviderWantsThem(String upstream, String roles, int status) {
        JsonArray messages = new JsonArray();
        for (String role : roles.split(" ")) {
            messages.add(new JsonObject().put("role", role).put("content", "said by the " + role));
        }
        JsonObject question = question(ClientForm.OPENAI, false, "replaced").put("messages", messages);
        Reply reply = ask(upstream, ClientForm.OPENAI, false, question);
        assertThat(reply.status()).as(reply.text()).isEqualTo(status);
        assertThat(provider.journal().size()).isEqualTo(status == 200 ? 1 : 0);
    }

    @ParameterizedTest(name = "{0} for {1}, stream {2}")
    @MethodSource("whereConversationsAreKept")
    void goesOnWithAConversation(String upstream, ClientForm client, boolean stream) {
        Reply first = ask(upstream, client, stream, question(client, stream, "one two"));
        String conversation = first.header("x-sluice-conversation");
        assertThat(conversation).isNotEmpty();
        Reply second = ask(
                upstream,
                client,
                stream,
                question(client, stream, "one two", "Echo: one two", "three"),
                "x-sluice-conversation",
                conversation);
        assertThat(client.read(second).text.toString()).isEqualTo("Echo: three");
        assertThat(second.header("x-sluice-conversation")).isEqualTo(conversation);
        ReceivedCall sent = provider.journal().last();
        assertThat(
                        switch (upstream) {
                            case "application" ->
                                sent.json().getJsonObject("input").getString("session_id");
                            case "coze" -> sent.query().replace("conversation_id=", "");
                            default -> sent.json().getString("conversation_id");
                        })
                .isEqualTo(conversation);
    }

    @ParameterizedTest(name = "{0} for {1}, stream {2}")
    @MethodSource("everybody")
    void aWholeConversationIsToldWhereNoneIsKept(String upstream, ClientForm client, boolean stream) {
        Reply reply = ask(upstream, client, stream, question(client, stream, "one two", "Echo: one two", "three"));
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(client.read(reply).text.toString()).endsWith("three");
        assertThat(provider.journal().last().text()).contains("one two", "Echo: one two", "three");
    }

    @ParameterizedTest
    @CsvSource({"chat, Conversation Not Exists.", "coze, The conversation does not exist."})
    void aConversationThatWasNeverGivenOutIsTold(String upstream, String message) {
        ClientForm client = ClientForm.OPENAI;
        Reply reply =
                ask(upstream, client, false, question(client, false, "one"), "x-sluice-conversation", "no-such-one");
        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.error().getString("code")).isEqualTo("conversation_not_found");
        assertThat(reply.text()).contains(message);
    }

    @ParameterizedTest
    @EnumSource(ClientForm.class)
    void thoughtsAreTold(ClientForm client) {
        provider.rules().add(Rule.always("reasoning=3"));
        for (boolean stream : new boolean[] {false, true}) {
            JsonObject question = question(client, stream, "one");
            if (client == ClientForm.GEMINI)
                question.put("generationConfig", new JsonObject("{\"thinkingConfig\":{\"includeThoughts\":true}}"));
            Said said = client.read(ask("agent", client, stream, question));
            assertThat(said.thoughts.toString()).isEqualTo("The user wants");
            assertThat(said.text.toString()).isEqualTo("Echo: one");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "chat, /v1/chat-messages/, true",
        "chat, /v1/chat-messages/, false",
        "agent, /v1/chat-messages/, true",
        "flow, /v1/chat-messages/, true",
        "completion, /v1/completion-messages/, true",
        "completion, /v1/completion-messages/, false",
        "workflow, /v1/workflows/tasks/, true",
        "workflow, /v1/workflows/tasks/, false",
    })
    void anApplicationThatNobodyListensToIsStopped(String upstream, String path, boolean stream) throws Exception {
        giveUp(upstream, stream);
        ReceivedCall stop = told("/stop");
        assertThat(stop.path()).matches(path + "[-0-9a-f]{36}/stop");
        assertThat(stop.json()).isEqualTo(new JsonObject().put("user", "u-7"));
        assertThat(provider.journal().calls())
                .filteredOn(call -> call.path().endsWith("/stop"))
                .hasSize(1);
        assertThat(provider.totals().of("dify-stop").calls()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aChatThatNobodyListensToIsCancelled(boolean stream) throws Exception {
        giveUp("coze", stream);
        ReceivedCall cancelled = told("/v3/chat/cancel");
        assertThat(cancelled.json().fieldNames()).containsExactlyInAnyOrder("chat_id", "conversation_id");
        assertThat(cancelled.query()).isEmpty();
        // Found by its ids: it refuses others.
        assertThat(cancelled.outcome()).isEqualTo(dev.sluice.simulator.Outcome.ANSWERED);
        assertThat(provider.journal().calls())
                .filteredOn(call -> call.path().endsWith("/cancel"))
                .hasSize(1);
    }

    @Test
    void anApplicationOfBailianIsLeftByItsConnection() throws Exception {
        giveUp("application", true);
        ReceivedCall left = provider.journal()
                .awaitCancellation(provider.journal().last().number())
                .get(10, TimeUnit.SECONDS);
        assertThat(left.path()).endsWith("/completion");
        assertThat(provider.journal().size()).isEqualTo(1);
    }

    /** An answer stands still after its first words: a client that has read them leaves, one that waits for the whole is told that it takes too long. */
    private static void giveUp(String upstream, boolean stream) throws Exception {
        provider.rules().add(Rule.always("silence=6").times(1));
        JsonObject question = question(ClientForm.OPENAI, stream, "one two three four five six")
                .put("user", "u-7");
        if (!stream) {
            ask(upstream, ClientForm.OPENAI, false, question);
            return;
        }
        try (RawConnection client = gateway.connect()) {
            client.post("/" + upstream + "/v1/chat/completions", question.encode(), "");
            client.readUntil("one");
        }
    }

    private static ReceivedCall told(String end) throws Exception {
        return provider.journal()
                .await(call -> call.path().endsWith(end) && !call.isOpen())
                .get(10, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"chat", "completion", "workflow", "coze"})
    void whatHasAnsweredIsNotStopped(String upstream) {
        Reply reply = ask(upstream, ClientForm.OPENAI, true, question(ClientForm.OPENAI, true, "one two"));
        gateway.record(reply.id());
        assertThat(provider.journal().size()).isEqualTo(1);
    }

    static Stream<Arguments> faults() {
        List<Arguments> all = new ArrayList<>();
        for (String line : FAULTS.lines().toList()) {
            List<String> cells =
                    Arrays.stream(line.split("\\|")).map(String::strip).toList();
            for (String upstream : UPSTREAMS) {
                // These have keys, which a fault would put aside; in all else they are like the chat.
                if (upstream.equals("agent") || upstream.equals("flow")) continue;
                for (ClientForm client : ClientForm.values()) {
                    for (boolean stream : new boolean[] {false, true}) {
                        if (cells.get(2).equals("stream") && !stream) continue;
                        String fault =
                                upstream.equals("hunyuan") && !cells.get(1).isEmpty() ? cells.get(1) : cells.get(0);
                        all.add(Arguments.of(fault, upstream, client, stream, cells.get(3), cells.get(4)));
                    }
                }
            }
        }
        return all.stream();
    }

    /** Events before the first with content. */
    private static int openings(String upstream) {
        return switch (upstream) {
            case "cohere", "coze" -> 2;
            case "workflow" -> 3;
            default -> 1;
        };
    }

    @ParameterizedTest(name = "{0}: {1} for {2}, stream {3}")
    @MethodSource("faults")
    void aFaultBecomesAnErrorOfTheClientsProtocol(
            String fault, String upstream, ClientForm client, boolean stream, int status, String failure) {
        int openings = openings(upstream);
        provider.rules()
                .add(Rule.always(fault.replace("FIRST", Integer.toString(openings))
                        .replace("SECOND", Integer.toString(openings + 2))));
        Reply reply = ask(upstream, client, stream, question(client, stream, "one two three four"));
        UsageRecord record = gateway.record(reply.id());
        assertThat(List.of(reply.status(), record.failure())).as(reply.text()).isEqualTo(List.of(status, failure));
        assertThat(record.outcome()).isEqualTo(Outcome.UPSTREAM_FAILED);
        Said said = client.read(reply);
        if (status == 200) {
            assertThat(said.text.toString()).isEqualTo("Echo: one");
            assertThat(said.error).isEqualTo(client.errorOf(502));
            // Where every event tells the usage so far, what was told may count.
            assertThat(record.provenance()).isNotEqualTo(Provenance.NONE);
            assertThat(record.usage().outputTokens()).isPositive();
        } else {
            assertThat(said.text.toString()).isEmpty();
            assertThat(said.error).isEqualTo(client.errorOf(status));
            assertThat(record.usage()).isEqualTo(Usage.ZERO);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "hunyuan, /, status=200;code=RequestLimitExceeded",
        "hunyuan, /, error=1;code=InternalError",
        "hunyuan, /, error;code=InternalError",
        "chat, *chat-messages, error=1",
        "chat, *chat-messages, cut=1",
        "chat, *chat-messages, status=429",
        "workflow, *workflows/run, error=3",
        "coze, */v3/chat, error=2",
        "coze, */v3/chat, status=200;code=4013",
        "coze, */v3/chat, cut=2",
    })
    void anErrorBeforeTheFirstContentIsAnsweredByAnotherProtocol(String upstream, String path, String fault) {
        provider.rules().add(Rule.always(fault).forPath(path));
        for (boolean stream : new boolean[] {false, true}) {
            ClientForm client = ClientForm.OPENAI;
            Reply reply = ask(upstream + "-backed", client, stream, question(client, stream, "one two three four"));
            assertThat(client.read(reply).text.toString()).isEqualTo("Echo: one two three four");
            assertThat(reply.header("x-sluice-service")).isEqualTo("cohere");
            UsageRecord record = gateway.record(reply.id());
            assertThat(record.attempts()).isEqualTo(2);
            assertThat(record.usage()).isEqualTo(BILL);
        }
    }

    /** Dify pings before it says anything. */
    @Test
    void aPingAheadOfTheFirstContentIsNotTold() {
        Reply reply = ask("chat", ClientForm.OPENAI, true, question(ClientForm.OPENAI, true, "one two"));
        assertThat(reply.text()).startsWith("data: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"chat", "completion", "workflow", "application", "coze"})
    void anAgentTakesNoToolsOfItsCaller(String upstream) {
        for (ClientForm client : ClientForm.values()) {
            JsonObject question = question(client, false, "weather?");
            client.offer(question);
            Reply reply = ask(upstream, client, false, question);
            assertThat(reply.status()).as(reply.text()).isEqualTo(400);
            assertThat(client.read(reply).error).isEqualTo(client.errorOf(400));
            assertThat(reply.text()).contains("takes none of its caller");
            assertThat(provider.journal().size()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"400, upstream-refused", "401, provider-auth", "429, provider-rate-limited", "500, upstream-error"})
    void theStatusInAnErrorOfDifySaysWhatItIs(int status, String failure) {
        JsonObject event = new JsonObject()
                .put("event", "error")
                .put("status", status)
                .put("code", "some_code")
                .put("message", "No");
        provider.rules().add(Rule.always("error=3;body=" + event.encode()));
        ClientForm client = ClientForm.OPENAI;
        Reply reply = ask("chat", client, true, question(client, true, "one two three four"));
        assertThat(client.read(reply).error).isNotEmpty();
        assertThat(gateway.record(reply.id()).failure()).isEqualTo(failure);
    }

    @ParameterizedTest
    @ValueSource(strings = {"streaming", "blocking"})
    void aClientOfDifyIsPassedThroughWithTheKeyOfTheApplication(String mode) {
        String body = new JsonObject()
                .put("query", "one two")
                .put("inputs", new JsonObject())
                .put("user", "someone")
                .put("response_mode", mode)
                .encode();
        Reply reply = gateway.call("/passed/chat-messages", body);
        ReceivedCall call = provider.journal().last();
        assertThat(call.text()).isEqualTo(body);
        assertThat(call.header("authorization")).contains("Bearer app-agent-0123456789");
        if (mode.equals("blocking")) {
            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.json().getString("message")).isEqualTo("Agent Chat App does not support blocking mode");
        } else {
            assertThat(reply.text()).startsWith("event: ping").contains("\"agent_message\"", "\"message_end\"");
        }
    }

    @Test
    void aCallOfHunyuanIsSignedAndKeepsTheTokenOfASession() throws GeneralSecurityException {
        ClientForm client = ClientForm.OPENAI;
        Reply reply = ask(SIGNED, client, false, question(client, false, "one"));
        assertThat(client.read(reply).text.toString()).isEqualTo("Echo: one");
        ReceivedCall call = provider.journal().last();
        String timestamp = call.header("x-tc-timestamp").orElseThrow();
        String authorization = call.header("authorization").orElseThrow();
        String day = authorization.split("/")[1];
        String canonical = "POST\n/\n\ncontent-type:"
                + call.header("content-type").orElseThrow() + "\nhost:"
                + call.header("host").orElseThrow() + "\n\ncontent-type;host\n"
                + sha256(call.text().getBytes(UTF_8));
        String toSign = "TC3-HMAC-SHA256\n" + timestamp + "\n" + day + "/hunyuan/tc3_request\n"
                + sha256(canonical.getBytes(UTF_8));
        byte[] key = hmac(hmac(hmac(("TC3" + SECRET).getBytes(UTF_8), day), "hunyuan"), "tc3_request");
        assertThat(authorization)
                .isEqualTo("TC3-HMAC-SHA256 Credential=AKIDEXAMPLE/" + day + "/hunyuan/tc3_request, "
                        + "SignedHeaders=content-type;host, Signature="
                        + HexFormat.of().formatHex(hmac(key, toSign)));
        assertThat(call.header("x-tc-token")).contains("session-token");
    }

    private static String sha256(byte[] bytes) throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(UTF_8));
    }
}
