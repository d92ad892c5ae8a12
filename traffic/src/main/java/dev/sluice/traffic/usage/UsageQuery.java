package dev.sluice.traffic.usage;

import java.time.Instant;
import java.util.List;

/**
 * A question to the roll-ups.
 *
 * @param from inclusive, rounded down to a minute
 * @param to exclusive, rounded up to a minute
 * @param groupBy in the order asked; empty = one total
 * @param filters only records with these values
 */
public record UsageQuery(Instant from, Instant to, List<Dimension> groupBy, java.util.Map<Dimension, String> filters) {
    public UsageQuery {
        groupBy = List.copyOf(groupBy);
        filters = java.util.Map.copyOf(filters);
    }

    /** What usage can be grouped by. */
    public enum Dimension {
        TENANT("tenant"),
        USER("user"),
        API_KEY("apiKey"),
        CONSUMER("consumer"),
        ENDPOINT("endpoint"),
        MODEL_API("modelApi"),
        SERVICE("service"),
        PROVIDER("provider"),
        MODEL("model"),
        CURRENCY("currency"),
        DAY("day"),
        HOUR("hour");

        private final String key;

        Dimension(String key) {
            this.key = key;
        }

        /** As the admin API names it. */
        public String key() {
            return key;
        }
    }
}
