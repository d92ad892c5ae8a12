package dev.sluice.settings.binding;

import org.jspecify.annotations.Nullable;

/**
 * One field that two records of a type differ in.
 *
 * @param before as JSON, secrets redacted; null where it was absent
 * @param after as JSON, secrets redacted; null where it is absent
 */
public record Difference(
        String path, @Nullable String before, @Nullable String after) {}
