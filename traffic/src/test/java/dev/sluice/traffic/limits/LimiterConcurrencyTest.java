package dev.sluice.traffic.limits;

import static dev.sluice.traffic.Declared.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.settings.Limits;
import dev.sluice.settings.Quota;
import dev.sluice.settings.snapshot.Caller;
import dev.sluice.traffic.Declared;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** Many threads on one key. */
class LimiterConcurrencyTest {
    private static final int THREADS = 8;
    private static final long LEASE = 600_000;

    private interface Work {
        void run(int thread) throws InterruptedException;
    }

    @Test
    void admitsExactlyAsManyRequestsAsAllowed() throws Exception {
        Limiter limiter = new Limiter();
        Caller caller = Declared.caller(new Limits(1_000L, null, null), Quota.NONE);
        AtomicInteger admitted = new AtomicInteger();
        together(_ -> {
            for (int i = 0; i < 1_000; i++) {
                if (limiter.admit(caller, 1, LEASE, NOW) instanceof Reservation held) {
                    admitted.incrementAndGet();
                    held.settle(1, NOW);
                }
            }
        });
        assertThat(admitted).hasValue(1_000);
    }

    @Test
    void neverLetsMoreCallsRunThanAllowed() throws Exception {
        Limiter limiter = new Limiter();
        Caller caller = Declared.caller(new Limits(null, null, 3L), Quota.NONE);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        together(_ -> {
            for (int i = 0; i < 5_000; i++) {
                if (limiter.admit(caller, 1, LEASE, NOW) instanceof Reservation held) {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    running.decrementAndGet();
                    held.settle(1, NOW);
                }
            }
        });
        assertThat(most.get()).isBetween(1, 3);
        assertThat(limiter.admit(caller, 1, LEASE, NOW))
                .isInstanceOfSatisfying(
                        Reservation.class,
                        held -> assertThat(held.states(NOW)).containsExactly(new LimitState("concurrency", 3, 2, 0)));
    }

    @Property(tries = 20)
    void aQuotaIsOverrunByTheLastCallAtMostWhenEstimatesHold(@ForAll @LongRange(min = 1, max = 1_000_000) long seed)
            throws Exception {
        Limiter limiter = new Limiter();
        long quota = 20_000;
        Caller caller = Declared.caller(Limits.NONE, new Quota(quota, null, null, null));
        AtomicLong used = new AtomicLong();
        together(thread -> {
            SplittableRandom random = new SplittableRandom(seed * 31 + thread);
            for (int i = 0; i < 400; i++) {
                long truth = 1 + random.nextInt(50);
                if (limiter.admit(caller, truth, LEASE, NOW) instanceof Reservation held) {
                    used.addAndGet(truth);
                    held.settle(truth, NOW);
                    held.settle(truth, NOW);
                }
            }
        });
        // The last call is let in as long as anything is left, so it may end up to 49 over.
        assertThat(used.get()).isBetween(quota, quota + 49);
        assertThat(limiter.admit(caller, 1, LEASE, NOW)).isInstanceOf(Admission.Refused.class);
    }

    @Property(tries = 20)
    void afterAllHaveSettledTheCountersTellTheTruth(@ForAll @LongRange(min = 1, max = 1_000_000) long seed)
            throws Exception {
        Limiter limiter = new Limiter();
        Caller caller = Declared.caller(
                new Limits(1_000_000L, 1_000_000_000L, 1_000L), new Quota(2_000_000_000L, null, null, null));
        AtomicLong used = new AtomicLong();
        AtomicLong calls = new AtomicLong();
        together(thread -> {
            SplittableRandom random = new SplittableRandom(seed * 31 + thread);
            List<Reservation> open = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                if (limiter.admit(caller, random.nextInt(1000), LEASE, NOW) instanceof Reservation held) {
                    calls.incrementAndGet();
                    open.add(held);
                }
                while (!open.isEmpty() && random.nextInt(3) == 0) {
                    long truth = random.nextInt(2000);
                    used.addAndGet(truth);
                    open.removeLast().settle(truth, NOW);
                }
            }
            for (Reservation held : open) held.settle(0, NOW);
        });
        assertThat(limiter.admit(caller, 1, LEASE, NOW)).isInstanceOfSatisfying(Reservation.class, held -> {
            held.settle(0, NOW);
            assertThat(held.states(NOW))
                    .containsExactly(
                            new LimitState("requests", 1_000_000, 1_000_000 - calls.get() - 1, 61_000),
                            new LimitState("tokens", 1_000_000_000, 1_000_000_000 - used.get(), 61_000),
                            new LimitState("concurrency", 1_000, 1_000, 0));
        });
    }

    @Test
    void sweepingBesideTrafficLosesNothing() throws Exception {
        Limiter limiter = new Limiter();
        Caller caller = Declared.caller(new Limits(null, null, 1_000L), new Quota(1_000_000_000L, null, null, null));
        AtomicLong used = new AtomicLong();
        together(thread -> {
            for (int i = 0; i < 5_000; i++) {
                if (thread == 0) {
                    limiter.sweep(NOW, _ -> true);
                } else if (limiter.admit(caller, 1, LEASE, NOW) instanceof Reservation held) {
                    used.addAndGet(3);
                    held.settle(3, NOW);
                }
            }
        });
        assertThat(limiter.admit(caller, 1, LEASE, NOW))
                .isInstanceOfSatisfying(
                        Reservation.class,
                        held -> assertThat(held.states(NOW).getFirst().remaining())
                                .isEqualTo(1_000_000_000L - used.get() - 1));
    }

    private static void together(Work work) throws InterruptedException, ExecutionException {
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            CountDownLatch start = new CountDownLatch(1);
            List<Future<?>> running = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                int thread = t;
                running.add(threads.submit(() -> {
                    start.await();
                    work.run(thread);
                    return null;
                }));
            }
            start.countDown();
            for (Future<?> f : running) f.get();
        }
    }
}
