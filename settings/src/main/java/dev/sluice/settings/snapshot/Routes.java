package dev.sluice.settings.snapshot;

import dev.sluice.settings.ModelApi;
import dev.sluice.settings.ModelApi.RouteRule;
import dev.sluice.settings.Operation;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/** Generates the routes of Model APIs. Confined to one thread. */
final class Routes {
    private static final int ID_BYTES = 13;

    private final MessageDigest sha256;

    Routes() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime has no SHA-256", e);
        }
    }

    List<Route> of(BoundModelApi api) {
        ModelApi spec = api.spec();
        List<Route> routes = new ArrayList<>();
        for (String host : spec.domains()) {
            for (RouteRule rule : spec.served()) routes.add(route(api, host, rule));
        }
        return routes;
    }

    private Route route(BoundModelApi api, String host, RouteRule rule) {
        ModelApi spec = api.spec();
        String base = spec.basePath().equals("/") ? "" : spec.basePath();
        String path = rule.path().equals("/") ? "" : rule.path();
        Operation operation = Objects.requireNonNull(rule.operation());
        String fullPath = base.isEmpty() && path.isEmpty() ? "/" : base + path;
        String left = operation == Operation.OPAQUE ? path : operation.path();
        String upstreamPath = spec.stripBasePath() ? left : base + left;
        // The rest of a request path begins behind the slash when the route is the root.
        if (operation == Operation.OPAQUE && fullPath.equals("/")) upstreamPath = "/";
        boolean prefix = operation.hasItems();
        return new Route(id(api.id(), host, fullPath), api, operation, host, fullPath, prefix, upstreamPath);
    }

    private String id(String api, String host, String path) {
        byte[] hash = sha256.digest((api + '\n' + host + '\n' + path).getBytes(StandardCharsets.UTF_8));
        return "rte_" + HexFormat.of().formatHex(hash, 0, ID_BYTES);
    }
}
