package dev.sluice.app;

import dev.sluice.settings.ApiKey;
import dev.sluice.settings.Quota;
import dev.sluice.settings.Settings;
import dev.sluice.settings.SettingsDiff;
import dev.sluice.settings.Stored;
import dev.sluice.store.sql.StoreException;
import dev.sluice.traffic.limits.Limiter;
import dev.sluice.traffic.limits.QuotaPeriod;
import dev.sluice.traffic.usage.UsageReports;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Tells the limiter what API keys have used already: once per key and period, when it comes under a quota. */
final class QuotaSeeds {
    private static final System.Logger LOG = System.getLogger(QuotaSeeds.class.getName());

    private final Limiter limiter;
    private final UsageReports reports;
    private final InstantSource clock;
    private final InstantSource steady;
    private final Set<Seeded> seeded = new HashSet<>();
    private Settings seen = Settings.EMPTY;
    private boolean owed;

    private record Seeded(String keyId, QuotaPeriod period) {}

    /**
     * @param clock which calendar periods are of
     * @param steady which the limiter counts in
     */
    QuotaSeeds(Limiter limiter, UsageReports reports, InstantSource clock, InstantSource steady) {
        this.limiter = limiter;
        this.reports = reports;
        this.clock = clock;
        this.steady = steady;
    }

    /**
     * Seeds what these settings limit and has not been seeded yet. While the store is away quotas count from zero, and what was
     * used before is owed. Not for two threads at a time.
     */
    void seed(Settings settings) {
        try {
            seedNew(settings);
            owed = false;
        } catch (StoreException e) {
            if (!e.isOutage()) throw e;
            if (!owed) LOG.log(Level.WARNING, "quotas count from zero until the store is back: " + e.getMessage());
            owed = true;
        }
    }

    /** Whether a store that was away has kept something from being seeded. */
    boolean isOwed() {
        return owed;
    }

    private void seedNew(Settings settings) {
        SettingsDiff news = SettingsDiff.between(seen, settings);
        Map<QuotaPeriod, Map<String, Long>> used = new EnumMap<>(QuotaPeriod.class);
        for (Stored<?> stored : news.added()) {
            if (stored.spec() instanceof ApiKey key) seed(stored.id(), key.quota(), used);
        }
        for (SettingsDiff.Changed change : news.changed()) {
            if (change.after().spec() instanceof ApiKey key) seed(change.after().id(), key.quota(), used);
        }
        for (Stored<?> stored : news.removed()) {
            if (stored.spec() instanceof ApiKey) seed(stored.id(), Quota.NONE, used);
        }
        seen = settings;
    }

    private void seed(String keyId, Quota quota, Map<QuotaPeriod, Map<String, Long>> used) {
        for (QuotaPeriod period : QuotaPeriod.values()) {
            Seeded one = new Seeded(keyId, period);
            if (!isLimited(quota, period)) {
                // While a key has no quota its calls are not counted: when it gets one again, the store must tell.
                seeded.remove(one);
            } else if (!seeded.contains(one)) {
                long tokens = used.computeIfAbsent(
                                period,
                                p -> reports.tokensByApiKeySince(Instant.ofEpochMilli(p.startOf(clock.millis()))))
                        .getOrDefault(keyId, 0L);
                limiter.seed(keyId, period, tokens, steady.millis());
                seeded.add(one);
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
