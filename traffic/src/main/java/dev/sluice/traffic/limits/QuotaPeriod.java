package dev.sluice.traffic.limits;

import dev.sluice.settings.Quota;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** The calendar periods (UTC) that a quota can be given for. */
public enum QuotaPeriod {
    DAY("tokens per day", "tokensPerDay") {
        @Override
        public long startOf(long millis) {
            return Math.floorDiv(millis, DAY_MILLIS) * DAY_MILLIS;
        }

        @Override
        public long endOf(long millis) {
            return startOf(millis) + DAY_MILLIS;
        }

        @Override
        @Nullable
        Long limit(Quota quota) {
            return quota.tokensPerDay();
        }
    },
    /** From Monday. */
    WEEK("tokens per week", "tokensPerWeek") {
        @Override
        public long startOf(long millis) {
            // Day 0 of the epoch was a Thursday.
            long day = Math.floorDiv(millis, DAY_MILLIS);
            return (Math.floorDiv(day + 3, 7L) * 7 - 3) * DAY_MILLIS;
        }

        @Override
        public long endOf(long millis) {
            return startOf(millis) + 7 * DAY_MILLIS;
        }

        @Override
        @Nullable
        Long limit(Quota quota) {
            return quota.tokensPerWeek();
        }
    },
    MONTH("tokens per month", "tokensPerMonth") {
        @Override
        public long startOf(long millis) {
            return millisOf(firstOfMonth(millis));
        }

        @Override
        public long endOf(long millis) {
            return millisOf(firstOfMonth(millis).plusMonths(1));
        }

        @Override
        @Nullable
        Long limit(Quota quota) {
            return quota.tokensPerMonth();
        }
    },
    /** From ever to ever. */
    TOTAL("tokens in total", "tokensTotal") {
        @Override
        public long startOf(long millis) {
            return 0;
        }

        @Override
        public long endOf(long millis) {
            return Long.MAX_VALUE;
        }

        @Override
        @Nullable
        Long limit(Quota quota) {
            return quota.tokensTotal();
        }
    };

    private static final long DAY_MILLIS = 86_400_000L;

    private final String words;
    private final String setting;

    QuotaPeriod(String words, String setting) {
        this.words = words;
        this.setting = setting;
    }

    /** Epoch time at which the period that holds an instant begins. */
    public abstract long startOf(long millis);

    /** Epoch time at which the next period begins, {@link Long#MAX_VALUE} if none does. */
    public abstract long endOf(long millis);

    abstract @Nullable Long limit(Quota quota);

    /** How messages name it, e.g. {@code tokens per day (tokensPerDay)}. */
    String label() {
        return words + " (" + setting + ")";
    }

    private static LocalDate firstOfMonth(long millis) {
        return LocalDate.ofEpochDay(Math.floorDiv(millis, DAY_MILLIS)).withDayOfMonth(1);
    }

    private static long millisOf(LocalDate date) {
        return date.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
    }
}
