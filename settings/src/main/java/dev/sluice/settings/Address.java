package dev.sluice.settings;

import dev.sluice.settings.binding.Default;
import dev.sluice.settings.binding.Doc;
import java.util.List;
import org.jspecify.annotations.Nullable;

@Doc("Where a service lives: exactly one of url and fixed.")
public record Address(
        @Doc("Base URL, https://host[:port]/base.") @Nullable
        String url,

        @Doc("Nodes as ip:port; IPv6 in brackets.") List<String> fixed,

        @Doc("Path in front of every request to a fixed address, e.g. /v1.") @Default("/v1")
        String basePath) {
    public Address {
        fixed = List.copyOf(fixed);
    }
}
