package dev.sluice.settings;

import dev.sluice.settings.binding.Checked;
import dev.sluice.settings.binding.Default;
import dev.sluice.settings.binding.Doc;
import dev.sluice.settings.binding.Reference;
import dev.sluice.settings.binding.Reporter;
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
        implements Resource, Checked {
    public Consumer {
        groups = List.copyOf(groups);
        modelApis = List.copyOf(modelApis);
    }

    @Override
    public void check(Reporter reporter) {
        Name.OTHER.check("name", name, reporter);
        Name.checkDistinct("groups", groups, reporter);
        Name.checkDistinct(
                "modelApis", modelApis.stream().map(ModelApiGrant::name).toList(), reporter);
        Name.OTHER.check("resourceGroup", resourceGroup, reporter);
    }
}
