package dev.sluice.bench.cli;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Options of the form {@code --name value}, and flags of the form {@code --name}. */
public final class Arguments {
    private final Map<String, String> values;

    private Arguments(Map<String, String> values) {
        this.values = values;
    }

    /**
     * @param options names that take a value, without dashes
     * @param flags names that take none
     * @throws IllegalArgumentException naming the word that does not fit and what was expected
     */
    public static Arguments parse(List<String> words, Set<String> options, Set<String> flags) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            String name = word.startsWith("--") ? word.substring(2) : "";
            if (flags.contains(name)) {
                values.put(name, "");
            } else if (options.contains(name)) {
                if (++i == words.size()) throw new IllegalArgumentException(word + " needs a value");
                values.put(name, words.get(i));
            } else {
                Set<String> known = new TreeSet<>(options);
                known.addAll(flags);
                throw new IllegalArgumentException(
                        "unknown: " + word + " (expected: --" + String.join(", --", known) + ")");
            }
        }
        return new Arguments(values);
    }

    public boolean has(String name) {
        return values.containsKey(name);
    }

    public Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name));
    }

    public int number(String name, int otherwise) {
        return text(name).map(value -> (int) parsed(name, value)).orElse(otherwise);
    }

    public double decimal(String name, double otherwise) {
        return text(name).map(value -> parsed(name, value)).orElse(otherwise);
    }

    private static double parsed(String name, String value) {
        try {
            return Double.parseDouble(value);
        } catch (NumberFormatException _) {
            throw new IllegalArgumentException("--" + name + ": " + value + " (expected: a number)");
        }
    }
}
