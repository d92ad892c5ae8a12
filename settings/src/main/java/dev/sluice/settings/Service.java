package dev.sluice.settings;

import dev.sluice.settings.ProviderOptions.EndpointMode;
import dev.sluice.settings.ProviderOptions.KeyKind;
import dev.sluice.settings.binding.Checked;
import dev.sluice.settings.binding.Default;
import dev.sluice.settings.binding.Doc;
import dev.sluice.settings.binding.Messages;
import dev.sluice.settings.binding.Reference;
import dev.sluice.settings.binding.Reporter;
import dev.sluice.settings.catalogue.Offer;
import dev.sluice.settings.catalogue.Provider;
import java.util.List;
import org.jspecify.annotations.Nullable;

@Doc("A backend that calls are sent to.")
public record Service(
        String name,
        @Default("") String description,

        @Doc(
                "Left out: what the provider is. agent without a provider: custom-agent. http: any backend, for Model APIs of use case others.")
        @Nullable
        ServiceKind kind,

        @Doc("Id of the provider in the catalogue.") @Default(Service.USUAL_PROVIDER)
        String provider,

        @Doc("The protocol spoken with the provider: OpenAI's, or its own.") @Default("openai")
        ServiceProtocol protocol,

        @Doc("Left out: the provider's default address.") @Nullable
        Address address,

        @Doc("Provider keys of the same provider; none = calls carry no credential.") @Reference("providerKeys")
        List<String> keys,

        @Default("round-robin") KeyPolicy keyPolicy,
        @Default("{}") ModelPolicy modelPolicy,
        @Default("{}") ProviderOptions options,
        @Default("{}") Timeouts timeouts,
        @Default("{}") Tls tls,
        @Default("{}") Balance balance,
        @Default("{}") Health health,
        @Default("true") boolean enabled,
        @Default("default") String resourceGroup)
        implements Resource, Checked {
    /** The provider of a service that names none. */
    private static final String USUAL_PROVIDER = "openai-compatible";

    public Service {
        keys = List.copyOf(keys);
        if (provider.equals(USUAL_PROVIDER) && kind == ServiceKind.AGENT) provider = "custom-agent";
        if (provider.equals(USUAL_PROVIDER) && kind == ServiceKind.HTTP) provider = "http";
        // There is but one way to speak with a backend of which nothing is known.
        if (provider.equals("http")) protocol = ServiceProtocol.NATIVE;
    }

    @Override
    public void check(Reporter reporter) {
        Name.SERVICE.check("name", name, reporter);
        Name.checkDistinct("keys", keys, reporter);
        Name.OTHER.check("resourceGroup", resourceGroup, reporter);
    }

    /** The same service with one provider key alone. */
    public Service withKey(String key) {
        return new Service(
                name,
                description,
                kind,
                provider,
                protocol,
                address,
                List.of(key),
                KeyPolicy.ROUND_ROBIN,
                modelPolicy,
                options,
                timeouts,
                tls,
                balance,
                health,
                enabled,
                resourceGroup);
    }

    /** What a provider offers in the protocol of this service; null if nothing. */
    public @Nullable Offer offerOf(Provider by) {
        return switch (protocol) {
            case OPENAI -> by.openai();
            case NATIVE -> usesVariant() ? by.variant() : by.own();
        };
    }

    /** Whether the options ask for the provider's other service. */
    private boolean usesVariant() {
        return options.endpointMode() == EndpointMode.MANTLE || options.authentication() == KeyKind.EXPRESS;
    }

    /** What a service is to those who call it. */
    public enum ServiceKind {
        /** It serves models. */
        AI,
        /** It is called like a model, and keeps its conversations itself. */
        AGENT,
        /** Any backend: calls are forwarded as they are. */
        HTTP
    }

    public enum ServiceProtocol {
        OPENAI,
        /** The provider's own protocol. */
        NATIVE
    }

    public enum KeyPolicy {
        ROUND_ROBIN,
        WEIGHTED,
        LEAST_USED,
        FAILOVER
    }

    @Doc("Which node of a service takes a call.")
    public record Balance(
            @Default("least-loaded") BalancePolicy policy,

            @Doc("consistent-hash: calls with the same consumer, prompt-prefix or header:NAME go to the same node.")
            @Nullable
            String hashBy)
            implements Checked {
        public static final String BY_CONSUMER = "consumer";
        public static final String BY_PROMPT_PREFIX = "prompt-prefix";
        /** Before the name of the header. */
        public static final String BY_HEADER = "header:";

        @Override
        public void check(Reporter reporter) {
            String expected = " (expected: consumer, prompt-prefix or header:NAME)";
            if (policy != BalancePolicy.CONSISTENT_HASH) {
                if (hashBy != null)
                    reporter.problem("hashBy", "has no effect without policy: consistent-hash (expected: none)");
            } else if (hashBy == null) {
                reporter.problem("hashBy", "required by policy: consistent-hash" + expected);
            } else if (!hashBy.equals(BY_CONSUMER) && !hashBy.equals(BY_PROMPT_PREFIX) && !isHeader(hashBy)) {
                reporter.problem("hashBy", Messages.quote(hashBy) + " is nothing to hash by" + expected);
            }
        }

        private static boolean isHeader(String by) {
            return by.startsWith(BY_HEADER) && HttpToken.isValid(by.substring(BY_HEADER.length()));
        }
    }

    public enum BalancePolicy {
        LEAST_LOADED,
        ROUND_ROBIN,
        CONSISTENT_HASH
    }
}
