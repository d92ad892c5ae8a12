package dev.sluice.settings;

import dev.sluice.settings.binding.Doc;
import dev.sluice.settings.binding.Range;
import org.jspecify.annotations.Nullable;

@Doc("How much may be used in a calendar period (UTC). Left out = unlimited, 0 = blocked.")
public record Quota(
        @Range @Nullable Long tokensPerDay,
        @Range @Nullable Long tokensPerWeek,
        @Range @Nullable Long tokensPerMonth,
        @Range @Nullable Long tokensTotal) {
    public static final Quota NONE = new Quota(null, null, null, null);
}
