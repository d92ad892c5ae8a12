package dev.sluice.admin;

import dev.sluice.settings.Author;
import dev.sluice.settings.Settings;
import dev.sluice.settings.SettingsRepository;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/** Settings in memory: one change at a time, as a transaction would have it. */
final class MemorySettings implements SettingsRepository {
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Author> authors = new ArrayList<>();
    private volatile Settings current = Settings.EMPTY;
    private volatile RuntimeException away;

    /** From now on every call fails with this; null heals. */
    void fail(RuntimeException failure) {
        away = failure;
    }

    List<Author> authors() {
        return List.copyOf(authors);
    }

    @Override
    public Settings current() {
        RuntimeException failure = away;
        if (failure != null) throw failure;
        return current;
    }

    @Override
    public Settings change(Author author, UnaryOperator<Settings> edit) {
        lock.lock();
        try {
            Settings before = current();
            Settings after = edit.apply(before);
            if (after == before) return before;
            authors.add(author);
            current = after.withRevision(before.revision() + 1);
            return current;
        } finally {
            lock.unlock();
        }
    }
}
