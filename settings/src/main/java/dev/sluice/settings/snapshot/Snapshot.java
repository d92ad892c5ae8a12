package dev.sluice.settings.snapshot;

import dev.sluice.settings.KeyHash;
import dev.sluice.settings.Operation;
import dev.sluice.settings.Price;
import dev.sluice.settings.SecretResolver;
import dev.sluice.settings.Settings;
import dev.sluice.settings.catalogue.Catalogue;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All settings at one revision, indexed for the data plane. Look-ups cost the same for one Model API or ten thousand. */
public final class Snapshot {
    private final long revision;
    private final Map<KeyHash, Caller> callers;
    private final List<Route> routes;
    private final RouteTable table;
    private final List<BoundService> services;
    private final List<BoundModelApi> modelApis;
    private final Map<String, List<Price>> prices;
    private final List<String> warnings;
    private final boolean keepsThings;
    private final boolean keepsFiles;

    Snapshot(
            long revision,
            Map<KeyHash, Caller> callers,
            List<Route> routes,
            List<BoundService> services,
            List<BoundModelApi> modelApis,
            Map<String, List<Price>> prices,
            List<String> warnings) {
        this.revision = revision;
        this.callers = callers;
        this.routes = List.copyOf(routes);
        this.table = RouteTable.of(this.routes);
        this.services = List.copyOf(services);
        this.modelApis = List.copyOf(modelApis);
        this.prices = Map.copyOf(prices);
        this.warnings = List.copyOf(warnings);
        this.keepsFiles = routes.stream().anyMatch(route -> route.operation() == Operation.FILES);
        this.keepsThings = routes.stream().anyMatch(route -> route.operation().keepsThings());
    }

    /**
     * Binds settings that were validated. May wait for secrets. What cannot be bound, because a secret is missing or a
     * provider is not in the catalogue, is left out with a warning.
     */
    public static Snapshot build(Settings settings, Catalogue catalogue, SecretResolver secrets) {
        return new SnapshotBuilder(settings, catalogue, secrets).build();
    }

    public long revision() {
        return revision;
    }

    /**
     * The caller behind a presented secret: current hash, or the previous one (whose validity the caller of this method
     * checks, as well as whether key and consumer are enabled and the key has not expired).
     */
    public @Nullable Caller caller(KeyHash hash) {
        return callers.get(hash);
    }

    /** The caller behind an API key by the key's name or id, for explanations; null if there is none. */
    public @Nullable Caller callerNamed(String tenant, String nameOrId) {
        for (Caller caller : callers.values()) {
            boolean meant =
                    caller.key().name().equals(nameOrId) || caller.keyId().equals(nameOrId);
            if (meant && caller.tenant().equals(tenant)) return caller;
        }
        return null;
    }

    /**
     * The route of a request: of those that match, the longest base path wins, then the exact domain over a wildcard.
     *
     * @param host without a port, lower case
     * @param path without a query
     */
    public @Nullable Route route(String host, String path) {
        return table.find(host, path);
    }

    /** All routes, in the order of their Model APIs. */
    public List<Route> routes() {
        return routes;
    }

    /** Whether there is a route to anything that providers keep. */
    public boolean keepsThings() {
        return keepsThings;
    }

    /** Whether there is a route to files, which calls of any kind may name. */
    public boolean keepsFiles() {
        return keepsFiles;
    }

    /** All enabled services. */
    public List<BoundService> services() {
        return services;
    }

    /** An enabled service; null if there is none. */
    public @Nullable BoundService service(String tenant, String name) {
        for (BoundService service : services) {
            if (service.name().equals(name) && service.tenant().equals(tenant)) return service;
        }
        return null;
    }

    /** All enabled Model APIs. */
    public List<BoundModelApi> modelApis() {
        return modelApis;
    }

    /** Prices of the default tenant, the most specific first. */
    public List<Price> prices() {
        return prices(Settings.DEFAULT_TENANT);
    }

    /** Prices that hold for a tenant, the most specific first: its own, then those of the default tenant. */
    public List<Price> prices(String tenant) {
        List<Price> own = prices.get(tenant);
        return own != null ? own : prices.getOrDefault(Settings.DEFAULT_TENANT, List.of());
    }

    /** What an operator should know: secrets that could not be resolved, services without nodes. */
    public List<String> warnings() {
        return warnings;
    }
}
