package dev.sluice.settings.catalogue;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a vendor asks for its models, as far as it is known.
 *
 * @param provider its id in the catalogue
 * @param batchFactor what batches pay of it
 * @param hosts where it holds; empty = wherever the service is
 * @param source where the prices were read
 */
public record Tariff(
        String provider, String currency, BigDecimal batchFactor, List<String> hosts, String source, List<Row> rows) {
    public Tariff {
        hosts = List.copyOf(hosts);
        rows = List.copyOf(rows);
    }

    /**
     * The price of some models per million tokens.
     *
     * @param models names or patterns with {@code *}
     * @param aboveInputTokens 0, or it is a tier: holds for calls with more input
     * @param cachedInput null = as input
     * @param cacheWrittenInput null = as input
     * @param perSecond of sound that is listened to
     * @param from the day from which on it is known to hold
     * @param note what the vendor charges beyond it
     */
    public record Row(
            List<String> models,
            long aboveInputTokens,
            BigDecimal input,
            @Nullable BigDecimal cachedInput,
            @Nullable BigDecimal cacheWrittenInput,
            BigDecimal output,
            @Nullable BigDecimal perSecond,
            LocalDate from,
            String note) {
        public Row {
            models = List.copyOf(models);
        }
    }

    public boolean holdsAt(String host) {
        return hosts.isEmpty() || hosts.contains(host);
    }
}
