package dev.sluice.settings;

import dev.sluice.settings.binding.Checked;
import dev.sluice.settings.binding.Default;
import dev.sluice.settings.binding.Doc;
import dev.sluice.settings.binding.Reference;
import dev.sluice.settings.binding.Reporter;
import java.util.List;
import org.jspecify.annotations.Nullable;

@Doc("A backend that calls are sent to.")
public record Service(
        String name,
        @Default("") String description,
        @Default("ai") ServiceKind kind,

        @Doc("Id of the provider in the catalogue.") @Default("openai-compatible")
        String provider,

        @Doc("The wire format spoken with the provider.") @Default("openai")
        ServiceProtocol protocol,

        @Doc("Left out: the provider's default address.") @Nullable
        Address address,

        @Doc("Provider keys of the same provider; none = calls carry no credential.") @Reference("providerKeys")
        List<String> keys,

        @Default("round-robin") KeyPolicy keyPolicy,
        @Default("{}") ModelPolicy modelPolicy,
        @Default("{}") Timeouts timeouts,
        @Default("{}") Balance balance,
        @Default("true") boolean enabled,
        @Default("default") String resourceGroup)
        implements Resource, Checked {
    public Service {
        keys = List.copyOf(keys);
    }

    @Override
    public void check(Reporter reporter) {
        Name.SERVICE.check("name", name, reporter);
        Name.checkDistinct("keys", keys, reporter);
        Name.OTHER.check("resourceGroup", resourceGroup, reporter);
    }

    public enum ServiceKind {
        AI
    }

    public enum ServiceProtocol {
        OPENAI
    }

    public enum KeyPolicy {
        ROUND_ROBIN,
        WEIGHTED,
        LEAST_USED,
        FAILOVER
    }

    @Doc("Which node of a service takes a call.")
    public record Balance(@Default("least-loaded") BalancePolicy policy) {}

    public enum BalancePolicy {
        LEAST_LOADED,
        ROUND_ROBIN
    }
}
