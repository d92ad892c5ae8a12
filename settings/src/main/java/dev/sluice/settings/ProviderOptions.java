package dev.sluice.settings;

import dev.sluice.settings.binding.Binder;
import dev.sluice.settings.binding.Default;
import dev.sluice.settings.binding.Doc;
import dev.sluice.settings.binding.Messages;
import dev.sluice.settings.binding.Reporter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

@Doc("What only some providers know.")
public record ProviderOptions(
        @Doc("bedrock, vertex-ai, dashscope: the region of the default address.") @Nullable
        String region,

        @Doc("bedrock: the runtime, or Mantle, which speaks Anthropic's protocol.") @Nullable
        EndpointMode endpointMode,

        @Doc("bedrock: api-key or access-key; vertex-ai: service-account or express.") @Nullable
        KeyKind authentication,

        @Doc("azure-openai: a dated API version, e.g. 2024-10-21; left out = the v1 API.") @Nullable
        String apiVersion,

        @Doc("azure-openai with apiVersion: the deployment; left out = the model's name.") @Nullable
        String deployment,

        @Doc("vertex-ai: the project; left out = the one in the service account.") @Nullable
        String projectId,

        @Doc("bailian-app: the application.") @Nullable String appId,

        @Doc("dify: what the application is.") @Nullable ApplicationType applicationType,

        @Doc(
                "dify with applicationType workflow: the output that is the answer, which then comes at once; left out = its first text, as it grows.")
        @Nullable
        String outputVariable,

        @Doc("anthropic: the key is an OAuth token.") @Default("false")
        boolean oauthToken) {
    public static final ProviderOptions NONE =
            new ProviderOptions(null, null, null, null, null, null, null, null, null, false);

    private static final Set<String> VERTEX = Set.of("vertex-ai");
    private static final Set<String> KEYS_DIFFER = Set.of("bedrock", "vertex-ai");

    /** Problems of options that the provider does not know, or whose values it does not know. */
    void check(String provider, Reporter reporter) {
        Map<String, Set<String>> given = new LinkedHashMap<>();
        if (region != null) given.put("region", Set.of("bedrock", "vertex-ai", "dashscope"));
        if (endpointMode != null) given.put("endpointMode", Set.of("bedrock"));
        if (authentication != null) given.put("authentication", KEYS_DIFFER);
        if (apiVersion != null) given.put("apiVersion", Set.of("azure-openai"));
        if (deployment != null) given.put("deployment", Set.of("azure-openai"));
        if (projectId != null) given.put("projectId", VERTEX);
        if (appId != null) given.put("appId", Set.of("bailian-app"));
        if (applicationType != null) given.put("applicationType", Set.of("dify"));
        if (outputVariable != null) given.put("outputVariable", Set.of("dify"));
        if (oauthToken) given.put("oauthToken", Set.of("anthropic"));
        given.forEach((option, of) -> {
            if (!of.contains(provider))
                reporter.problem(
                        "options." + option,
                        "belongs to " + String.join(", ", new TreeSet<>(of)) + " (provider: " + Messages.quote(provider)
                                + ")");
        });
        if (authentication != null && KEYS_DIFFER.contains(provider)) {
            boolean ofVertex = switch (authentication) {
                case SERVICE_ACCOUNT, EXPRESS -> true;
                case API_KEY, ACCESS_KEY -> false;
            };
            if (ofVertex != VERTEX.contains(provider))
                reporter.problem(
                        "options.authentication",
                        Messages.quote(Binder.kebab(authentication.name())) + " (expected: "
                                + (ofVertex ? "api-key or access-key" : "service-account or express") + ")");
        }
        if (region != null && !region.matches("[a-z0-9-]{1,40}"))
            reporter.problem("options.region", Messages.quote(region) + " (expected: a region such as us-east-1)");
        if (apiVersion != null && !apiVersion.matches("[A-Za-z0-9.-]{1,40}"))
            reporter.problem(
                    "options.apiVersion", Messages.quote(apiVersion) + " (expected: a version such as 2024-10-21)");
        if (outputVariable != null && provider.equals("dify") && applicationType != ApplicationType.WORKFLOW)
            reporter.problem("options.outputVariable", "belongs to applicationType workflow");
        if (provider.equals("bailian-app") && appId == null)
            reporter.problem("options.appId", "required by provider \"bailian-app\" (expected: the application's id)");
    }

    public enum EndpointMode {
        RUNTIME,
        MANTLE
    }

    public enum KeyKind {
        API_KEY,
        ACCESS_KEY,
        SERVICE_ACCOUNT,
        EXPRESS
    }

    public enum ApplicationType {
        AGENT,
        CHAT,
        COMPLETION,
        WORKFLOW
    }
}
