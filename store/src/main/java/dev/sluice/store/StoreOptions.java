package dev.sluice.store;

import dev.sluice.store.journal.JournalLimits;
import dev.sluice.store.usage.Retention;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where and how a store keeps things.
 *
 * @param dataDirectory made when it does not exist
 * @param masterKey value of SLUICE_MASTER_KEY; null when it is not set
 * @param lockPatience how long a piece of work waits for another process that holds the database
 * @param workTimeout after which a piece of work in the database is given up
 */
public record StoreOptions(
        Path dataDirectory,
        @Nullable String masterKey,
        JournalLimits journal,
        Retention retention,
        Duration auditRetention,
        Duration lockPatience,
        Duration workTimeout) {
    public StoreOptions {
        if (auditRetention.isNegative() || auditRetention.isZero())
            throw new IllegalArgumentException("audit retention: " + auditRetention + " (expected: > 0)");
        if (lockPatience.isNegative())
            throw new IllegalArgumentException("lock patience: " + lockPatience + " (expected: >= 0)");
        if (workTimeout.isNegative() || workTimeout.isZero())
            throw new IllegalArgumentException("work timeout: " + workTimeout + " (expected: > 0)");
    }

    public static StoreOptions of(Path dataDirectory, @Nullable String masterKey) {
        return new StoreOptions(
                dataDirectory,
                masterKey,
                JournalLimits.DEFAULT,
                Retention.DEFAULT,
                Duration.ofDays(366),
                Duration.ofSeconds(2),
                Duration.ofSeconds(30));
    }

    /** Never shows the key. */
    @Override
    public String toString() {
        return "StoreOptions[" + dataDirectory + "]";
    }
}
