package dev.sluice.traffic.usage;

import dev.sluice.protocol.Units;
import dev.sluice.protocol.Usage;
import dev.sluice.settings.Price;
import dev.sluice.settings.snapshot.BoundService;
import dev.sluice.traffic.glob.Glob;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What tokens and other units cost. */
public final class PriceList {
    private static final String ANY_PROVIDER = "*";
    private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

    private PriceList() {}

    /**
     * Cost of a usage.
     *
     * @param micros millionths of the currency, rounded half up
     */
    public record Cost(long micros, String currency) {
        public static final Cost UNKNOWN = new Cost(0, "");
    }

    /**
     * The cost of a call by what is declared; where no declared price holds for the model, by what the provider is known to
     * ask.
     */
    public static Cost cost(
            List<Price> declared, BoundService service, String model, Usage usage, Units units, long atMillis) {
        return cost(declared, service, model, usage, units, atMillis, false);
    }

    /** As {@link #cost(List, BoundService, String, Usage, Units, long)}, for what a batch consumed. */
    public static Cost costOfBatch(
            List<Price> declared, BoundService service, String model, Usage usage, Units units, long atMillis) {
        return cost(declared, service, model, usage, units, atMillis, true);
    }

    private static Cost cost(
            List<Price> declared,
            BoundService service,
            String model,
            Usage usage,
            Units units,
            long atMillis,
            boolean batch) {
        String provider = service.provider().id();
        Price price = best(declared, provider, model, atMillis);
        if (price == null) price = best(service.prices(), provider, model, atMillis);
        if (price == null) return Cost.UNKNOWN;
        BigDecimal factor = batch ? price.batchFactor() : BigDecimal.ONE;
        return new Cost(micros(price, usage, units, factor), price.currency());
    }

    /**
     * The most specific price that holds at that time; null when none does. A price for the provider is more specific than one
     * for all, then a model's name than a pattern, then a pattern with more letters; of prices for the same the newest holds.
     */
    private static @Nullable Price best(List<Price> prices, String provider, String model, long atMillis) {
        Price best = null;
        long bestRank = 0;
        for (int i = 0; i < prices.size(); i++) {
            Price price = prices.get(i);
            if (!isFor(price, provider, model) || !holds(price, atMillis)) continue;
            long rank = rank(price);
            if (best == null || rank > bestRank || (rank == bestRank && isNewer(price, best))) {
                best = price;
                bestRank = rank;
            }
        }
        return best;
    }

    private static boolean isFor(Price price, String provider, String model) {
        return (price.provider().equals(provider) || price.provider().equals(ANY_PROVIDER))
                && Glob.matches(price.model(), model);
    }

    private static boolean holds(Price price, long atMillis) {
        return price.validFrom() == null || price.validFrom().toEpochMilli() <= atMillis;
    }

    private static long rank(Price price) {
        long provider = price.provider().equals(ANY_PROVIDER) ? 0 : 1L << 40;
        long model = Glob.isExact(price.model()) ? 1L << 32 : Glob.literals(price.model());
        return provider + model;
    }

    private static boolean isNewer(Price price, Price than) {
        return validFrom(price) > validFrom(than);
    }

    private static long validFrom(Price price) {
        return price.validFrom() == null ? Long.MIN_VALUE : price.validFrom().toEpochMilli();
    }

    /** A price per million tokens in units of the currency is the price per token in millionths of it. */
    private static long micros(Price price, Usage usage, Units units, BigDecimal factor) {
        long input = Math.max(0, usage.inputTokens());
        long cached = Math.clamp(usage.cachedInputTokens(), 0, input);
        long written = Math.clamp(usage.cacheWrittenTokens(), 0, input - cached);
        BigDecimal sum = times(price.inputPerMillion(), input - cached - written)
                .add(times(orInput(price.cachedInputPerMillion(), price), cached))
                .add(times(orInput(price.cacheWrittenInputPerMillion(), price), written))
                .add(times(price.outputPerMillion(), Math.max(0, usage.outputTokens())))
                .add(times(price.perMillionCharacters(), units.characters()))
                .add(times(price.perImage(), units.images()).movePointRight(6))
                .add(times(price.perSecond(), units.audioMillis() + units.videoMillis())
                        .movePointRight(3));
        return sum.multiply(factor).setScale(0, RoundingMode.HALF_UP).min(MOST).longValueExact();
    }

    private static BigDecimal orInput(@Nullable BigDecimal own, Price price) {
        return own == null ? price.inputPerMillion() : own;
    }

    private static BigDecimal times(@Nullable BigDecimal price, long number) {
        return price == null || number == 0 ? BigDecimal.ZERO : price.multiply(BigDecimal.valueOf(number));
    }
}
