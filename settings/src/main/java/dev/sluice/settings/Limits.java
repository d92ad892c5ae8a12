package dev.sluice.settings;

import dev.sluice.settings.binding.Doc;
import dev.sluice.settings.binding.Range;
import org.jspecify.annotations.Nullable;

@Doc("How fast calls may come. Left out = unlimited.")
public record Limits(
        @Doc("Requests per minute.") @Range(max = 1_000_000_000) @Nullable
        Long rpm,

        @Doc("Tokens per minute, input and output.") @Range(max = 1_000_000_000_000L) @Nullable
        Long tpm,

        @Doc("Calls at the same time.") @Range(max = 1_000_000) @Nullable
        Long concurrency) {
    public static final Limits NONE = new Limits(null, null, null);
}
