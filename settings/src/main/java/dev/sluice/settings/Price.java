package dev.sluice.settings;

import dev.sluice.settings.binding.Default;
import dev.sluice.settings.binding.Doc;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

@Doc("What a model costs, per million tokens.")
public record Price(
        @Doc("Id of the provider in the catalogue, or * for all.")
        String provider,

        @Doc("Model as the provider names it, or a pattern with * and ?.")
        String model,

        BigDecimal inputPerMillion,
        @Doc("Left out: as inputPerMillion.") @Nullable BigDecimal cachedInputPerMillion,
        BigDecimal outputPerMillion,
        @Default("USD") String currency,

        @Doc("From when on it holds; left out = always.") @Nullable
        Instant validFrom)
        implements Resource {
    @Override
    public String name() {
        return provider + "/" + model + (validFrom == null ? "" : "@" + validFrom);
    }
}
