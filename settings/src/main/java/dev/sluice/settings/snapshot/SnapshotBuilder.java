package dev.sluice.settings.snapshot;

import dev.sluice.settings.ApiKey;
import dev.sluice.settings.Consumer;
import dev.sluice.settings.ConsumerGroup;
import dev.sluice.settings.Credential;
import dev.sluice.settings.Distribution;
import dev.sluice.settings.KeyHash;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Binds the resources of settings to each other. Used once, on one thread. */
final class SnapshotBuilder {
    private final Settings settings;
    private final Catalogue catalogue;
    private final SecretResolver secrets;
    private final List<String> warnings = new ArrayList<>();

    /** A name within a tenant. */
    private record Key(String tenant, String name) {}

    SnapshotBuilder(Settings settings, Catalogue catalogue, SecretResolver secrets) {
        this.settings = settings;
        this.catalogue = catalogue;
        this.secrets = secrets;
    }

    Snapshot build() {
        Map<Key, Optional<BoundKey>> keys = new HashMap<>();
        for (Stored<ProviderKey> key : settings.all(ProviderKey.class)) {
            keys.put(new Key(key.tenant(), key.spec().name()), bind(key));
        }
        Map<Key, BoundService> services = new LinkedHashMap<>();
        for (Stored<Service> service : settings.all(Service.class)) {
            bind(service, keys).ifPresent(s -> services.put(new Key(s.tenant(), s.name()), s));
        }
        List<BoundModelApi> apis = new ArrayList<>();
        List<Route> routes = new ArrayList<>();
        Routes generator = new Routes();
        for (Stored<ModelApi> stored : settings.all(ModelApi.class)) {
            if (!stored.spec().enabled()) continue;
            BoundModelApi api = new BoundModelApi(
                    stored.id(), stored.tenant(), stored.spec(), targets(stored.tenant(), stored.spec(), services));
            apis.add(api);
            routes.addAll(generator.of(api));
        }
        return new Snapshot(
                settings.revision(), callers(), routes, List.copyOf(services.values()), apis, prices(), warnings);
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

    private Map<KeyHash, Caller> callers() {
        Map<Key, Stored<Consumer>> consumers = new HashMap<>();
        Map<Key, List<ConsumerGroup>> groups = new HashMap<>();
        Map<Key, ConsumerGroup> enabled = new HashMap<>();
        for (Stored<ConsumerGroup> group : settings.all(ConsumerGroup.class)) {
            if (group.spec().enabled())
                enabled.put(new Key(group.tenant(), group.spec().name()), group.spec());
        }
        for (Stored<Consumer> consumer : settings.all(Consumer.class)) {
            Key name = new Key(consumer.tenant(), consumer.spec().name());
            consumers.put(name, consumer);
            List<ConsumerGroup> in = new ArrayList<>();
            for (String group : consumer.spec().groups()) {
                ConsumerGroup found = enabled.get(new Key(consumer.tenant(), group));
                if (found != null) in.add(found);
            }
            groups.put(name, List.copyOf(in));
        }
        Map<KeyHash, Caller> current = HashMap.newHashMap(settings.count(Kind.API_KEY));
        Map<KeyHash, Caller> previous = new HashMap<>();
        for (Stored<ApiKey> key : settings.all(ApiKey.class)) {
            Key name = new Key(key.tenant(), key.spec().consumer());
            Stored<Consumer> consumer = consumers.get(name);
            Credential credential = key.spec().credential();
            if (consumer == null || credential == null) {
                warnings.add("API key \"" + key.spec().name() + "\" cannot be used: "
                        + (consumer == null ? "no consumer \"" + name.name() + "\"" : "it has no secret"));
                continue;
            }
            Caller caller = new Caller(
                    key.id(),
                    key.tenant(),
                    key.spec(),
                    consumer.id(),
                    consumer.spec(),
                    groups.getOrDefault(name, List.of()));
            current.put(credential.hash(), caller);
            if (credential.previousHash() != null) previous.put(credential.previousHash(), caller);
        }
        // A secret that one key had and another one has now is the latter's.
        previous.forEach(current::putIfAbsent);
        return Collections.unmodifiableMap(current);
    }

    private Map<String, List<Price>> prices() {
        Map<String, List<Price>> byTenant = new HashMap<>();
        for (Stored<Price> price : settings.all(Price.class)) {
            byTenant.computeIfAbsent(price.tenant(), t -> new ArrayList<>()).add(price.spec());
        }
        byTenant.values().forEach(list -> list.sort(MOST_SPECIFIC_FIRST));
        List<Price> common = byTenant.getOrDefault(Settings.DEFAULT_TENANT, List.of());
        Map<String, List<Price>> all = new HashMap<>();
        byTenant.forEach((tenant, own) -> {
            List<Price> both = new ArrayList<>(own);
            if (!tenant.equals(Settings.DEFAULT_TENANT)) both.addAll(common);
            all.put(tenant, List.copyOf(both));
        });
        return all;
    }

    /** A named provider before all, a model's name before patterns, more characters before fewer, later before earlier. */
    private static final Comparator<Price> MOST_SPECIFIC_FIRST = Comparator.<Price>comparingInt(
                    p -> p.provider().equals("*") ? 1 : 0)
            .thenComparingInt(p -> isPattern(p.model()) ? 1 : 0)
            .thenComparingInt(p -> -p.model().replaceAll("[*?]", "").length())
            .thenComparing(SnapshotBuilder::validFrom, Comparator.reverseOrder());

    private static boolean isPattern(String model) {
        return model.indexOf('*') >= 0 || model.indexOf('?') >= 0;
    }

    private static Instant validFrom(Price price) {
        @Nullable Instant from = price.validFrom();
        return from == null ? Instant.MIN : from;
    }
}
