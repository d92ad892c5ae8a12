package dev.sluice.admin.api;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** Reads instants as callers write them: ISO 8601 with an offset, or a date for its first instant in UTC. */
public final class Moments {
    private Moments() {}

    /** @throws DateTimeException if it is neither */
    public static Instant parse(String text) {
        return text.length() == 10
                ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                // A plus sign that was not escaped in a query arrives as a space.
                : OffsetDateTime.parse(text.replace(' ', '+')).toInstant();
    }
}
