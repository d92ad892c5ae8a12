package dev.sluice.admin;

import dev.sluice.admin.audit.AuditEntry;
import dev.sluice.admin.audit.AuditLog;
import dev.sluice.settings.Author;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;

/** An audit log in memory. */
final class MemoryAudit implements AuditLog {
    static final Instant AT = Instant.parse("2026-11-20T10:00:00Z");

    /** What was noted, for tests that wait for it. */
    final LinkedBlockingQueue<String> noted = new LinkedBlockingQueue<>();

    volatile long broken = -1;
    private final List<AuditEntry> entries = new CopyOnWriteArrayList<>();

    @Override
    public void note(Author author, String tenant, String action, String detail) {
        add(author.name(), action, "", detail);
        noted.add(action + " " + author.address() + " " + detail);
    }

    void add(String actor, String action, String kind, String name) {
        long sequence = entries.size() + 1L;
        entries.add(new AuditEntry(
                sequence, AT, "default", actor, "127.0.0.1", action, kind, "", name, "", "{}", "ab" + sequence));
    }

    @Override
    public Page read(Filter filter, int offset, int limit) {
        List<AuditEntry> found = entries.reversed().stream()
                .filter(e -> filter.actor() == null || filter.actor().equals(e.actor()))
                .filter(e -> filter.action() == null || filter.action().equals(e.action()))
                .filter(e -> filter.kind() == null || filter.kind().equals(e.kind()))
                .filter(e -> filter.name() == null || filter.name().equals(e.name()))
                .filter(e -> filter.from() == null || !e.at().isBefore(filter.from()))
                .filter(e -> filter.to() == null || e.at().isBefore(filter.to()))
                .toList();
        return new Page(found.stream().skip(offset).limit(limit).toList(), found.size());
    }

    @Override
    public long firstBrokenLink() {
        return broken;
    }
}
