package dev.sluice.traffic.health;

import static dev.sluice.traffic.Declared.passthrough;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.settings.Service.BalancePolicy;
import dev.sluice.settings.Service.KeyPolicy;
import dev.sluice.settings.snapshot.BoundService;
import dev.sluice.settings.snapshot.Node;
import dev.sluice.traffic.Declared;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NodePickerTest {
    private final NodePicker picker = new NodePicker(new Random(5));

    @Test
    void theOnlyNodeTakesEveryCall() {
        BoundService service = service(BalancePolicy.LEAST_LOADED, 1);
        Node node = service.nodes().getFirst();
        assertThat(picker.begin(service, Set.of())).isEqualTo(node);
        assertThat(picker.begin(service, Set.of())).isEqualTo(node);
        assertThat(picker.begin(service, Set.of(node))).isNull();
        picker.end(service, node);
    }

    @Test
    void aServiceWithoutNodesHasNone() {
        assertThat(picker.begin(service(BalancePolicy.LEAST_LOADED, 0), Set.of()))
                .isNull();
    }

    @Test
    void roundRobinTakesTurns() {
        BoundService service = service(BalancePolicy.ROUND_ROBIN, 3);
        List<Node> chosen = new ArrayList<>();
        for (int i = 0; i < 6; i++) chosen.add(picker.begin(service, Set.of()));
        assertThat(chosen.subList(0, 3)).containsExactlyElementsOf(service.nodes());
        assertThat(chosen.subList(3, 6)).containsExactlyElementsOf(service.nodes());
    }

    @Test
    void ofTwoNodesTheLessLoadedOneTakesTheCall() {
        BoundService service = service(BalancePolicy.LEAST_LOADED, 2);
        Map<Node, Integer> inFlight = new HashMap<>();
        for (int i = 0; i < 100; i++) inFlight.merge(picker.begin(service, Set.of()), 1, Integer::sum);
        assertThat(inFlight.values()).containsExactly(50, 50);
        Node relieved = service.nodes().getFirst();
        for (int i = 0; i < 10; i++) picker.end(service, relieved);
        for (int i = 0; i < 10; i++) assertThat(picker.begin(service, Set.of())).isEqualTo(relieved);
    }

    @Test
    void twoChoicesKeepManyNodesNearlyEven() {
        BoundService service = service(BalancePolicy.LEAST_LOADED, 10);
        Map<Node, Integer> inFlight = new HashMap<>();
        for (int i = 0; i < 1_000; i++) inFlight.merge(picker.begin(service, Set.of()), 1, Integer::sum);
        assertThat(inFlight).hasSize(10);
        assertThat(inFlight.values()).allSatisfy(count -> assertThat(count).isBetween(95, 105));
    }

    @Test
    void aNodeThatWasTriedIsNotChosenAgain() {
        BoundService service = service(BalancePolicy.LEAST_LOADED, 3);
        Set<Node> tried = Set.of(service.nodes().get(0), service.nodes().get(2));
        for (int i = 0; i < 20; i++) {
            assertThat(picker.begin(service, tried)).isEqualTo(service.nodes().get(1));
        }
        assertThat(picker.begin(service, Set.copyOf(service.nodes()))).isNull();
    }

    @Test
    void endingACallThatNeverBeganDoesNoHarm() {
        BoundService service = service(BalancePolicy.LEAST_LOADED, 2);
        picker.end(service, service.nodes().getFirst());
        picker.begin(service, Set.of());
        for (int i = 0; i < 5; i++) picker.end(service, service.nodes().getFirst());
        Map<Node, Integer> inFlight = new HashMap<>();
        for (int i = 0; i < 100; i++) inFlight.merge(picker.begin(service, Set.of()), 1, Integer::sum);
        assertThat(inFlight.values()).allSatisfy(count -> assertThat(count).isBetween(49, 51));
    }

    private static BoundService service(BalancePolicy policy, int nodes) {
        return Declared.service("vllm", passthrough(), KeyPolicy.ROUND_ROBIN, policy, List.of(), nodes);
    }
}
