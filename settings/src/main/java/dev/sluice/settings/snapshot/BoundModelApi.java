package dev.sluice.settings.snapshot;

import dev.sluice.settings.ModelApi;
import java.util.Map;

/**
 * A Model API with the services that its distribution and fallback name.
 *
 * @param services by name; a disabled service is absent
 */
public record BoundModelApi(String id, String tenant, ModelApi spec, Map<String, BoundService> services) {
    public BoundModelApi {
        services = Map.copyOf(services);
    }

    public String name() {
        return spec.name();
    }
}
