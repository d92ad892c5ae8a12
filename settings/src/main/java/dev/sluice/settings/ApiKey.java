package dev.sluice.settings;

import dev.sluice.settings.binding.Default;
import dev.sluice.settings.binding.Doc;
import dev.sluice.settings.binding.Reference;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

@Doc("A credential that the gateway issues to a consumer.")
public record ApiKey(
        String name,
        @Default("") String description,
        @Reference("consumers") String consumer,

        @Doc(
                "The secret, or env:NAME, file:PATH, vault:PATH#FIELD. Left out: generated and shown once. Only its hash is kept.")
        @Nullable
        Secret secret,

        @Default("true") boolean enabled,
        @Nullable Instant expiresAt,

        @Doc("Addresses or ranges (10.0.0.0/8) that calls may come from; empty = any.")
        List<String> allowedIps,

        @Doc("The only models this key may call, names or patterns; empty = all that the consumer may.")
        List<String> allowedModels,

        @Doc("The only Model APIs this key may call; empty = all that the consumer may.") @Reference("modelApis")
        List<String> allowedModelApis,

        @Default("{}") Limits limits,
        @Default("{}") Quota quota,
        @Doc("Filled in by the gateway.") @Nullable Credential credential,
        @Default("default") String resourceGroup)
        implements Resource {
    public ApiKey {
        allowedIps = List.copyOf(allowedIps);
        allowedModels = List.copyOf(allowedModels);
        allowedModelApis = List.copyOf(allowedModelApis);
    }
}
