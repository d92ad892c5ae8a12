package dev.sluice.settings;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What two settings differ in. A resource is the same one when its id is: a renamed one is changed, not removed and added.
 */
public record SettingsDiff(List<Stored<?>> added, List<Changed> changed, List<Stored<?>> removed) {
    public SettingsDiff {
        added = List.copyOf(added);
        changed = List.copyOf(changed);
        removed = List.copyOf(removed);
    }

    public record Changed(Stored<?> before, Stored<?> after) {}

    public boolean isEmpty() {
        return added.isEmpty() && changed.isEmpty() && removed.isEmpty();
    }

    /** Costs next to nothing where both share what an edit left alone. */
    public static SettingsDiff between(Settings before, Settings after) {
        List<Stored<?>> added = new ArrayList<>();
        List<Changed> changed = new ArrayList<>();
        List<Stored<?>> removed = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            if (before.shares(kind, after)) continue;
            Roster old = before.byKey(kind);
            Roster now = after.byKey(kind);
            Map<String, Stored<?>> gone = new LinkedHashMap<>();
            for (Stored<?> stored : old.apartFrom(now)) {
                if (!isSame(stored, now.get(Settings.Key.of(stored)))) gone.put(stored.id(), stored);
            }
            for (Stored<?> stored : now.apartFrom(old)) {
                if (isSame(stored, old.get(Settings.Key.of(stored)))) continue;
                Stored<?> was = gone.remove(stored.id());
                if (was == null) added.add(stored);
                else if (!was.equals(stored)) changed.add(new Changed(was, stored));
            }
            removed.addAll(gone.values());
        }
        return new SettingsDiff(added, changed, removed);
    }

    @SuppressWarnings("ReferenceEquality") // Edits share what they do not change: the same object is the same value.
    private static boolean isSame(Object a, @Nullable Object b) {
        return a == b;
    }
}
