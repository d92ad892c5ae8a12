package dev.sluice.settings.snapshot;

import dev.sluice.settings.Service;
import dev.sluice.settings.catalogue.Provider;
import java.util.List;

/**
 * A service with its provider, its nodes and its usable keys.
 *
 * @param keys enabled keys whose secrets could be resolved, in the declared order
 * @param needsKey whether the service declares keys at all: with none usable it must not be called
 */
public record BoundService(
        String id,
        String tenant,
        Service spec,
        Provider provider,
        List<Node> nodes,
        List<BoundKey> keys,
        boolean needsKey) {
    public BoundService {
        nodes = List.copyOf(nodes);
        keys = List.copyOf(keys);
    }

    public String name() {
        return spec.name();
    }
}
