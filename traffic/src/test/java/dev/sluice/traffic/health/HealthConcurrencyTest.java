package dev.sluice.traffic.health;

import static dev.sluice.traffic.Declared.NOW;
import static dev.sluice.traffic.Declared.passthrough;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.UpstreamError;
import dev.sluice.settings.Service.BalancePolicy;
import dev.sluice.settings.Service.KeyPolicy;
import dev.sluice.settings.catalogue.Provider.ErrorDialect;
import dev.sluice.settings.snapshot.BoundKey;
import dev.sluice.settings.snapshot.BoundService;
import dev.sluice.settings.snapshot.Node;
import dev.sluice.traffic.Declared;
import dev.sluice.traffic.failure.Classifier;
import dev.sluice.traffic.failure.FailureKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many event loops at once. */
class HealthConcurrencyTest {
    private static final int THREADS = 8;

    @ParameterizedTest
    @EnumSource(BalancePolicy.class)
    void noCallIsLostAndNeverMoreThanHalfIsEjectedWhileNodesFailComeAndGo(BalancePolicy policy) throws Exception {
        NodePicker picker = new NodePicker(new Random(7));
        BoundService service = Declared.service("s", passthrough(), KeyPolicy.ROUND_ROBIN, policy, List.of(), 6);
        List<Node> all = service.nodes();
        AtomicLong clock = new AtomicLong(NOW);
        AtomicInteger without = new AtomicInteger();
        together(thread -> {
            Random random = new Random(thread);
            for (int i = 0; i < 5_000; i++) {
                long now = clock.addAndGet(random.nextInt(20));
                NodeRecord node = picker.begin(service, new TriedNodes(), random.nextLong(), now);
                if (node == null) without.incrementAndGet();
                else if (random.nextInt(3) == 0) picker.succeeded(service, node, now);
                else if (random.nextInt(10) == 0) picker.abandoned(node);
                else picker.failed(service, node, FailureKind.CONNECT, now);
                if (thread == 0 && i % 500 == 0) picker.found(service.id(), all, all.subList(0, 4 + i / 500 % 3));
            }
        });
        assertThat(without).hasValue(0);
        long now = clock.get();
        picker.found(service.id(), all, all);
        assertThat(picker.states(service, now))
                .hasSize(6)
                .allSatisfy(state -> assertThat(state.callsInFlight()).isZero());
        assertThat(picker.outOfUse(now)).isLessThanOrEqualTo(3);
    }

    @Test
    void oneOfManyCallsBecomesTheProbeOfAKeyThatHasRested() throws Exception {
        KeyPool pool = new KeyPool(new Random(3));
        BoundKey rested = new BoundKey("pvk_a", "a", "secret-a", 1);
        BoundKey other = new BoundKey("pvk_b", "b", "secret-b", 1);
        BoundService service = Declared.service(
                "s", passthrough(), KeyPolicy.FAILOVER, BalancePolicy.LEAST_LOADED, List.of(rested, other), 1);
        for (int round = 0; round < 200; round++) {
            long now = NOW + round * 100_000L;
            pool.failed(rested, Classifier.classify(ErrorDialect.WORDS, 429, UpstreamError.NONE, 1_000), now, now);
            AtomicInteger probes = new AtomicInteger();
            together(_ -> {
                if (rested.equals(pool.choose(service, Set.of(), now + 1_000))) probes.incrementAndGet();
            });
            assertThat(probes).hasValue(1);
            pool.abandoned(rested, now + 1_000);
        }
    }

    @Test
    void aBudgetIsNotSpentTwice() throws Exception {
        RetryBudgets budgets = new RetryBudgets();
        BoundService service = Declared.service("s", passthrough());
        AtomicInteger granted = new AtomicInteger();
        together(_ -> {
            for (int i = 0; i < 50; i++) budgets.called(service);
            for (int i = 0; i < 100; i++) if (budgets.spend(service, NOW)) granted.incrementAndGet();
        });
        assertThat(granted).hasValue(THREADS * 50 / 5 + 3);
    }

    private interface Task {
        void run(int thread);
    }

    private static void together(Task task) throws Exception {
        CyclicBarrier start = new CyclicBarrier(THREADS);
        try (ExecutorService pool = Executors.newFixedThreadPool(THREADS)) {
            List<Future<?>> running = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                int thread = t;
                running.add(pool.submit(() -> {
                    start.await();
                    task.run(thread);
                    return null;
                }));
            }
            for (Future<?> one : running) one.get(60, TimeUnit.SECONDS);
        }
    }
}
