package dev.sluice.settings.snapshot;

import dev.sluice.settings.KeyHash;
import dev.sluice.settings.Kind;
import dev.sluice.settings.SecretResolver;
import dev.sluice.settings.Settings;
import dev.sluice.settings.catalogue.Catalogue;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All settings at one revision, indexed for the data plane. Look-ups cost the same for one Model API or ten thousand. */
public final class Snapshot {
    private final long revision;
    private final Callers callers;
    private final Routing routing;
    private final Map<String, Prices> prices;
    private final List<String> warnings;

    private Snapshot(long revision, Callers callers, Routing routing, Map<String, Prices> prices) {
        this.revision = revision;
        this.callers = callers;
        this.routing = routing;
        this.prices = Map.copyOf(prices);
        this.warnings = Stream.concat(routing.warnings().stream(), callers.warnings().stream())
                .toList();
    }

    /**
     * Binds settings that were validated. May wait for secrets. What cannot be bound, because a secret is missing or a
     * provider is not in the catalogue, is left out with a warning.
     */
    public static Snapshot build(Settings settings, Catalogue catalogue, SecretResolver secrets) {
        SnapshotBuilder builder = new SnapshotBuilder(settings, catalogue, secrets);
        return new Snapshot(settings.revision(), Callers.of(settings), builder.routing(), builder.prices());
    }

    /**
     * As {@link #build}, but takes over what an edit has not touched, with the secrets of providers as they were resolved then. Costs
     * about what the edit changes.
     *
     * @param was the settings that this snapshot was built of
     */
    public Snapshot updated(Settings was, Settings now, Catalogue catalogue, SecretResolver secrets) {
        SnapshotBuilder builder = new SnapshotBuilder(now, catalogue, secrets);
        return new Snapshot(
                now.revision(),
                callers.updated(was, now),
                builder.routing(routing, was),
                now.shares(Kind.PRICE, was) ? prices : builder.prices());
    }

    /** The same settings with the secrets of providers as they resolve now. */
    public Snapshot withSecrets(Settings settings, Catalogue catalogue, SecretResolver secrets) {
        return new Snapshot(revision, callers, new SnapshotBuilder(settings, catalogue, secrets).routing(), prices);
    }

    public long revision() {
        return revision;
    }

    /**
     * The caller behind a presented secret: current hash, or the previous one (whose validity the caller of this method
     * checks, as well as whether key and consumer are enabled and the key has not expired).
     */
    public @Nullable Caller caller(KeyHash hash) {
        return callers.of(hash);
    }

    /** The caller behind an API key by the key's name or id, for explanations; null if there is none. */
    public @Nullable Caller callerNamed(String tenant, String nameOrId) {
        return callers.all()
                .filter(caller -> caller.tenant().equals(tenant))
                .filter(caller ->
                        caller.key().name().equals(nameOrId) || caller.keyId().equals(nameOrId))
                .findFirst()
                .orElse(null);
    }

    /**
     * The route of a request: of those that match, the longest base path wins, then the exact domain over a wildcard.
     *
     * @param host without a port, lower case
     * @param path without a query
     */
    public @Nullable Route route(String host, String path) {
        return routing.table().find(host, path);
    }

    /** All routes, in the order of their Model APIs. */
    public List<Route> routes() {
        return routing.routes();
    }

    /** Whether there is a route to anything that providers keep. */
    public boolean keepsThings() {
        return routing.keepsThings();
    }

    /** Whether there is a route to files, which calls of any kind may name. */
    public boolean keepsFiles() {
        return routing.keepsFiles();
    }

    /** All enabled services. */
    public List<BoundService> services() {
        return routing.services();
    }

    /** An enabled service; null if there is none. */
    public @Nullable BoundService service(String tenant, String name) {
        for (BoundService service : routing.services()) {
            if (service.name().equals(name) && service.tenant().equals(tenant)) return service;
        }
        return null;
    }

    /** All enabled Model APIs. */
    public List<BoundModelApi> modelApis() {
        return routing.modelApis();
    }

    /** Prices that hold for a tenant: its own and those of the default tenant. */
    public Prices prices(String tenant) {
        Prices own = prices.get(tenant);
        return own != null ? own : prices.getOrDefault(Settings.DEFAULT_TENANT, Prices.NONE);
    }

    /** What an operator should know: secrets that could not be resolved, services without nodes. */
    public List<String> warnings() {
        return warnings;
    }
}
