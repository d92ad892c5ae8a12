package dev.sluice.traffic.routing;

import static dev.sluice.traffic.Declared.api;
import static dev.sluice.traffic.Declared.fallback;
import static dev.sluice.traffic.Declared.passthrough;
import static dev.sluice.traffic.Declared.service;
import static dev.sluice.traffic.Declared.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.settings.Distribution;
import dev.sluice.settings.Distribution.Share;
import dev.sluice.settings.Limits;
import dev.sluice.settings.Quota;
import dev.sluice.settings.snapshot.BoundModelApi;
import dev.sluice.settings.snapshot.Caller;
import dev.sluice.traffic.Declared;
import dev.sluice.traffic.failure.Failure;
import dev.sluice.traffic.failure.FailureKind;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ProportionTest {
    private static final int CALLS = 20_000;
    private final Router router = new Router(new Random(7));

    @Test
    void sharesConverge() {
        BoundModelApi api = api(
                spread("none", new Share("a", null, 80), new Share("b", null, 15), new Share("c", null, 5)),
                fallback(),
                service("a", passthrough()),
                service("b", passthrough()),
                service("c", passthrough()));
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < CALLS; i++) counts.merge(chosen(api, null, null), 1, Integer::sum);
        assertThat(counts.get("a") / (double) CALLS).isCloseTo(0.80, within(0.015));
        assertThat(counts.get("b") / (double) CALLS).isCloseTo(0.15, within(0.015));
        assertThat(counts.get("c") / (double) CALLS).isCloseTo(0.05, within(0.015));
    }

    @Test
    void weightZeroGetsNothing() {
        BoundModelApi api = api(
                spread("none", new Share("a", null, 0), new Share("b", null, 1)),
                fallback(),
                service("a", passthrough()),
                service("b", passthrough()));
        for (int i = 0; i < 100; i++) assertThat(chosen(api, null, null)).isEqualTo("b");
    }

    @Test
    void onlyWeightZeroIsRefused() {
        BoundModelApi api = api(spread("none", new Share("a", null, 0)), fallback(), service("a", passthrough()));
        assertThat(router.plan(api, "m", null, _ -> null))
                .isEqualTo(new RoutePlan.Refused(Failure.of(
                        FailureKind.UNBOUND,
                        "every target of Model API \"chat\" has weight 0; an operator can give one of them a share")));
    }

    @Test
    void theTrafficOfAServiceThatIsOffGoesToTheOthers() {
        BoundModelApi api = api(
                spread("none", new Share("off", null, 90), new Share("a", null, 5), new Share("b", null, 5)),
                fallback(),
                service("a", passthrough()),
                service("b", passthrough()));
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < CALLS; i++) counts.merge(chosen(api, null, null), 1, Integer::sum);
        assertThat(counts.get("a") / (double) CALLS).isCloseTo(0.5, within(0.02));
        assertThat(counts).containsOnlyKeys("a", "b");
    }

    @Test
    void aServiceThatDoesNotOfferTheModelGetsNoneOfItsCalls() {
        BoundModelApi api = api(
                spread("none", new Share("picky", null, 50), new Share("open", null, 50)),
                fallback(),
                service("picky", passthrough("qwen-*")),
                service("open", passthrough()));
        for (int i = 0; i < 100; i++) assertThat(chosen(api, null, null)).isEqualTo("open");
    }

    @Test
    void whenNobodyOffersTheModelItIsNotFound() {
        BoundModelApi api = api(
                spread("none", new Share("off", null, 50), new Share("picky", null, 50)),
                fallback(to("picky")),
                service("picky", passthrough("qwen-*")));
        assertThat(router.plan(api, "m", null, _ -> null))
                .isInstanceOfSatisfying(
                        RoutePlan.Refused.class,
                        r -> assertThat(r.failure().kind()).isEqualTo(FailureKind.MODEL_REFUSED_BY_SERVICE));
    }

    @Test
    void tellsTheShare() {
        BoundModelApi api = api(
                spread("consumer", new Share("a", "model-a", 30), new Share("off", null, 70)),
                fallback(),
                service("a", passthrough()));
        assertThat(router.plan(api, "m", shop("con_1"), _ -> null))
                .isInstanceOfSatisfying(
                        RoutePlan.Ordered.class,
                        plan -> assertThat(plan.targets())
                                .containsExactly(new Target(
                                        api.services().get("a"), "model-a", "share 30 of 30, sticky by consumer")));
    }

    @Test
    void aStickyConsumerStaysAndSharesStillConverge() {
        BoundModelApi api = twoServices("consumer", 80, 20);
        int onA = 0;
        for (int i = 0; i < 2_000; i++) {
            Caller caller = shop("con_" + i);
            String first = chosen(api, caller, null);
            for (int again = 0; again < 3; again++)
                assertThat(chosen(api, caller, null)).isEqualTo(first);
            if (first.equals("a")) onA++;
        }
        assertThat(onA / 2_000.0).isCloseTo(0.8, within(0.03));
    }

    @Test
    void stickyByHeaderReadsTheHeaderInLowerCase() {
        BoundModelApi api = twoServices("header:X-Session", 50, 50);
        String first = chosen(api, null, "session-1");
        for (int i = 0; i < 20; i++) assertThat(chosen(api, null, "session-1")).isEqualTo(first);
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < 500; i++) counts.merge(chosen(api, null, "session-" + i), 1, Integer::sum);
        assertThat(counts).containsOnlyKeys("a", "b");
    }

    @Test
    void withoutTheHeaderEveryCallIsSpread() {
        BoundModelApi api = twoServices("header:X-Session", 50, 50);
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < 200; i++) counts.merge(chosen(api, null, null), 1, Integer::sum);
        assertThat(counts).containsOnlyKeys("a", "b");
    }

    @Property(tries = 50)
    void whenAShareGoesOnlyItsOwnCallersMove(
            @ForAll @Size(min = 2, max = 6) List<@IntRange(min = 1, max = 100) Integer> weights) {
        List<Share> shares = shares(weights);
        boolean[] all = new boolean[shares.size()];
        Arrays.fill(all, true);
        boolean[] withoutFirst = all.clone();
        withoutFirst[0] = false;
        for (int i = 0; i < 300; i++) {
            int before = Shares.pick(shares, all, "caller-" + i, new Random(0));
            int after = Shares.pick(shares, withoutFirst, "caller-" + i, new Random(0));
            if (before != 0) assertThat(after).isEqualTo(before);
            else assertThat(after).isPositive();
        }
    }

    @Property(tries = 50)
    void whenAWeightGrowsCallersMoveOnlyToIt(
            @ForAll @Size(min = 2, max = 6) List<@IntRange(min = 1, max = 100) Integer> weights) {
        List<Share> shares = shares(weights);
        List<Integer> grown = new java.util.ArrayList<>(weights);
        grown.set(0, grown.getFirst() * 2);
        List<Share> after = shares(grown);
        boolean[] all = new boolean[shares.size()];
        Arrays.fill(all, true);
        for (int i = 0; i < 300; i++) {
            int was = Shares.pick(shares, all, "caller-" + i, new Random(0));
            int is = Shares.pick(after, all, "caller-" + i, new Random(0));
            assertThat(is == was || is == 0).isTrue();
        }
    }

    private static List<Share> shares(List<Integer> weights) {
        List<Share> shares = new java.util.ArrayList<>();
        for (int i = 0; i < weights.size(); i++) shares.add(new Share("service-" + i, null, weights.get(i)));
        return shares;
    }

    private static BoundModelApi twoServices(String stickyBy, int a, int b) {
        return api(
                spread(stickyBy, new Share("a", null, a), new Share("b", null, b)),
                fallback(),
                service("a", passthrough()),
                service("b", passthrough()));
    }

    private static Distribution spread(String stickyBy, Share... shares) {
        return new Distribution.ByProportion(List.of(shares), stickyBy);
    }

    private String chosen(BoundModelApi api, Caller caller, String session) {
        RoutePlan plan = router.plan(api, "m", caller, name -> name.equals("x-session") ? session : null);
        return ((RoutePlan.Ordered) plan).targets().getFirst().service().name();
    }

    private static Caller shop(String consumerId) {
        Caller shop = Declared.caller(Limits.NONE, Quota.NONE);
        return new Caller(shop.keyId(), shop.tenant(), shop.key(), consumerId, shop.consumer(), shop.groups());
    }
}
