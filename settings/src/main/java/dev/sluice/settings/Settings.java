package dev.sluice.settings;

import dev.sluice.settings.binding.Binder;
import dev.sluice.settings.binding.FieldPath;
import dev.sluice.settings.binding.Location;
import dev.sluice.settings.binding.Messages;
import dev.sluice.settings.binding.Problem;
import dev.sluice.settings.binding.Ref;
import dev.sluice.settings.catalogue.Catalogue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All resources of all tenants at one revision. Immutable; an edit makes a new one that shares what did not change. Within a
 * kind, resources keep the order in which they came.
 */
public final class Settings {
    public static final String DEFAULT_TENANT = "default";
    public static final Settings EMPTY = new Settings(0, new EnumMap<>(Kind.class));

    private final long revision;
    private final EnumMap<Kind, Roster> byKey;

    /** What a resource is known by within its kind. */
    record Key(String tenant, String name) {
        static Key of(Stored<?> stored) {
            return new Key(stored.tenant(), stored.spec().name());
        }
    }

    /** What a reference points at. */
    record Target(Kind kind, String tenant, String name) {
        static Target of(Stored<?> stored) {
            return new Target(
                    Kind.of(stored.spec()), stored.tenant(), stored.spec().name());
        }
    }

    /**
     * Who refers to a resource.
     *
     * @param path of the field that refers to it, e.g. {@code distribution.targets[0].service}
     */
    public record Dependent(Kind kind, String id, String name, String path) {}

    private Settings(long revision, EnumMap<Kind, Roster> byKey) {
        this.revision = revision;
        this.byKey = byKey;
    }

    public static Settings of(long revision, Collection<? extends Stored<?>> resources) {
        return EMPTY.putAll(resources).withRevision(revision);
    }

    public long revision() {
        return revision;
    }

    public Settings withRevision(long other) {
        return other == revision ? this : new Settings(other, byKey);
    }

    /** All resources of a kind over all tenants. */
    public List<Stored<?>> all(Kind kind) {
        return List.copyOf(byKey(kind).values());
    }

    /** All resources of a type over all tenants. */
    public <T extends Resource> List<Stored<T>> all(Class<T> type) {
        List<Stored<T>> found = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            if (kind.type() != type) continue;
            for (Stored<?> stored : byKey(kind).values()) found.add(stored.as(type));
        }
        return found;
    }

    /**
     * All resources of a kind in pages. An edit leaves the pages that it does not touch the same objects, so that work that was done
     * for a page need not be done again.
     */
    public List<List<Stored<?>>> pages(Kind kind) {
        return byKey(kind).pages();
    }

    public int count(Kind kind) {
        return byKey(kind).size();
    }

    public Optional<Stored<?>> find(Kind kind, String tenant, String name) {
        return Optional.ofNullable(byKey(kind).get(new Key(tenant, name)));
    }

    /** Finds a resource by type and name. */
    public <T extends Resource> Optional<Stored<T>> find(Class<T> type, String tenant, String name) {
        for (Kind kind : Kind.values()) {
            if (kind.type() == type) return find(kind, tenant, name).map(s -> s.as(type));
        }
        return Optional.empty();
    }

    public Optional<Stored<?>> findById(Kind kind, String id) {
        for (Stored<?> stored : byKey(kind).values()) if (stored.id().equals(id)) return Optional.of(stored);
        return Optional.empty();
    }

    /** With a resource added, or in place of the one of the same kind, tenant and name. */
    public Settings put(Stored<?> stored) {
        return putAll(List.of(stored));
    }

    /** As {@link #put} for many: costs little more. */
    public Settings putAll(Collection<? extends Stored<?>> resources) {
        EnumMap<Kind, Roster> edited = new EnumMap<>(byKey);
        byKindOf(resources)
                .forEach((kind, added) -> edited.put(kind, byKey(kind).with(added)));
        return resources.isEmpty() ? this : new Settings(revision, edited);
    }

    private static Map<Kind, List<Stored<?>>> byKindOf(Collection<? extends Stored<?>> resources) {
        Map<Kind, List<Stored<?>>> byKind = new EnumMap<>(Kind.class);
        for (Stored<?> stored : resources) {
            byKind.computeIfAbsent(Kind.of(stored.spec()), _ -> new ArrayList<>())
                    .add(stored);
        }
        return byKind;
    }

    /** Without a resource; the same settings if there is none. */
    public Settings remove(Kind kind, String tenant, String name) {
        return find(kind, tenant, name).map(s -> removeAll(List.of(s))).orElse(this);
    }

    /** As {@link #remove} for many. */
    public Settings removeAll(Collection<? extends Stored<?>> resources) {
        EnumMap<Kind, Roster> edited = new EnumMap<>(byKey);
        byKindOf(resources)
                .forEach((kind, removed) -> edited.put(kind, byKey(kind).without(removed)));
        return resources.isEmpty() ? this : new Settings(revision, edited);
    }

    Roster byKey(Kind kind) {
        return byKey.getOrDefault(kind, Roster.EMPTY);
    }

    /** Whether other settings hold the very same resources of a kind, none of them edited in between. */
    @SuppressWarnings("ReferenceEquality") // Edits share what they do not change: the same object is the same value.
    public boolean shares(Kind kind, Settings other) {
        return byKey(kind) == other.byKey(kind);
    }

    /** Everything in the tenant that refers to a resource; it may be deleted when this is empty. */
    public List<Dependent> dependents(Kind kind, String tenant, String name) {
        Target target = new Target(kind, tenant, name);
        return dependents(Set.of(target)).getOrDefault(target, List.of());
    }

    /** As {@link #dependents(Kind, String, String)} for many at the cost of one. */
    Map<Target, List<Dependent>> dependents(Set<Target> targets) {
        Map<Target, List<Dependent>> found = new HashMap<>();
        if (targets.isEmpty()) return found;
        for (Kind kind : Kind.values()) {
            if (!Binder.mayRefer(kind.type())) continue;
            for (Stored<?> stored : byKey(kind).values()) {
                for (Ref ref : Binder.references(stored.spec())) {
                    Target target = new Target(Kind.ofList(ref.list()).orElseThrow(), stored.tenant(), ref.name());
                    if (targets.contains(target))
                        found.computeIfAbsent(target, t -> new ArrayList<>())
                                .add(new Dependent(
                                        kind, stored.id(), stored.spec().name(), ref.path()));
                }
            }
        }
        return found;
    }

    /** Validates everything. The paths of problems name the resource: {@code services["openai"].keys[0]}. */
    public List<Problem> check(Catalogue catalogue) {
        List<Problem> problems = new ArrayList<>();
        Rules rules = new Rules(this, catalogue);
        for (Kind kind : Kind.values()) {
            for (Stored<?> stored : byKey(kind).values()) {
                String path = pathOf(kind, stored);
                rules.checkAlone(
                        stored,
                        (inner, message) ->
                                problems.add(new Problem(Location.NONE, FieldPath.join(path, inner), message)));
                rules.checkAmongOthers(
                        stored,
                        (inner, message) ->
                                problems.add(new Problem(Location.NONE, FieldPath.join(path, inner), message)));
            }
        }
        return problems;
    }

    /** How messages name a resource that stands in no document. */
    static String pathOf(Kind kind, Stored<?> stored) {
        String tenant = stored.tenant().equals(DEFAULT_TENANT) ? "" : stored.tenant() + ": ";
        return tenant + kind.list() + "[" + Messages.quote(stored.spec().name()) + "]";
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Settings s && s.revision == revision && s.byKey.equals(byKey);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(revision) * 31 + byKey.hashCode();
    }

    /** Without resources: there are many, and some hold secrets. */
    @Override
    public String toString() {
        return "settings at revision " + revision;
    }
}
