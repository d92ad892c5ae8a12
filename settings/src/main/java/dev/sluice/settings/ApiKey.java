package dev.sluice.settings;

import dev.sluice.settings.binding.Checked;
import dev.sluice.settings.binding.Default;
import dev.sluice.settings.binding.Doc;
import dev.sluice.settings.binding.Kept;
import dev.sluice.settings.binding.Messages;
import dev.sluice.settings.binding.Reference;
import dev.sluice.settings.binding.Reporter;
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
        @Doc("Filled in by the gateway.") @Kept @Nullable Credential credential,
        @Default("default") String resourceGroup)
        implements Resource, Checked {
    public ApiKey {
        allowedIps = List.copyOf(allowedIps);
        allowedModels = List.copyOf(allowedModels);
        allowedModelApis = List.copyOf(allowedModelApis);
    }

    /** The same key with what is kept of its secret instead of the secret. */
    public ApiKey with(Credential kept) {
        return new ApiKey(
                name,
                description,
                consumer,
                null,
                enabled,
                expiresAt,
                allowedIps,
                allowedModels,
                allowedModelApis,
                limits,
                quota,
                kept,
                resourceGroup);
    }

    @Override
    public void check(Reporter reporter) {
        Name.OTHER.check("name", name, reporter);
        for (int i = 0; i < allowedIps.size(); i++) {
            String wrong = NetworkAddress.rangeProblem(allowedIps.get(i));
            if (wrong != null)
                reporter.problem(
                        "allowedIps[" + i + "]",
                        Messages.quote(allowedIps.get(i)) + " " + wrong
                                + " (expected: an address or range such as 10.0.0.0/8)");
        }
        Pattern.checkAll("allowedModels", allowedModels, reporter);
        Name.checkDistinct("allowedModelApis", allowedModelApis, reporter);
        Name.OTHER.check("resourceGroup", resourceGroup, reporter);
    }
}
