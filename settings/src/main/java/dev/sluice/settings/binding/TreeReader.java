package dev.sluice.settings.binding;

import dev.sluice.settings.binding.RecordShape.Field;
import dev.sluice.settings.binding.Tree.Entry;
import dev.sluice.settings.binding.Tree.Listing;
import dev.sluice.settings.binding.Tree.Mapping;
import dev.sluice.settings.binding.Tree.Scalar;
import java.lang.reflect.InvocationTargetException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes records of trees. Goes on after a problem; what could not be read is null. What was stored was valid when it was
 * stored: its rules are not run again, and fields that are not known are passed over.
 */
final class TreeReader {
    private static final Pattern DECIMAL = Pattern.compile("-?[0-9]{1,18}(\\.[0-9]{1,18})?");

    private final Form form;
    private final Problems problems;

    TreeReader(Form form, Problems problems) {
        this.form = form;
        this.problems = problems;
    }

    /** @param field what the value is for; null for values without bounds */
    @Nullable
    Object value(Shape shape, Tree tree, String path, @Nullable Field field) {
        return switch (shape) {
            case Shape.Simple simple -> simple(simple, tree, path, field);
            case Shape.Constants constants -> constant(constants, tree, path);
            case Shape.Value value -> parsed(value, tree, path);
            case Shape.ListOf list -> items(list.item(), tree, path, new ArrayList<>());
            case Shape.SetOf set -> items(set.item(), tree, path, new LinkedHashSet<>());
            case Shape.MapOf map -> map(map.value(), tree, path);
            case Shape.Nested nested -> record(RecordShape.of(nested.type()), tree, path, "");
            case Shape.Choice choice -> choice(choice, tree, path);
        };
    }

    private @Nullable Object simple(Shape.Simple shape, Tree tree, String path, @Nullable Field field) {
        String expected = switch (shape) {
            case TEXT -> "text";
            case INT, LONG -> whole(field);
            case FLAG -> "true or false";
            case DECIMAL -> "a decimal number such as 2.50";
            case MOMENT -> "a time such as 2027-01-01T00:00:00Z";
        };
        Object value =
                tree instanceof Scalar scalar && scalar.type() != Tree.Type.NULL ? simple(shape, scalar, field) : null;
        return value == null ? unexpected(tree, path, expected) : value;
    }

    private static @Nullable Object simple(Shape.Simple shape, Scalar scalar, @Nullable Field field) {
        String text = scalar.text();
        return switch (shape) {
            case TEXT -> text;
            case INT, LONG -> {
                if (scalar.type() != Tree.Type.NUMBER || text.length() > 20) yield null;
                try {
                    long number = Long.parseLong(text);
                    if (field != null && (number < field.min() || number > field.max())) yield null;
                    if (shape == Shape.Simple.LONG) yield number;
                    yield number == (int) number ? (Object) (int) number : null;
                } catch (NumberFormatException e) {
                    yield null;
                }
            }
            case FLAG -> scalar.type() == Tree.Type.FLAG ? Boolean.valueOf(text) : null;
            case DECIMAL ->
                scalar.type() == Tree.Type.NUMBER && DECIMAL.matcher(text).matches() ? new BigDecimal(text) : null;
            case MOMENT -> {
                try {
                    yield OffsetDateTime.parse(text).toInstant();
                } catch (DateTimeException e) {
                    yield null;
                }
            }
        };
    }

    private static String whole(@Nullable Field field) {
        return field == null ? "a whole number" : "a whole number" + bounds(field);
    }

    /** {@code  from 0 to 5}; empty where any number will do. */
    static String bounds(Field field) {
        boolean low = field.min() > Integer.MIN_VALUE;
        boolean high =
                field.max() < Integer.MAX_VALUE || field.shape() == Shape.Simple.LONG && field.max() < Long.MAX_VALUE;
        if (high) return " from " + field.min() + " to " + field.max();
        return low ? " from " + field.min() + " on" : "";
    }

    private @Nullable Object constant(Shape.Constants shape, Tree tree, String path) {
        Object value = tree instanceof Scalar scalar ? shape.byName().get(scalar.text()) : null;
        return value == null ? unexpected(tree, path, oneOf(shape.byName().keySet())) : value;
    }

    private static String oneOf(Collection<String> names) {
        return "one of: " + String.join(", ", names);
    }

    private @Nullable Object parsed(Shape.Value shape, Tree tree, String path) {
        if (!(tree instanceof Scalar scalar) || scalar.type() == Tree.Type.NULL) return unexpected(tree, path, "text");
        try {
            return shape.parse().invoke(null, scalar.text());
        } catch (InvocationTargetException e) {
            if (!(e.getCause() instanceof IllegalArgumentException refused))
                throw new IllegalStateException("cannot parse a " + shape.type().getSimpleName(), e.getCause());
            problems.add(tree.at(), path, String.valueOf(refused.getMessage()));
            return null;
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("cannot call " + shape.parse(), e);
        }
    }

    private @Nullable Object items(Shape item, Tree tree, String path, Collection<Object> into) {
        if (!(tree instanceof Listing listing)) return unexpected(tree, path, "a list");
        boolean whole = true;
        for (int i = 0; i < listing.items().size(); i++) {
            Object value = value(item, listing.items().get(i), FieldPath.item(path, i), null);
            if (value == null) whole = false;
            else into.add(value);
        }
        return whole ? into : null;
    }

    private @Nullable Object map(Shape shape, Tree tree, String path) {
        if (!(tree instanceof Mapping mapping)) return unexpected(tree, path, "a mapping");
        Map<String, Object> values = new LinkedHashMap<>();
        for (Map.Entry<String, Entry> e : mapping.entries().entrySet()) {
            Object value = value(shape, e.getValue().value(), FieldPath.key(path, e.getKey()), null);
            if (value != null) values.put(e.getKey(), value);
        }
        return values.size() == mapping.entries().size() ? values : null;
    }

    private @Nullable Object choice(Shape.Choice shape, Tree tree, String path) {
        if (!(tree instanceof Mapping mapping)) return unexpected(tree, path, "a mapping");
        String expected = oneOf(shape.options().keySet());
        String key = FieldPath.key(path, shape.key());
        Tree written = mapping.get(shape.key());
        if (written == null) {
            problems.add(tree.at(), key, "required (expected " + expected + ")");
            return null;
        }
        Class<?> option = written instanceof Scalar scalar ? shape.options().get(scalar.text()) : null;
        return option == null
                ? unexpected(written, key, expected)
                : record(RecordShape.of(option), mapping, path, shape.key());
    }

    /** @param discriminator a further key that the mapping may have; empty for none */
    @Nullable
    Object record(RecordShape shape, Tree tree, String path, String discriminator) {
        if (tree instanceof Scalar scalar
                && scalar.type() != Tree.Type.NULL
                && !shape.shorthand().isEmpty())
            return record(
                    shape, new Mapping(tree.at(), Map.of(shape.shorthand(), new Entry(tree.at(), tree))), path, "");
        if (!(tree instanceof Mapping mapping)) {
            return unexpected(tree, path, shape.shorthand().isEmpty() ? "a mapping" : "text or a mapping");
        }
        boolean whole = known(shape, mapping, path, discriminator);
        List<@Nullable Object> values = new ArrayList<>();
        for (Field field : shape.fields().values()) {
            Tree written = readable(field) ? mapping.get(field.name()) : null;
            Object value = field.fallback();
            if (written != null) {
                value = value(field.shape(), written, FieldPath.key(path, field.name()), field);
                if (value == null) whole = false;
            } else if (field.required()) {
                problems.add(tree.at(), FieldPath.key(path, field.name()), "required");
                whole = false;
            }
            values.add(value);
        }
        if (!whole) return null;
        try {
            Object made = shape.make(values);
            if (form != Form.STORED && made instanceof Checked checked)
                checked.check(
                        (inner, message) -> problems.add(tree.locate(inner), FieldPath.join(path, inner), message));
            return made;
        } catch (IllegalArgumentException e) {
            problems.add(tree.at(), path, String.valueOf(e.getMessage()));
            return null;
        }
    }

    private boolean readable(Field field) {
        return form == Form.STORED || !field.kept();
    }

    private boolean known(RecordShape shape, Mapping mapping, String path, String discriminator) {
        // An older node of a cluster may meet what a newer one stored.
        if (form == Form.STORED) return true;
        boolean all = true;
        for (Map.Entry<String, Entry> e : mapping.entries().entrySet()) {
            String key = e.getKey();
            Field field = shape.fields().get(key);
            if (key.equals(discriminator) || field != null && readable(field)) continue;
            all = false;
            List<String> names = shape.fields().values().stream()
                    .filter(this::readable)
                    .map(Field::name)
                    .toList();
            String suggestion = Messages.suggestion(key, names);
            problems.add(
                    e.getValue().at(),
                    FieldPath.key(path, key),
                    "unknown field"
                            + (suggestion.isEmpty() ? " (known: " + String.join(", ", names) + ")" : suggestion));
        }
        return all;
    }

    private @Nullable Object unexpected(Tree found, String path, String expected) {
        String gap = expected.startsWith("one of") ? "expected " : "expected: ";
        problems.add(found.at(), path, found.describe() + " (" + gap + expected + ")");
        return null;
    }
}
