package dev.sluice.protocol.error;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Durations as vendors write them: {@code 21s}, {@code 0.5s}, {@code 120ms}, {@code 6m0s}, {@code 1h2m3.5s}. */
public final class Durations {
    private static final long LONGEST_MILLIS = 7 * 86_400_000L;
    private static final int MAX_LENGTH = 32;

    private Durations() {}

    /** Milliseconds, at most a week; -1 if the text is no such duration. */
    public static long millis(@Nullable String text) {
        if (text == null || text.isEmpty() || text.length() > MAX_LENGTH) return -1;
        BigDecimal total = BigDecimal.ZERO;
        int p = 0;
        while (p < text.length()) {
            int unit = p;
            while (unit < text.length() && isNumeric(text.charAt(unit))) unit++;
            int end = unit;
            while (end < text.length() && !isNumeric(text.charAt(end))) end++;
            long scale = scale(text.substring(unit, end));
            if (unit == p || scale < 0) return -1;
            try {
                total = total.add(new BigDecimal(text.substring(p, unit)).multiply(BigDecimal.valueOf(scale)));
            } catch (NumberFormatException _) {
                return -1;
            }
            p = end;
        }
        return total.min(BigDecimal.valueOf(LONGEST_MILLIS)).longValue();
    }

    private static boolean isNumeric(char c) {
        return c >= '0' && c <= '9' || c == '.';
    }

    private static long scale(String unit) {
        return switch (unit) {
            case "ms" -> 1;
            case "s" -> 1_000;
            case "m" -> 60_000;
            case "h" -> 3_600_000;
            case "d" -> 86_400_000;
            default -> -1;
        };
    }
}
