package dev.sluice.traffic.routing;

import static dev.sluice.traffic.Declared.NOW;
import static dev.sluice.traffic.Declared.api;
import static dev.sluice.traffic.Declared.caller;
import static dev.sluice.traffic.Declared.consumer;
import static dev.sluice.traffic.Declared.fallback;
import static dev.sluice.traffic.Declared.grant;
import static dev.sluice.traffic.Declared.grantUntil;
import static dev.sluice.traffic.Declared.group;
import static dev.sluice.traffic.Declared.key;
import static dev.sluice.traffic.Declared.keyFor;
import static dev.sluice.traffic.Declared.mapping;
import static dev.sluice.traffic.Declared.passthrough;
import static dev.sluice.traffic.Declared.passthroughOrDefault;
import static dev.sluice.traffic.Declared.service;
import static dev.sluice.traffic.Declared.single;
import static dev.sluice.traffic.Declared.specified;
import static dev.sluice.traffic.Declared.to;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.settings.Distribution;
import dev.sluice.settings.Distribution.Rule;
import dev.sluice.settings.Fallback;
import dev.sluice.settings.FallbackCondition;
import dev.sluice.settings.Limits;
import dev.sluice.settings.ModelPolicy;
import dev.sluice.settings.Quota;
import dev.sluice.settings.snapshot.BoundModelApi;
import dev.sluice.settings.snapshot.BoundService;
import dev.sluice.settings.snapshot.Caller;
import dev.sluice.traffic.failure.Failure;
import dev.sluice.traffic.failure.FailureKind;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class RouterTest {
    private final Router router = new Router(new Random(1));

    @Nested
    class Single {
        @Test
        void sendsTheClientsModelToTheOnlyTarget() {
            assertPlan(
                    api(single("openai"), fallback(), service("openai", passthrough())),
                    "gpt-4o",
                    "openai gpt-4o: the only target");
        }

        @Test
        void aTargetsModelTakesThePlaceOfTheClients() {
            assertPlan(
                    api(
                            new Distribution.Single(List.of(to("deepseek", "deepseek-chat"))),
                            fallback(),
                            service("deepseek", passthrough("deepseek-*"))),
                    "gpt-4o",
                    "deepseek deepseek-chat: the only target");
        }

        @Test
        void anUnboundModelApiSaysSo() {
            BoundModelApi unbound =
                    api(new Distribution.Single(List.of()), fallback(to("a")), service("a", passthrough()));
            assertRefused(
                    unbound,
                    "gpt-4o",
                    FailureKind.UNBOUND,
                    "Model API \"chat\" is bound to no service; an operator can bind it by giving its distribution a target",
                    null);
            assertThat(plan(api(new Distribution.ByModelName(List.of()), fallback()), "m"))
                    .isInstanceOfSatisfying(
                            RoutePlan.Refused.class,
                            r -> assertThat(r.failure().kind()).isEqualTo(FailureKind.UNBOUND));
            assertThat(plan(api(new Distribution.ByProportion(List.of(), "none"), fallback()), "m"))
                    .isInstanceOf(RoutePlan.Refused.class);
        }

        @Test
        void aServiceThatIsOffIsNamed() {
            assertRefused(
                    api(single("openai"), fallback()),
                    "gpt-4o",
                    FailureKind.UNBOUND,
                    "service \"openai\" of Model API \"chat\" is disabled or gone; an operator can enable it or add a fallback"
                            + " step",
                    null);
        }

        @Test
        void aServiceThatIsOffIsPassedOverForTheFallback() {
            assertPlan(
                    api(single("openai"), fallback(to("spare")), service("spare", passthrough())),
                    "gpt-4o",
                    "spare gpt-4o: fallback step 1");
        }

        @Test
        void anOperationWithoutAModelGoesThroughUntouched() {
            assertPlan(
                    api(
                            new Distribution.Single(List.of(to("a", "other"))),
                            fallback(to("b")),
                            service("a", specified("x", "y")),
                            service("b", passthrough("only-this"))),
                    "",
                    "a : the only target",
                    "b : fallback step 1");
        }
    }

    @Nested
    class ByModelName {
        private final BoundModelApi api = api(
                new Distribution.ByModelName(List.of(
                        new Rule("gpt-4o-mini", "mini", null),
                        new Rule("gpt-*", "openai", null),
                        new Rule("claude-?", "claude", "claude-sonnet"))),
                fallback(),
                service("mini", passthrough()),
                service("openai", passthrough()),
                service("claude", passthrough()));

        @Test
        void theFirstRuleThatMatchesDecides() {
            assertPlan(api, "gpt-4o-mini", "mini gpt-4o-mini: rule \"gpt-4o-mini\"");
            assertPlan(api, "gpt-4o", "openai gpt-4o: rule \"gpt-*\"");
            assertPlan(api, "claude-3", "claude claude-sonnet: rule \"claude-?\"");
        }

        @Test
        void listOrderBeatsAMoreSpecificRule() {
            BoundModelApi reversed = api(
                    new Distribution.ByModelName(List.of(new Rule("*", "a", null), new Rule("gpt-4o", "b", null))),
                    fallback(),
                    service("a", passthrough()),
                    service("b", passthrough()));
            assertPlan(reversed, "gpt-4o", "a gpt-4o: rule \"*\"");
        }

        @Test
        void aModelWithoutARuleIsNotFound() {
            assertRefused(
                    api,
                    "qwen-max",
                    FailureKind.MODEL_NOT_FOUND,
                    "model \"qwen-max\" is not offered by Model API \"chat\" (rules: gpt-4o-mini, gpt-*, claude-?); ask for a"
                            + " model that a rule matches, or let an operator add one",
                    "model");
        }

        @Test
        void aRouteWithoutAModelNeedsARuleForAll() {
            assertRefused(
                    api,
                    "",
                    FailureKind.MODEL_NOT_FOUND,
                    "Model API \"chat\" chooses by model name, and this call names none (rules: gpt-4o-mini, gpt-*, claude-?);"
                            + " an operator can add a rule \"*\"",
                    "model");
        }

        @Test
        void aThingThatIsKeptLeadsToItsServiceForModelsOfItsRulesOnly() {
            BoundService openai = Objects.requireNonNull(api.services().get("openai"));
            assertThat(Router.planAt(api, "gpt-4o", null, openai)).isInstanceOf(RoutePlan.Ordered.class);
            assertThat(Router.planAt(api, "", null, openai)).isInstanceOf(RoutePlan.Ordered.class);
            assertThat(Router.planAt(api, "qwen-max", null, openai))
                    .isInstanceOfSatisfying(RoutePlan.Refused.class, refused -> {
                        assertThat(refused.failure().kind()).isEqualTo(FailureKind.MODEL_NOT_FOUND);
                        assertThat(refused.failure().message()).contains("\"qwen-max\" is not offered by Model API");
                    });
        }

        @Test
        void aModelWithoutARuleDoesNotFallBack() {
            BoundModelApi withSteps = api(
                    new Distribution.ByModelName(List.of(new Rule("gpt-*", "a", null))),
                    new Fallback(Set.of(FallbackCondition.values()), List.of(), List.of(to("a"))),
                    service("a", passthrough()));
            assertThat(plan(withSteps, "qwen")).isInstanceOf(RoutePlan.Refused.class);
        }
    }

    @Nested
    class RequestsBesideOthers {
        private final BoundService openai = service("openai", passthrough("gpt-*", "qwen"));
        private final BoundService claude = service("claude", mapping(passthrough(), "claude-1", "c1"));
        private final BoundService spare = service("spare", passthrough());
        private final BoundModelApi api = api(
                new Distribution.ByModelName(List.of(
                        new Rule("gpt-mine", "openai", "gpt-4o"),
                        new Rule("gpt-*", "openai", null),
                        new Rule("qwen", "spare", null),
                        new Rule("claude-*", "claude", null))),
                fallback(to("spare", "any")),
                openai,
                claude,
                spare);

        @Test
        void areSentWhatTheirModelIsCalledWhereTheyGo() {
            assertThat(described(Router.planBeside(api, "gpt-mine", null, openai)))
                    .containsExactly("openai gpt-4o: keeps what the call names");
            assertThat(described(Router.planBeside(api, "claude-1", null, claude)))
                    .first()
                    .asString()
                    .startsWith("claude c1: ");
        }

        @Test
        void ofAnotherServiceAreRefused() {
            assertThat(described(Router.planBeside(api, "claude-1", null, openai)))
                    .containsExactly(
                            "refused: model \"claude-1\" is served by service \"claude\" (rule \"claude-*\"), and the requests"
                                    + " before it go to service \"openai\"; make a batch for each of them");
            assertThat(described(Router.planBeside(api, "qwen", null, openai)))
                    .first()
                    .asString()
                    .contains("service \"spare\"");
            assertThat(described(Router.planBeside(api, "llama", null, openai)))
                    .first()
                    .asString()
                    .contains("\"llama\" is not offered by Model API");
        }

        @Test
        void goToAFallbackAsAnyCallMay() {
            assertThat(described(Router.planBeside(api, "claude-1", null, spare)))
                    .first()
                    .asString()
                    .startsWith("spare any: ");
        }

        @Test
        void ofAModelThatTheCallerMayNotUseAreRefusedFirst() {
            Caller caller = caller(keyFor(List.of("gpt-*"), List.of()), consumer(), group("g", List.of(grant("chat"))));
            assertThat(described(Router.planBeside(api, "claude-1", caller, openai)))
                    .first()
                    .asString()
                    .contains("may not use model \"claude-1\"");
        }
    }

    @Nested
    class Lengths {
        @Test
        void ofNamesGrowWhereOneMayTakeThePlaceOfAShorter() {
            assertThat(grows(passthrough())).isFalse();
            assertThat(grows(passthrough("gpt-*"))).isFalse();
            assertThat(grows(mapping(passthrough(), "long-name", "short", "gpt-?", "gpt-4", "gpt-*", "gpt-")))
                    .isFalse();
            assertThat(grows(mapping(passthrough(), "gpt-*", "gpt-4"))).isTrue();
            assertThat(grows(mapping(passthrough(), "a", "\u00e9")))
                    .as("in bytes")
                    .isTrue();
            assertThat(grows(mapping(passthrough(), "\u00e9", "ab"))).isFalse();
            assertThat(grows(mapping(passthrough(), "a", "\""))).as("as JSON").isTrue();
            assertThat(grows(specified("m"))).isTrue();
            assertThat(grows(passthroughOrDefault("m", "gpt-*"))).isTrue();
        }

        @Test
        void ofNamesGrowWhereTheModelApiNamesItsOwn() {
            BoundService a = service("a", passthrough());
            BoundService b = service("b", passthrough());
            BoundModelApi rules = api(
                    new Distribution.ByModelName(List.of(new Rule("mine", "a", "ab"), new Rule("*", "b", "abc"))),
                    fallback(),
                    a,
                    b);
            assertThat(Router.mayLengthen(rules, a)).isFalse();
            assertThat(Router.mayLengthen(rules, b)).isTrue();
            BoundModelApi one = api(new Distribution.Single(List.of(to("a", "m"))), fallback(to("b", "m")), a, b);
            assertThat(Router.mayLengthen(one, a)).isTrue();
            assertThat(Router.mayLengthen(one, b)).isTrue();
        }

        private static boolean grows(ModelPolicy policy) {
            BoundService a = service("a", policy);
            return Router.mayLengthen(api(single("a"), fallback(), a), a);
        }
    }

    @Nested
    class Policies {
        @Test
        void validationLetsNamesAndPatternsThrough() {
            BoundModelApi api = api(single("a"), fallback(), service("a", passthrough("gpt-4o", "qwen-*")));
            assertPlan(api, "gpt-4o", "a gpt-4o: the only target");
            assertPlan(api, "qwen-max", "a qwen-max: the only target");
            assertRefused(
                    api,
                    "gpt-4",
                    FailureKind.MODEL_REFUSED_BY_SERVICE,
                    "model \"gpt-4\" is not offered by service \"a\" (allowed: gpt-4o, qwen-*); add it to allowedModels or set"
                            + " onUnknownModel: default-model",
                    "model");
        }

        @Test
        void anUnknownModelMayDegradeToTheDefault() {
            assertPlan(
                    api(single("a"), fallback(), service("a", passthroughOrDefault("gpt-4o-mini", "gpt-*"))),
                    "llama",
                    "a gpt-4o-mini: the only target, default model in place of \"llama\"");
        }

        @Test
        void aSpecifiedModelIgnoresTheClientsAndBringsItsFallbacks() {
            assertPlan(
                    api(
                            single("a"),
                            fallback(to("b")),
                            service("a", specified("x", "y", "z")),
                            service("b", specified("v"))),
                    "gpt-4o",
                    "a x: the only target, model specified by the service",
                    "a y: the only target, fallback model 1",
                    "a z: the only target, fallback model 2",
                    "b v: fallback step 1, model specified by the service");
        }

        @Test
        void anExactMappingBeatsPatternsAndPatternsGoInOrder() {
            BoundModelApi api = api(
                    single("a"),
                    fallback(),
                    service("a", mapping(passthrough(), "gpt-*", "one", "gpt-4*", "two", "gpt-4o", "three")));
            assertPlan(api, "gpt-4o", "a three: the only target, mapped from \"gpt-4o\"");
            assertPlan(api, "gpt-4", "a one: the only target, mapped from \"gpt-4\" by \"gpt-*\"");
            assertPlan(api, "qwen", "a qwen: the only target");
        }

        @Test
        void validationLooksAtTheAskedModelAndMappingDecidesTheSentOne() {
            BoundModelApi api = api(
                    single("a"),
                    fallback(),
                    service("a", mapping(passthrough("public-name"), "public-name", "internal-name")));
            assertPlan(api, "public-name", "a internal-name: the only target, mapped from \"public-name\"");
            assertThat(plan(api, "internal-name")).isInstanceOf(RoutePlan.Refused.class);
        }
    }

    @Nested
    class FallbackSteps {
        @Test
        void followInOrderAndMayNameAServiceTwice() {
            assertPlan(
                    api(
                            single("a"),
                            fallback(to("b", "big"), to("a", "small"), to("b")),
                            service("a", passthrough()),
                            service("b", passthrough())),
                    "gpt-4o",
                    "a gpt-4o: the only target",
                    "b big: fallback step 1",
                    "a small: fallback step 2",
                    "b gpt-4o: fallback step 3");
        }

        @Test
        void thatCannotServeAreLeftOutWithAReason() {
            BoundModelApi api = api(
                    single("a"),
                    fallback(to("off"), to("picky"), to("b")),
                    service("a", passthrough()),
                    service("picky", passthrough("qwen-*")),
                    service("b", passthrough()));
            Explanation explained = router.explain(api, "gpt-4o", null, _ -> null, NOW);
            assertThat(described(explained.plan()))
                    .containsExactly("a gpt-4o: the only target", "b gpt-4o: fallback step 3");
            assertThat(explained.passedOver())
                    .containsExactly(
                            "fallback step 1: service \"off\" of Model API \"chat\" is disabled or gone; an operator can enable"
                                    + " it or add a fallback step",
                            "fallback step 2: model \"gpt-4o\" is not offered by service \"picky\" (allowed: qwen-*); add it to"
                                    + " allowedModels or set onUnknownModel: default-model");
            assertThat(plan(api, "gpt-4o")).isEqualTo(explained.plan());
        }

        @Test
        void takeOverFromAServiceThatDoesNotOfferTheModelOnlyOnRequest() {
            Fallback onRefusal = new Fallback(Set.of(FallbackCondition.GATEWAY_REFUSAL), List.of(), List.of(to("b")));
            assertPlan(
                    api(single("a"), onRefusal, service("a", passthrough("qwen-*")), service("b", passthrough())),
                    "gpt-4o",
                    "b gpt-4o: fallback step 1");
            assertThat(plan(
                            api(
                                    single("a"),
                                    fallback(to("b")),
                                    service("a", passthrough("qwen-*")),
                                    service("b", passthrough())),
                            "gpt-4o"))
                    .isInstanceOf(RoutePlan.Refused.class);
        }

        @Test
        void whenNoneCanServeTheTargetsOwnRefusalStands() {
            assertRefused(
                    api(single("off"), fallback(to("gone"))),
                    "gpt-4o",
                    FailureKind.UNBOUND,
                    "service \"off\" of Model API \"chat\" is disabled or gone; an operator can enable it or add a fallback step",
                    null);
        }
    }

    @Nested
    class Permissions {
        private final BoundModelApi api = api(single("a"), fallback(), service("a", specified("x")));

        @Test
        void aModelThatTheCallerMayNotUseIsRefusedByName() {
            Caller caller = caller(keyFor(List.of("gpt-4o*"), List.of()), consumer(grant("chat")));
            assertThat(router.plan(api, "qwen-max", caller, _ -> null))
                    .isEqualTo(new RoutePlan.Refused(Failure.of(
                            FailureKind.PERMISSION_DENIED,
                            "API key \"shop-key\" may not use model \"qwen-max\" on Model API \"chat\" (allowed: gpt-4o*); an"
                                    + " operator can add it to its allowedModels",
                            "model")));
            assertThat(router.plan(api, "gpt-4o", caller, _ -> null)).isInstanceOf(RoutePlan.Ordered.class);
        }

        @Test
        void anExplanationKnowsWhatHasEnded() {
            Caller ended = caller(key(Limits.NONE, Quota.NONE), consumer(grantUntil("chat", "2026-01-01T00:00:00Z")));
            assertThat(router.explain(api, "gpt-4o", ended, _ -> null, NOW).plan())
                    .isInstanceOfSatisfying(
                            RoutePlan.Refused.class,
                            r -> assertThat(r.failure().kind()).isEqualTo(FailureKind.PERMISSION_DENIED));
        }
    }

    @Nested
    class Models {
        private final BoundModelApi api = api(
                new Distribution.ByModelName(List.of(
                        new Rule("gpt-4o", "openai", null),
                        new Rule("alias", "off", null),
                        new Rule("catalogue-*", "open", null),
                        new Rule("qwen-*", "picky", null),
                        new Rule("fixed", "fixed", null),
                        new Rule("renamed-*", "open", "renamed-one"))),
                fallback(),
                service("openai", passthrough()),
                service("open", passthrough()),
                service(
                        "picky",
                        mapping(passthrough("qwen-max", "llama", "qwen-turbo-*"), "qwen-max", "q", "qwen-x", "y")),
                service("fixed", specified("qwen-specified")));

        @Test
        void listsTheNamesThatCanBeCalled() {
            assertThat(Router.models(api, null, NOW))
                    .containsExactly(
                            "catalogue-large", "catalogue-small", "fixed", "gpt-4o", "qwen-max", "renamed-one");
        }

        @Test
        void everyListedNameHasAPlan() {
            for (String model : Router.models(api, null, NOW)) {
                assertThat(plan(api, model)).as(model).isInstanceOf(RoutePlan.Ordered.class);
            }
        }

        @Test
        void showsOnlyWhatTheCallerMayUse() {
            Caller caller = caller(
                    keyFor(List.of("qwen-*", "gpt-*", "renamed-two", "unknown"), List.of()),
                    consumer(),
                    group("g", List.of(grant("chat")), "qwen-max", "renamed-*", "qwen-turbo-1"));
            assertThat(Router.models(api, caller, NOW)).containsExactly("qwen-max", "qwen-turbo-1", "renamed-two");
        }

        @Test
        void anUnboundModelApiHasNone() {
            assertThat(Router.models(api(new Distribution.Single(List.of()), fallback()), null, NOW))
                    .isEmpty();
            assertThat(Router.models(api(single("off"), fallback()), null, NOW)).isEmpty();
        }

        @Test
        void aSpecifiedServiceShowsItsDefault() {
            assertThat(Router.models(api(single("a"), fallback(), service("a", specified("x", "y"))), null, NOW))
                    .containsExactly("x");
        }
    }

    private RoutePlan plan(BoundModelApi api, String model) {
        return router.plan(api, model, null, _ -> null);
    }

    private void assertPlan(BoundModelApi api, String model, String... targets) {
        assertThat(described(plan(api, model))).containsExactly(targets);
    }

    private void assertRefused(BoundModelApi api, String model, FailureKind kind, String message, String param) {
        assertThat(plan(api, model)).isEqualTo(new RoutePlan.Refused(Failure.of(kind, message, param)));
    }

    private static List<String> described(RoutePlan plan) {
        return switch (plan) {
            case RoutePlan.Ordered(var targets) ->
                targets.stream()
                        .map(t -> t.service().name() + " " + t.model() + ": " + t.why())
                        .toList();
            case RoutePlan.Refused(var failure) -> List.of("refused: " + failure.message());
        };
    }
}
