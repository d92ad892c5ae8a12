package dev.sluice.settings.snapshot;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What leads a call from its address to a service.
 *
 * @param services all enabled services
 * @param modelApis all enabled Model APIs
 * @param routes those of one Model API stand together, in the order of the Model APIs
 * @param warnings what could not be bound
 */
record Routing(
        List<BoundService> services,
        List<BoundModelApi> modelApis,
        List<Route> routes,
        RouteTable table,
        List<String> warnings,
        boolean keepsThings,
        boolean keepsFiles) {
    Routing {
        services = List.copyOf(services);
        modelApis = List.copyOf(modelApis);
        routes = List.copyOf(routes);
        warnings = List.copyOf(warnings);
    }

    static Routing of(
            List<BoundService> services, List<BoundModelApi> modelApis, List<Route> routes, List<String> warnings) {
        return new Routing(
                services,
                modelApis,
                routes,
                RouteTable.of(routes),
                warnings,
                routes.stream().anyMatch(route -> route.operation().keepsThings()),
                routes.stream().anyMatch(route -> route.operation().keepsFiles()));
    }

    /** The routes of each Model API by its id. */
    Map<String, List<Route>> routesByModelApi() {
        Map<String, List<Route>> byId = new HashMap<>();
        int from = 0;
        for (int i = 1; i <= routes.size(); i++) {
            String id = routes.get(from).api().id();
            if (i < routes.size() && routes.get(i).api().id().equals(id)) continue;
            byId.put(id, routes.subList(from, i));
            from = i;
        }
        return byId;
    }
}
