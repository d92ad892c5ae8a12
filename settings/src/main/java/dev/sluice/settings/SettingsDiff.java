package dev.sluice.settings;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

    /** Costs next to nothing for kinds that both share, and one look per resource for the others. */
    public static SettingsDiff between(Settings before, Settings after) {
        List<Stored<?>> added = new ArrayList<>();
        List<Changed> changed = new ArrayList<>();
        List<Stored<?>> removed = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            Map<Settings.Key, Stored<?>> old = before.byKey(kind);
            Map<Settings.Key, Stored<?>> now = after.byKey(kind);
            if (isSame(old, now)) continue;
            Map<String, Stored<?>> gone = new LinkedHashMap<>();
            old.forEach((key, stored) -> {
                if (!isSame(stored, now.getOrDefault(key, stored)) || !now.containsKey(key))
                    gone.put(stored.id(), stored);
            });
            now.forEach((key, stored) -> {
                if (isSame(stored, old.getOrDefault(key, stored)) && old.containsKey(key)) return;
                Stored<?> was = gone.remove(stored.id());
                if (was == null) added.add(stored);
                else if (!was.equals(stored)) changed.add(new Changed(was, stored));
            });
            removed.addAll(gone.values());
        }
        return new SettingsDiff(added, changed, removed);
    }

    @SuppressWarnings("ReferenceEquality") // Edits share what they do not change: the same object is the same value.
    private static boolean isSame(Object a, Object b) {
        return a == b;
    }
}
