package dev.sluice.traffic.affinity;

import dev.sluice.settings.snapshot.BoundKey;
import dev.sluice.settings.snapshot.BoundService;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a provider keeps things: a service, called with one of its keys.
 *
 * @param key null for a service that needs none
 */
public record Deployment(BoundService service, @Nullable BoundKey key) {
    public boolean isSame(Deployment other) {
        return service.id().equals(other.service.id())
                && (key == null
                        ? other.key == null
                        : other.key != null && key.id().equals(other.key.id()));
    }

    /** The service as if it had no other key. */
    public BoundService alone() {
        BoundKey only = key;
        if (only == null || service.keys().size() == 1) return service;
        return new BoundService(
                service.id(),
                service.tenant(),
                service.spec(),
                service.provider(),
                service.nodes(),
                List.of(only),
                service.prices(),
                service.needsKey());
    }

    /** As messages name it. */
    @Override
    public String toString() {
        return "service \"" + service.name() + '"' + (key == null ? "" : " with key \"" + key.name() + '"');
    }
}
