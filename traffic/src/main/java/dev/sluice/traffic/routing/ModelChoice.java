package dev.sluice.traffic.routing;

import dev.sluice.protocol.json.JsonWriter;
import dev.sluice.settings.ModelPolicy;
import dev.sluice.settings.glob.Glob;
import dev.sluice.settings.snapshot.BoundService;
import dev.sluice.traffic.failure.Failure;
import dev.sluice.traffic.failure.FailureKind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A service's model policy at work: which model names a call is sent with. Validation looks at the model that is asked
 * for, mapping decides the name that is sent in its place.
 */
final class ModelChoice {
    private ModelChoice() {}

    /** Whether a service takes a call for a model. */
    static boolean accepts(BoundService service, String asked) {
        ModelPolicy policy = service.spec().modelPolicy();
        return asked.isEmpty()
                || policy.mode() == ModelPolicy.Mode.SPECIFIED
                || policy.allowedModels().isEmpty()
                || usesDefault(policy)
                || Glob.matchesAny(policy.allowedModels(), asked);
    }

    /**
     * Adds the targets of a service that accepts the model.
     *
     * @param asked the target's own model, else the client's; empty for an operation without one
     * @param why how the service came into the plan
     */
    static void addTargets(BoundService service, String asked, String why, List<Target> targets) {
        ModelPolicy policy = service.spec().modelPolicy();
        if (asked.isEmpty()) {
            targets.add(new Target(service, asked, why));
        } else if (policy.mode() == ModelPolicy.Mode.SPECIFIED) {
            addSpecified(service, policy, asked, why, targets);
        } else if (policy.allowedModels().isEmpty() || Glob.matchesAny(policy.allowedModels(), asked)) {
            targets.add(target(service, policy, asked, why));
        } else {
            String model = policy.defaultModel() == null ? asked : policy.defaultModel();
            targets.add(target(service, policy, model, why + ", default model in place of \"" + asked + '"'));
            addFallbacks(service, policy, why, targets);
        }
    }

    /** Whether a name that is sent may be longer than the one that is asked for. */
    static boolean mayLengthen(BoundService service) {
        ModelPolicy policy = service.spec().modelPolicy();
        if (policy.mode() == ModelPolicy.Mode.SPECIFIED || usesDefault(policy)) return true;
        for (Map.Entry<String, String> entry : policy.mapping().entrySet())
            if (mayLengthen(entry.getKey(), entry.getValue())) return true;
        return false;
    }

    /** Whether a name is longer, as JSON, than one that a pattern matches can be. */
    static boolean mayLengthen(String pattern, String sent) {
        int shortest = 2 + pattern.replace("*", "").getBytes(StandardCharsets.UTF_8).length;
        return new JsonWriter().string(sent).toBytes().length > shortest;
    }

    /** Why a service does not accept a model. */
    static Failure refusal(BoundService service, String asked) {
        return Failure.of(FailureKind.MODEL_REFUSED_BY_SERVICE, refusalMessage(service, asked), "model");
    }

    static String refusalMessage(BoundService service, String asked) {
        return "model \"" + asked + "\" is not offered by service \"" + service.name() + "\" (allowed: "
                + Listed.names(service.spec().modelPolicy().allowedModels())
                + "); add it to allowedModels or set onUnknownModel: default-model";
    }

    private static void addSpecified(
            BoundService service, ModelPolicy policy, String asked, String why, List<Target> targets) {
        // A policy without a default model does not get through validation; if one does, the client's model is used.
        String model = policy.defaultModel() == null ? asked : policy.defaultModel();
        targets.add(target(service, policy, model, why + ", model specified by the service"));
        addFallbacks(service, policy, why, targets);
    }

    private static void addFallbacks(BoundService service, ModelPolicy policy, String why, List<Target> targets) {
        List<String> fallbacks = policy.fallbackModels();
        for (int i = 0; i < fallbacks.size(); i++) {
            targets.add(target(service, policy, fallbacks.get(i), why + ", fallback model " + (i + 1)));
        }
    }

    private static Target target(BoundService service, ModelPolicy policy, String model, String why) {
        Map<String, String> mapping = policy.mapping();
        if (mapping.isEmpty()) return new Target(service, model, why);
        String exact = mapping.get(model);
        if (exact != null) return new Target(service, exact, why + ", mapped from \"" + model + '"');
        String key = firstMatch(mapping, model);
        String sent = key == null ? null : mapping.get(key);
        return sent == null
                ? new Target(service, model, why)
                : new Target(service, sent, why + ", mapped from \"" + model + "\" by \"" + key + '"');
    }

    private static @Nullable String firstMatch(Map<String, String> mapping, String model) {
        for (String key : mapping.keySet()) {
            if (!Glob.isExact(key) && Glob.matches(key, model)) return key;
        }
        return null;
    }

    private static boolean usesDefault(ModelPolicy policy) {
        return policy.onUnknownModel() == ModelPolicy.OnUnknownModel.DEFAULT_MODEL && policy.defaultModel() != null;
    }
}
