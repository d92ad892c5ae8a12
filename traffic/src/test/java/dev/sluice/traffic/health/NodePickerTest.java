package dev.sluice.traffic.health;

import static dev.sluice.traffic.Declared.NOW;
import static dev.sluice.traffic.Declared.passthrough;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.settings.Health;
import dev.sluice.settings.Service.BalancePolicy;
import dev.sluice.settings.Service.KeyPolicy;
import dev.sluice.settings.snapshot.BoundService;
import dev.sluice.settings.snapshot.Node;
import dev.sluice.settings.snapshot.Prices;
import dev.sluice.traffic.Declared;
import dev.sluice.traffic.failure.FailureKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NodePickerTest {
    private static final Health.Active ACTIVE = new Health.Active("/health", 1_000, 500, 2, 3);
    private final NodePicker picker = new NodePicker(new Random(5));

    @Test
    void theOnlyNodeTakesEveryCall() {
        BoundService service = service(BalancePolicy.LEAST_LOADED, 1);
        Node node = service.nodes().getFirst();
        assertThat(begin(service)).isEqualTo(node);
        assertThat(begin(service)).isEqualTo(node);
        assertThat(begin(service, tried(node)))
                .as("again, as there is no other")
                .isEqualTo(node);
        assertThat(picker.hasUntried(service, tried(node), NOW)).isFalse();
        assertThat(picker.states(service, NOW))
                .containsExactly(new NodeState("10.0.0.0", "10.0.0.0:8000", NodeState.Status.ACTIVE, 3, 0));
    }

    @Test
    void aServiceWithoutNodesHasNone() {
        assertThat(picker.begin(service(BalancePolicy.LEAST_LOADED, 0), new TriedNodes(), HashKey.NONE, NOW))
                .isNull();
    }

    @Test
    void roundRobinTakesTurns() {
        BoundService service = service(BalancePolicy.ROUND_ROBIN, 3);
        List<Node> chosen = new ArrayList<>();
        for (int i = 0; i < 6; i++) chosen.add(begin(service));
        assertThat(chosen.subList(0, 3)).containsExactlyElementsOf(service.nodes());
        assertThat(chosen.subList(3, 6)).containsExactlyElementsOf(service.nodes());
    }

    @Test
    void roundRobinDoesNotGiveAHeavyNodeItsCallsInARow() {
        BoundService service = weighted(BalancePolicy.ROUND_ROBIN, List.of(5, 1, 1));
        StringBuilder order = new StringBuilder();
        for (int i = 0; i < 7; i++) order.append(service.nodes().indexOf(begin(service)));
        assertThat(order).hasToString("0010200");
    }

    @Property(tries = 50)
    void roundRobinSharesAreExactlyTheWeights(
            @ForAll @Size(min = 2, max = 20) List<@IntRange(min = 1, max = 9) Integer> weights) {
        BoundService service = weighted(BalancePolicy.ROUND_ROBIN, weights);
        NodePicker fresh = new NodePicker(new Random(1));
        int round = weights.stream().mapToInt(w -> w).sum();
        Map<Node, Integer> counts = counted(fresh, service, 3 * round);
        assertThat(counts).allSatisfy((node, count) -> assertThat(count).isEqualTo(3 * node.weight()));
    }

    @Property(tries = 25)
    void leastLoadedSharesConvergeToTheWeightsUnderLoadAndWithout(
            @ForAll @Size(min = 2, max = 12) List<@IntRange(min = 1, max = 5) Integer> weights, @ForAll int seed) {
        BoundService service = weighted(BalancePolicy.LEAST_LOADED, weights);
        double total = weights.stream().mapToInt(w -> w).sum();
        NodePicker loaded = new NodePicker(new Random(seed));
        Map<Node, Integer> inFlight = new HashMap<>();
        for (int i = 0; i < 6_000; i++) inFlight.merge(begin(loaded, service), 1, Integer::sum);
        assertThat(inFlight)
                .allSatisfy(
                        (node, count) -> assertThat(count / 6_000.0).isCloseTo(node.weight() / total, within(0.05)));
        Map<Node, Integer> idle = counted(new NodePicker(new Random(seed)), service, 6_000);
        assertThat(idle).hasSize(weights.size());
        if (weights.stream().distinct().count() == 1) {
            assertThat(idle.values())
                    .allSatisfy(count -> assertThat(count / 6_000.0).isCloseTo(1.0 / weights.size(), within(0.04)));
        }
    }

    @Test
    void ofTwoNodesTheLessLoadedOneTakesTheCall() {
        BoundService service = service(BalancePolicy.LEAST_LOADED, 2);
        Map<Node, List<NodeRecord>> inFlight = new HashMap<>();
        for (int i = 0; i < 100; i++) {
            NodeRecord node = picker.begin(service, new TriedNodes(), HashKey.NONE, NOW);
            inFlight.computeIfAbsent(node.node(), _ -> new ArrayList<>()).add(node);
        }
        assertThat(inFlight.values()).allSatisfy(calls -> assertThat(calls).hasSize(50));
        Node relieved = service.nodes().getFirst();
        inFlight.get(relieved).subList(0, 10).forEach(picker::abandoned);
        for (int i = 0; i < 10; i++) assertThat(begin(service)).isEqualTo(relieved);
    }

    @Test
    void twoChoicesKeepManyNodesNearlyEven() {
        BoundService service = service(BalancePolicy.LEAST_LOADED, 10);
        Map<Node, Integer> inFlight = new HashMap<>();
        for (int i = 0; i < 1_000; i++) inFlight.merge(begin(service), 1, Integer::sum);
        assertThat(inFlight).hasSize(10);
        assertThat(inFlight.values()).allSatisfy(count -> assertThat(count).isBetween(95, 105));
    }

    @Test
    void aNodeThatWasTriedIsNotChosenAgain() {
        for (BalancePolicy policy : BalancePolicy.values()) {
            BoundService service = service(policy, 3);
            TriedNodes tried = tried(service.nodes().get(0), service.nodes().get(2));
            for (int i = 1; i <= 20; i++) {
                assertThat(picker.begin(service, tried, HashKey.of("call " + i), NOW)
                                .node())
                        .isEqualTo(service.nodes().get(1));
            }
            assertThat(picker.hasAnother(service, tried, NOW)).isTrue();
            assertThat(picker.hasUntried(service, triedAll(service), NOW)).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(BalancePolicy.class)
    void onceAllWereTriedTheOneThatFailedLastIsTheLastToBeTriedAgain(BalancePolicy policy) {
        BoundService service = service(policy, 3);
        Node last = service.nodes().getFirst();
        TriedNodes tried = tried(service.nodes().get(1), service.nodes().get(2), last);
        for (int i = 1; i <= 20; i++) {
            assertThat(picker.begin(service, tried, HashKey.of("call " + i), NOW)
                            .node())
                    .isNotEqualTo(last);
        }
    }

    @ParameterizedTest
    @EnumSource(BalancePolicy.class)
    void aNodeThatIsOutOfUseWaitsForThoseThatFailedThisCallOnly(BalancePolicy policy) {
        BoundService service = service(policy, 3);
        Node out = service.nodes().getFirst();
        fail(service, out, 5, NOW);
        Node one = service.nodes().get(1);
        Node other = service.nodes().get(2);
        assertThat(begin(service, tried(one))).isEqualTo(other);
        assertThat(begin(service, tried(other, one))).isEqualTo(other);
        TriedNodes inVain = tried(other, one);
        inVain.wantOthers();
        assertThat(begin(service, inVain))
                .as("as those in use were tried in vain")
                .isEqualTo(out);
        inVain.add(out);
        assertThat(begin(service, inVain)).isIn(one, other);
    }

    @Test
    void aNodeThatIsNotToBlameIsLikeOneThatWasNotTried() {
        BoundService service = service(BalancePolicy.ROUND_ROBIN, 2);
        Node one = service.nodes().getFirst();
        Node other = service.nodes().getLast();
        TriedNodes tried = tried(one, other);
        tried.forgive();
        assertThat(begin(service, tried)).isEqualTo(other);
        TriedNodes blamed = tried(one, other);
        blamed.blameLast();
        blamed.forgive();
        assertThat(begin(service, blamed)).isEqualTo(one);
        assertThat(picker.hasUntried(service, blamed, NOW)).isFalse();
    }

    /** Whatever nodes are out of use and however a call's attempts end: no node is tried twice in a row while another is in use. */
    @Property(tries = 300)
    void aCallNeverComesBackAtOnceToANodeThatFailedItWhileAnotherIsInUse(
            @ForAll @IntRange(min = 1, max = 6) int count,
            @ForAll BalancePolicy policy,
            @ForAll @Size(max = 6) Set<@IntRange(min = 0, max = 5) Integer> down,
            @ForAll int seed) {
        NodePicker fresh = new NodePicker(new Random(seed));
        BoundService service = service(policy, count);
        Set<Node> in = new HashSet<>(fresh.nodes(service, NOW));
        for (int node : down) {
            if (node >= count) continue;
            in.remove(service.nodes().get(node));
            for (int i = 0; i < 3; i++)
                fresh.checked(service.id(), service.nodes().get(node), false, ACTIVE);
        }
        TriedNodes tried = new TriedNodes();
        Set<Node> seen = new HashSet<>();
        Node last = null;
        for (int attempt = 0; attempt < 2 * count; attempt++) {
            NodeRecord begun = Objects.requireNonNull(fresh.begin(service, tried, HashKey.of("call"), NOW));
            Node node = begun.node();
            boolean othersLeft = in.stream().anyMatch(n -> !seen.contains(n));
            if (othersLeft) assertThat(seen).as("tried before").doesNotContain(node);
            if (!in.isEmpty()) assertThat(in).as("out of use").contains(node);
            Set<Node> others = new HashSet<>(in);
            others.remove(last);
            if (!others.isEmpty()) assertThat(node).as("twice in a row").isNotEqualTo(last);
            fresh.abandoned(begun);
            tried.add(node);
            tried.blameLast();
            seen.add(node);
            last = node;
        }
    }

    @Property(tries = 40)
    void oneKeyStaysOnOneNodeAndFewMoveWhenANodeComesOrGoes(@ForAll @IntRange(min = 2, max = 30) int count) {
        BoundService before = service(BalancePolicy.CONSISTENT_HASH, count);
        BoundService after = service(BalancePolicy.CONSISTENT_HASH, count + 1);
        NodePicker fresh = new NodePicker(new Random(1));
        int keys = 2_000;
        int moved = 0;
        Map<Node, Integer> counts = new HashMap<>();
        for (int i = 0; i < keys; i++) {
            long key = HashKey.of("conversation " + i);
            Node first = idle(fresh, before, key);
            assertThat(idle(fresh, before, key)).isEqualTo(first);
            counts.merge(first, 1, Integer::sum);
            Node second = idle(new NodePicker(new Random(1)), after, key);
            if (second.equals(first)) continue;
            moved++;
            // Whatever moves, moves to the node that came: no other node's cache loses anything.
            assertThat(second).isEqualTo(after.nodes().getLast());
        }
        double share = 1.0 / (count + 1);
        assertThat(moved / (double) keys).isCloseTo(share, within(0.3 * share + 0.01));
        assertThat(counts.values())
                .allSatisfy(n -> assertThat(n / (double) keys).isCloseTo(1.0 / count, within(0.4 / count + 0.01)));
    }

    @Test
    void aNodeThatIsOverloadedByOneKeyGetsHelp() {
        BoundService service = service(BalancePolicy.CONSISTENT_HASH, 4);
        long key = HashKey.of("everybody's system prompt");
        Map<Node, Integer> inFlight = new HashMap<>();
        for (int i = 0; i < 400; i++) {
            inFlight.merge(picker.begin(service, new TriedNodes(), key, NOW).node(), 1, Integer::sum);
        }
        assertThat(inFlight.values()).allSatisfy(n -> assertThat(n).isBetween(20, 126));
    }

    @Test
    void nodesThatFailInARowAreEjectedLongerEachTimeAndThenForgiven() {
        BoundService service = service(BalancePolicy.ROUND_ROBIN, 2);
        Node bad = service.nodes().getFirst();
        fail(service, bad, 4, NOW);
        assertThat(statusOf(service, bad, NOW)).isEqualTo(NodeState.Status.ACTIVE);
        // A failure that is the caller's fault is not the node's.
        call(service, bad, FailureKind.UPSTREAM_REFUSED, NOW);
        assertThat(statusOf(service, bad, NOW)).isEqualTo(NodeState.Status.ACTIVE);
        fail(service, bad, 1, NOW);
        assertThat(picker.states(service, NOW).getFirst().ejectedUntilMillis()).isEqualTo(NOW + 30_000);
        for (int i = 0; i < 10; i++) assertThat(begin(service)).isNotEqualTo(bad);
        long back = NOW + 30_000;
        assertThat(statusOf(service, bad, back)).isEqualTo(NodeState.Status.ACTIVE);
        fail(service, bad, 1, back);
        assertThat(picker.states(service, back).getFirst().ejectedUntilMillis()).isEqualTo(back + 60_000);
        long well = back + 60_000 + 30_000;
        call(service, bad, null, well);
        fail(service, bad, 5, well);
        assertThat(picker.states(service, well).getFirst().ejectedUntilMillis()).isEqualTo(well + 30_000);
    }

    @Test
    void aSuccessBetweenFailuresStartsTheCountAgain() {
        BoundService service = service(BalancePolicy.ROUND_ROBIN, 2);
        Node node = service.nodes().getFirst();
        for (int i = 0; i < 10; i++) {
            fail(service, node, 4, NOW);
            call(service, node, null, NOW);
        }
        assertThat(statusOf(service, node, NOW)).isEqualTo(NodeState.Status.ACTIVE);
    }

    @Property(tries = 200)
    void neverMoreThanTheAllowedShareIsEjected(
            @ForAll @IntRange(min = 1, max = 12) int count,
            @ForAll @Size(max = 300) List<@IntRange(max = 11) Integer> failures) {
        BoundService service = service(BalancePolicy.LEAST_LOADED, count);
        NodePicker fresh = new NodePicker(new Random(1));
        long now = NOW;
        for (int i : failures) {
            Node node = service.nodes().get(i % count);
            NodeRecord begun = fresh.begin(service, allBut(node, service.nodes()), HashKey.NONE, now);
            assertThat(begun).isNotNull();
            fresh.failed(service, begun, FailureKind.CONNECT, now);
            now += 97;
            assertThat(fresh.outOfUse(now)).isLessThanOrEqualTo(count / 2);
        }
    }

    @Test
    void fewerNodesMeanFewerEjectedOnes() {
        BoundService service = service(BalancePolicy.LEAST_LOADED, 4);
        Node first = service.nodes().get(0);
        Node second = service.nodes().get(1);
        fail(service, first, 5, NOW);
        fail(service, second, 5, NOW + 1);
        picker.found(service.id(), service.nodes(), List.of(first, second));
        assertThat(picker.states(service, NOW + 2))
                .extracting(NodeState::status)
                .containsExactly(NodeState.Status.ACTIVE, NodeState.Status.EJECTED);
    }

    @Test
    void whenAllAreOutTheOneThatComesBackFirstIsTried() {
        BoundService service = service(BalancePolicy.LEAST_LOADED, 2);
        Node first = service.nodes().get(0);
        Node second = service.nodes().get(1);
        fail(service, second, 5, NOW);
        for (int i = 0; i < 3; i++) picker.checked(service.id(), first, false, ACTIVE);
        assertThat(picker.outOfUse(NOW)).isEqualTo(2);
        assertThat(begin(service)).as("alive, if ejected").isEqualTo(second);
        assertThat(begin(service, tried(second))).isEqualTo(first);
        assertThat(picker.hasAnother(service, new TriedNodes(), NOW)).isFalse();
        assertThat(picker.hasUntried(service, tried(second), NOW)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(BalancePolicy.class)
    void whenAllFailTheirChecksTheyShareTheCallsAsBefore(BalancePolicy policy) {
        BoundService service = service(policy, 4);
        for (Node node : picker.nodes(service, NOW)) check(service, node, false, false, false);
        assertThat(picker.outOfUse(NOW)).isEqualTo(4);
        Map<Node, Integer> counts = new HashMap<>();
        for (int i = 0; i < 400; i++) {
            long key = policy == BalancePolicy.CONSISTENT_HASH ? HashKey.of("key " + i) : HashKey.NONE;
            NodeRecord chosen = Objects.requireNonNull(picker.begin(service, new TriedNodes(), key, NOW));
            counts.merge(chosen.node(), 1, Integer::sum);
            picker.succeeded(service, chosen, NOW);
        }
        assertThat(counts).hasSize(4);
        assertThat(counts.values()).allMatch(count -> count > 50);
    }

    @Test
    void whenAllFailTheirChecksThoseThatFailCallsTooAreTheLast() {
        BoundService service = service(BalancePolicy.ROUND_ROBIN, 2);
        Node first = service.nodes().getFirst();
        fail(service, first, 5, NOW);
        for (Node node : service.nodes()) check(service, node, false, false, false);
        for (int i = 0; i < 4; i++)
            assertThat(begin(service)).isEqualTo(service.nodes().getLast());
        assertThat(begin(service, tried(service.nodes().getLast()))).isEqualTo(first);
    }

    @Test
    void checksTakeANodeOutAndPutItBack() {
        BoundService service = service(BalancePolicy.ROUND_ROBIN, 3);
        Node node = service.nodes().getFirst();
        picker.states(service, NOW);
        check(service, node, false, false, true, false, false);
        assertThat(statusOf(service, node, NOW)).isEqualTo(NodeState.Status.ACTIVE);
        check(service, node, false);
        assertThat(statusOf(service, node, NOW)).isEqualTo(NodeState.Status.DOWN);
        check(service, node, true, false, true);
        assertThat(statusOf(service, node, NOW)).isEqualTo(NodeState.Status.DOWN);
        check(service, node, true);
        assertThat(statusOf(service, node, NOW)).isEqualTo(NodeState.Status.ACTIVE);
    }

    @Test
    void goodChecksEndAnEjectionEarly() {
        BoundService service = service(BalancePolicy.ROUND_ROBIN, 2);
        Node node = service.nodes().getFirst();
        fail(service, node, 5, NOW);
        check(service, node, true, true);
        assertThat(statusOf(service, node, NOW)).isEqualTo(NodeState.Status.ACTIVE);
    }

    @Test
    void foundNodesTakeThePlaceOfDeclaredOnesAndKeepTheirState() {
        BoundService service = service(BalancePolicy.ROUND_ROBIN, 1);
        Node declared = service.nodes().getFirst();
        Node a = declared.at("10.1.0.1");
        Node b = declared.at("10.1.0.2");
        picker.found(service.id(), service.nodes(), List.of(a, b, a));
        assertThat(List.of(begin(service), begin(service))).containsExactly(a, b);
        fail(service, a, 5, NOW);
        Node c = declared.at("10.1.0.3");
        picker.found(service.id(), List.of(declared), List.of(a, c));
        assertThat(picker.states(service, NOW))
                .extracting(NodeState::address, NodeState::status)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("10.1.0.1:8000", NodeState.Status.EJECTED),
                        org.assertj.core.groups.Tuple.tuple("10.1.0.3:8000", NodeState.Status.ACTIVE));
        picker.missing(service.id(), "no answer");
        assertThat(picker.problem(service.id())).isEqualTo("no answer");
        assertThat(picker.degraded()).isEqualTo(1);
        assertThat(begin(service)).as("what was known stays").isEqualTo(c);
        // Another declaration has nothing to do with what was found for this one.
        BoundService other = service(BalancePolicy.ROUND_ROBIN, 2);
        assertThat(begin(other)).isEqualTo(other.nodes().getFirst());
    }

    private void check(BoundService service, Node node, boolean... results) {
        for (boolean good : results) picker.checked(service.id(), node, good, ACTIVE);
    }

    private void fail(BoundService service, Node node, int times, long now) {
        for (int i = 0; i < times; i++) call(service, node, FailureKind.CONNECT, now);
    }

    /** One call on that node, which succeeds if there is no failure. */
    private void call(BoundService service, Node node, FailureKind failure, long now) {
        NodeRecord begun = picker.begin(service, allBut(node, picker.nodes(service, now)), HashKey.NONE, now);
        assertThat(begun.node()).isEqualTo(node);
        if (failure == null) picker.succeeded(service, begun, now);
        else picker.failed(service, begun, failure, now);
    }

    private NodeState.Status statusOf(BoundService service, Node node, long now) {
        return picker.states(service, now).stream()
                .filter(s -> s.address().equals(node.address()))
                .findFirst()
                .orElseThrow()
                .status();
    }

    private Node begin(BoundService service) {
        return begin(picker, service);
    }

    private Node begin(BoundService service, TriedNodes tried) {
        return Objects.requireNonNull(picker.begin(service, tried, HashKey.NONE, NOW))
                .node();
    }

    private static TriedNodes tried(Node... nodes) {
        TriedNodes tried = new TriedNodes();
        for (Node node : nodes) tried.add(node);
        return tried;
    }

    /** For an attempt at one node, be it out of use. */
    private static TriedNodes allBut(Node node, List<Node> nodes) {
        TriedNodes others = new TriedNodes();
        for (Node other : nodes) if (!other.equals(node)) others.add(other);
        others.wantOthers();
        return others;
    }

    private static TriedNodes triedAll(BoundService service) {
        return tried(service.nodes().toArray(Node[]::new));
    }

    private static Node begin(NodePicker picker, BoundService service) {
        NodeRecord begun = picker.begin(service, new TriedNodes(), HashKey.NONE, NOW);
        assertThat(begun).isNotNull();
        return begun.node();
    }

    private static Node idle(NodePicker picker, BoundService service, long key) {
        NodeRecord begun = picker.begin(service, new TriedNodes(), key, NOW);
        picker.abandoned(begun);
        return begun.node();
    }

    private static Map<Node, Integer> counted(NodePicker picker, BoundService service, int calls) {
        Map<Node, Integer> counts = new HashMap<>();
        for (int i = 0; i < calls; i++) counts.merge(idle(picker, service, HashKey.NONE), 1, Integer::sum);
        return counts;
    }

    private static BoundService service(BalancePolicy policy, int nodes) {
        return Declared.service("vllm", passthrough(), KeyPolicy.ROUND_ROBIN, policy, List.of(), nodes);
    }

    private static BoundService weighted(BalancePolicy policy, List<Integer> weights) {
        BoundService plain = service(policy, 0);
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < weights.size(); i++) {
            nodes.add(new Node("10.0.0." + i, 8000, false, "/v1", null, weights.get(i)));
        }
        return new BoundService(
                plain.id(),
                plain.tenant(),
                plain.spec(),
                plain.provider(),
                nodes,
                plain.keys(),
                Prices.NONE,
                plain.needsKey());
    }
}
