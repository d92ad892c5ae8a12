package dev.sluice.traffic.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuotaPeriodTest {
    @ParameterizedTest
    @CsvSource({
        "DAY, 2026-11-20T23:59:59.999Z, 2026-11-20T00:00:00Z, 2026-11-21T00:00:00Z",
        "DAY, 2026-11-20T00:00:00Z, 2026-11-20T00:00:00Z, 2026-11-21T00:00:00Z",
        "WEEK, 2026-11-20T12:00:00Z, 2026-11-16T00:00:00Z, 2026-11-23T00:00:00Z",
        "WEEK, 2026-11-22T23:59:59Z, 2026-11-16T00:00:00Z, 2026-11-23T00:00:00Z",
        "WEEK, 2026-11-23T00:00:00Z, 2026-11-23T00:00:00Z, 2026-11-30T00:00:00Z",
        "MONTH, 2026-11-20T12:00:00Z, 2026-11-01T00:00:00Z, 2026-12-01T00:00:00Z",
        "MONTH, 2024-02-29T12:00:00Z, 2024-02-01T00:00:00Z, 2024-03-01T00:00:00Z",
        "MONTH, 2026-12-31T23:59:59Z, 2026-12-01T00:00:00Z, 2027-01-01T00:00:00Z",
    })
    void knowsItsBounds(QuotaPeriod period, Instant at, Instant start, Instant end) {
        assertThat(Instant.ofEpochMilli(period.startOf(at.toEpochMilli()))).isEqualTo(start);
        assertThat(Instant.ofEpochMilli(period.endOf(at.toEpochMilli()))).isEqualTo(end);
    }

    @Property
    void agreesWithTheCalendar(@ForAll @LongRange(min = -10_000_000_000_000L, max = 10_000_000_000_000L) long millis) {
        LocalDate date = Instant.ofEpochMilli(millis).atZone(ZoneOffset.UTC).toLocalDate();
        LocalDate monday = date.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
        assertThat(QuotaPeriod.DAY.startOf(millis)).isEqualTo(millis(date));
        assertThat(QuotaPeriod.WEEK.startOf(millis)).isEqualTo(millis(monday));
        assertThat(QuotaPeriod.WEEK.endOf(millis)).isEqualTo(millis(monday.plusWeeks(1)));
        assertThat(QuotaPeriod.MONTH.startOf(millis)).isEqualTo(millis(date.withDayOfMonth(1)));
    }

    private static long millis(LocalDate date) {
        return date.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
    }
}
