package dev.sluice.traffic.routing;

import dev.sluice.settings.Distribution;
import dev.sluice.settings.Fallback;
import dev.sluice.settings.FallbackCondition;
import dev.sluice.settings.glob.Glob;
import dev.sluice.settings.snapshot.BoundModelApi;
import dev.sluice.settings.snapshot.BoundService;
import dev.sluice.settings.snapshot.Caller;
import dev.sluice.traffic.auth.Authenticator;
import dev.sluice.traffic.failure.Failure;
import dev.sluice.traffic.failure.FailureKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Decides where a call goes. Pure but for the random source of weighted choices. */
public final class Router {
    private static final String STICKY_HEADER = "header:";

    private final RandomGenerator random;

    /** @param random shared by all event loops, so it must be safe for them */
    public Router(RandomGenerator random) {
        this.random = random;
    }

    /**
     * Plans a call.
     *
     * @param model the client's model, empty for an operation without one
     * @param caller as {@link Authenticator} let it through: the grants that it holds are in force; null = anonymous
     * @param header reads a request header by lower-case name, for stickiness; answers null when absent
     */
    public RoutePlan plan(
            BoundModelApi api, String model, @Nullable Caller caller, UnaryOperator<@Nullable String> header) {
        return plan(api, model, caller, header, null);
    }

    /** Plans a call that nobody made, and tells what was passed over: what would happen, and why. */
    public Explanation explain(
            BoundModelApi api,
            String model,
            @Nullable Caller caller,
            UnaryOperator<@Nullable String> header,
            long nowMillis) {
        List<String> passedOver = new ArrayList<>();
        Caller inForce = caller == null ? null : Authenticator.inForce(caller, api, nowMillis);
        return new Explanation(plan(api, model, inForce, header, passedOver), passedOver);
    }

    /** Plans a call that names things which a service keeps: it goes there whatever the distribution says. */
    public static RoutePlan planAt(BoundModelApi api, String model, @Nullable Caller caller, BoundService service) {
        Failure denied = denied(api, model, caller);
        if (denied != null) return new RoutePlan.Refused(denied);
        if (!model.isEmpty()
                && api.spec().distribution() instanceof Distribution.ByModelName(var rules)
                && !mayCall(api, rules, service.name(), model)) {
            return new RoutePlan.Refused(noRule(api, rules, model));
        }
        return at(service, asked(declaredModel(api, service.name(), model), model));
    }

    /** Plans a call that asks no model, only after things which a service keeps: their ids are all that it takes. */
    public static RoutePlan planAt(BoundService service) {
        return at(service, "");
    }

    private static RoutePlan at(BoundService service, String asked) {
        if (!ModelChoice.accepts(service, asked)) return new RoutePlan.Refused(ModelChoice.refusal(service, asked));
        List<Target> targets = new ArrayList<>(2);
        ModelChoice.addTargets(service, asked, "keeps what the call names", targets);
        return new RoutePlan.Ordered(targets);
    }

    /** Whether a model leads to a service, by a rule or as a fallback. */
    private static boolean mayCall(BoundModelApi api, List<Distribution.Rule> rules, String service, String model) {
        for (Distribution.Rule rule : rules) {
            if (rule.service().equals(service) && Glob.matches(rule.pattern(), model)) return true;
        }
        return isFallback(api, service);
    }

    /**
     * Plans one of several requests that go to a service together: as {@link #planAt}, and the service must be one that the
     * distribution may choose for its model.
     */
    public static RoutePlan planBeside(BoundModelApi api, String model, @Nullable Caller caller, BoundService service) {
        Failure refusal = denied(api, model, caller);
        if (refusal == null && api.spec().distribution() instanceof Distribution.ByModelName(var rules)) {
            Distribution.Rule rule = rule(rules, model);
            if (rule == null) refusal = noRule(api, rules, model);
            else if (!rule.service().equals(service.name()) && !isFallback(api, service.name()))
                refusal = elsewhere(rule, model, service);
        }
        return refusal == null ? planAt(api, model, caller, service) : new RoutePlan.Refused(refusal);
    }

    private static boolean isFallback(BoundModelApi api, String service) {
        return api.spec().fallback().steps().stream()
                .anyMatch(step -> step.service().equals(service));
    }

    private static Failure elsewhere(Distribution.Rule rule, String model, BoundService service) {
        return Failure.of(
                FailureKind.INVALID_REQUEST,
                "model \"" + model + "\" is served by service \"" + rule.service() + "\" (rule \"" + rule.pattern()
                        + "\"), and the requests before it go to service \"" + service.name()
                        + "\"; make a batch for each of them",
                "model");
    }

    /** Whether a service may be sent a longer name of a model than the client's. */
    public static boolean mayLengthen(BoundModelApi api, BoundService service) {
        String name = service.name();
        boolean byApi = switch (api.spec().distribution()) {
            case Distribution.Single(var declared) -> names(declared, name);
            case Distribution.ByModelName(var rules) ->
                rules.stream()
                        .anyMatch(rule -> rule.service().equals(name)
                                && rule.model() != null
                                && ModelChoice.mayLengthen(rule.pattern(), rule.model()));
            case Distribution.ByProportion shares ->
                shares.targets().stream().anyMatch(share -> share.service().equals(name) && share.model() != null);
        };
        return byApi || names(api.spec().fallback().steps(), name) || ModelChoice.mayLengthen(service);
    }

    /** Whether one of the targets has a model of its own for a service. */
    private static boolean names(List<Distribution.Target> targets, String service) {
        return targets.stream().anyMatch(target -> target.service().equals(service) && target.model() != null);
    }

    /** The model that a Model API calls a service with; null where it says nothing. */
    private static @Nullable String declaredModel(BoundModelApi api, String service, String model) {
        switch (api.spec().distribution()) {
            case Distribution.Single(var declared) -> {
                for (Distribution.Target target : declared) if (target.service().equals(service)) return target.model();
            }
            case Distribution.ByModelName(var rules) -> {
                for (Distribution.Rule rule : rules) {
                    if (rule.service().equals(service) && Glob.matches(rule.pattern(), model)) return rule.model();
                }
            }
            case Distribution.ByProportion shares -> {
                for (Distribution.Share share : shares.targets())
                    if (share.service().equals(service)) return share.model();
            }
        }
        for (Distribution.Target step : api.spec().fallback().steps()) {
            if (step.service().equals(service)) return step.model();
        }
        return null;
    }

    /** The names of the models that a caller may call on a Model API, sorted; what {@code GET /v1/models} shows. */
    public static List<String> models(BoundModelApi api, @Nullable Caller caller, long nowMillis) {
        return OfferedModels.of(api, caller, nowMillis);
    }

    private RoutePlan plan(
            BoundModelApi api,
            String model,
            @Nullable Caller caller,
            UnaryOperator<@Nullable String> header,
            @Nullable List<String> passedOver) {
        Failure denied = denied(api, model, caller);
        if (denied != null) return new RoutePlan.Refused(denied);
        List<Target> targets = new ArrayList<>(4);
        Failure refusal = switch (api.spec().distribution()) {
            case Distribution.Single(var declared) -> single(api, declared, model, targets);
            case Distribution.ByModelName(var rules) -> byModelName(api, rules, model, targets);
            case Distribution.ByProportion shares ->
                byProportion(api, shares, model, caller, header, targets, passedOver);
        };
        if (refusal != null) {
            if (!mayFallBack(api, refusal)) return new RoutePlan.Refused(refusal);
            if (passedOver != null) passedOver.add("the target: " + refusal.message());
        }
        addFallbackSteps(api, model, targets, passedOver);
        return targets.isEmpty() && refusal != null ? new RoutePlan.Refused(refusal) : new RoutePlan.Ordered(targets);
    }

    private static @Nullable Failure denied(BoundModelApi api, String model, @Nullable Caller caller) {
        // What has ended is no longer among the caller's grants, so any time will do.
        return caller == null || Authenticator.mayUse(caller, api, model, Long.MIN_VALUE)
                ? null
                : Authenticator.modelDenied(caller, api, model, Long.MIN_VALUE);
    }

    private static @Nullable Failure single(
            BoundModelApi api, List<Distribution.Target> declared, String model, List<Target> targets) {
        if (declared.isEmpty()) return unbound(api);
        Distribution.Target target = declared.getFirst();
        return add(api, target.service(), asked(target.model(), model), "the only target", targets);
    }

    private static @Nullable Failure byModelName(
            BoundModelApi api, List<Distribution.Rule> rules, String model, List<Target> targets) {
        if (rules.isEmpty()) return unbound(api);
        Distribution.Rule rule = rule(rules, model);
        return rule == null
                ? noRule(api, rules, model)
                : add(api, rule.service(), asked(rule.model(), model), "rule \"" + rule.pattern() + '"', targets);
    }

    /** The first rule that matches a model. */
    static Distribution.@Nullable Rule rule(List<Distribution.Rule> rules, String model) {
        for (int i = 0; i < rules.size(); i++) {
            Distribution.Rule rule = rules.get(i);
            if (Glob.matches(rule.pattern(), model)) return rule;
        }
        return null;
    }

    private @Nullable Failure byProportion(
            BoundModelApi api,
            Distribution.ByProportion spread,
            String model,
            @Nullable Caller caller,
            UnaryOperator<@Nullable String> header,
            List<Target> targets,
            @Nullable List<String> passedOver) {
        List<Distribution.Share> shares = spread.targets();
        if (shares.isEmpty()) return unbound(api);
        boolean[] usable = new boolean[shares.size()];
        Failure refusal = null;
        for (int i = 0; i < usable.length; i++) {
            Distribution.Share share = shares.get(i);
            BoundService service = api.services().get(share.service());
            usable[i] = service != null && ModelChoice.accepts(service, asked(share.model(), model));
            if (usable[i]) continue;
            // A model that is refused says more to the client than a service that is off.
            Failure why = refusal(api, share.service(), asked(share.model(), model));
            if (refusal == null || why.kind() == FailureKind.MODEL_REFUSED_BY_SERVICE) refusal = why;
            if (passedOver != null) passedOver.add("share " + (i + 1) + ": " + why.message());
        }
        String stickTo = stickTo(spread.stickyBy(), caller, header);
        int chosen = Shares.pick(shares, usable, stickTo, random);
        if (chosen < 0) return refusal == null ? noWeight(api) : refusal;
        Distribution.Share share = shares.get(chosen);
        String why = "share " + share.weight() + " of " + Shares.total(shares, usable)
                + (stickTo == null ? "" : ", sticky by " + spread.stickyBy());
        return add(api, share.service(), asked(share.model(), model), why, targets);
    }

    private static @Nullable String stickTo(
            String stickyBy, @Nullable Caller caller, UnaryOperator<@Nullable String> header) {
        if (stickyBy.equals("consumer")) return caller == null ? null : caller.consumerId();
        if (!stickyBy.startsWith(STICKY_HEADER)) return null;
        String value =
                header.apply(stickyBy.substring(STICKY_HEADER.length()).strip().toLowerCase(Locale.ROOT));
        return value == null || value.isEmpty() ? null : value;
    }

    private static void addFallbackSteps(
            BoundModelApi api, String model, List<Target> targets, @Nullable List<String> passedOver) {
        List<Distribution.Target> steps = api.spec().fallback().steps();
        for (int i = 0; i < steps.size(); i++) {
            Distribution.Target step = steps.get(i);
            String why = "fallback step " + (i + 1);
            Failure refusal = add(api, step.service(), asked(step.model(), model), why, targets);
            if (refusal != null && passedOver != null) passedOver.add(why + ": " + refusal.message());
        }
    }

    /** Adds the targets of a service, or says why it is no target. */
    private static @Nullable Failure add(
            BoundModelApi api, String serviceName, String asked, String why, List<Target> targets) {
        BoundService service = api.services().get(serviceName);
        if (service == null || !ModelChoice.accepts(service, asked)) return refusal(api, serviceName, asked);
        ModelChoice.addTargets(service, asked, why, targets);
        return null;
    }

    private static Failure refusal(BoundModelApi api, String serviceName, String asked) {
        BoundService service = api.services().get(serviceName);
        return service == null ? off(api, serviceName) : ModelChoice.refusal(service, asked);
    }

    /**
     * Whether the fallback steps take over from a target that cannot even be tried: always when its service is off; when
     * it does not offer the model only if the Model API wants that (gateway-refusal).
     */
    private static boolean mayFallBack(BoundModelApi api, Failure refusal) {
        Fallback fallback = api.spec().fallback();
        if (fallback.steps().isEmpty() || isUnbound(api)) return false;
        return refusal.kind() == FailureKind.UNBOUND
                || (refusal.kind() == FailureKind.MODEL_REFUSED_BY_SERVICE
                        && fallback.on().contains(FallbackCondition.GATEWAY_REFUSAL));
    }

    private static boolean isUnbound(BoundModelApi api) {
        return switch (api.spec().distribution()) {
            case Distribution.Single(var targets) -> targets.isEmpty();
            case Distribution.ByModelName(var rules) -> rules.isEmpty();
            case Distribution.ByProportion shares -> shares.targets().isEmpty();
        };
    }

    static String asked(@Nullable String ofTarget, String ofClient) {
        return ofTarget == null || ofClient.isEmpty() ? ofClient : ofTarget;
    }

    private static Failure unbound(BoundModelApi api) {
        return Failure.of(
                FailureKind.UNBOUND,
                "Model API \"" + api.name()
                        + "\" is bound to no service; an operator can bind it by giving its distribution a target");
    }

    private static Failure noWeight(BoundModelApi api) {
        return Failure.of(
                FailureKind.UNBOUND,
                "every target of Model API \"" + api.name()
                        + "\" has weight 0; an operator can give one of them a share");
    }

    private static Failure off(BoundModelApi api, String service) {
        return Failure.of(
                FailureKind.UNBOUND,
                "service \"" + service + "\" of Model API \"" + api.name()
                        + "\" is disabled or gone; an operator can enable it or add a fallback step");
    }

    private static Failure noRule(BoundModelApi api, List<Distribution.Rule> rules, String model) {
        List<String> patterns = new ArrayList<>(rules.size());
        for (Distribution.Rule rule : rules) patterns.add(rule.pattern());
        String message = model.isEmpty()
                ? "Model API \"" + api.name() + "\" chooses by model name, and this call names none (rules: "
                        + Listed.names(patterns) + "); an operator can add a rule \"*\""
                : "model \"" + model + "\" is not offered by Model API \"" + api.name() + "\" (rules: "
                        + Listed.names(patterns) + "); ask for a model that a rule matches, or let an operator add one";
        return Failure.of(FailureKind.MODEL_NOT_FOUND, message, "model");
    }
}
