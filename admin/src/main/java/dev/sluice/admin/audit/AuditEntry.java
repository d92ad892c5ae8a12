package dev.sluice.admin.audit;

import java.time.Instant;

/**
 * One change, sign-in or denied attempt.
 *
 * @param sequence grows by one per entry; the order of the hash chain
 * @param action create, update, delete, denied, …
 * @param kind list name of the resource's kind, e.g. {@code services}; empty where it is about none
 * @param before JSON of the resource before, secrets redacted; empty for a creation
 * @param after JSON afterwards; empty for a deletion
 * @param hash SHA-256 over this entry and the hash before it, in hexadecimal
 */
public record AuditEntry(
        long sequence,
        Instant at,
        String tenant,
        String actor,
        String address,
        String action,
        String kind,
        String resourceId,
        String name,
        String before,
        String after,
        String hash) {}
