package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.Rule;
import dev.sluice.simulator.Simulator;
import dev.sluice.simulator.SimulatorOptions;
import dev.sluice.upstreams.source.NameResolver;
import io.vertx.core.json.JsonObject;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of calls when the nodes of a service die, come back and move. */
class NodeHealthTest {
    private static final String CHAT = "/v1/chat/completions";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final Map<String, List<String>> names = new ConcurrentHashMap<>();
    private int retries;
    private GatewayUnderTest gateway;

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable one : open.reversed()) one.close();
    }

    @Test
    void aNodeThatDiesIsEjectedWithoutAFailedCall() {
        List<Simulator> nodes = nodes(3);
        start(fixed(nodes), "round-robin", "passive: { consecutiveFailures: 2, ejectionMs: 600000 }");
        for (int i = 0; i < 6; i++) call();
        assertThat(nodes).allSatisfy(node -> assertThat(node.journal().size()).isEqualTo(2));
        nodes.getFirst().refuseConnections();
        for (int i = 0; i < 12; i++) call();
        assertThat(states()).containsExactly("ejected", "active", "active");
        for (int i = 0; i < 6; i++) {
            assertThat(call().header("x-sluice-attempts"))
                    .as("nobody goes there any more")
                    .isEqualTo("1");
        }
        assertThat(gateway.admin("GET", "/metrics", "", "").text()).contains("sluice_nodes_out 1.0");
    }

    @Test
    void aNodeThatDiesWithCallsInFlightFailsNone() {
        List<Simulator> nodes = nodes(2);
        nodes.getFirst().rules().add(Rule.always("ttft=60000"));
        start(fixed(nodes), "round-robin", "passive: { consecutiveFailures: 5, ejectionMs: 600000 }");
        List<CompletableFuture<Reply>> calls = new ArrayList<>();
        for (int i = 0; i < 16; i++) calls.add(gateway.callAsync(CHAT, GatewayUnderTest.chat()));
        await(() -> nodes.getFirst().openCalls() == 8);
        nodes.getFirst().refuseConnections();
        for (CompletableFuture<Reply> call : calls)
            assertThat(call.join().status()).isEqualTo(200);
        assertThat(states()).containsExactly("ejected", "active");
    }

    @Test
    void aRetryGoesToAnotherNodeFirst() {
        retries = 1;
        List<Simulator> nodes = nodes(2);
        nodes.getFirst().rules().add(Rule.always("status=500"));
        start(fixed(nodes), "round-robin", "passive: { consecutiveFailures: 0 }");
        for (int i = 0; i < 4; i++) call();
        assertThat(nodes.getFirst().journal().size()).isEqualTo(2);
        assertThat(nodes.getLast().journal().size()).isEqualTo(4);
    }

    @Test
    void aNodeThatRecoversGetsCallsAgain() {
        List<Simulator> nodes = nodes(2);
        start(fixed(nodes), "round-robin", "passive: { consecutiveFailures: 1, ejectionMs: 1 }");
        nodes.getFirst().refuseConnections();
        for (int i = 0; i < 4; i++) call();
        nodes.getFirst().listen();
        await(() -> {
            call();
            return nodes.getFirst().journal().size() > 0;
        });
    }

    @Test
    void checksFindADeadNodeBeforeCallsDoAndSeeItComeBack() {
        List<Simulator> nodes = nodes(2);
        start(
                fixed(nodes),
                "round-robin",
                "active: { path: /v1/models, intervalMs: 100, timeoutMs: 2000, healthyAfter: 1, unhealthyAfter: 2 }");
        await(() -> nodes.stream().allMatch(node -> node.journal().size() > 0));
        assertThat(nodes.getFirst().journal().last().header("authorization")).isEmpty();
        nodes.getFirst().refuseConnections();
        await(() -> states().equals(List.of("down", "active")));
        for (int i = 0; i < 4; i++) {
            assertThat(call().header("x-sluice-attempts")).isEqualTo("1");
        }
        nodes.getFirst().listen();
        await(() -> states().equals(List.of("active", "active")));
    }

    @Test
    void checksThatFailEverywhereStopNoCallAndLeaveTheCallsSpread() {
        List<Simulator> nodes = nodes(2);
        for (Simulator node : nodes) node.rules().add(Rule.always("status=500").forPath("/v1/models"));
        start(
                fixed(nodes),
                "round-robin",
                "active: { path: /v1/models, intervalMs: 100, timeoutMs: 2000, healthyAfter: 1, unhealthyAfter: 2 }");
        await(() -> states().equals(List.of("down", "down")));
        for (int i = 0; i < 6; i++)
            assertThat(call().header("x-sluice-attempts")).isEqualTo("1");
        assertThat(nodes)
                .allSatisfy(node -> assertThat(node.journal().calls().stream()
                                .filter(call -> call.path().equals(CHAT)))
                        .hasSize(3));
    }

    @Test
    void whenAllNodesAreDownTheBestIsTriedAnyway() {
        List<Simulator> nodes = nodes(2);
        start(
                fixed(nodes),
                "least-loaded",
                "passive: { consecutiveFailures: 1, ejectionMs: 600000, maxEjectedPercent: 100 }");
        nodes.forEach(Simulator::refuseConnections);
        Reply failed = gateway.call(CHAT, GatewayUnderTest.chat());
        assertThat(failed.status()).isEqualTo(502);
        assertThat(failed.header("x-sluice-attempts")).isEqualTo("2");
        assertThat(states()).containsExactly("ejected", "ejected");
        assertThat(gateway.call(CHAT, GatewayUnderTest.chat()).header("x-sluice-attempts"))
                .as("both are tried again")
                .isEqualTo("2");
        nodes.forEach(Simulator::listen);
        assertThat(call().header("x-sluice-attempts")).isEqualTo("1");
    }

    @Test
    void allAddressesOfANameServeAndTheyChangeWithoutAFailedCall() {
        List<Simulator> nodes = onePort();
        int port = nodes.getFirst().port();
        names.put("llm.test", List.of("127.0.0.1", "127.0.0.2"));
        start("dns: [\"llm.test:" + port + "\"], basePath: /v1", "round-robin", "");
        await(() -> states().size() == 2);
        for (int i = 0; i < 4; i++) call();
        assertThat(nodes).allSatisfy(node -> assertThat(node.journal().size()).isGreaterThanOrEqualTo(2));
        assertThat(nodes.getFirst().journal().last().header("host")).contains("llm.test:" + port);
        names.put("llm.test", List.of("127.0.0.2"));
        await(() -> {
            call();
            return states().size() == 1;
        });
        nodes.getFirst().refuseConnections();
        for (int i = 0; i < 6; i++) {
            assertThat(call().header("x-sluice-attempts")).isEqualTo("1");
        }
        names.remove("llm.test");
        await(() -> {
            call();
            return !runtime().getString("nodesProblem").isEmpty();
        });
        assertThat(runtime().getString("nodesProblem")).isEqualTo("\"llm.test\" cannot be resolved: no such name");
        assertThat(gateway.admin("GET", "/readyz", "", "").text()).contains("may not be the newest");
        assertThat(call().header("x-sluice-attempts")).as("what is known stays").isEqualTo("1");
    }

    @Test
    void noCallStaysInFlightHoweverItEnds() {
        List<Simulator> nodes = nodes(2);
        List<String> ends =
                List.of("tokens=3", "status=500", "status=429", "status=400", "reset", "malformed", "empty", "cut=3");
        for (Simulator node : nodes) {
            for (String end : ends) node.rules().add(Rule.always(end).forModel(end));
            node.rules().add(Rule.always("tps=1;tokens=600").forModel("long"));
        }
        start(fixed(nodes), "least-loaded", "passive: { consecutiveFailures: 3, ejectionMs: 1 }");
        List<CompletableFuture<?>> calls = new ArrayList<>();
        for (String end : ends) {
            for (boolean stream : new boolean[] {false, true}) {
                calls.add(gateway.callAsync(CHAT, GatewayUnderTest.chat(end, stream)));
            }
        }
        try (RawConnection leaves = gateway.connect().post(CHAT, GatewayUnderTest.chat("long", true), "")) {
            assertThat(leaves.head()).startsWith("HTTP/1.1 200 ");
            assertThat(inFlight()).isPositive();
        }
        // A stream that breaks off is no answer to the client either.
        CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new))
                .exceptionally(_ -> null)
                .join();
        await(() -> inFlight() == 0);
    }

    @Test
    void oneConversationStaysOnOneNode() {
        List<Simulator> nodes = nodes(3);
        start(fixed(nodes), "consistent-hash, hashBy: header:x-session", "");
        Set<Integer> used = new HashSet<>();
        for (int session = 0; session < 12; session++) {
            Integer node = null;
            for (int i = 0; i < 3; i++) {
                nodes.forEach(n -> n.journal().clear());
                Reply reply = gateway.call(CHAT, GatewayUnderTest.chat(), "x-session", "s" + session);
                assertThat(reply.status()).isEqualTo(200);
                int now = nodes.indexOf(nodes.stream()
                        .filter(n -> n.journal().size() > 0)
                        .findFirst()
                        .orElseThrow());
                if (node != null) assertThat(now).isEqualTo(node);
                node = now;
            }
            used.add(node);
        }
        assertThat(used).as("different sessions go to different nodes").hasSizeGreaterThan(1);
    }

    private List<Simulator> nodes(int count) {
        List<Simulator> nodes = new ArrayList<>();
        for (int i = 0; i < count; i++) nodes.add(started(SimulatorOptions.USUAL));
        return nodes;
    }

    /** Two nodes that differ by their address only. */
    private List<Simulator> onePort() {
        Simulator first = started(SimulatorOptions.USUAL);
        Simulator second = started(SimulatorOptions.USUAL.withHost("127.0.0.2").withPort(first.port()));
        return List.of(first, second);
    }

    private Simulator started(SimulatorOptions options) {
        Simulator simulator = Simulator.start(options);
        open.add(simulator);
        return simulator;
    }

    private void start(String address, String policy, String health) {
        NameResolver resolver = name -> {
            List<String> addresses = names.get(name);
            return addresses == null
                    ? CompletableFuture.failedFuture(new UnknownHostException("no such name"))
                    : CompletableFuture.completedFuture(new NameResolver.Resolved(addresses, 1));
        };
        gateway = GatewayUnderTest.start(
                folder, """
                services:
                  - { name: llm, address: { %s }, balance: { policy: %s }, health: { %s } }
                modelApis:
                  - { name: main, distribution: { strategy: single, targets: [ { service: llm } ] }, retries: %d }
                consumers:
                  - { name: caller, modelApis: [main] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %s }
                """.formatted(address, policy, health, retries, GatewayUnderTest.KEY), Optional.of(resolver));
        open.add(gateway);
    }

    private static String fixed(List<Simulator> nodes) {
        List<String> addresses = new ArrayList<>();
        for (Simulator node : nodes) addresses.add("\"127.0.0.1:" + node.port() + "\"");
        return "fixed: [" + String.join(", ", addresses) + "]";
    }

    private Reply call() {
        Reply reply = gateway.call(CHAT, GatewayUnderTest.chat());
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return reply;
    }

    private JsonObject runtime() {
        return gateway.adminGet("/admin/v1/services/llm").getJsonObject("runtime");
    }

    private int inFlight() {
        return runtime().getJsonArray("nodes").stream()
                .mapToInt(node -> ((JsonObject) node).getInteger("callsInFlight"))
                .sum();
    }

    private List<String> states() {
        return runtime().getJsonArray("nodes").stream()
                .map(node -> ((JsonObject) node).getString("state"))
                .toList();
    }

    /** Looks again and again until it is so. */
    private static void await(BooleanSupplier wanted) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!wanted.getAsBoolean()) {
            assertThat(System.nanoTime()).as("patience").isLessThan(end);
            Thread.onSpinWait();
        }
    }
}
