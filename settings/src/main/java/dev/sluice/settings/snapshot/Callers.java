package dev.sluice.settings.snapshot;

import dev.sluice.settings.ApiKey;
import dev.sluice.settings.Consumer;
import dev.sluice.settings.ConsumerGroup;
import dev.sluice.settings.Credential;
import dev.sluice.settings.KeyHash;
import dev.sluice.settings.Kind;
import dev.sluice.settings.Settings;
import dev.sluice.settings.SettingsDiff;
import dev.sluice.settings.ShardedMap;
import dev.sluice.settings.Stored;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The callers behind secrets. Immutable; an edit of API keys alone costs what it changes. */
final class Callers {
    // A secret that one key had and another one has now is the latter's, so the two are kept apart.
    private final ShardedMap<KeyHash, Caller> current;
    private final ShardedMap<KeyHash, Caller> previous;
    private final Map<Name, Owner> owners;
    private final Map<String, String> unusable;

    /** Within a tenant. */
    private record Name(String tenant, String name) {}

    private record Owner(String id, Consumer consumer, List<ConsumerGroup> groups) {}

    private Callers(
            ShardedMap<KeyHash, Caller> current,
            ShardedMap<KeyHash, Caller> previous,
            Map<Name, Owner> owners,
            Map<String, String> unusable) {
        this.current = current;
        this.previous = previous;
        this.owners = owners;
        this.unusable = unusable;
    }

    static Callers of(Settings settings) {
        Draft draft = new Draft(new Callers(ShardedMap.empty(), ShardedMap.empty(), owners(settings), Map.of()));
        for (Stored<ApiKey> key : settings.all(ApiKey.class)) draft.add(key);
        return draft.done();
    }

    /** @param was what these callers were made of */
    Callers updated(Settings was, Settings now) {
        if (!now.shares(Kind.CONSUMER, was) || !now.shares(Kind.CONSUMER_GROUP, was)) return of(now);
        if (now.shares(Kind.API_KEY, was)) return this;
        SettingsDiff diff = SettingsDiff.between(was, now);
        Draft draft = new Draft(this);
        // Removals first: a secret may pass from one key to another.
        for (Stored<?> stored : diff.removed()) draft.remove(stored);
        for (SettingsDiff.Changed change : diff.changed()) draft.remove(change.before());
        for (SettingsDiff.Changed change : diff.changed()) draft.add(change.after());
        for (Stored<?> stored : diff.added()) draft.add(stored);
        return draft.done();
    }

    @Nullable
    Caller of(KeyHash hash) {
        Caller caller = current.get(hash);
        return caller != null ? caller : previous.get(hash);
    }

    Stream<Caller> all() {
        return Stream.concat(current.values(), previous.values());
    }

    /** Why keys cannot be used. */
    List<String> warnings() {
        return List.copyOf(unusable.values());
    }

    private static Map<Name, Owner> owners(Settings settings) {
        Map<Name, ConsumerGroup> enabled = new HashMap<>();
        for (Stored<ConsumerGroup> group : settings.all(ConsumerGroup.class)) {
            if (group.spec().enabled())
                enabled.put(new Name(group.tenant(), group.spec().name()), group.spec());
        }
        Map<Name, Owner> owners = new HashMap<>();
        for (Stored<Consumer> consumer : settings.all(Consumer.class)) {
            List<ConsumerGroup> in = new ArrayList<>();
            for (String group : consumer.spec().groups()) {
                ConsumerGroup found = enabled.get(new Name(consumer.tenant(), group));
                if (found != null) in.add(found);
            }
            owners.put(
                    new Name(consumer.tenant(), consumer.spec().name()),
                    new Owner(consumer.id(), consumer.spec(), List.copyOf(in)));
        }
        return owners;
    }

    /** An edit that is under way. */
    private static final class Draft {
        private final Map<Name, Owner> owners;
        private final ShardedMap.Draft<KeyHash, Caller> current;
        private final ShardedMap.Draft<KeyHash, Caller> previous;
        private final Map<String, String> unusable;

        Draft(Callers before) {
            owners = before.owners;
            current = before.current.edit();
            previous = before.previous.edit();
            unusable = new LinkedHashMap<>(before.unusable);
        }

        /** Other resources than API keys are passed over. */
        void add(Stored<?> stored) {
            if (!(stored.spec() instanceof ApiKey key)) return;
            Name name = new Name(stored.tenant(), key.consumer());
            Owner owner = owners.get(name);
            Credential credential = key.credential();
            if (owner == null || credential == null) {
                unusable.put(
                        stored.id(),
                        "API key \"" + key.name() + "\" cannot be used: "
                                + (owner == null ? "no consumer \"" + name.name() + "\"" : "it has no secret"));
                return;
            }
            Caller caller = new Caller(stored.id(), stored.tenant(), key, owner.id(), owner.consumer(), owner.groups());
            current.put(credential.hash(), caller);
            if (credential.previousHash() != null) previous.put(credential.previousHash(), caller);
        }

        void remove(Stored<?> stored) {
            if (!(stored.spec() instanceof ApiKey key)) return;
            unusable.remove(stored.id());
            Credential credential = key.credential();
            if (credential == null) return;
            remove(current, credential.hash(), stored.id());
            if (credential.previousHash() != null) remove(previous, credential.previousHash(), stored.id());
        }

        private static void remove(ShardedMap.Draft<KeyHash, Caller> callers, KeyHash hash, String keyId) {
            Caller caller = callers.get(hash);
            if (caller != null && caller.keyId().equals(keyId)) callers.remove(hash);
        }

        Callers done() {
            return new Callers(current.done(), previous.done(), owners, unusable);
        }
    }
}
