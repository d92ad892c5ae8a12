package dev.sluice.settings.snapshot;

import dev.sluice.settings.Price;
import dev.sluice.settings.catalogue.Catalogue;
import dev.sluice.settings.catalogue.Tariff;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What providers are known to ask, as prices; one list for all services of a provider. */
final class KnownPrices {
    private final Catalogue catalogue;
    private final Map<String, Prices> byProvider = new HashMap<>();

    KnownPrices(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    /** What a provider asks for calls to these nodes; empty where that is not known. */
    Prices of(String provider, List<Node> nodes) {
        return catalogue
                .tariff(provider)
                .filter(tariff -> nodes.stream().allMatch(node -> tariff.holdsAt(node.host())))
                .map(tariff -> byProvider.computeIfAbsent(provider, _ -> prices(tariff)))
                .orElse(Prices.NONE);
    }

    private static Prices prices(Tariff tariff) {
        return Prices.of(tariff.rows().stream()
                .flatMap(row -> row.models().stream().map(model -> price(tariff, row, model)))
                .toList());
    }

    private static Price price(Tariff tariff, Tariff.Row row, String model) {
        return new Price(
                tariff.provider(),
                model,
                row.aboveInputTokens(),
                row.input(),
                row.cachedInput(),
                row.cacheWrittenInput(),
                row.output(),
                null,
                row.perSecond(),
                null,
                tariff.batchFactor(),
                tariff.currency(),
                row.from().atStartOfDay(ZoneOffset.UTC).toInstant());
    }
}
