package dev.sluice.settings.catalogue;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the table of prices, whose beginning says what its cells are. A start costs what is read of it, so that is one provider at a time, by hand.
 */
final class TariffReader {
    private static final int MOST_CELLS = 8;
    private static final String TIER = "above ";

    private TariffReader() {}

    /**
     * What a table says of a provider; null if it says nothing.
     *
     * @throws IllegalArgumentException for a line that is none
     */
    static @Nullable Tariff read(String table, String provider) {
        int at = begin(table, provider.concat(" |"));
        if (at < 0) return null;
        List<String> head = List.of();
        List<Tariff.Row> rows = new ArrayList<>();
        while (at < table.length()) {
            int end = table.indexOf('\n', at);
            if (end < 0) end = table.length();
            String line = table.substring(at, end);
            String text = line.strip();
            if (!head.isEmpty() && !text.isEmpty() && !line.startsWith(" ")) break;
            at = end + 1;
            if (text.isEmpty() || text.startsWith("#")) continue;
            try {
                if (head.isEmpty()) head = split(text, '|');
                else if (text.startsWith(TIER)) rows.add(tier(split(text, '|'), rows.getLast()));
                else rows.add(row(split(text, '|'), head.get(2)));
            } catch (NumberFormatException | DateTimeException | IndexOutOfBoundsException | NoSuchElementException e) {
                throw new IllegalArgumentException("prices of " + provider + ": " + text, e);
            }
        }
        if (head.size() != 6) throw new IllegalArgumentException("prices of " + provider + ": " + head);
        BigDecimal batches = number(head.get(3));
        return new Tariff(
                provider,
                head.get(1),
                batches == null ? BigDecimal.ONE : batches,
                split(head.get(4), ','),
                head.get(5),
                rows);
    }

    private static int begin(String table, String head) {
        if (table.startsWith(head)) return 0;
        int before = table.indexOf("\n".concat(head));
        return before < 0 ? -1 : before + 1;
    }

    private static Tariff.Row row(List<String> cells, String usual) {
        String from = cell(cells, 6);
        return row(split(cells.getFirst(), ','), 0, cells, day(from.isEmpty() ? usual : from));
    }

    /** @param base of the models that it is a tier of */
    private static Tariff.Row tier(List<String> cells, Tariff.Row base) {
        long above = Long.parseLong(cells.getFirst().substring(TIER.length()));
        return row(base.models(), above, cells, base.from());
    }

    private static Tariff.Row row(List<String> models, long above, List<String> cells, LocalDate from) {
        if (cells.size() > MOST_CELLS) throw new IndexOutOfBoundsException(cells.size());
        BigDecimal input = number(cell(cells, 1));
        BigDecimal output = number(cell(cells, 4));
        return new Tariff.Row(
                models,
                above,
                input == null ? BigDecimal.ZERO : input,
                number(cell(cells, 2)),
                number(cell(cells, 3)),
                output == null ? BigDecimal.ZERO : output,
                number(cell(cells, 5)),
                from,
                cell(cells, 7));
    }

    /** ISO; without the formatter, which takes a start longer than the table does. */
    private static LocalDate day(String text) {
        return LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10));
    }

    private static int number(String text, int from, int to) {
        return Integer.parseInt(text.substring(from, to));
    }

    private static String cell(List<String> cells, int index) {
        return index < cells.size() ? cells.get(index) : "";
    }

    private static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        if (text.isEmpty()) return parts;
        int from = 0;
        for (int to = text.indexOf(separator); to >= 0; to = text.indexOf(separator, from)) {
            parts.add(text.substring(from, to).strip());
            from = to + 1;
        }
        parts.add(text.substring(from).strip());
        return parts;
    }

    private static @Nullable BigDecimal number(String text) {
        return text.isEmpty() ? null : new BigDecimal(text);
    }
}
