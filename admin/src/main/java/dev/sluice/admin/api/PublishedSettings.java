package dev.sluice.admin.api;

import dev.sluice.settings.Author;
import dev.sluice.settings.Settings;
import dev.sluice.settings.SettingsRepository;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Settings whose changes take effect on this node before they are answered. */
public final class PublishedSettings {
    private final SettingsRepository repository;
    private final Consumer<Settings> published;
    private final ReentrantLock publishing = new ReentrantLock();
    private long newest = -1;

    public PublishedSettings(SettingsRepository repository, Consumer<Settings> published) {
        this.repository = repository;
        this.published = published;
    }

    public Settings current() {
        return repository.current();
    }

    /** Makes a change and publishes it. The edit may run more than once; a {@link Refusal} thrown by it changes nothing. */
    public Settings change(Author author, UnaryOperator<Settings> edit) {
        Settings after = repository.change(author, edit);
        publishing.lock();
        try {
            // Of two changes at once the later one holds the earlier one too; going back would undo it.
            if (after.revision() > newest) {
                published.accept(after);
                newest = after.revision();
            }
        } finally {
            publishing.unlock();
        }
        return after;
    }
}
