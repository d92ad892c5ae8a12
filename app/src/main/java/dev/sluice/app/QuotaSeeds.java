package dev.sluice.app;

import dev.sluice.settings.ApiKey;
import dev.sluice.settings.Quota;
import dev.sluice.settings.Settings;
import dev.sluice.settings.Stored;
import dev.sluice.traffic.limits.Limiter;
import dev.sluice.traffic.limits.QuotaPeriod;
import dev.sluice.traffic.usage.UsageReports;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Tells the limiter what API keys with quotas have used already, once per key and period. */
final class QuotaSeeds {
    private final Limiter limiter;
    private final UsageReports reports;
    private final InstantSource clock;
    private final Set<Seeded> seeded = new HashSet<>();

    private record Seeded(String keyId, QuotaPeriod period) {}

    QuotaSeeds(Limiter limiter, UsageReports reports, InstantSource clock) {
        this.limiter = limiter;
        this.reports = reports;
        this.clock = clock;
    }

    /** Seeds what these settings limit and has not been seeded yet. Not for two threads at a time. */
    void seed(Settings settings) {
        long now = clock.millis();
        Map<QuotaPeriod, Map<String, Long>> used = new EnumMap<>(QuotaPeriod.class);
        for (Stored<ApiKey> key : settings.all(ApiKey.class)) {
            for (QuotaPeriod period : QuotaPeriod.values()) {
                if (!isLimited(key.spec().quota(), period) || !seeded.add(new Seeded(key.id(), period))) continue;
                long tokens = used.computeIfAbsent(
                                period, p -> reports.tokensByApiKeySince(Instant.ofEpochMilli(p.startOf(now))))
                        .getOrDefault(key.id(), 0L);
                limiter.seed(key.id(), period, tokens, now);
            }
        }
    }

    private static boolean isLimited(Quota quota, QuotaPeriod period) {
        return switch (period) {
            case DAY -> quota.tokensPerDay() != null;
            case WEEK -> quota.tokensPerWeek() != null;
            case MONTH -> quota.tokensPerMonth() != null;
            case TOTAL -> quota.tokensTotal() != null;
        };
    }
}
