package dev.sluice.traffic.routing;

import dev.sluice.settings.Capabilities;
import dev.sluice.settings.ConsumerGroup;
import dev.sluice.settings.Distribution;
import dev.sluice.settings.ModelApi.RouteRule;
import dev.sluice.settings.ModelPolicy;
import dev.sluice.settings.Operation;
import dev.sluice.settings.glob.Glob;
import dev.sluice.settings.snapshot.BoundModelApi;
import dev.sluice.settings.snapshot.BoundService;
import dev.sluice.settings.snapshot.Caller;
import dev.sluice.traffic.auth.Authenticator;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The models that a Model API can name. Patterns allow more names than anybody can list, so what is listed are the names
 * that settings and catalogue spell out; each of them can be called, and by this caller.
 */
final class OfferedModels {
    private final BoundModelApi api;
    private final @Nullable Caller caller;
    private final long nowMillis;
    private final TreeSet<String> names = new TreeSet<>();

    private OfferedModels(BoundModelApi api, @Nullable Caller caller, long nowMillis) {
        this.api = api;
        this.caller = caller;
        this.nowMillis = nowMillis;
    }

    static List<String> of(BoundModelApi api, @Nullable Caller caller, long nowMillis) {
        OfferedModels offered = new OfferedModels(api, caller, nowMillis);
        offered.collect();
        return List.copyOf(offered.names);
    }

    private void collect() {
        switch (api.spec().distribution()) {
            case Distribution.Single(var targets) -> {
                if (!targets.isEmpty()) {
                    offer(namesOf(
                            targets.getFirst().service(), targets.getFirst().model()));
                }
            }
            case Distribution.ByModelName(var rules) -> {
                for (Distribution.Rule rule : rules) {
                    offer(List.of(rule.pattern()));
                    for (String name : namesOf(rule.service(), rule.model())) {
                        // Another rule may come first for that name, and its service need not know it.
                        if (Objects.equals(Router.rule(rules, name), rule)) offer(List.of(name));
                    }
                }
            }
            case Distribution.ByProportion spread -> {
                for (Distribution.Share share : spread.targets()) {
                    if (share.weight() > 0) offer(namesOf(share.service(), share.model()));
                }
            }
        }
        if (caller == null) return;
        offer(caller.key().allowedModels());
        for (ConsumerGroup group : caller.groups()) offer(group.allowedModels());
    }

    private void offer(List<String> candidates) {
        for (String name : candidates) {
            if (!name.isEmpty()
                    && Glob.isExact(name)
                    && isServed(name)
                    && Authenticator.mayUse(caller, api, name, nowMillis)) {
                names.add(name);
            }
        }
    }

    /** The names that a target spells out. */
    private List<String> namesOf(String serviceName, @Nullable String ofTarget) {
        BoundService service = api.services().get(serviceName);
        if (service == null || !hasAnyOperation(service)) return List.of();
        if (ofTarget != null) return List.of(ofTarget);
        ModelPolicy policy = service.spec().modelPolicy();
        List<String> found = new ArrayList<>();
        if (policy.defaultModel() != null) found.add(policy.defaultModel());
        if (policy.mode() == ModelPolicy.Mode.SPECIFIED) return found;
        found.addAll(policy.mapping().keySet());
        found.addAll(policy.allowedModels().isEmpty() ? service.provider().models() : policy.allowedModels());
        return found;
    }

    /** Whether the service can answer any call of this Model API but the one for this list. */
    private boolean hasAnyOperation(BoundService service) {
        for (RouteRule route : api.spec().served()) {
            Operation operation = Objects.requireNonNull(route.operation());
            if (operation != Operation.MODELS
                    && Capabilities.of(service.offer(), operation, route.path()).isPossible()) return true;
        }
        return false;
    }

    /** Whether a call for the model would find a target that can be tried. */
    private boolean isServed(String model) {
        return switch (api.spec().distribution()) {
            case Distribution.Single(var targets) ->
                !targets.isEmpty()
                        && takes(
                                targets.getFirst().service(), targets.getFirst().model(), model);
            case Distribution.ByModelName(var rules) -> {
                Distribution.Rule rule = Router.rule(rules, model);
                yield rule != null && takes(rule.service(), rule.model(), model);
            }
            case Distribution.ByProportion spread -> {
                boolean taken = false;
                for (Distribution.Share share : spread.targets()) {
                    taken |= share.weight() > 0 && takes(share.service(), share.model(), model);
                }
                yield taken;
            }
        };
    }

    private boolean takes(String serviceName, @Nullable String ofTarget, String model) {
        BoundService service = api.services().get(serviceName);
        return service != null && ModelChoice.accepts(service, Router.asked(ofTarget, model));
    }
}
