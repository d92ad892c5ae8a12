package dev.sluice.settings.snapshot;

import dev.sluice.settings.Operation;
import dev.sluice.settings.snapshot.RouteTable.PerHost;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the route of a request. A host has two hash maps: routes that match one path, and routes that match everything below
 * theirs; the latter are asked for each leading part of the request path, as far as the deepest of them reaches. So the cost
 * depends on the depth of paths and host names, never on how many Model APIs there are.
 */
record RouteTable(Map<String, PerHost> hosts) {
    private static final int LONGEST_HOST = 253;
    private static final String MODELS = "/models/";
    private static final String MODEL = "/model/";

    /** @param deepest slashes in the deepest prefix route */
    record PerHost(Map<String, Route> exact, Map<String, Route> prefixes, int deepest) {}

    static RouteTable of(List<Route> routes) {
        Map<String, PerHost> hosts = new HashMap<>();
        Map<String, Integer> deepest = new HashMap<>();
        for (Route route : routes) {
            if (route.prefix()) deepest.merge(route.host(), slashes(route.fullPath()), Math::max);
        }
        for (Route route : routes) {
            PerHost host = hosts.computeIfAbsent(
                    route.host(), h -> new PerHost(new HashMap<>(), new HashMap<>(), deepest.getOrDefault(h, -1)));
            (route.prefix() ? host.prefixes() : host.exact()).merge(route.fullPath(), route, RouteTable::better);
            if (isRootOfBasePath(route)) host.exact().merge(route.fullPath() + "/", route, RouteTable::better);
        }
        return new RouteTable(Map.copyOf(hosts));
    }

    /** The path {@code /} below a base path can be written with its slash and without. */
    private static boolean isRootOfBasePath(Route route) {
        return !route.prefix()
                && route.fullPath().length() > 1
                && route.fullPath().equals(route.api().spec().basePath());
    }

    private static int slashes(String path) {
        return path.equals("/") ? 0 : (int) path.chars().filter(c -> c == '/').count();
    }

    /** Of two routes that match, the one with the longer base path; the first if they are the same Model API's. */
    private static Route better(Route a, Route b) {
        return base(b) > base(a) ? b : a;
    }

    private static @Nullable Route best(@Nullable Route a, @Nullable Route b) {
        if (a == null) return b;
        return b == null ? a : better(a, b);
    }

    private static int base(Route route) {
        String base = route.api().spec().basePath();
        return base.equals("/") ? 0 : base.length();
    }

    /**
     * The route of a request: the longest base path wins, then the exact domain over a wildcard and a longer suffix over a
     * shorter one, then the exact path over a prefix and a longer prefix over a shorter one.
     */
    @Nullable
    Route find(String host, String path) {
        Route found = find(hosts.get(host), path);
        if (host.length() <= LONGEST_HOST) {
            for (int dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
                if (dot > 0) found = best(found, find(hosts.get("*" + host.substring(dot)), path));
            }
        }
        return best(found, find(hosts.get("*"), path));
    }

    private static @Nullable Route find(@Nullable PerHost host, String path) {
        if (host == null) return null;
        Route found = host.exact().get(path);
        if (found == null) found = host.exact().get(template(path));
        if (host.deepest() < 0 || !path.startsWith("/")) return found;
        // Where the first, second, … segment of the path ends, from the deepest that matters up to the root.
        int end = end(path, host.deepest());
        while (end > 0) {
            found = best(found, host.prefixes().get(path.substring(0, end)));
            end = path.lastIndexOf('/', end - 1);
        }
        return best(found, host.prefixes().get("/"));
    }

    /**
     * The path of a route that has the model's name in it, e.g. {@code /v1beta/models/{model}:generateContent} or
     * {@code /model/{model}/converse}.
     */
    private static String template(String path) {
        int bedrock = path.lastIndexOf(MODEL);
        int last = path.lastIndexOf('/');
        if (bedrock >= 0 && last > bedrock + MODEL.length()) {
            return path.indexOf('/', bedrock + MODEL.length()) == last
                    ? path.substring(0, bedrock + MODEL.length()) + Operation.MODEL + path.substring(last)
                    : path;
        }
        int action = path.lastIndexOf(':');
        if (action < 0) return path;
        int model = path.indexOf(MODELS);
        if (model < 0 || model + MODELS.length() >= action) return path;
        return path.substring(0, model + MODELS.length()) + Operation.MODEL + path.substring(action);
    }

    /** Where the given number of segments ends. */
    private static int end(String path, int segments) {
        int end = 0;
        for (int i = 0; i < segments && end < path.length(); i++) {
            int next = path.indexOf('/', end + 1);
            end = next < 0 ? path.length() : next;
        }
        return end;
    }
}
