package dev.sluice.admin.routes;

import dev.sluice.admin.api.Answer;
import dev.sluice.admin.api.Bodies;
import dev.sluice.admin.api.Call;
import dev.sluice.admin.api.Handler;
import dev.sluice.admin.api.JsonWriter;
import dev.sluice.admin.api.Listing;
import dev.sluice.settings.ModelApi;
import dev.sluice.settings.Operation;
import dev.sluice.settings.binding.Binder;
import dev.sluice.settings.snapshot.Route;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The routes view: every rule that a call may match, and where one would go. */
public final class RouteHandlers {
    private final Supplier<List<Route>> routes;
    private final RouteExplainer explainer;
    private final Listing<Route> listing = new Listing<>(
            Set.of("id", "name", "type", "method", "host", "path", "modelApi", "operation"),
            RouteHandlers::name,
            RouteHandlers::item);

    /** @param routes that are served now */
    public RouteHandlers(Supplier<List<Route>> routes, RouteExplainer explainer) {
        this.routes = routes;
        this.explainer = explainer;
    }

    /** By operationId. */
    public Map<String, Handler> handlers() {
        return Map.of("listRoutes", call -> listing.page(call, routes.get()), "tryRoute", this::explain);
    }

    private Answer explain(Call call) {
        RouteExplainer.Explanation explanation = explainer.explain(Bodies.read(call, Trial.class));
        Map<String, @Nullable Object> answer = JsonWriter.object();
        if (explanation.route() != null) answer.put("route", item(explanation.route()));
        answer.put(
                "targets",
                explanation.targets().stream()
                        .map(t -> JsonWriter.object("service", t.service(), "model", t.model(), "why", t.why()))
                        .toList());
        answer.put("passedOver", explanation.passedOver());
        RouteExplainer.Refused refused = explanation.refusal();
        if (refused != null)
            answer.put(
                    "refusal",
                    JsonWriter.object(
                            "status", refused.status(), "code", refused.code(), "message", refused.message()));
        return Answer.json(200, answer);
    }

    private static Map<String, @Nullable Object> item(Route route) {
        return JsonWriter.object(
                "id", route.id(),
                "name", name(route),
                "type", preset(route) ? "preset" : "custom",
                "method", method(route.operation()),
                "host", route.host(),
                "path", route.fullPath(),
                "prefix", route.prefix(),
                "modelApi", route.api().name(),
                "operation", Binder.kebab(route.operation().name()));
    }

    private static String name(Route route) {
        return route.api().name() + " " + route.host() + route.fullPath();
    }

    private static boolean preset(Route route) {
        ModelApi api = route.api().spec();
        String base = api.basePath().equals("/") ? "" : api.basePath();
        return route.fullPath().startsWith(base)
                && Operation.presets(api.useCase(), api.protocol())
                        .contains(route.fullPath().substring(base.length()));
    }

    private static String method(Operation operation) {
        String method = operation.method();
        return method == null ? "*" : method;
    }
}
