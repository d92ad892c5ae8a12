package dev.sluice.admin.resources;

import dev.sluice.settings.binding.Doc;
import org.jspecify.annotations.Nullable;

@Doc("What a connection test asks for.")
record ConnectionTestRequest(
        @Doc("Model to ask for; left out = the service's default, or the first of its provider.") @Nullable
        String model,

        @Doc("Name of the provider key of the service to try; left out = any of them.") @Nullable
        String key) {}
