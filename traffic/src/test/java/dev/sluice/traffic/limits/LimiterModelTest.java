package dev.sluice.traffic.limits;

import static dev.sluice.traffic.Declared.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.settings.Limits;
import dev.sluice.settings.Quota;
import dev.sluice.settings.snapshot.Caller;
import dev.sluice.traffic.Declared;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The limiter against a model that keeps every call for ever and adds up what counts. */
class LimiterModelTest {
    private static final long RPM = 6;
    private static final long TPM = 500;
    private static final long CONCURRENCY = 3;
    private static final long DAILY = 900;
    private static final long TOTAL = 5_000;
    private static final Caller CALLER =
            Declared.caller(new Limits(RPM, TPM, CONCURRENCY), new Quota(DAILY, null, null, TOTAL));

    /** Advance the clock, then either admit a call or settle one of those that are known. */
    record Step(long advance, boolean admit, long tokens, long lease, int which) {}

    private static final class Call {
        final long at;
        final long estimate;
        final long leaseEnd;
        final Reservation held;
        long settled = -1;

        Call(long at, long estimate, long leaseEnd, Reservation held) {
            this.at = at;
            this.estimate = estimate;
            this.leaseEnd = leaseEnd;
            this.held = held;
        }

        boolean isUnderWay(long now) {
            return settled < 0 && now < leaseEnd;
        }

        long windowed(long now) {
            return settled >= 0 ? settled : Math.min(tokens(now), TPM);
        }

        long tokens(long now) {
            return settled >= 0 ? settled : now < leaseEnd ? estimate : 0;
        }
    }

    @Property(tries = 400)
    void agreesWithTheModel(@ForAll("steps") List<Step> steps) {
        Limiter limiter = new Limiter();
        List<Call> calls = new ArrayList<>();
        long now = NOW;
        for (Step step : steps) {
            now += step.advance;
            if (step.admit) {
                boolean expected = fits(calls, now);
                Admission admission = limiter.admit(CALLER, step.tokens, step.lease, now);
                assertThat(admission instanceof Reservation)
                        .as("admitted at %d", now - NOW)
                        .isEqualTo(expected);
                if (admission instanceof Reservation held) {
                    calls.add(new Call(now, step.tokens, now + step.lease, held));
                    assertStates(held, calls, now);
                }
            } else if (!calls.isEmpty()) {
                Call call = calls.get(step.which % calls.size());
                call.held.settle(step.tokens, now);
                if (call.settled < 0) call.settled = step.tokens;
                assertStates(call.held, calls, now);
            }
            if (step.which % 7 == 0) limiter.sweep(now, _ -> true);
        }
    }

    @Property(tries = 400)
    void noSixtySecondsHoldMoreThanTheLimitAndTheWaitIsRight(@ForAll("gaps") List<Long> gaps) {
        Limiter limiter = new Limiter();
        Caller caller = Declared.caller(new Limits(RPM, null, null), Quota.NONE);
        List<Long> admitted = new ArrayList<>();
        long now = NOW;
        for (long gap : gaps) {
            now += gap;
            if (limiter.admit(caller, 1, 1_000, now) instanceof Admission.Refused refused) {
                long wait = refused.state().resetMillis();
                assertThat(wait).isBetween(1L, 61_000L);
                now += wait - 1;
                assertThat(limiter.admit(caller, 1, 1_000, now)).isInstanceOf(Admission.Refused.class);
                now += 1;
                assertThat(limiter.admit(caller, 1, 1_000, now)).isInstanceOf(Reservation.class);
            }
            admitted.add(now);
            long from = now - 60_000;
            assertThat(admitted.stream().filter(at -> at > from).count()).isLessThanOrEqualTo(RPM);
        }
    }

    @Provide
    Arbitrary<List<Long>> gaps() {
        return Arbitraries.longs().between(0, 20_000).list().ofMinSize(1).ofMaxSize(60);
    }

    private static void assertStates(Reservation held, List<Call> calls, long now) {
        List<LimitState> states = held.states(now);
        long quotaLeft = Math.min(
                Math.max(0, DAILY - sum(calls, now, day(now))), Math.max(0, TOTAL - sum(calls, now, _ -> true)));
        long windowLeft = Math.max(0, TPM - window(calls, now, false));
        assertThat(states)
                .extracting(LimitState::remaining)
                .containsExactly(
                        Math.max(0, RPM - window(calls, now, true)),
                        Math.min(windowLeft, quotaLeft),
                        Math.max(0, CONCURRENCY - underWay(calls, now)));
    }

    private static boolean fits(List<Call> calls, long now) {
        return underWay(calls, now) < CONCURRENCY
                && window(calls, now, true) < RPM
                && hasRoom(TPM, window(calls, now, false))
                && hasRoom(DAILY, sum(calls, now, day(now)))
                && hasRoom(TOTAL, sum(calls, now, _ -> true));
    }

    private static boolean hasRoom(long limit, long taken) {
        return taken < limit;
    }

    private static long underWay(List<Call> calls, long now) {
        return calls.stream().filter(c -> c.isUnderWay(now)).count();
    }

    private static Predicate<Call> day(long now) {
        return c -> c.at / 86_400_000 == now / 86_400_000;
    }

    private static long sum(List<Call> calls, long now, Predicate<Call> counts) {
        return calls.stream().filter(counts).mapToLong(c -> c.tokens(now)).sum();
    }

    /** A call counts while its second is among the last 61. */
    private static long window(List<Call> calls, long now, boolean requests) {
        return calls.stream()
                .filter(c -> c.at / 1000 > now / 1000 - 61)
                .mapToLong(c -> requests ? 1 : c.windowed(now))
                .sum();
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Long> advance = Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(10, Arbitraries.longs().between(0, 5_000)),
                net.jqwik.api.Tuple.of(4, Arbitraries.longs().between(0, 90_000)),
                net.jqwik.api.Tuple.of(1, Arbitraries.longs().between(0, 100_000_000)));
        Arbitrary<Long> tokens = Arbitraries.longs().between(1, 700);
        Arbitrary<Long> lease = Arbitraries.longs().between(1_000, 200_000);
        Arbitrary<Integer> which = Arbitraries.integers().between(0, 100);
        return Combinators.combine(advance, Arbitraries.of(true, true, false), tokens, lease, which)
                .as(Step::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(80);
    }
}
