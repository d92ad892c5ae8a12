package dev.sluice.settings;

import dev.sluice.settings.Secret.Reference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The values of references as they were read last. A reference whose source fails keeps the value that it had. Immutable; resolving
 * waits for nothing.
 */
public final class KnownSecrets implements SecretResolver {
    public static final KnownSecrets NONE = new KnownSecrets(Map.of(), Map.of());

    private final Map<Reference, Known> known;
    /** Values of an earlier process, for references that were not tried in this one. */
    private final Map<Reference, String> saved;

    /**
     * What is known of a reference.
     *
     * @param value the last that could be read; null if none ever was
     * @param problem why the last try failed, empty if it did not
     */
    private record Known(@Nullable String value, String problem) {
        Resolution resolution() {
            return value == null ? new Resolution.Missing(problem) : new Resolution.Found(value);
        }

        @Override
        public String toString() {
            return "[redacted]";
        }
    }

    private KnownSecrets(Map<Reference, Known> known, Map<Reference, String> saved) {
        this.known = Map.copyOf(known);
        this.saved = Map.copyOf(saved);
    }

    /** Nothing but what an earlier process has left, as {@link #values} tells it. */
    public static KnownSecrets saved(Map<Reference, String> values) {
        return new KnownSecrets(Map.of(), values);
    }

    @Override
    public Resolution resolve(Secret secret) {
        return switch (secret) {
            case Secret.Literal literal -> new Resolution.Found(literal.value());
            case Reference reference -> {
                Known entry = known.get(reference);
                yield entry == null ? new Resolution.Missing(reference + " has not been read yet") : entry.resolution();
            }
        };
    }

    /** Those that nobody has tried to read. */
    public Set<Reference> untried(Collection<Reference> references) {
        Set<Reference> untried = new HashSet<>(references);
        untried.removeAll(known.keySet());
        return untried;
    }

    /** Those whose last try failed. */
    public Set<Reference> failing(Collection<Reference> references) {
        Set<Reference> failing = new HashSet<>(references);
        failing.removeIf(reference -> problem(reference).isEmpty());
        return failing;
    }

    /** Why the last try failed, empty if it did not. */
    public String problem(Reference reference) {
        Known entry = known.get(reference);
        return entry == null ? "" : entry.problem();
    }

    /** What an operator should know of secrets that are in use but could not be read again. */
    public List<String> concerns(Collection<Reference> references) {
        List<String> concerns = new ArrayList<>();
        for (Reference reference : references) {
            Known entry = known.get(reference);
            if (entry != null && entry.value() != null && !entry.problem().isEmpty())
                concerns.add("the secret " + reference + " stays what it was: " + entry.problem());
        }
        return concerns;
    }

    /**
     * With what was read now.
     *
     * @param kept the references that anybody still names; others are forgotten
     */
    public KnownSecrets with(Map<Reference, Resolution> read, Set<Reference> kept) {
        Map<Reference, Known> next = new HashMap<>();
        for (Reference reference : kept) {
            Known before = known.get(reference);
            Known now = switch (read.get(reference)) {
                case null -> before;
                case Resolution.Found(String value) -> new Known(value, "");
                case Resolution.Missing(String reason) ->
                    new Known(before == null ? saved.get(reference) : before.value(), reason);
            };
            if (now != null) next.put(reference, now);
        }
        return new KnownSecrets(next, Map.of());
    }

    /** Whether every reference resolves to the same here and there. */
    public boolean resolvesLike(KnownSecrets other) {
        if (!known.keySet().equals(other.known.keySet())) return false;
        return known.keySet().stream().allMatch(r -> Objects.equals(resolve(r), other.resolve(r)));
    }

    /** All values, but those of the environment, which a process is given anew each time. */
    public Map<Reference, String> values() {
        Map<Reference, String> values = new HashMap<>();
        known.forEach((reference, entry) -> {
            if (entry.value() != null && !reference.scheme().equals("env")) values.put(reference, entry.value());
        });
        return values;
    }
}
