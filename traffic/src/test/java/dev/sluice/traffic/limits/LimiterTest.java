package dev.sluice.traffic.limits;

import static dev.sluice.traffic.Declared.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.UpstreamError;
import dev.sluice.settings.Limits;
import dev.sluice.settings.Quota;
import dev.sluice.settings.snapshot.Caller;
import dev.sluice.traffic.Declared;
import dev.sluice.traffic.failure.Failure;
import dev.sluice.traffic.failure.FailureKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LimiterTest {
    private static final long LEASE = 600_000;
    private static final long DAY = 86_400_000;
    private final Limiter limiter = new Limiter();

    @Test
    void aKeyWithoutLimitsLeavesNoState() {
        Reservation held = admitted(Declared.caller(Limits.NONE, Quota.NONE), 1_000_000, NOW);
        held.settle(5, NOW);
        assertThat(held.states(NOW)).isEmpty();
        assertThat(limiter.size()).isZero();
    }

    @Test
    void admitsAsManyRequestsAsAMinuteHolds() {
        Caller caller = Declared.caller(new Limits(3L, null, null), Quota.NONE);
        for (int i = 0; i < 3; i++) admitted(caller, 1, NOW).settle(1, NOW);
        assertRefused(
                caller,
                1,
                NOW,
                FailureKind.RATE_LIMITED,
                "API key \"shop-key\" is over its limit of 3 requests per minute (rpm); try again in 61 s",
                new LimitState("requests", 3, 0, 61_000));
        assertRefused(caller, 1, NOW + 60_999);
        for (int i = 0; i < 3; i++) admitted(caller, 1, NOW + 61_000);
        assertRefused(caller, 1, NOW + 61_000);
    }

    @Test
    void theWindowSlides() {
        Caller caller = Declared.caller(new Limits(60L, null, null), Quota.NONE);
        for (int i = 0; i < 60; i++) {
            long at = NOW + 30_500 + (i < 20 ? 0 : 29_000);
            admitted(caller, 1, at).settle(1, at);
        }
        // A window of whole minutes would admit 60 more right away.
        assertRefused(caller, 1, NOW + 60_000);
        assertRefused(caller, 1, NOW + 90_999);
        for (int i = 0; i < 20; i++) admitted(caller, 1, NOW + 91_000).settle(1, NOW + 91_000);
        assertRefused(
                caller,
                1,
                NOW + 91_000,
                FailureKind.RATE_LIMITED,
                "API key \"shop-key\" is over its limit of 60 requests per minute (rpm); try again in 29 s",
                new LimitState("requests", 60, 0, 29_000));
        for (int i = 0; i < 40; i++) admitted(caller, 1, NOW + 120_000).settle(1, NOW + 120_000);
        assertRefused(caller, 1, NOW + 120_000);
    }

    @Test
    void aRefusedCallCountsForNothing() {
        Caller caller = Declared.caller(new Limits(10L, 100L, 10L), new Quota(1000L, null, null, null));
        Reservation held = admitted(caller, 100, NOW);
        List<LimitState> before = held.states(NOW);
        for (int i = 0; i < 20; i++) assertRefused(caller, 50, NOW);
        assertThat(held.states(NOW)).isEqualTo(before);
    }

    @Test
    void aTokenLimitReservesTheEstimateAndSettlesTheTruth() {
        Caller caller = Declared.caller(new Limits(null, 1000L, null), Quota.NONE);
        Reservation first = admitted(caller, 1000, NOW);
        assertRefused(
                caller,
                500,
                NOW,
                FailureKind.RATE_LIMITED,
                "API key \"shop-key\" is over its limit of 1000 tokens per minute (tpm); try again in 61 s",
                new LimitState("tokens", 1000, 0, 61_000));
        first.settle(100, NOW + 1000);
        Reservation second = admitted(caller, 900, NOW + 1000);
        assertThat(second.states(NOW + 1000)).containsExactly(new LimitState("tokens", 1000, 0, 61_000));
        second.settle(900, NOW + 1000);
        assertRefused(
                caller,
                1,
                NOW + 2000,
                FailureKind.RATE_LIMITED,
                "API key \"shop-key\" is over its limit of 1000 tokens per minute (tpm); try again in 59 s",
                new LimitState("tokens", 1000, 0, 59_000));
        assertRefused(caller, 1, NOW + 60_999);
        admitted(caller, 1, NOW + 61_000);
    }

    @Test
    void anIdleKeyIsNotRefusedForABigOutputLimit() {
        Caller caller = Declared.caller(new Limits(null, 1000L, null), new Quota(500L, null, null, null));
        Reservation big = admitted(caller, 1_000_000, NOW);
        assertRefused(caller, 1, NOW);
        big.settle(20, NOW);
        assertThat(big.states(NOW)).containsExactly(new LimitState("tokens", 500, 480, DAY / 2));
    }

    @Test
    void aHugeEstimateHoldsAFullWindow() {
        Caller caller = Declared.caller(new Limits(null, 1000L, null), Quota.NONE);
        Reservation huge = admitted(caller, 1_000_000, NOW);
        assertRefused(caller, 1, NOW + 30_000);
        assertThat(huge.states(NOW + 30_000)).containsExactly(new LimitState("tokens", 1000, 0, 31_000));
        huge.settle(200, NOW + 30_000);
        assertThat(huge.states(NOW + 30_000)).containsExactly(new LimitState("tokens", 1000, 800, 31_000));
    }

    @Test
    void anythingLeftIsEnoughWhateverTheEstimate() {
        Caller caller = Declared.caller(new Limits(null, 1000L, null), new Quota(null, null, null, 1000L));
        Reservation first = admitted(caller, 999, NOW);
        Reservation last = admitted(caller, 4096, NOW);
        assertRefused(caller, 1, NOW);
        first.settle(999, NOW);
        assertRefused(caller, 1, NOW);
        last.settle(0, NOW);
        admitted(caller, 4096, NOW);
    }

    @Test
    void theLastCallGetsWhatIsLeftOfAQuota() {
        Caller caller = Declared.caller(Limits.NONE, new Quota(null, null, 1000L, null));
        admitted(caller, 999, NOW).settle(999, NOW);
        Reservation last = admitted(caller, 4096, NOW);
        assertRefused(
                caller,
                1,
                NOW,
                FailureKind.QUOTA_EXHAUSTED,
                "what is left of the quota of 1000 tokens per month (tokensPerMonth) of API key \"shop-key\" is set aside for 1"
                        + " call under way; try again when they have ended",
                new LimitState("tokens", 1000, 0, 1000));
        last.settle(1, NOW);
        long left = Instant.parse("2026-12-01T00:00:00Z").toEpochMilli() - NOW;
        assertRefused(
                caller,
                1,
                NOW,
                FailureKind.QUOTA_EXHAUSTED,
                "API key \"shop-key\" has used up its quota of 1000 tokens per month (tokensPerMonth); it resets at"
                        + " 2026-12-01T00:00:00Z",
                new LimitState("tokens", 1000, 0, left));
        admitted(caller, 1, NOW + left);
    }

    @Test
    void namesTheQuotaThatIsUsedUp() {
        assertQuotaMessage(
                new Quota(10L, null, null, null),
                "API key \"shop-key\" has used up its quota of 10 tokens per day (tokensPerDay); it resets at"
                        + " 2026-11-21T00:00:00Z");
        assertQuotaMessage(
                new Quota(null, 10L, null, null),
                "API key \"shop-key\" has used up its quota of 10 tokens per week (tokensPerWeek); it resets at"
                        + " 2026-11-23T00:00:00Z");
        assertQuotaMessage(
                new Quota(null, null, null, 10L),
                "API key \"shop-key\" has used up its quota of 10 tokens in total (tokensTotal); it never resets, an operator"
                        + " can raise it");
    }

    private static void assertQuotaMessage(Quota quota, String message) {
        Limiter fresh = new Limiter();
        Caller caller = Declared.caller(Limits.NONE, quota);
        ((Reservation) fresh.admit(caller, 10, LEASE, NOW)).settle(10, NOW);
        assertThat(fresh.admit(caller, 1, LEASE, NOW))
                .isInstanceOfSatisfying(
                        Admission.Refused.class,
                        refused -> assertThat(refused.failure().message()).isEqualTo(message));
    }

    @Test
    void zeroBlocks() {
        assertRefused(
                Declared.caller(Limits.NONE, new Quota(0L, null, null, null)),
                1,
                NOW,
                FailureKind.QUOTA_EXHAUSTED,
                "API key \"shop-key\" is blocked by its quota of 0 tokens per day (tokensPerDay); an operator can raise it",
                new LimitState("tokens", 0, 0, -1));
        assertRefused(
                Declared.caller(new Limits(0L, null, null), Quota.NONE),
                1,
                NOW,
                FailureKind.RATE_LIMITED,
                "API key \"shop-key\" is blocked by its limit of 0 requests per minute (rpm); an operator can raise it",
                new LimitState("requests", 0, 0, -1));
        assertRefused(Declared.caller(new Limits(null, 0L, null), Quota.NONE), 1, NOW);
        assertRefused(Declared.caller(new Limits(null, null, 0L), Quota.NONE), 1, NOW);
    }

    @Test
    void aCallsPlaceIsFreeWhenItEnds() {
        Caller caller = Declared.caller(new Limits(null, null, 2L), Quota.NONE);
        Reservation one = admitted(caller, 1, NOW);
        Reservation two = admitted(caller, 1, NOW);
        assertRefused(
                caller,
                1,
                NOW,
                FailureKind.RATE_LIMITED,
                "API key \"shop-key\" is over its limit of 2 calls at the same time (concurrency); try again when one of them"
                        + " has ended",
                new LimitState("concurrency", 2, 0, 1000));
        one.settle(0, NOW);
        admitted(caller, 1, NOW);
        two.settle(0, NOW);
        assertThat(two.states(NOW)).containsExactly(new LimitState("concurrency", 2, 1, 0));
    }

    @Test
    void aCallThatGoesOnKeepsItsPlaceAndCountsWhatItUsed() {
        Caller caller = Declared.caller(new Limits(null, null, 1L), new Quota(100L, null, null, null));
        Reservation first = admitted(caller, 10, NOW);
        Admission next = limiter.renew(first, 60, caller, 10, LEASE, NOW);
        assertThat(next).isInstanceOf(Reservation.class);
        assertRefused(caller, 1, NOW);
        assertThat(limiter.reservations()).isEqualTo(1);
        assertThat(limiter.renew((Reservation) next, 60, caller, 10, LEASE, NOW))
                .isInstanceOf(Admission.Refused.class);
        assertThat(limiter.reservations()).isZero();
        first.settle(1_000, NOW);
        assertThat(limiter.renew(first, 0, Declared.caller(Limits.NONE, Quota.NONE), 10, LEASE, NOW))
                .isInstanceOf(Reservation.class);
    }

    @Test
    void settlesOnce() {
        Caller caller = Declared.caller(new Limits(10L, 1000L, 2L), new Quota(1000L, null, null, null));
        Reservation held = admitted(caller, 100, NOW);
        held.settle(40, NOW);
        held.settle(40, NOW);
        held.settle(900, NOW);
        assertThat(held.states(NOW))
                .containsExactly(
                        new LimitState("requests", 10, 9, 61_000),
                        new LimitState("tokens", 1000, 960, 61_000),
                        new LimitState("concurrency", 2, 2, 0));
    }

    @Test
    void anEndedLeaseGivesBackWhatItHeld() {
        Caller caller = Declared.caller(new Limits(null, null, 1L), new Quota(100L, null, null, null));
        Reservation lost = admitted(caller, 100, NOW);
        assertRefused(caller, 1, NOW + LEASE - 1);
        Reservation next = admitted(caller, 100, NOW + LEASE);
        // Late, but it did happen.
        lost.settle(30, NOW + LEASE);
        next.settle(0, NOW + LEASE);
        assertThat(next.states(NOW + LEASE))
                .containsExactly(
                        new LimitState("tokens", 100, 70, DAY / 2 - LEASE), new LimitState("concurrency", 1, 1, 0));
    }

    @Test
    void leasesOfDifferentLengthsEndInTheirOwnTime() {
        Caller caller = Declared.caller(new Limits(null, null, 2L), Quota.NONE);
        limiter.admit(caller, 1, 10_000, NOW);
        limiter.admit(caller, 1, 1_000, NOW);
        assertRefused(caller, 1, NOW + 999);
        admitted(caller, 1, NOW + 1_000);
        assertRefused(caller, 1, NOW + 9_999);
        admitted(caller, 1, NOW + 10_000);
    }

    @Test
    void sweepingGivesBackAndCounts() {
        Caller caller = Declared.caller(new Limits(null, null, 5L), Quota.NONE);
        for (int i = 0; i < 3; i++) admitted(caller, 1, NOW);
        assertThat(limiter.sweep(NOW + LEASE - 1, _ -> true)).isZero();
        assertThat(limiter.size()).isOne();
        assertThat(limiter.sweep(NOW + LEASE, _ -> true)).isEqualTo(3);
        assertThat(limiter.size()).isZero();
    }

    @Test
    void sweepingKeepsWhatStillCounts() {
        Caller rated = caller("key_rated", new Limits(5L, null, null), Quota.NONE);
        Caller metered = caller("key_metered", Limits.NONE, new Quota(100L, null, null, null));
        admitted(rated, 1, NOW).settle(10, NOW);
        admitted(metered, 1, NOW).settle(10, NOW);
        limiter.sweep(NOW + 60_999, _ -> true);
        assertThat(limiter.size()).isEqualTo(2);
        limiter.sweep(NOW + 61_000, _ -> true);
        assertThat(limiter.size()).isOne();
        assertThat(admitted(metered, 1, NOW + 61_000)
                        .states(NOW + 61_000)
                        .getFirst()
                        .remaining())
                .isEqualTo(89);
    }

    @Test
    void sweepingKeepsSeededUsageOfAKeyThatHasNotCalledYet() {
        Caller metered = Declared.caller(Limits.NONE, new Quota(null, null, 100L, null));
        limiter.seed(metered.keyId(), QuotaPeriod.MONTH, 100, NOW);
        limiter.sweep(NOW + DAY, _ -> true);
        assertRefused(metered, 1, NOW + DAY);
        long nextMonth = Instant.parse("2026-12-01T00:00:00Z").toEpochMilli();
        limiter.sweep(nextMonth, _ -> true);
        assertThat(limiter.size()).isZero();
    }

    @Test
    void sweepingForgetsDeletedKeys() {
        Caller metered = Declared.caller(Limits.NONE, new Quota(100L, null, null, null));
        Reservation held = admitted(metered, 1, NOW);
        limiter.sweep(NOW, _ -> false);
        assertThat(limiter.size()).isOne();
        held.settle(10, NOW);
        limiter.sweep(NOW, _ -> false);
        assertThat(limiter.size()).isZero();
    }

    @Test
    void manyIdleKeysLeaveNothing() {
        for (int i = 0; i < 20_000; i++) {
            admitted(caller("key_" + i, new Limits(5L, 100L, null), Quota.NONE), 1, NOW)
                    .settle(1, NOW);
        }
        assertThat(limiter.size()).isEqualTo(20_000);
        limiter.sweep(NOW + 61_000, _ -> true);
        assertThat(limiter.size()).isZero();
    }

    @Test
    void aChangedLimitHoldsAtOnceAndKeepsWhatIsUsed() {
        admitted(Declared.caller(new Limits(10L, 100L, null), new Quota(100L, null, null, null)), 60, NOW)
                .settle(60, NOW);
        assertRefused(Declared.caller(new Limits(null, 50L, null), Quota.NONE), 1, NOW);
        assertRefused(Declared.caller(Limits.NONE, new Quota(60L, null, null, null)), 1, NOW);
        assertRefused(Declared.caller(Limits.NONE, new Quota(null, null, null, 60L)), 1, NOW);
        assertThat(admitted(Declared.caller(new Limits(null, 200L, null), new Quota(300L, null, null, null)), 10, NOW)
                        .states(NOW))
                .containsExactly(new LimitState("tokens", 200, 130, 61_000));
    }

    @Test
    void aCallCountsInThePeriodInWhichItBegan() {
        Caller caller = Declared.caller(new Limits(null, 1000L, null), new Quota(100L, null, null, 200L));
        long midnight = NOW + DAY / 2;
        Reservation over = admitted(caller, 80, midnight - 1);
        Reservation next = admitted(caller, 90, midnight);
        over.settle(80, midnight + 1);
        next.settle(10, midnight + 1);
        assertThat(next.states(midnight + 1)).containsExactly(new LimitState("tokens", 100, 90, DAY - 1));
        // … and in the total for good: 90 of 200.
        assertRefused(Declared.caller(Limits.NONE, new Quota(null, null, null, 90L)), 1, midnight + 1);
    }

    @Test
    void lateTruthCorrectsOnlyTheSecondsThatStillCount() {
        Caller caller = Declared.caller(new Limits(null, 1000L, null), Quota.NONE);
        Reservation inTime = admitted(caller, 100, NOW);
        inTime.settle(400, NOW + 60_999);
        assertThat(inTime.states(NOW + 60_999)).containsExactly(new LimitState("tokens", 1000, 600, 1));
        Reservation tooLate = admitted(caller, 100, NOW + 61_000);
        // Its slot's place in the ring is taken by a later second that must not be touched.
        Reservation later = admitted(caller, 50, NOW + 122_000);
        tooLate.settle(900, NOW + 122_000);
        assertThat(later.states(NOW + 122_000)).containsExactly(new LimitState("tokens", 1000, 950, 61_000));
    }

    @Test
    void seededUsageAddsToWhatWasCountedSince() {
        Caller caller = Declared.caller(Limits.NONE, new Quota(null, null, 1000L, null));
        admitted(caller, 50, NOW + 1).settle(50, NOW + 1);
        limiter.seed(caller.keyId(), QuotaPeriod.MONTH, 900, NOW);
        assertThat(admitted(caller, 1, NOW + 1).states(NOW + 1).getFirst().remaining())
                .isEqualTo(49);
    }

    @Test
    void seedingAgainChangesNothing() {
        Caller caller = Declared.caller(Limits.NONE, new Quota(1000L, 1000L, 1000L, 1000L));
        for (int i = 0; i < 3; i++) {
            for (QuotaPeriod period : QuotaPeriod.values()) limiter.seed(caller.keyId(), period, 400, NOW);
        }
        assertThat(admitted(caller, 1, NOW).states(NOW).getFirst().remaining()).isEqualTo(599);
    }

    @Test
    void seedingAKeyThatWasCountedAllAlongDoesNotCountTwice() {
        Caller caller = Declared.caller(new Limits(1000L, null, null), Quota.NONE);
        admitted(caller, 50, NOW).settle(50, NOW);
        // The store has these 50 as well by now, and 30 from before this process.
        limiter.seed(caller.keyId(), QuotaPeriod.DAY, 80, NOW + 5_000);
        Caller metered = Declared.caller(Limits.NONE, new Quota(100L, null, null, null));
        assertThat(admitted(metered, 1, NOW + 5_000)
                        .states(NOW + 5_000)
                        .getFirst()
                        .remaining())
                .isEqualTo(19);
    }

    @Test
    void aStoreThatLagsBehindDoesNotLowerWhatIsKnown() {
        Caller caller = Declared.caller(Limits.NONE, new Quota(1000L, null, null, null));
        limiter.seed(caller.keyId(), QuotaPeriod.DAY, 400, NOW);
        admitted(caller, 100, NOW + 1).settle(100, NOW + 1);
        limiter.seed(caller.keyId(), QuotaPeriod.DAY, 410, NOW + 2);
        assertThat(admitted(caller, 1, NOW + 2).states(NOW + 2).getFirst().remaining())
                .isEqualTo(499);
    }

    @Test
    void yesterdaysUsageIsNotSeededIntoToday() {
        Caller caller = Declared.caller(Limits.NONE, new Quota(100L, null, null, null));
        admitted(caller, 1, NOW + DAY).settle(1, NOW + DAY);
        limiter.seed(caller.keyId(), QuotaPeriod.DAY, 90, NOW);
        assertThat(admitted(caller, 1, NOW + DAY).states(NOW + DAY).getFirst().remaining())
                .isEqualTo(98);
    }

    @Test
    void aKeyThatWasLastUsedYesterdayIsSeededForToday() {
        Caller rated = Declared.caller(new Limits(100L, null, null), Quota.NONE);
        admitted(rated, 7, NOW).settle(7, NOW);
        limiter.seed(rated.keyId(), QuotaPeriod.DAY, 90, NOW + DAY);
        Caller metered = Declared.caller(Limits.NONE, new Quota(100L, null, null, null));
        assertThat(admitted(metered, 1, NOW + DAY).states(NOW + DAY).getFirst().remaining())
                .isEqualTo(9);
    }

    @Test
    void aClockThatStepsBackNeitherRefillsNorFreezes() {
        Caller caller = Declared.caller(new Limits(2L, null, 2L), new Quota(100L, null, null, null));
        admitted(caller, 10, NOW).settle(10, NOW);
        admitted(caller, 10, NOW - 50_000).settle(10, NOW - 50_000);
        assertRefused(caller, 1, NOW - 100_000);
        // Set back by a day: what was used stays used, and time goes on from there.
        long back = NOW - DAY;
        assertRefused(caller, 1, back);
        assertRefused(caller, 1, back + 60_999);
        Reservation held = admitted(caller, 5, back + 61_000);
        assertThat(held.states(back + 61_000))
                .containsExactly(
                        new LimitState("requests", 2, 1, 61_000),
                        new LimitState("tokens", 100, 75, DAY / 2 - 61_000),
                        new LimitState("concurrency", 2, 1, 0));
        assertThat(limiter.sweep(back + 61_000 + LEASE, _ -> true)).isOne();
    }

    @Test
    void leasesMoveWithAClockThatIsSetBack() {
        Caller caller = Declared.caller(new Limits(null, null, 1L), Quota.NONE);
        admitted(caller, 1, NOW);
        assertRefused(caller, 1, NOW - DAY);
        assertRefused(caller, 1, NOW - DAY + LEASE - 1);
        admitted(caller, 1, NOW - DAY + LEASE);
    }

    @Test
    void absurdNumbersDoNotOverflow() {
        Caller caller = Declared.caller(
                new Limits(1_000_000_000L, 1_000_000_000_000L, 1_000_000L),
                new Quota(Long.MAX_VALUE, null, null, null));
        List<Reservation> held = new ArrayList<>();
        held.add(admitted(caller, Long.MAX_VALUE, NOW));
        for (Reservation r : held) r.settle(Long.MAX_VALUE, NOW);
        assertRefused(caller, Long.MAX_VALUE, NOW + 60_000);
        held.getFirst().settle(-5, NOW);
        admitted(caller, -5, NOW + 61_000).settle(-5, NOW + 61_000);
        assertThat(admitted(caller, 0, NOW + 122_000).states(NOW + 122_000)).hasSize(3);
    }

    private Reservation admitted(Caller caller, long estimate, long now) {
        Admission admission = limiter.admit(caller, estimate, LEASE, now);
        assertThat(admission).isInstanceOf(Reservation.class);
        return (Reservation) admission;
    }

    private void assertRefused(Caller caller, long estimate, long now) {
        assertThat(limiter.admit(caller, estimate, LEASE, now)).isInstanceOf(Admission.Refused.class);
    }

    private void assertRefused(
            Caller caller, long estimate, long now, FailureKind kind, String message, LimitState state) {
        assertThat(limiter.admit(caller, estimate, LEASE, now))
                .isEqualTo(new Admission.Refused(
                        new Failure(kind, message, 0, UpstreamError.NONE, state.resetMillis(), null), state));
    }

    private static Caller caller(String keyId, Limits limits, Quota quota) {
        Caller shop = Declared.caller(limits, quota);
        return new Caller(keyId, shop.tenant(), shop.key(), shop.consumerId(), shop.consumer(), shop.groups());
    }
}
