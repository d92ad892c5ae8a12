package dev.sluice.settings;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All resources of all tenants at one revision. Immutable; an edit makes a new one that shares what did not change. */
public final class Settings {
    public static final String DEFAULT_TENANT = "default";

    private final long revision;
    private final Map<Kind, Map<String, Stored<?>>> byKey;

    public Settings(long revision, Map<Kind, Map<String, Stored<?>>> byKey) {
        this.revision = revision;
        this.byKey = Map.copyOf(byKey);
    }

    public long revision() {
        return revision;
    }

    /** All resources of a kind over all tenants. */
    public List<Stored<?>> all(Kind kind) {
        return List.copyOf(byKey.getOrDefault(kind, Map.of()).values());
    }

    public Optional<Stored<?>> find(Kind kind, String tenant, String name) {
        return Optional.ofNullable(byKey.getOrDefault(kind, Map.of()).get(tenant + '\0' + name));
    }
}
