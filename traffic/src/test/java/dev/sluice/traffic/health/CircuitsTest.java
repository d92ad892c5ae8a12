package dev.sluice.traffic.health;

import static dev.sluice.traffic.Declared.NOW;
import static dev.sluice.traffic.Declared.passthrough;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.settings.Health;
import dev.sluice.settings.Service.BalancePolicy;
import dev.sluice.settings.Service.KeyPolicy;
import dev.sluice.settings.snapshot.BoundKey;
import dev.sluice.settings.snapshot.BoundService;
import dev.sluice.traffic.Declared;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class CircuitsTest {
    private static final BoundKey A = new BoundKey("pvk_a", "a", "secret-a", 1);
    private static final BoundKey B = new BoundKey("pvk_b", "b", "secret-b", 1);
    private final BoundService service = service();
    private final Circuits circuits = new Circuits();

    @Test
    void opensForOneKeyAndModelWhenHalfOfEnoughCallsFail() {
        for (int i = 0; i < 10; i++) succeed(A, "m", NOW);
        for (int i = 0; i < 9; i++) fail(A, "m", NOW);
        assertThat(circuits.lets(service, A, "m", NOW)).isTrue();
        fail(A, "m", NOW);
        assertThat(circuits.lets(service, A, "m", NOW)).isFalse();
        assertThat(circuits.enter(service, A, "m", NOW + 9_999)).isEqualTo(Circuits.REFUSED);
        assertThat(circuits.lets(service, A, "other", NOW)).isTrue();
        assertThat(circuits.lets(service, B, "m", NOW)).isTrue();
        assertThat(circuits.lets(service, null, "m", NOW)).isTrue();
        assertThat(circuits.notClosed()).isEqualTo(1);
    }

    @Test
    void staysClosedWithFewCallsOrWhenFailuresAreOld() {
        for (int i = 0; i < 19; i++) fail(A, "m", NOW);
        assertThat(circuits.lets(service, A, "m", NOW)).isTrue();
        fail(A, "m", NOW + 31_000);
        assertThat(circuits.lets(service, A, "m", NOW + 31_000)).isTrue();
    }

    @Test
    void afterThePauseAFewProbesDecide() {
        open(A, "m", NOW);
        long later = NOW + 10_000;
        List<Integer> probes = new ArrayList<>();
        for (int i = 0; i < 3; i++) probes.add(circuits.enter(service, A, "m", later));
        assertThat(probes).doesNotContain(Circuits.REFUSED);
        assertThat(circuits.lets(service, A, "m", later)).isFalse();
        assertThat(circuits.enter(service, A, "m", later)).isEqualTo(Circuits.REFUSED);
        circuits.abandoned(service, A, "m", probes.removeLast());
        probes.add(circuits.enter(service, A, "m", later));
        assertThat(probes).as("an abandoned probe makes room").doesNotContain(Circuits.REFUSED);
        for (int pass : probes) circuits.succeeded(service, A, "m", pass, later);
        assertThat(states(later)).containsExactly(CircuitState.Status.CLOSED);
    }

    @Test
    void aProbeThatIsAnsweredNeedNotEndToBeGood() {
        open(A, "m", NOW);
        long later = NOW + 10_000;
        List<Integer> probes = new ArrayList<>();
        for (int i = 0; i < 3; i++) probes.add(circuits.enter(service, A, "m", later));
        for (int pass : probes)
            assertThat(circuits.answered(service, A, "m", pass)).isTrue();
        assertThat(states(later)).containsExactly(CircuitState.Status.CLOSED);
        int usual = circuits.enter(service, A, "m", later);
        assertThat(circuits.answered(service, A, "m", usual)).as("not a probe").isFalse();
    }

    @Test
    void aProbeThatBreaksOffAfterItWasAnsweredOpensItAgain() {
        open(A, "m", NOW);
        long later = NOW + 10_000;
        int probe = circuits.enter(service, A, "m", later);
        assertThat(circuits.answered(service, A, "m", probe)).isTrue();
        circuits.failed(service, A, "m", probe, later);
        assertThat(states(later)).containsExactly(CircuitState.Status.OPEN);
    }

    @Test
    void oneFailedProbeOpensItAgain() {
        open(A, "m", NOW);
        long later = NOW + 10_000;
        int first = circuits.enter(service, A, "m", later);
        int second = circuits.enter(service, A, "m", later);
        circuits.succeeded(service, A, "m", first, later);
        circuits.failed(service, A, "m", second, later);
        assertThat(circuits.lets(service, A, "m", later + 9_999)).isFalse();
        assertThat(circuits.lets(service, A, "m", later + 10_000)).isTrue();
    }

    @Test
    void whatBeganBeforeItOpenedSaysNothingAboutTheProbes() {
        int old = circuits.enter(service, A, "m", NOW);
        open(A, "m", NOW);
        long later = NOW + 10_000;
        circuits.enter(service, A, "m", later);
        circuits.failed(service, A, "m", old, later);
        assertThat(states(later)).containsExactly(CircuitState.Status.HALF_OPEN);
        circuits.succeeded(service, A, "m", old, later);
        assertThat(states(later)).containsExactly(CircuitState.Status.HALF_OPEN);
    }

    @Test
    void callsThatWereForcedThroughCloseItWhenTheySucceed() {
        open(A, "m", NOW);
        for (int i = 0; i < 3; i++) circuits.failed(service, A, "m", circuits.force(), NOW + 1);
        assertThat(states(NOW + 1)).containsExactly(CircuitState.Status.OPEN);
        for (int i = 0; i < 3; i++) circuits.succeeded(service, A, "m", circuits.force(), NOW + 2);
        assertThat(states(NOW + 2)).containsExactly(CircuitState.Status.CLOSED);
    }

    @Test
    void madeUpModelsLeaveABoundedNumberOfCircuits() {
        for (int i = 0; i < 5_000; i++) succeed(A, "model-" + i, NOW + i);
        assertThat(circuits.states(service, NOW + 5_000)).hasSize(Circuits.MAX_PER_SERVICE);
        succeed(A, "model-new", NOW + 60_000);
        assertThat(circuits.states(service, NOW + 60_000))
                .as("what is not in use makes room")
                .extracting(CircuitState::model)
                .containsExactly("model-new");
        circuits.sweep(_ -> true, NOW + 700_000);
        assertThat(circuits.states(service, NOW + 700_000)).isEmpty();
    }

    @Test
    void aModelThatTheUpstreamDoesNotKnowLeavesNothingBehind() {
        int pass = circuits.enter(service, A, "nonsense", NOW);
        circuits.abandoned(service, A, "nonsense", pass);
        assertThat(circuits.states(service, NOW)).isEmpty();
    }

    /** Against a model that keeps every outcome and counts by hand. */
    @Property(tries = 300)
    void behavesLikeItsModel(@ForAll @Size(max = 400) List<@IntRange(max = 9) Integer> steps) {
        Circuits fresh = new Circuits();
        Health.Breaker settings = new Health.Breaker(50, 4, 1_000, 500, 2);
        BoundService s = service(settings);
        Model model = new Model(settings);
        Deque<int[]> flying = new ArrayDeque<>();
        long now = NOW / 1_000 * 1_000;
        for (int step : steps) {
            switch (step) {
                case 0, 1, 2, 3, 4 -> {
                    int pass = fresh.enter(s, A, "m", now);
                    int expected = model.enter(now);
                    assertThat(pass == Circuits.REFUSED).isEqualTo(expected < 0);
                    if (expected >= 0) flying.add(new int[] {pass, expected});
                }
                case 5, 6 -> {
                    if (flying.isEmpty()) continue;
                    int[] call = flying.poll();
                    fresh.succeeded(s, A, "m", call[0], now);
                    model.ended(call[1], true, now);
                }
                case 7, 8 -> {
                    if (flying.isEmpty()) continue;
                    int[] call = flying.poll();
                    fresh.failed(s, A, "m", call[0], now);
                    model.ended(call[1], false, now);
                }
                default -> now += 100;
            }
        }
    }

    @Test
    void manyThreadsGetNoMoreProbesThanAllowed() throws Exception {
        open(A, "m", NOW);
        int threads = 8;
        AtomicInteger let = new AtomicInteger();
        CyclicBarrier start = new CyclicBarrier(threads);
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                all.add(pool.submit(() -> {
                    start.await();
                    for (int n = 0; n < 500; n++) {
                        if (circuits.enter(service, A, "m", NOW + 10_000) != Circuits.REFUSED) let.incrementAndGet();
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) one.get(20, TimeUnit.SECONDS);
        }
        assertThat(let).hasValue(3);
    }

    /** The rules of a circuit, said plainly. Slots of time are as long as a step of the test's clock. */
    private static final class Model {
        private final Health.Breaker settings;
        private final List<long[]> outcomes = new ArrayList<>();
        private CircuitState.Status status = CircuitState.Status.CLOSED;
        private long openUntil;
        private int round;
        private int out;
        private int passed;

        Model(Health.Breaker settings) {
            this.settings = settings;
        }

        int enter(long now) {
            if (status == CircuitState.Status.OPEN) {
                if (now < openUntil) return -1;
                turn(CircuitState.Status.HALF_OPEN);
            }
            if (status == CircuitState.Status.HALF_OPEN) {
                if (out + passed >= settings.halfOpenProbes()) return -1;
                out++;
            }
            return round;
        }

        void ended(int call, boolean good, long now) {
            if (call != round) return;
            if (status == CircuitState.Status.HALF_OPEN) {
                out--;
                if (!good) open(now);
                else if (++passed == settings.halfOpenProbes()) turn(CircuitState.Status.CLOSED);
                return;
            }
            outcomes.add(new long[] {now, good ? 0 : 1});
            outcomes.removeIf(o -> o[0] <= now - settings.windowMs());
            long failures = outcomes.stream().filter(o -> o[1] == 1).count();
            if (!good && outcomes.size() >= settings.minimumCalls() && failures * 2 >= outcomes.size()) open(now);
        }

        private void open(long now) {
            openUntil = now + settings.openMs();
            turn(CircuitState.Status.OPEN);
        }

        private void turn(CircuitState.Status next) {
            status = next;
            round++;
            out = 0;
            passed = 0;
            outcomes.clear();
        }
    }

    private List<CircuitState.Status> states(long now) {
        return circuits.states(service, now).stream().map(CircuitState::status).toList();
    }

    private void open(BoundKey key, String model, long now) {
        for (int i = 0; i < 20; i++) fail(key, model, now);
        assertThat(circuits.lets(service, key, model, now)).isFalse();
    }

    private void succeed(BoundKey key, String model, long now) {
        circuits.succeeded(service, key, model, circuits.enter(service, key, model, now), now);
    }

    private void fail(BoundKey key, String model, long now) {
        circuits.failed(service, key, model, circuits.enter(service, key, model, now), now);
    }

    private static BoundService service() {
        return service(Declared.HEALTH.breaker());
    }

    private static BoundService service(Health.Breaker breaker) {
        return Declared.service(
                "s",
                passthrough(),
                KeyPolicy.ROUND_ROBIN,
                BalancePolicy.LEAST_LOADED,
                List.of(A, B),
                1,
                new Health(Declared.HEALTH.passive(), null, breaker, Declared.HEALTH.retryBudget()));
    }
}
