package dev.sluice.settings.snapshot;

import dev.sluice.settings.Price;
import dev.sluice.settings.glob.Glob;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Prices, found by the name of a model however many there are. */
public final class Prices {
    private static final String ANY = "*";
    /** The last one decides between prices that hold from the same day on: that of the highest tier. */
    private static final Comparator<Price> MOST_SPECIFIC_FIRST = Comparator.comparing(Prices::isForAll)
            .thenComparing(price -> !Glob.isExact(price.model()))
            .thenComparingInt(price -> -Glob.literals(price.model()))
            .thenComparing(Prices::validFrom, Comparator.reverseOrder())
            .thenComparing(Comparator.comparingLong(Price::aboveInputTokens).reversed());

    public static final Prices NONE = of(List.of());

    private final List<Price> all;
    private final Map<String, List<Price>> named = new HashMap<>();
    private final List<Price> patterns = new ArrayList<>();

    private Prices(List<Price> all) {
        this.all = all;
        for (Price price : all) {
            if (Glob.isExact(price.model()))
                named.computeIfAbsent(price.model(), _ -> new ArrayList<>()).add(price);
            else patterns.add(price);
        }
    }

    /** @param prices of those that say the same of the same, the first holds */
    public static Prices of(List<Price> prices) {
        return new Prices(prices.stream().sorted(MOST_SPECIFIC_FIRST).toList());
    }

    /**
     * The most specific price that holds; null when none does. A price for the provider is more specific than one for all,
     * then a model's name than a pattern, then a pattern with more letters; of prices for the same the newest holds, and of its
     * tiers the highest that the input is above.
     */
    public @Nullable Price find(String provider, String model, long inputTokens, long atMillis) {
        Price own = first(named.getOrDefault(model, List.of()), provider, model, inputTokens, atMillis);
        if (own != null && !isForAll(own)) return own;
        Price common = first(patterns, provider, model, inputTokens, atMillis);
        return own == null || common != null && !isForAll(common) ? common : own;
    }

    private static @Nullable Price first(
            List<Price> prices, String provider, String model, long inputTokens, long atMillis) {
        for (int i = 0; i < prices.size(); i++) {
            Price price = prices.get(i);
            if ((isForAll(price) || price.provider().equals(provider))
                    && isAbove(inputTokens, price.aboveInputTokens())
                    && holds(price, atMillis)
                    && Glob.matches(price.model(), model)) return price;
        }
        return null;
    }

    private static boolean isAbove(long inputTokens, long tier) {
        return tier == 0 || inputTokens > tier;
    }

    private static boolean holds(Price price, long atMillis) {
        return price.validFrom() == null || price.validFrom().toEpochMilli() <= atMillis;
    }

    private static boolean isForAll(Price price) {
        return price.provider().equals(ANY);
    }

    private static Instant validFrom(Price price) {
        return price.validFrom() == null ? Instant.MIN : price.validFrom();
    }

    /** All of them, the most specific first. */
    public List<Price> all() {
        return all;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Prices prices && prices.all.equals(all);
    }

    @Override
    public int hashCode() {
        return all.hashCode();
    }

    @Override
    public String toString() {
        return all.toString();
    }
}
