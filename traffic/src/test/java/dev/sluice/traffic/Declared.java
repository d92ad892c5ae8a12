package dev.sluice.traffic;

import dev.sluice.settings.Address;
import dev.sluice.settings.ApiKey;
import dev.sluice.settings.Consumer;
import dev.sluice.settings.ConsumerGroup;
import dev.sluice.settings.Credential;
import dev.sluice.settings.Distribution;
import dev.sluice.settings.Fallback;
import dev.sluice.settings.FallbackCondition;
import dev.sluice.settings.Health;
import dev.sluice.settings.Limits;
import dev.sluice.settings.ModelApi;
import dev.sluice.settings.ModelApiGrant;
import dev.sluice.settings.ModelPolicy;
import dev.sluice.settings.Price;
import dev.sluice.settings.Protocol;
import dev.sluice.settings.ProviderOptions;
import dev.sluice.settings.Quota;
import dev.sluice.settings.Service;
import dev.sluice.settings.Timeouts;
import dev.sluice.settings.Tls;
import dev.sluice.settings.UseCase;
import dev.sluice.settings.catalogue.Offer;
import dev.sluice.settings.catalogue.Provider;
import dev.sluice.settings.catalogue.WireForm;
import dev.sluice.settings.snapshot.BoundKey;
import dev.sluice.settings.snapshot.BoundModelApi;
import dev.sluice.settings.snapshot.BoundService;
import dev.sluice.settings.snapshot.Caller;
import dev.sluice.settings.snapshot.Node;
import dev.sluice.settings.snapshot.Prices;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Declarations for tests: a shop that calls the Model API "chat". */
public final class Declared {
    /** A Friday noon. */
    public static final long NOW = Instant.parse("2026-11-20T12:00:00Z").toEpochMilli();

    public static final String SECRET = "sk-shop-0123456789abcdef";
    public static final Set<FallbackCondition> DEFAULT_CONDITIONS = Set.of(
            FallbackCondition.CONNECT_ERROR,
            FallbackCondition.TIMEOUT,
            FallbackCondition.FIRST_PACKET_TIMEOUT,
            FallbackCondition.RATE_LIMITED,
            FallbackCondition.SERVER_ERROR,
            FallbackCondition.PROVIDER_AUTH);

    /** The defaults. */
    public static final Health HEALTH = new Health(
            new Health.Passive(5, 30_000, 50),
            null,
            new Health.Breaker(50, 20, 30_000, 10_000, 3),
            new Health.RetryBudget(20, 3));

    private static final ModelPolicy.RemoteMedia NO_MEDIA =
            new ModelPolicy.RemoteMedia(ModelPolicy.RemoteMediaMode.REFUSE, 1, 1, 1, 1, false);

    private Declared() {}

    public static ModelPolicy passthrough(String... allowed) {
        return new ModelPolicy(
                ModelPolicy.Mode.PASSTHROUGH,
                null,
                List.of(allowed),
                ModelPolicy.OnUnknownModel.NOT_FOUND,
                List.of(),
                Map.of(),
                Map.of(),
                NO_MEDIA);
    }

    public static ModelPolicy passthroughOrDefault(String defaultModel, String... allowed) {
        return new ModelPolicy(
                ModelPolicy.Mode.PASSTHROUGH,
                defaultModel,
                List.of(allowed),
                ModelPolicy.OnUnknownModel.DEFAULT_MODEL,
                List.of(),
                Map.of(),
                Map.of(),
                NO_MEDIA);
    }

    public static ModelPolicy specified(String defaultModel, String... fallbackModels) {
        return new ModelPolicy(
                ModelPolicy.Mode.SPECIFIED,
                defaultModel,
                List.of(),
                ModelPolicy.OnUnknownModel.NOT_FOUND,
                List.of(fallbackModels),
                Map.of(),
                Map.of(),
                NO_MEDIA);
    }

    /** The policy with a mapping of alternating names from and to. */
    public static ModelPolicy mapping(ModelPolicy policy, String... fromTo) {
        Map<String, String> mapping = new LinkedHashMap<>();
        for (int i = 0; i < fromTo.length; i += 2) mapping.put(fromTo[i], fromTo[i + 1]);
        return new ModelPolicy(
                policy.mode(),
                policy.defaultModel(),
                policy.allowedModels(),
                policy.onUnknownModel(),
                policy.fallbackModels(),
                mapping,
                policy.modelFamilies(),
                policy.remoteMedia());
    }

    public static BoundService service(String name, ModelPolicy policy) {
        return service(name, policy, Service.KeyPolicy.ROUND_ROBIN, Service.BalancePolicy.LEAST_LOADED, List.of(), 1);
    }

    public static BoundService service(
            String name,
            ModelPolicy policy,
            Service.KeyPolicy keyPolicy,
            Service.BalancePolicy balance,
            List<BoundKey> keys,
            int nodes) {
        return service(name, policy, keyPolicy, balance, keys, nodes, HEALTH);
    }

    public static BoundService service(
            String name,
            ModelPolicy policy,
            Service.KeyPolicy keyPolicy,
            Service.BalancePolicy balance,
            List<BoundKey> keys,
            int nodes,
            Health health) {
        Service spec = new Service(
                name,
                "",
                Service.ServiceKind.AI,
                "openai-compatible",
                Service.ServiceProtocol.OPENAI,
                new Address(null, List.of(), List.of(), "/v1"),
                keys.stream().map(BoundKey::name).toList(),
                keyPolicy,
                policy,
                ProviderOptions.NONE,
                new Timeouts(1000, 1000, 1000, 1000, 1000),
                Tls.OFF,
                new Service.Balance(balance, null),
                health,
                true,
                "default");
        List<Node> hosts = new java.util.ArrayList<>();
        for (int i = 0; i < nodes; i++) hosts.add(new Node("10.0.0." + i, 8000, false, "/v1"));
        return new BoundService(
                "svc_" + name,
                "default",
                spec,
                provider("openai-compatible"),
                hosts,
                keys,
                Prices.NONE,
                !keys.isEmpty());
    }

    /** A service of a provider that is known to ask some prices. */
    public static BoundService service(String provider, List<Price> prices) {
        BoundService plain = service(provider, passthrough());
        return new BoundService(
                plain.id(),
                plain.tenant(),
                plain.spec(),
                provider(provider),
                plain.nodes(),
                plain.keys(),
                Prices.of(prices),
                plain.needsKey());
    }

    private static Provider provider(String id) {
        return new Provider(
                id,
                id,
                Provider.ProviderKind.MODEL,
                Offer.of(null, WireForm.OPENAI_CHAT, WireForm.OPENAI_COMPLETIONS),
                null,
                null,
                Provider.UsageInStream.OPT_IN,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                null,
                Provider.ErrorDialect.WORDS,
                Provider.RateLimitHeaders.NONE,
                List.of("catalogue-large", "catalogue-small"));
    }

    public static Fallback fallback(Distribution.Target... steps) {
        return new Fallback(DEFAULT_CONDITIONS, List.of(), List.of(steps));
    }

    public static Distribution.Target to(String service) {
        return new Distribution.Target(service, null);
    }

    public static Distribution.Target to(String service, String model) {
        return new Distribution.Target(service, model);
    }

    public static Distribution single(String service) {
        return new Distribution.Single(List.of(to(service)));
    }

    public static BoundModelApi api(Distribution distribution, Fallback fallback, BoundService... services) {
        return api(
                new ModelApi.Authentication(ModelApi.Authentication.Mode.API_KEY, null, null),
                distribution,
                fallback,
                services);
    }

    public static BoundModelApi api(
            ModelApi.Authentication authentication,
            Distribution distribution,
            Fallback fallback,
            BoundService... services) {
        ModelApi spec = new ModelApi(
                "chat",
                "",
                UseCase.TEXT_GENERATION,
                Protocol.OPENAI,
                List.of("*"),
                "/",
                true,
                List.of(),
                authentication,
                new ModelApi.Monitoring(true, true, false, false, false),
                distribution,
                fallback,
                0,
                0,
                600_000,
                0,
                0,
                ModelApi.Listing.EVERYONE,
                true,
                "default");
        Map<String, BoundService> byName = new LinkedHashMap<>();
        for (BoundService service : services) byName.put(service.name(), service);
        return new BoundModelApi("api_chat", "default", spec, byName);
    }

    public static ModelApiGrant grant(String api) {
        return new ModelApiGrant(api, null);
    }

    public static ModelApiGrant grantUntil(String api, String instant) {
        return new ModelApiGrant(api, Instant.parse(instant));
    }

    public static Consumer consumer(ModelApiGrant... grants) {
        return new Consumer("shop", "", true, List.of(), List.of(grants), "default");
    }

    public static ConsumerGroup group(String name, List<ModelApiGrant> grants, String... allowedModels) {
        return new ConsumerGroup(name, "", true, grants, List.of(allowedModels), "default");
    }

    public static ApiKey key(Limits limits, Quota quota) {
        return new ApiKey(
                "shop-key",
                "",
                "shop",
                null,
                true,
                null,
                List.of(),
                List.of(),
                List.of(),
                limits,
                quota,
                Credential.of(SECRET),
                "default");
    }

    public static ApiKey keyFor(List<String> allowedModels, List<String> allowedModelApis) {
        return new ApiKey(
                "shop-key",
                "",
                "shop",
                null,
                true,
                null,
                List.of(),
                allowedModels,
                allowedModelApis,
                Limits.NONE,
                Quota.NONE,
                Credential.of(SECRET),
                "default");
    }

    public static Caller caller(ApiKey key, Consumer consumer, ConsumerGroup... groups) {
        return new Caller("key_shop", "default", key, "con_shop", consumer, List.of(groups));
    }

    /** A caller who may call "chat" with any model. */
    public static Caller caller(Limits limits, Quota quota) {
        return caller(key(limits, quota), consumer(grant("chat")));
    }
}
