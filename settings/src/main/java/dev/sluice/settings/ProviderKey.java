package dev.sluice.settings;

import dev.sluice.settings.binding.Checked;
import dev.sluice.settings.binding.Default;
import dev.sluice.settings.binding.Doc;
import dev.sluice.settings.binding.Range;
import dev.sluice.settings.binding.Reporter;
import org.jspecify.annotations.Nullable;

@Doc("A secret of a model provider that the gateway uses upstream.")
public record ProviderKey(
        String name,
        @Doc("Id of the provider in the catalogue.") String provider,

        @Doc(
                "The secret itself (kept encrypted), or env:NAME, file:PATH, vault:PATH#FIELD. May be left out when an existing key is changed.")
        @Nullable
        Secret secret,

        @Doc("Share of calls under keyPolicy: weighted.") @Default("1") @Range(min = 0, max = 1000)
        int weight,

        @Default("true") boolean enabled,
        @Default("") String note,
        @Default("default") String resourceGroup)
        implements Resource, Checked {
    /** The same key with another secret. */
    ProviderKey with(@Nullable Secret other) {
        return new ProviderKey(name, provider, other, weight, enabled, note, resourceGroup);
    }

    @Override
    public void check(Reporter reporter) {
        Name.OTHER.check("name", name, reporter);
        Name.OTHER.check("resourceGroup", resourceGroup, reporter);
    }
}
