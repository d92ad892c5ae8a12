package dev.sluice.traffic.health;

import static dev.sluice.traffic.Declared.NOW;
import static dev.sluice.traffic.Declared.passthrough;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.protocol.UpstreamError;
import dev.sluice.settings.Service.BalancePolicy;
import dev.sluice.settings.Service.KeyPolicy;
import dev.sluice.settings.catalogue.Provider.ErrorDialect;
import dev.sluice.settings.snapshot.BoundKey;
import dev.sluice.settings.snapshot.BoundService;
import dev.sluice.traffic.Declared;
import dev.sluice.traffic.failure.Classifier;
import dev.sluice.traffic.failure.Failure;
import dev.sluice.traffic.failure.FailureKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeyPoolTest {
    private static final BoundKey A = new BoundKey("pvk_a", "a", "secret-a", 1);
    private static final BoundKey B = new BoundKey("pvk_b", "b", "secret-b", 3);
    private static final BoundKey C = new BoundKey("pvk_c", "c", "secret-c", 0);
    private final KeyPool pool = new KeyPool(new Random(3));

    @Test
    void roundRobinTakesTurnsPerService() {
        BoundService one = service("one", KeyPolicy.ROUND_ROBIN, A, B);
        BoundService other = service("other", KeyPolicy.ROUND_ROBIN, A, B);
        List<BoundKey> ofOne = new ArrayList<>();
        List<BoundKey> ofOther = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            ofOne.add(use(one));
            ofOther.add(use(other));
        }
        assertThat(ofOne).containsExactly(A, B, A, B);
        assertThat(ofOther).containsExactly(A, B, A, B);
    }

    @Test
    void roundRobinStaysEvenWhenAKeyRests() {
        BoundService service = service("s", KeyPolicy.ROUND_ROBIN, A, B, C);
        fail(A, tooMany(60_000), NOW);
        Map<BoundKey, Integer> counts = new HashMap<>();
        for (int i = 0; i < 100; i++) counts.merge(use(service), 1, Integer::sum);
        assertThat(counts).containsExactlyInAnyOrderEntriesOf(Map.of(B, 50, C, 50));
    }

    @Test
    void weightedFollowsTheWeights() {
        BoundService service = service("s", KeyPolicy.WEIGHTED, A, B, C);
        Map<BoundKey, Integer> counts = new HashMap<>();
        for (int i = 0; i < 8_000; i++) counts.merge(use(service), 1, Integer::sum);
        assertThat(counts.get(B) / 8_000.0).isCloseTo(0.75, within(0.02));
        assertThat(counts).doesNotContainKey(C);
    }

    @Test
    void aKeyOfWeightZeroServesWhenNoOtherCan() {
        BoundService service = service("s", KeyPolicy.WEIGHTED, A, C);
        assertThat(pool.choose(service, Set.of(A.id()), NOW)).isEqualTo(C);
    }

    @Test
    void leastUsedCountsCallsInFlightFirstAndThenCalls() {
        BoundService service = service("s", KeyPolicy.LEAST_USED, A, B);
        assertThat(pool.choose(service, Set.of(), NOW)).isEqualTo(A);
        assertThat(pool.choose(service, Set.of(), NOW)).isEqualTo(B);
        pool.succeeded(B, NOW);
        assertThat(pool.choose(service, Set.of(), NOW)).isEqualTo(B);
        pool.succeeded(B, NOW);
        pool.succeeded(A, NOW);
        // Both are free; A had fewer calls.
        assertThat(pool.choose(service, Set.of(), NOW)).isEqualTo(A);
    }

    @Test
    void aCallThatEndsWithoutAWordIsNoLongerInFlight() {
        BoundService service = service("s", KeyPolicy.LEAST_USED, A, B);
        assertThat(pool.choose(service, Set.of(), NOW)).isEqualTo(A);
        pool.abandoned(A, NOW);
        assertThat(pool.choose(service, Set.of(), NOW)).isEqualTo(B);
        assertThat(pool.choose(service, Set.of(), NOW)).isEqualTo(A);
        assertThat(pool.state(A.id(), NOW)).isEqualTo(new KeyState(A.id(), KeyState.Status.ACTIVE, 2, 0, "", 0));
    }

    @Test
    void failoverTakesTheFirstUsableKeyInOrder() {
        BoundService service = service("s", KeyPolicy.FAILOVER, A, B);
        assertThat(use(service)).isEqualTo(A);
        assertThat(use(service)).isEqualTo(A);
        fail(A, tooMany(5_000), NOW);
        assertThat(pool.choose(service, Set.of(), NOW)).isEqualTo(B);
        assertThat(pool.choose(service, Set.of(), NOW + 5_000)).isEqualTo(A);
    }

    @Test
    void aKeyThatWasTriedIsNotChosenAgain() {
        BoundService service = service("s", KeyPolicy.FAILOVER, A, B);
        assertThat(pool.choose(service, Set.of(A.id()), NOW)).isEqualTo(B);
        assertThat(pool.choose(service, Set.of(A.id(), B.id()), NOW)).isNull();
    }

    @Test
    void aServiceWithoutKeysHasNone() {
        assertThat(pool.choose(service("s", KeyPolicy.ROUND_ROBIN), Set.of(), NOW))
                .isNull();
    }

    @Test
    void aRejectedKeyIsOutUntilItIsReinstated() {
        BoundService service = service("s", KeyPolicy.FAILOVER, A, B);
        fail(
                A,
                Classifier.classify(
                        ErrorDialect.WORDS,
                        401,
                        new UpstreamError("Incorrect API key", "invalid_api_key", null, null),
                        -1),
                NOW);
        assertThat(pool.state(A.id(), NOW))
                .isEqualTo(new KeyState(
                        A.id(), KeyState.Status.REJECTED, 0, 1, "401 provider-auth: Incorrect API key", 0));
        assertThat(pool.choose(service, Set.of(), NOW + 365L * 86_400_000)).isEqualTo(B);
        assertThat(pool.choose(service("only-a", KeyPolicy.FAILOVER, A), Set.of(), NOW))
                .isNull();
        pool.reinstate(A.id());
        assertThat(pool.choose(service, Set.of(), NOW)).isEqualTo(A);
    }

    @Test
    void aRejectedKeyWithANewSecretIsActiveAgain() {
        fail(A, rejected(), NOW);
        BoundKey renewed = new BoundKey(A.id(), "a", "secret-a-2", 1);
        assertThat(pool.choose(service("s", KeyPolicy.FAILOVER, renewed), Set.of(), NOW))
                .isEqualTo(renewed);
        // A late failure of the old secret says nothing about the new one.
        pool.failed(A, rejected(), NOW, NOW);
        assertThat(pool.choose(service("s", KeyPolicy.FAILOVER, renewed), Set.of(), NOW))
                .isEqualTo(renewed);
    }

    @Test
    void aRateLimitedKeyRestsAsLongAsTheProviderSaysUpToTenMinutes() {
        fail(A, tooMany(30_000), NOW);
        assertThat(resting(A, NOW)).isEqualTo(30_000);
        fail(B, tooMany(86_400_000), NOW);
        assertThat(resting(B, NOW)).isEqualTo(600_000);
    }

    @Test
    void withoutAWordFromTheProviderPausesDouble() {
        long now = NOW;
        List<Long> pauses = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            fail(A, tooMany(-1), now);
            pauses.add(resting(A, now));
            now += resting(A, now);
        }
        assertThat(pauses).containsExactly(1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 32_000L, 60_000L, 60_000L, 60_000L);
        pool.succeeded(A, now);
        fail(A, tooMany(-1), now);
        assertThat(resting(A, now)).isEqualTo(1_000);
    }

    @Test
    void callsThatFailTogetherAreOneReasonToRest() {
        for (int i = 0; i < 50; i++) fail(A, tooMany(-1), NOW + i);
        assertThat(resting(A, NOW)).isEqualTo(1_000);
        pool.succeeded(A, NOW + 500);
        fail(A, tooMany(-1), NOW + 1_000);
        assertThat(resting(A, NOW + 1_000)).isEqualTo(2_000);
    }

    @Test
    void anEmptyAccountRestsLonger() {
        Failure empty = Classifier.classify(ErrorDialect.WORDS, 402, UpstreamError.NONE, -1);
        fail(A, empty, NOW);
        fail(A, empty, NOW + 10);
        assertThat(resting(A, NOW)).isEqualTo(300_000);
        fail(A, empty, NOW + 300_000);
        assertThat(resting(A, NOW + 300_000)).isEqualTo(600_000);
    }

    @Test
    void anEmptyAccountIsWorseThanARateLimit() {
        fail(A, tooMany(-1), NOW);
        fail(A, Classifier.classify(ErrorDialect.WORDS, 402, UpstreamError.NONE, -1), NOW);
        assertThat(resting(A, NOW)).isEqualTo(600_000);
    }

    @Test
    void whenAllRestTheOneThatRestsShortestIsTried() {
        BoundService service = service("s", KeyPolicy.ROUND_ROBIN, A, B, C);
        fail(A, tooMany(30_000), NOW);
        fail(B, tooMany(10_000), NOW);
        fail(C, rejected(), NOW);
        assertThat(pool.choose(service, Set.of(), NOW)).isEqualTo(B);
        // … but not a second time by the same call.
        assertThat(pool.choose(service, Set.of(B.id()), NOW)).isNull();
        // Keys of other services that the call has tried are none of this one's business.
        assertThat(pool.choose(service, Set.of("pvk_elsewhere"), NOW)).isEqualTo(B);
    }

    @Test
    void aKeyThatHasRestedIsProvedByOneCallBeforeAllComeBack() {
        BoundService service = service("s", KeyPolicy.FAILOVER, A, B);
        fail(A, tooMany(5_000), NOW);
        long back = NOW + 5_000;
        assertThat(pool.choose(service, Set.of(), back)).as("the probe").isEqualTo(A);
        assertThat(pool.choose(service, Set.of(), back)).isEqualTo(B);
        // What began before the rest, and ends well only now, proves nothing.
        pool.succeeded(A, NOW - 1);
        assertThat(pool.choose(service, Set.of(), back)).isEqualTo(B);
        pool.abandoned(A, back);
        assertThat(pool.choose(service, Set.of(), back)).as("the next probe").isEqualTo(A);
        pool.answered(A, back);
        assertThat(pool.choose(service, Set.of(), back)).isEqualTo(A);
        assertThat(pool.choose(service, Set.of(), back)).isEqualTo(A);
    }

    @Test
    void aProbeThatFailsSendsTheKeyToRestAgain() {
        BoundService service = service("s", KeyPolicy.FAILOVER, A, B);
        fail(A, tooMany(-1), NOW);
        assertThat(pool.choose(service, Set.of(), NOW + 1_000)).isEqualTo(A);
        pool.failed(A, tooMany(-1), NOW + 1_000, NOW + 1_100);
        assertThat(resting(A, NOW + 1_100)).isEqualTo(2_000);
        assertThat(pool.choose(service, Set.of(), NOW + 1_200)).isEqualTo(B);
    }

    @Test
    void theOnlyKeyServesAllCallsWhileItIsProved() {
        BoundService service = service("s", KeyPolicy.FAILOVER, A);
        fail(A, tooMany(5_000), NOW);
        for (int i = 0; i < 3; i++)
            assertThat(pool.choose(service, Set.of(), NOW + 5_000)).isEqualTo(A);
    }

    @Test
    void theLastResortIsTheUntriedKeyThatRestsTheShortestAndNeverARejectedOne() {
        BoundService service = service("s", KeyPolicy.ROUND_ROBIN, A, B, C);
        fail(A, tooMany(30_000), NOW);
        fail(B, tooMany(10_000), NOW);
        fail(C, rejected(), NOW);
        assertThat(pool.chooseResting(service, Set.of(B.id()), NOW)).isEqualTo(A);
        assertThat(pool.chooseResting(service, Set.of(A.id(), B.id()), NOW)).isNull();
    }

    @Test
    void keysThatAreNotLetThroughArePassedOver() {
        BoundService service = service("s", KeyPolicy.FAILOVER, A, B);
        assertThat(pool.choose(service, Set.of(), key -> key.equals(B), NOW)).isEqualTo(B);
        assertThat(pool.choose(service, Set.of(), _ -> false, NOW)).isNull();
        assertThat(pool.hasUsable(service, key -> key.equals(A), NOW)).isTrue();
        fail(A, tooMany(5_000), NOW);
        assertThat(pool.hasUsable(service, key -> key.equals(A), NOW)).isFalse();
    }

    @Test
    void aFailureOfTheServerIsCountedButDoesNotTakeTheKeyOut() {
        BoundService service = service("s", KeyPolicy.FAILOVER, A, B);
        use(service);
        fail(A, Classifier.classify(ErrorDialect.WORDS, 500, new UpstreamError("boom", null, null, null), -1), NOW);
        assertThat(pool.state(A.id(), NOW))
                .isEqualTo(new KeyState(A.id(), KeyState.Status.ACTIVE, 1, 1, "500 upstream-error: boom", 0));
    }

    @Test
    void theCallersMistakesAreNotTheKeysFailures() {
        fail(A, Classifier.classify(ErrorDialect.WORDS, 400, new UpstreamError("bad", null, null, null), -1), NOW);
        fail(A, Failure.of(FailureKind.CLIENT_LEFT, "left"), NOW);
        assertThat(pool.state(A.id(), NOW)).isEqualTo(new KeyState(A.id(), KeyState.Status.ACTIVE, 0, 0, "", 0));
    }

    @Test
    void longErrorsAreCut() {
        fail(
                A,
                Classifier.classify(
                        ErrorDialect.WORDS, 500, new UpstreamError("x".repeat(5_000), null, null, null), -1),
                NOW);
        assertThat(pool.state(A.id(), NOW).lastError()).hasSize(256).endsWith("…");
    }

    @Test
    void showsKeysInOrderAndForgetsDeletedOnes() {
        use(service("s", KeyPolicy.FAILOVER, B));
        use(service("s", KeyPolicy.FAILOVER, A));
        assertThat(pool.states(NOW)).extracting(KeyState::keyId).containsExactly(A.id(), B.id());
        pool.retain(id -> id.equals(B.id()), _ -> false);
        assertThat(pool.states(NOW)).extracting(KeyState::keyId).containsExactly(B.id());
        assertThat(pool.state("pvk_never", NOW))
                .isEqualTo(new KeyState("pvk_never", KeyState.Status.ACTIVE, 0, 0, "", 0));
    }

    private BoundKey use(BoundService service) {
        BoundKey key = pool.choose(service, Set.of(), NOW);
        assertThat(key).isNotNull();
        pool.succeeded(key, NOW);
        return key;
    }

    private void fail(BoundKey key, Failure failure, long now) {
        pool.failed(key, failure, now, now);
    }

    private long resting(BoundKey key, long now) {
        KeyState state = pool.state(key.id(), now);
        assertThat(state.status()).isEqualTo(KeyState.Status.RESTING);
        return state.restingUntilMillis() - now;
    }

    private static Failure tooMany(long retryAfterMillis) {
        return Classifier.classify(ErrorDialect.WORDS, 429, UpstreamError.NONE, retryAfterMillis);
    }

    private static Failure rejected() {
        return Classifier.classify(ErrorDialect.WORDS, 401, UpstreamError.NONE, -1);
    }

    private static BoundService service(String name, KeyPolicy policy, BoundKey... keys) {
        return Declared.service(name, passthrough(), policy, BalancePolicy.LEAST_LOADED, List.of(keys), 1);
    }
}
