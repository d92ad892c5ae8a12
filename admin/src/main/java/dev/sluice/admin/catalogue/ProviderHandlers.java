package dev.sluice.admin.catalogue;

import dev.sluice.admin.api.Handler;
import dev.sluice.admin.api.JsonWriter;
import dev.sluice.admin.api.Listing;
import dev.sluice.settings.Capabilities;
import dev.sluice.settings.Capabilities.Support;
import dev.sluice.settings.Operation;
import dev.sluice.settings.Service.ServiceProtocol;
import dev.sluice.settings.binding.Binder;
import dev.sluice.settings.catalogue.Catalogue;
import dev.sluice.settings.catalogue.Offer;
import dev.sluice.settings.catalogue.Provider;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The providers that services can name, with what each offers and how calls of each operation come about. */
public final class ProviderHandlers {
    private final Catalogue catalogue;
    private final Listing<Provider> listing = new Listing<>(
            Set.of("id", "displayName", "kind"),
            provider -> provider.displayName() + " (" + provider.id() + ")",
            ProviderHandlers::item);

    public ProviderHandlers(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    /** By operationId. */
    public Map<String, Handler> handlers() {
        return Map.of("listProviders", call -> listing.page(call, catalogue.providers()));
    }

    private static Map<String, @Nullable Object> item(Provider provider) {
        List<Map<String, @Nullable Object>> protocols = new ArrayList<>();
        if (provider.openai() != null) protocols.add(protocol(ServiceProtocol.OPENAI, false, provider.openai()));
        if (provider.own() != null) protocols.add(protocol(ServiceProtocol.NATIVE, false, provider.own()));
        if (provider.variant() != null) protocols.add(protocol(ServiceProtocol.NATIVE, true, provider.variant()));
        Map<String, @Nullable Object> item = JsonWriter.object(
                "id", provider.id(), "displayName", provider.displayName(), "kind", kebab(provider.kind()));
        if (provider.keysUrl() != null) item.put("keysUrl", provider.keysUrl());
        item.put("protocols", protocols);
        item.put("models", provider.models());
        return item;
    }

    private static Map<String, @Nullable Object> protocol(ServiceProtocol protocol, boolean variant, Offer offer) {
        Map<String, @Nullable Object> item = JsonWriter.object("protocol", kebab(protocol), "variant", variant);
        if (offer.url() != null) item.put("address", offer.url());
        item.put("regions", new TreeMap<>(offer.regions()));
        item.put("operations", operations(offer));
        return item;
    }

    /** What a client can call, by how it is had; what cannot be had is left out. */
    private static Map<String, @Nullable Object> operations(Offer offer) {
        Map<String, @Nullable Object> all = JsonWriter.object();
        for (Support support : Support.values()) {
            if (!support.isPossible()) continue;
            List<String> had = Arrays.stream(Operation.values())
                    .filter(o -> o != Operation.OPAQUE && o != Operation.MODELS)
                    .filter(o -> Capabilities.of(offer, o) == support)
                    .map(ProviderHandlers::kebab)
                    .toList();
            all.put(kebab(support), had);
        }
        return all;
    }

    private static String kebab(Enum<?> value) {
        return Binder.kebab(value.name());
    }
}
