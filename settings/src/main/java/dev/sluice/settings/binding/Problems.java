package dev.sluice.settings.binding;

import java.util.ArrayList;
import java.util.List;

/** Collects everything that is wrong, so that one run tells all of it. Confined to one thread. */
public final class Problems {
    private final List<Problem> found = new ArrayList<>();

    public void add(Location at, String path, String message) {
        found.add(new Problem(at, path, message));
    }

    public void addAll(List<Problem> problems) {
        found.addAll(problems);
    }

    public boolean isEmpty() {
        return found.isEmpty();
    }

    /** How many were found so far. */
    public int count() {
        return found.size();
    }

    public List<Problem> list() {
        return List.copyOf(found);
    }
}
