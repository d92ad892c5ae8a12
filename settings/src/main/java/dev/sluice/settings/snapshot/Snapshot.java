package dev.sluice.settings.snapshot;

import dev.sluice.settings.KeyHash;
import dev.sluice.settings.Price;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All settings at one revision, indexed for the data plane. Look-ups cost the same for one Model API or ten thousand. */
public final class Snapshot {
    private final long revision;
    private final Map<KeyHash, Caller> callers;
    private final List<Route> routes;
    private final List<Price> prices;
    private final List<String> warnings;

    Snapshot(
            long revision,
            Map<KeyHash, Caller> callers,
            List<Route> routes,
            List<Price> prices,
            List<String> warnings) {
        this.revision = revision;
        this.callers = callers;
        this.routes = List.copyOf(routes);
        this.prices = List.copyOf(prices);
        this.warnings = List.copyOf(warnings);
    }

    public long revision() {
        return revision;
    }

    /** The caller behind a presented secret: current hash, or the previous one (whose validity the caller of this method checks). */
    public @Nullable Caller caller(KeyHash hash) {
        return callers.get(hash);
    }

    /**
     * The route of a request: the longest base path wins, then the exact domain over a wildcard.
     *
     * @param host without a port, lower case
     * @param path without a query
     */
    public @Nullable Route route(String host, String path) {
        return routes.stream()
                .filter(r -> r.host().equals(host) && r.fullPath().equals(path))
                .findFirst()
                .orElse(null);
    }

    public List<Route> routes() {
        return routes;
    }

    /** Prices, the most specific first. */
    public List<Price> prices() {
        return prices;
    }

    /** What an operator should know: secrets that could not be resolved, services without nodes. */
    public List<String> warnings() {
        return warnings;
    }
}
