package dev.sluice.store.settings;

import dev.sluice.settings.Kind;
import dev.sluice.settings.Settings;
import dev.sluice.settings.Stored;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The resources that differ between two settings, by id. What is the same object on both sides costs a look-up. */
@SuppressWarnings("ReferenceEquality") // Most resources are the same object; only the others are compared.
record Changes(List<Stored<?>> created, List<Update> updated, List<Stored<?>> deleted) {
    record Update(Stored<?> before, Stored<?> after) {}

    Changes {
        created = List.copyOf(created);
        updated = List.copyOf(updated);
        deleted = List.copyOf(deleted);
    }

    static Changes between(Settings before, Settings after) {
        List<Stored<?>> created = new ArrayList<>();
        List<Update> updated = new ArrayList<>();
        List<Stored<?>> deleted = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            List<Stored<?>> left = before.all(kind);
            Map<String, Stored<?>> rest = new HashMap<>(left.size() * 2);
            for (Stored<?> stored : left) rest.put(stored.id(), stored);
            for (Stored<?> stored : after.all(kind)) {
                Stored<?> was = rest.remove(stored.id());
                if (was == null) created.add(stored);
                else if (was != stored && !was.equals(stored)) updated.add(new Update(was, stored));
            }
            for (Stored<?> stored : left) {
                if (rest.containsKey(stored.id())) deleted.add(stored);
            }
        }
        return new Changes(created, updated, deleted);
    }

    boolean isEmpty() {
        return created.isEmpty() && updated.isEmpty() && deleted.isEmpty();
    }
}
