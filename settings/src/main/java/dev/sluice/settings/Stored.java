package dev.sluice.settings;

import java.time.Instant;

/**
 * A resource with what the gateway keeps about it.
 *
 * @param id stable over changes, e.g. {@code svc_01jd…}; what counters and usage refer to
 * @param version 1 for a new resource, one more with each change; guards against stale edits
 */
public record Stored<T extends Resource>(
        String id, String tenant, long version, Owner owner, Instant createdAt, Instant updatedAt, T spec) {
    /** The same, known to be of a type. */
    <R extends Resource> Stored<R> as(Class<R> type) {
        return new Stored<>(id, tenant, version, owner, createdAt, updatedAt, type.cast(spec));
    }
}
