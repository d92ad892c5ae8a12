package dev.sluice.settings;

import dev.sluice.settings.Service.KeyPolicy;
import dev.sluice.settings.Service.ServiceKind;
import dev.sluice.settings.Service.ServiceProtocol;
import dev.sluice.settings.binding.Binder;
import dev.sluice.settings.binding.Messages;
import dev.sluice.settings.binding.Ref;
import dev.sluice.settings.binding.Reporter;
import dev.sluice.settings.binding.Tree;
import dev.sluice.settings.catalogue.Catalogue;
import dev.sluice.settings.catalogue.Offer;
import dev.sluice.settings.catalogue.Provider;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The rules that reach over more than one resource. Looks at one state of the settings; indexes are made when they are first
 * needed. Confined to one thread.
 */
final class Rules {
    private static final int FEW = 3;

    private final Settings settings;
    private final Catalogue catalogue;
    private final Map<String, Stored<?>> byAddress = new HashMap<>();
    private final Map<KeyHash, Stored<?>> byHash = new HashMap<>();
    private int hashesAsked;
    private final Map<Ref, String> missing = new HashMap<>();

    /** Resources that are declared but could not be read. */
    private final Set<Settings.Target> unread;

    private final Set<Kind> unsure;

    /** Settings in order: what is as it was there is not looked at again where that would mean a look at all the others. */
    private final Settings checked;

    Rules(Settings settings, Catalogue catalogue) {
        this(settings, catalogue, Set.of(), Set.of(), Settings.EMPTY);
    }

    /** @param checked the settings that an edit began with */
    Rules(Settings settings, Catalogue catalogue, Settings checked) {
        this(settings, catalogue, Set.of(), Set.of(), checked);
    }

    /** @param declaration part of the settings as far as it could be read; the rest of it may be referred to */
    Rules(Settings settings, Catalogue catalogue, Declaration declaration) {
        this(
                settings,
                catalogue,
                declaration.unread().stream()
                        .map(u -> new Settings.Target(u.kind(), u.tenant(), u.name()))
                        .collect(Collectors.toSet()),
                declaration.unsure(),
                Settings.EMPTY);
    }

    private Rules(
            Settings settings, Catalogue catalogue, Set<Settings.Target> unread, Set<Kind> unsure, Settings checked) {
        this.checked = checked;
        this.settings = settings;
        this.catalogue = catalogue;
        this.unread = unread;
        this.unsure = unsure;
    }

    /** What is wrong with a resource by itself. */
    void checkAlone(Stored<?> stored, Reporter reporter) {
        Binder.check(stored.spec(), reporter);
        Name.OTHER.check("tenant", stored.tenant(), reporter);
    }

    /** What is wrong with a resource among the others. */
    void checkAmongOthers(Stored<?> stored, Reporter reporter) {
        if (Binder.mayRefer(stored.spec().getClass())) {
            checkReferences(stored.tenant(), Binder.references(stored.spec()), reporter);
        }
        switch (stored.spec()) {
            case ProviderKey key -> checkProvider(key.provider(), reporter);
            case Service service -> checkService(stored.tenant(), service, reporter);
            case ModelApi api -> {
                checkAddress(stored, api, reporter);
                checkBackends(stored.tenant(), api, reporter);
            }
            case ApiKey key -> checkHash(stored, key, reporter);
            case Price price -> {
                if (!price.provider().equals("*")) checkProvider(price.provider(), reporter);
            }
            case Consumer _, ConsumerGroup _ -> {}
        }
    }

    /** What a resource that could not be read refers to in vain. */
    void checkUnread(Declaration.Unread resource, Reporter reporter) {
        checkReferences(resource.tenant(), Binder.references(resource.kind().type(), resource.tree()), reporter);
        boolean provided = switch (resource.kind()) {
            case PROVIDER_KEY, SERVICE, PRICE -> true;
            case MODEL_API, CONSUMER_GROUP, CONSUMER, API_KEY -> false;
        };
        if (provided
                && resource.tree() instanceof Tree.Mapping mapping
                && mapping.get("provider") instanceof Tree.Scalar provider
                && !provider.text().equals("*")) {
            checkProvider(provider.text(), reporter);
        }
    }

    private void checkReferences(String tenant, List<Ref> references, Reporter reporter) {
        for (Ref ref : references) {
            Kind kind = Kind.ofList(ref.list()).orElseThrow();
            if (settings.find(kind, tenant, ref.name()).isPresent()) continue;
            if (unsure.contains(kind) || unread.contains(new Settings.Target(kind, tenant, ref.name()))) continue;
            // One wrong name may stand in many places; the search for a near one is made once.
            String message = missing.computeIfAbsent(
                    new Ref(tenant, ref.list(), ref.name()),
                    r -> "no " + kind.label() + " " + Messages.quote(r.name())
                            + Messages.suggestion(r.name(), names(kind, r.path())));
            reporter.problem(ref.path(), message);
        }
    }

    private List<String> names(Kind kind, String tenant) {
        return settings.byKey(kind).keySet().stream()
                .filter(k -> k.tenant().equals(tenant))
                .map(Settings.Key::name)
                .limit(1000)
                .toList();
    }

    private Optional<Provider> checkProvider(String id, Reporter reporter) {
        Optional<Provider> provider = catalogue.find(id);
        if (provider.isEmpty()) {
            List<String> ids = catalogue.providers().stream().map(Provider::id).toList();
            String suggestion = Messages.suggestion(id, ids);
            reporter.problem(
                    "provider",
                    "no provider " + Messages.quote(id) + " in the catalogue"
                            + (suggestion.isEmpty()
                                    ? " (expected one of: " + String.join(", ", ids) + ")"
                                    : suggestion));
        }
        return provider;
    }

    private void checkService(String tenant, Service service, Reporter reporter) {
        Optional<Provider> provider = checkProvider(service.provider(), reporter);
        provider.ifPresent(p -> checkKind(service, p, reporter));
        service.options().check(service.provider(), reporter);
        Offer offer = provider.map(service::offerOf).orElse(null);
        if (provider.isPresent() && offer == null)
            reporter.problem(
                    "protocol",
                    Messages.quote(Binder.kebab(service.protocol().name())) + " is not spoken by provider "
                            + Messages.quote(service.provider()) + " (expected: "
                            + (service.protocol() == ServiceProtocol.NATIVE ? "openai" : "native") + ")");
        if (offer != null && offer.url() == null && service.address() == null)
            reporter.problem(
                    "address",
                    "required: provider " + Messages.quote(service.provider())
                            + " has no default address (expected: url, dns or fixed)");
        boolean weightless =
                service.keyPolicy() == KeyPolicy.WEIGHTED && !service.keys().isEmpty();
        for (int i = 0; i < service.keys().size(); i++) {
            Optional<Stored<ProviderKey>> found =
                    settings.find(ProviderKey.class, tenant, service.keys().get(i));
            if (found.isEmpty()) return;
            ProviderKey key = found.get().spec();
            if (key.weight() > 0) weightless = false;
            if (!key.provider().equals(service.provider()))
                reporter.problem(
                        "keys[" + i + "]",
                        "provider key " + Messages.quote(key.name()) + " is of provider "
                                + Messages.quote(key.provider()) + " (expected: "
                                + Messages.quote(service.provider()) + ")");
        }
        if (weightless)
            reporter.problem("keys", "all weights are 0 with keyPolicy: weighted (expected: at least one above 0)");
    }

    private void checkKind(Service service, Provider provider, Reporter reporter) {
        ServiceKind kind = service.kind();
        if (kind == null || kind == kindOf(provider)) return;
        List<String> fitting = catalogue.providers().stream()
                .filter(p -> kindOf(p) == kind)
                .map(Provider::id)
                .toList();
        reporter.problem(
                "kind",
                Messages.quote(Binder.kebab(kind.name())) + " does not go with provider "
                        + Messages.quote(provider.id()) + " (expected: "
                        + Binder.kebab(kindOf(provider).name())
                        + (kind == ServiceKind.AI ? "" : ", or one of the providers " + String.join(", ", fitting))
                        + ")");
    }

    private static ServiceKind kindOf(Provider provider) {
        return switch (provider.kind()) {
            case MODEL -> ServiceKind.AI;
            case AGENT -> ServiceKind.AGENT;
            case HTTP -> ServiceKind.HTTP;
        };
    }

    /** Nobody can read what is called at a backend of which nothing is known. */
    private void checkBackends(String tenant, ModelApi api, Reporter reporter) {
        if (api.useCase() == UseCase.OTHERS) return;
        for (Ref ref : Binder.references(api)) {
            if (Kind.ofList(ref.list()).orElseThrow() != Kind.SERVICE) continue;
            boolean http = settings.find(Service.class, tenant, ref.name())
                    .flatMap(stored -> catalogue.find(stored.spec().provider()))
                    .filter(provider -> kindOf(provider) == ServiceKind.HTTP)
                    .isPresent();
            if (http)
                reporter.problem(
                        ref.path(),
                        "service " + Messages.quote(ref.name())
                                + " is an HTTP service (expected: a service of models or "
                                + "agents, or useCase: others and protocol: any)");
        }
    }

    private void checkAddress(Stored<?> stored, ModelApi api, Reporter reporter) {
        boolean isKnown = before(stored) instanceof ModelApi known
                && known.domains().equals(api.domains())
                && known.basePath().equals(api.basePath());
        if (isKnown) return;
        if (byAddress.isEmpty()) {
            for (Stored<?> other : settings.byKey(Kind.MODEL_API).values()) {
                ModelApi spec = (ModelApi) other.spec();
                for (String domain : spec.domains()) byAddress.putIfAbsent(domain + spec.basePath(), other);
            }
        }
        for (int i = 0; i < api.domains().size(); i++) {
            String domain = api.domains().get(i);
            Stored<?> other = byAddress.get(domain + api.basePath());
            if (other == null || other.id().equals(stored.id())) continue;
            // Another tenant's names are none of this one's business.
            String who = other.tenant().equals(stored.tenant())
                    ? "Model API " + Messages.quote(other.spec().name())
                    : "a Model API of another tenant";
            reporter.problem(
                    "basePath",
                    Messages.quote(api.basePath()) + " on domain " + Messages.quote(domain) + " is taken by " + who
                            + " (expected: a domain and base path that no other Model API has)");
        }
    }

    private void checkHash(Stored<?> stored, ApiKey key, Reporter reporter) {
        if (key.credential() == null) return;
        boolean isKnown = before(stored) instanceof ApiKey known
                && known.credential() != null
                && known.credential().hash().equals(key.credential().hash());
        if (isKnown) return;
        Stored<?> other = ofHash(key.credential().hash());
        if (other == null || other.id().equals(stored.id())) return;
        String who = other.tenant().equals(stored.tenant())
                ? "API key " + Messages.quote(other.spec().name())
                : "another API key";
        reporter.problem("secret", "is also the secret of " + who + " (expected: a secret of its own)");
    }

    /** The resource as it was when all was in order. */
    private @Nullable Resource before(Stored<?> stored) {
        Stored<?> known = checked.byKey(Kind.of(stored.spec())).get(Settings.Key.of(stored));
        return known == null ? null : known.spec();
    }

    /** The first API key with this hash. */
    private @Nullable Stored<?> ofHash(KeyHash hash) {
        // An index of all keys costs much more than the few looks that most edits need.
        if (++hashesAsked <= FEW) {
            for (Stored<?> other : settings.byKey(Kind.API_KEY).values()) {
                Credential credential = ((ApiKey) other.spec()).credential();
                if (credential != null && credential.hash().equals(hash)) return other;
            }
            return null;
        }
        if (byHash.isEmpty()) {
            for (Stored<?> other : settings.byKey(Kind.API_KEY).values()) {
                Credential credential = ((ApiKey) other.spec()).credential();
                if (credential != null) byHash.putIfAbsent(credential.hash(), other);
            }
        }
        return byHash.get(hash);
    }
}
