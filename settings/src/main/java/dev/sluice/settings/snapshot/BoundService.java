package dev.sluice.settings.snapshot;

import dev.sluice.settings.Service;
import dev.sluice.settings.catalogue.Offer;
import dev.sluice.settings.catalogue.Provider;
import java.util.List;

/**
 * A service with its provider, its nodes and its usable keys.
 *
 * @param keys enabled keys whose secrets could be resolved, in the declared order
 * @param prices what the provider is known to ask, for models that no price is declared for
 * @param needsKey whether the service declares keys at all: with none usable it must not be called
 */
public record BoundService(
        String id,
        String tenant,
        Service spec,
        Provider provider,
        List<Node> nodes,
        List<BoundKey> keys,
        Prices prices,
        boolean needsKey) {
    private static final Offer NOTHING = Offer.of(null);

    public BoundService {
        nodes = List.copyOf(nodes);
        keys = List.copyOf(keys);
    }

    /** What the provider offers in the protocol that is spoken with it; settings with none are refused. */
    public Offer offer() {
        return offer(spec, provider);
    }

    static Offer offer(Service spec, Provider provider) {
        Offer offer = spec.offerOf(provider);
        return offer == null ? NOTHING : offer;
    }

    public String name() {
        return spec.name();
    }
}
