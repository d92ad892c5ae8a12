package dev.sluice.app;

import dev.sluice.admin.routes.RouteExplainer;
import dev.sluice.admin.routes.Trial;
import dev.sluice.settings.snapshot.Caller;
import dev.sluice.settings.snapshot.Route;
import dev.sluice.settings.snapshot.Snapshot;
import dev.sluice.traffic.failure.Failure;
import dev.sluice.traffic.failure.FailureKind;
import dev.sluice.traffic.routing.RoutePlan;
import dev.sluice.traffic.routing.Router;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Answers the try tool of the routes view with the router that serves calls. */
final class Explainer implements RouteExplainer {
    private final Supplier<Snapshot> snapshot;
    private final Router router;
    private final InstantSource clock;

    Explainer(Supplier<Snapshot> snapshot, RandomGenerator random, InstantSource clock) {
        this.snapshot = snapshot;
        this.router = new Router(random);
        this.clock = clock;
    }

    @Override
    public Explanation explain(Trial trial) {
        Snapshot now = snapshot.get();
        Route route = now.route(trial.host().toLowerCase(Locale.ROOT), trial.path());
        if (route == null) {
            return new Explanation(
                    null,
                    List.of(),
                    List.of(),
                    refused(Failure.of(
                            FailureKind.ROUTE_NOT_FOUND,
                            "no Model API serves " + trial.path() + " on host " + trial.host())));
        }
        Caller caller =
                trial.apiKey() == null ? null : now.callerNamed(route.api().tenant(), trial.apiKey());
        if (trial.apiKey() != null && caller == null) {
            return new Explanation(
                    route,
                    List.of(),
                    List.of(),
                    refused(Failure.of(
                            FailureKind.UNAUTHENTICATED, "there is no API key named \"" + trial.apiKey() + "\"")));
        }
        TreeMap<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.putAll(trial.headers());
        var explained = router.explain(
                route.api(), trial.model(), caller, (@Nullable String name) -> headers.get(name), clock.millis());
        return switch (explained.plan()) {
            case RoutePlan.Refused(Failure failure) ->
                new Explanation(route, List.of(), explained.passedOver(), refused(failure));
            case RoutePlan.Ordered(var targets) ->
                new Explanation(
                        route,
                        targets.stream()
                                .map(t -> new Step(t.service().name(), t.model(), t.why()))
                                .toList(),
                        explained.passedOver(),
                        null);
        };
    }

    private static Refused refused(Failure failure) {
        return new Refused(failure.kind().status(), failure.kind().code(), failure.message());
    }
}
