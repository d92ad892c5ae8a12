package dev.sluice.traffic.usage;

import dev.sluice.protocol.Units;
import dev.sluice.protocol.Usage;
import dev.sluice.settings.Price;
import dev.sluice.settings.snapshot.BoundService;
import dev.sluice.settings.snapshot.Prices;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** What tokens and other units cost. */
public final class PriceList {
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
            Prices declared, BoundService service, String model, Usage usage, Units units, long atMillis) {
        return cost(declared, service, model, usage, units, atMillis, false);
    }

    /** As {@link #cost(Prices, BoundService, String, Usage, Units, long)}, for what a batch consumed. */
    public static Cost costOfBatch(
            Prices declared, BoundService service, String model, Usage usage, Units units, long atMillis) {
        return cost(declared, service, model, usage, units, atMillis, true);
    }

    private static Cost cost(
            Prices declared,
            BoundService service,
            String model,
            Usage usage,
            Units units,
            long atMillis,
            boolean batch) {
        String provider = service.provider().id();
        // What a batch consumed in all does not tell how long its calls were.
        long input = batch ? 0 : usage.inputTokens();
        Price price = declared.find(provider, model, input, atMillis);
        if (price == null) price = service.prices().find(provider, model, input, atMillis);
        if (price == null) return Cost.UNKNOWN;
        BigDecimal factor = batch ? price.batchFactor() : BigDecimal.ONE;
        return new Cost(micros(price, usage, units, factor), price.currency());
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
