package dev.sluice.settings;

import dev.sluice.settings.binding.Default;
import dev.sluice.settings.binding.Doc;
import dev.sluice.settings.binding.Reference;
import java.util.List;

@Doc("A program that calls Model APIs. Without a grant, of its own or through a group, it may call none.")
public record Consumer(
        String name,
        @Default("") String description,
        @Default("true") boolean enabled,
        @Reference("consumerGroups") List<String> groups,

        @Doc("Model APIs granted to this consumer itself: names, or {name, expiresAt}.")
        List<ModelApiGrant> modelApis,

        @Default("default") String resourceGroup)
        implements Resource {
    public Consumer {
        groups = List.copyOf(groups);
        modelApis = List.copyOf(modelApis);
    }
}
