package dev.sluice.admin.audit;

import dev.sluice.settings.Author;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The append-only record of changes. Changes of settings write their entries themselves, in their own transaction. */
public interface AuditLog {
    /** Notes something that is not a change of settings, e.g. a denied attempt. */
    void note(Author author, String tenant, String action, String detail);

    /** Newest first. */
    Page read(Filter filter, int offset, int limit);

    /** The sequence of the first entry whose hash does not fit, or -1 when the chain is whole. */
    long firstBrokenLink();

    /** Null or empty fields do not filter. */
    record Filter(
            @Nullable Instant from,
            @Nullable Instant to,
            @Nullable String actor,
            @Nullable String action,
            @Nullable String kind,
            @Nullable String name) {}

    record Page(List<AuditEntry> items, long total) {
        public Page {
            items = List.copyOf(items);
        }
    }
}
