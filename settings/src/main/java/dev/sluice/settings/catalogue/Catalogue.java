package dev.sluice.settings.catalogue;

import java.util.List;
import java.util.Optional;

/** The providers that this gateway knows. */
public final class Catalogue {
    private final List<Provider> providers;

    public Catalogue(List<Provider> providers) {
        this.providers = List.copyOf(providers);
    }

    public List<Provider> providers() {
        return providers;
    }

    public Optional<Provider> find(String id) {
        return providers.stream().filter(p -> p.id().equals(id)).findFirst();
    }
}
