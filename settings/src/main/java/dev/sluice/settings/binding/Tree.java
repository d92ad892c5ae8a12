package dev.sluice.settings.binding;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A document as it was written, each part with its place. What YAML and JSON have in common. */
public sealed interface Tree {
    Location at();

    /** What kind of thing this is, for messages. */
    String describe();

    /** What a scalar is without knowing what it is for. */
    enum Type {
        TEXT,
        /** Written as JSON writes numbers. */
        NUMBER,
        FLAG,
        NULL
    }

    /** @param text as written, without quotation marks and escapes */
    record Scalar(Location at, Type type, String text) implements Tree {
        /** A scalar that is what it looks like, but never null: a number, a flag, or else text. */
        public static Scalar plain(Location at, String text) {
            Type type = Scalars.type(text);
            return new Scalar(at, type == Type.NULL ? Type.TEXT : type, text);
        }

        @Override
        public String describe() {
            return type == Type.NULL ? "nothing" : Messages.quote(text);
        }

        /** Without the text, which may be a secret. */
        @Override
        public String toString() {
            return "scalar at " + at;
        }
    }

    record Listing(Location at, List<Tree> items) implements Tree {
        public Listing {
            items = List.copyOf(items);
        }

        @Override
        public String describe() {
            return "a list";
        }
    }

    /** Keys in their written order. */
    record Mapping(Location at, Map<String, Entry> entries) implements Tree {
        public Mapping {
            entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        }

        @Override
        public String describe() {
            return "a mapping";
        }

        /** The value of a key; null when it is absent or null. */
        public @Nullable Tree get(String key) {
            Entry entry = entries.get(key);
            return entry == null || isNull(entry.value()) ? null : entry.value();
        }
    }

    /** @param at place of the key */
    record Entry(Location at, Tree value) {}

    static boolean isNull(Tree tree) {
        return tree instanceof Scalar scalar && scalar.type() == Type.NULL;
    }

    static Tree text(String text) {
        return new Scalar(Location.NONE, Type.TEXT, text);
    }

    /** @param number in JSON's notation */
    static Tree number(String number) {
        return new Scalar(Location.NONE, Type.NUMBER, number);
    }

    static Tree flag(boolean flag) {
        return new Scalar(Location.NONE, Type.FLAG, Boolean.toString(flag));
    }

    static Tree listing(List<? extends Tree> items) {
        return new Listing(Location.NONE, List.copyOf(items));
    }

    static Tree mapping(Map<String, ? extends Tree> values) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        values.forEach((key, value) -> entries.put(key, new Entry(Location.NONE, value)));
        return new Mapping(Location.NONE, entries);
    }

    /** Where a path leads: the place of the field, or of the nearest thing around it that is written down. */
    default Location locate(String path) {
        Tree here = this;
        Location found = at();
        for (String step : steps(path)) {
            Tree next = null;
            if (here instanceof Listing listing && step.chars().allMatch(Character::isDigit) && step.length() < 9) {
                int index = Integer.parseInt(step);
                if (index < listing.items().size()) next = listing.items().get(index);
                if (next != null) found = next.at();
            } else if (here instanceof Mapping mapping) {
                Entry entry = mapping.entries().get(step);
                if (entry != null) {
                    next = entry.value();
                    found = entry.at();
                }
            }
            if (next == null) break;
            here = next;
        }
        return found;
    }

    /** The keys and indexes of a {@link FieldPath}. */
    private static List<String> steps(String path) {
        List<String> steps = new ArrayList<>();
        int at = 0;
        while (at < path.length()) {
            char c = path.charAt(at);
            if (c == '.') {
                at++;
            } else if (c == '[') {
                int close = path.indexOf(']', at);
                if (close < 0) return steps;
                String inner = path.substring(at + 1, close);
                steps.add(
                        inner.length() > 1 && inner.startsWith("\"") ? inner.substring(1, inner.length() - 1) : inner);
                at = close + 1;
            } else {
                int end = at;
                while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') end++;
                steps.add(path.substring(at, end));
                at = end;
            }
        }
        return steps;
    }
}
