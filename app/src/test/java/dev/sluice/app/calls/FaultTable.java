package dev.sluice.app.calls;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A table of what calls come to. Lines that differ in the last columns of their key only, and in nothing that was seen, are told as
 * one.
 */
final class FaultTable {
    private final List<String> titles;
    private final int keys;
    private final int merged;
    private final Map<List<String>, List<String>> lines = new LinkedHashMap<>();

    /**
     * @param merged how many of the last key columns are merged
     * @param keys titles of what a line is about
     */
    FaultTable(int merged, String... keys) {
        this.merged = merged;
        this.titles = new ArrayList<>(List.of(keys));
        this.keys = keys.length;
        titles.addAll(List.of("status", "client gets", "failure", "billed"));
    }

    /** With further columns of what was seen. */
    FaultTable and(String... more) {
        titles.addAll(List.of(more));
        return this;
    }

    void add(List<String> key, List<String> seen) {
        if (lines.put(key, seen) != null) throw new AssertionError("twice in the table: " + key);
    }

    String markdown() {
        Map<List<String>, List<String>> rest = lines;
        for (int column = keys - 1; column >= keys - merged; column--) rest = merge(rest, column);
        List<List<String>> rows = new ArrayList<>();
        rest.forEach((key, seen) -> {
            List<String> row = new ArrayList<>(key);
            row.addAll(seen);
            rows.add(row);
        });
        StringBuilder text = new StringBuilder();
        line(text, titles);
        line(text, titles.stream().map(_ -> "---").toList());
        rows.forEach(row -> line(text, row));
        return text.toString();
    }

    /** Groups of lines that are the same but for one column of the key become one line each, if all of its values are there. */
    private static Map<List<String>, List<String>> merge(Map<List<String>, List<String>> from, int column) {
        Map<List<String>, Map<String, List<String>>> groups = new LinkedHashMap<>();
        from.forEach((key, seen) -> groups.computeIfAbsent(without(key, column), _ -> new LinkedHashMap<>())
                .put(key.get(column), seen));
        Map<List<String>, List<String>> to = new LinkedHashMap<>();
        groups.forEach((rest, values) -> {
            boolean same =
                    values.size() > 1 && values.values().stream().distinct().count() == 1;
            if (same) {
                to.put(with(rest, column, "both"), values.values().iterator().next());
            } else {
                values.forEach((value, seen) -> to.put(with(rest, column, value), seen));
            }
        });
        return to;
    }

    private static List<String> without(List<String> key, int column) {
        List<String> rest = new ArrayList<>(key);
        rest.remove(column);
        return rest;
    }

    private static List<String> with(List<String> rest, int column, String value) {
        List<String> key = new ArrayList<>(rest);
        key.add(column, value);
        return key;
    }

    private static void line(StringBuilder text, List<String> cells) {
        text.append(cells.stream().map(c -> c.replace("|", "\\|")).collect(Collectors.joining(" | ", "| ", " |\n")));
    }
}
