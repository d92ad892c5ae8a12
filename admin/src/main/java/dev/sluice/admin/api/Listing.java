package dev.sluice.admin.api;

import dev.sluice.settings.binding.Messages;
import dev.sluice.settings.binding.Tree;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Filters, sorts and pages a list in the one way that all lists of the admin API have. Rows are rendered only where a
 * filter or an order looks into them, and for the page that is shown.
 *
 * @param fields that can be filtered and sorted by
 * @param name what {@code q} searches, and the order when none is asked for
 * @param render a row as it is shown
 */
public record Listing<T>(
        Set<String> fields, Function<T, String> name, Function<T, Map<String, @Nullable Object>> render) {
    public Listing {
        fields = Set.copyOf(fields);
    }

    /** @throws Refusal 400 when asked to sort by a field that cannot be sorted by */
    public Answer page(Call call, Collection<T> rows) {
        List<Order> orders = orders(call);
        List<Row<T>> found = new ArrayList<>();
        String part = call.parameter("q").orElse("").toLowerCase(java.util.Locale.ROOT);
        Map<String, List<String>> filters = new java.util.LinkedHashMap<>(call.query());
        filters.keySet().retainAll(fields);
        for (T row : rows) {
            if (!part.isEmpty()
                    && !name.apply(row).toLowerCase(java.util.Locale.ROOT).contains(part)) continue;
            Row<T> rendered = new Row<>(row, filters.isEmpty() && orders.isEmpty() ? null : render.apply(row));
            if (filters.entrySet().stream().allMatch(f -> matches(rendered, f.getKey(), f.getValue())))
                found.add(rendered);
        }
        Comparator<Row<T>> byName = Comparator.comparing(r -> name.apply(r.row));
        Comparator<Row<T>> order = orders.isEmpty() ? byName : null;
        for (Order o : orders) {
            Comparator<Row<T>> next = (a, b) -> o.sign * compare(scalar(field(a, o.field)), scalar(field(b, o.field)));
            order = order == null ? next : order.thenComparing(next);
        }
        found.sort(order == null ? byName : order.thenComparing(byName));
        List<Map<String, @Nullable Object>> items = found.stream()
                .skip(call.number("offset", 0))
                .limit(call.number("limit", 50))
                .map(r -> r.shown == null ? render.apply(r.row) : r.shown)
                .toList();
        return Answer.json(200, JsonWriter.object("items", items, "total", found.size()));
    }

    private record Row<T>(T row, @Nullable Map<String, @Nullable Object> shown) {}

    private record Order(String field, int sign) {}

    private List<Order> orders(Call call) {
        List<Order> orders = new ArrayList<>();
        for (String term : call.list("sort")) {
            boolean down = term.startsWith("-");
            String field = down ? term.substring(1) : term;
            if (!fields.contains(field))
                throw Refusal.invalid(
                        "sort",
                        "cannot sort by " + Messages.quote(field) + " (expected: "
                                + String.join(", ", fields.stream().sorted().toList()) + ")");
            orders.add(new Order(field, down ? -1 : 1));
        }
        return orders;
    }

    private static <T> @Nullable Object field(Row<T> row, String field) {
        return row.shown == null ? null : row.shown.get(field);
    }

    private static <T> boolean matches(Row<T> row, String field, List<String> wanted) {
        Object value = field(row, field);
        if (value instanceof Tree.Listing list)
            return list.items().stream().anyMatch(item -> wanted.contains(String.valueOf(scalar(item))));
        return wanted.contains(String.valueOf(scalar(value)));
    }

    /** A number as such, anything else as its text; what is absent as an empty text. */
    private static Object scalar(@Nullable Object value) {
        return switch (value) {
            case null -> "";
            case Tree.Scalar s ->
                switch (s.type()) {
                    case NUMBER -> new BigDecimal(s.text());
                    case NULL -> "";
                    case TEXT, FLAG -> s.text();
                };
            case Number n -> new BigDecimal(n.toString());
            default -> value.toString();
        };
    }

    private static int compare(Object a, Object b) {
        if (a instanceof BigDecimal x && b instanceof BigDecimal y) return x.compareTo(y);
        if (a instanceof BigDecimal) return 1;
        if (b instanceof BigDecimal) return -1;
        int folded = a.toString().compareToIgnoreCase(b.toString());
        return folded != 0 ? folded : a.toString().compareTo(b.toString());
    }
}
