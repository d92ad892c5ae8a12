package dev.sluice.settings.snapshot;

import dev.sluice.settings.Distribution;
import dev.sluice.settings.Kind;
import dev.sluice.settings.ModelApi;
import dev.sluice.settings.Price;
import dev.sluice.settings.ProviderKey;
import dev.sluice.settings.SecretResolver;
import dev.sluice.settings.SecretResolver.Resolution;
import dev.sluice.settings.Service;
import dev.sluice.settings.Settings;
import dev.sluice.settings.Stored;
import dev.sluice.settings.catalogue.Catalogue;
import dev.sluice.settings.catalogue.Provider;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Binds services to Model APIs and sorts prices. Used for one snapshot, on one thread. */
final class SnapshotBuilder {
    private final Settings settings;
    private final Catalogue catalogue;
    private final SecretResolver secrets;
    private final KnownPrices known;
    private final List<String> warnings = new ArrayList<>();

    /** A name within a tenant. */
    private record Key(String tenant, String name) {}

    SnapshotBuilder(Settings settings, Catalogue catalogue, SecretResolver secrets) {
        this.settings = settings;
        this.catalogue = catalogue;
        this.secrets = secrets;
        this.known = new KnownPrices(catalogue);
    }

    Routing routing() {
        Map<Key, Optional<BoundKey>> keys = new HashMap<>();
        for (Stored<ProviderKey> key : settings.all(ProviderKey.class)) {
            keys.put(new Key(key.tenant(), key.spec().name()), bind(key));
        }
        Map<Key, BoundService> services = new LinkedHashMap<>();
        for (Stored<Service> service : settings.all(Service.class)) {
            bind(service, keys).ifPresent(s -> services.put(new Key(s.tenant(), s.name()), s));
        }
        return routing(services, Map.of());
    }

    /**
     * As {@link #routing()}, with what an edit has not touched taken over.
     *
     * @param was the settings that the routing before was made of
     */
    Routing routing(Routing before, Settings was) {
        if (!settings.shares(Kind.PROVIDER_KEY, was) || !settings.shares(Kind.SERVICE, was)) return routing();
        if (settings.shares(Kind.MODEL_API, was)) return before;
        Map<Key, BoundService> services = new LinkedHashMap<>();
        for (BoundService service : before.services()) services.put(new Key(service.tenant(), service.name()), service);
        warnings.addAll(before.warnings());
        return routing(services, before.routesByModelApi());
    }

    /** @param known routes of Model APIs over the same services, by id */
    private Routing routing(Map<Key, BoundService> services, Map<String, List<Route>> known) {
        List<BoundModelApi> apis = new ArrayList<>();
        List<Route> routes = new ArrayList<>();
        Routes generator = new Routes();
        for (Stored<ModelApi> stored : settings.all(ModelApi.class)) {
            if (!stored.spec().enabled()) continue;
            List<Route> same = known.getOrDefault(stored.id(), List.of());
            if (!same.isEmpty() && isSame(same.getFirst().api().spec(), stored.spec())) {
                apis.add(same.getFirst().api());
                routes.addAll(same);
                continue;
            }
            BoundModelApi api = new BoundModelApi(
                    stored.id(), stored.tenant(), stored.spec(), targets(stored.tenant(), stored.spec(), services));
            apis.add(api);
            routes.addAll(generator.of(api));
        }
        return Routing.of(List.copyOf(services.values()), apis, routes, warnings);
    }

    @SuppressWarnings("ReferenceEquality") // Edits share what they do not change.
    private static boolean isSame(ModelApi a, ModelApi b) {
        return a == b;
    }

    private Optional<BoundKey> bind(Stored<ProviderKey> stored) {
        ProviderKey key = stored.spec();
        if (!key.enabled()) return Optional.empty();
        if (key.secret() == null) {
            warnings.add("provider key \"" + key.name() + "\" has no secret");
            return Optional.empty();
        }
        return switch (secrets.resolve(key.secret())) {
            case Resolution.Found found ->
                Optional.of(new BoundKey(stored.id(), key.name(), found.value(), key.weight()));
            case Resolution.Missing missing -> {
                warnings.add("provider key \"" + key.name() + "\" cannot be used: " + missing.reason());
                yield Optional.empty();
            }
        };
    }

    private Optional<BoundService> bind(Stored<Service> stored, Map<Key, Optional<BoundKey>> keys) {
        Service service = stored.spec();
        if (!service.enabled()) return Optional.empty();
        Optional<Provider> provider = catalogue.find(service.provider());
        if (provider.isEmpty()) {
            warnings.add("service \"" + service.name() + "\" cannot be used: no provider \"" + service.provider()
                    + "\" in the catalogue");
            return Optional.empty();
        }
        List<Node> nodes = Nodes.of(service.address(), service, provider.get());
        if (nodes.isEmpty()) warnings.add("service \"" + service.name() + "\" has no address");
        List<BoundKey> usable = service.keys().stream()
                .flatMap(name -> keys.getOrDefault(new Key(stored.tenant(), name), Optional.empty()).stream())
                .toList();
        if (usable.isEmpty() && !service.keys().isEmpty())
            warnings.add("service \"" + service.name() + "\" has no usable provider key");
        return Optional.of(new BoundService(
                stored.id(),
                stored.tenant(),
                service,
                provider.get(),
                nodes,
                usable,
                known.of(service.provider(), nodes),
                !service.keys().isEmpty()));
    }

    private static Map<String, BoundService> targets(String tenant, ModelApi api, Map<Key, BoundService> services) {
        Set<String> names = new LinkedHashSet<>();
        switch (api.distribution()) {
            case Distribution.Single s -> s.targets().forEach(t -> names.add(t.service()));
            case Distribution.ByModelName m -> m.targets().forEach(t -> names.add(t.service()));
            case Distribution.ByProportion p -> p.targets().forEach(t -> names.add(t.service()));
        }
        api.fallback().steps().forEach(t -> names.add(t.service()));
        Map<String, BoundService> bound = new HashMap<>();
        for (String name : names) {
            BoundService service = services.get(new Key(tenant, name));
            if (service != null) bound.put(name, service);
        }
        return bound;
    }

    /** By tenant; the default tenant's are those of all that have none of their own, and hold for the others beside their own. */
    Map<String, Prices> prices() {
        Map<String, List<Price>> byTenant = new HashMap<>();
        for (Stored<Price> price : settings.all(Price.class)) {
            byTenant.computeIfAbsent(price.tenant(), t -> new ArrayList<>()).add(price.spec());
        }
        List<Price> common = byTenant.getOrDefault(Settings.DEFAULT_TENANT, List.of());
        Map<String, Prices> all = new HashMap<>();
        byTenant.forEach((tenant, own) -> {
            List<Price> both = new ArrayList<>(own);
            if (!tenant.equals(Settings.DEFAULT_TENANT)) both.addAll(common);
            all.put(tenant, Prices.of(both));
        });
        return all;
    }
}
