package dev.sluice.settings;

import dev.sluice.settings.binding.Checked;
import dev.sluice.settings.binding.Default;
import dev.sluice.settings.binding.Doc;
import dev.sluice.settings.binding.Reporter;
import java.util.List;

@Doc("A named set of consumers. A disabled group gives its members nothing.")
public record ConsumerGroup(
        String name,
        @Default("") String description,
        @Default("true") boolean enabled,

        @Doc("Model APIs granted to the members: names, or {name, expiresAt}.")
        List<ModelApiGrant> modelApis,

        @Doc("The only models that members may call through this group, names or patterns; empty = all.")
        List<String> allowedModels,

        @Default("default") String resourceGroup)
        implements Resource, Checked {
    public ConsumerGroup {
        modelApis = List.copyOf(modelApis);
        allowedModels = List.copyOf(allowedModels);
    }

    @Override
    public void check(Reporter reporter) {
        Name.OTHER.check("name", name, reporter);
        Name.checkDistinct(
                "modelApis", modelApis.stream().map(ModelApiGrant::name).toList(), reporter);
        Pattern.checkAll("allowedModels", allowedModels, reporter);
        Name.OTHER.check("resourceGroup", resourceGroup, reporter);
    }
}
