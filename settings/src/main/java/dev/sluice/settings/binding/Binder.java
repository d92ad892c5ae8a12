package dev.sluice.settings.binding;

import dev.sluice.settings.binding.RecordShape.Field;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads documents into records and writes records back. A record's components and their annotations say all there is to
 * know about its document form.
 */
public final class Binder {
    private Binder() {}

    /**
     * Reads a record and runs its rules.
     *
     * @param form whether the tree is a stored one (with what the gateway keeps for itself, not validated again) or comes
     *     from outside
     * @param path of the tree, in front of the paths of all problems
     * @return empty when there were problems; all of them are reported
     */
    public static <T> Optional<T> read(Class<T> type, Tree tree, Form form, String path, Problems problems) {
        int before = problems.count();
        Object value = new TreeReader(form, problems).value(Shape.of(type), tree, path, null);
        return value == null || problems.count() > before ? Optional.empty() : Optional.of(type.cast(value));
    }

    /** Writes a record. */
    public static Tree write(Object value, Form form) {
        return new TreeWriter(form).record(RecordShape.of(value.getClass()), value, Map.of());
    }

    /** The JSON schema of a record, as a component of an OpenAPI 3.1 document. */
    public static Tree schema(Class<?> type) {
        return Schema.of(type);
    }

    /** Whether records of a type can hold references at all. */
    public static boolean mayRefer(Class<?> type) {
        return RecordShape.of(type).referring();
    }

    /** All references that a record holds. */
    public static List<Ref> references(Object value) {
        List<Ref> found = new ArrayList<>();
        references(RecordShape.of(value.getClass()), value, "", found);
        return found;
    }

    private static void references(RecordShape shape, Object value, String path, List<Ref> found) {
        for (Field field : shape.fields().values()) {
            if (!field.referring()) continue;
            Object component = field.of(value);
            if (component != null)
                references(field.shape(), component, field.reference(), FieldPath.key(path, field.name()), found);
        }
    }

    private static void references(Shape shape, Object value, String list, String path, List<Ref> found) {
        switch (shape) {
            case Shape.Simple _ -> {
                if (!list.isEmpty()) found.add(new Ref(path, list, value.toString()));
            }
            case Shape.ListOf l -> references(l.item(), (Collection<?>) value, list, path, found);
            case Shape.SetOf s -> references(s.item(), (Collection<?>) value, list, path, found);
            case Shape.MapOf m ->
                ((Map<?, ?>) value)
                        .forEach((k, v) -> references(
                                m.value(), Objects.requireNonNull(v), list, FieldPath.key(path, (String) k), found));
            case Shape.Nested _, Shape.Choice _ -> references(RecordShape.of(value.getClass()), value, path, found);
            case Shape.Constants _, Shape.Value _ -> {}
        }
    }

    private static void references(Shape item, Collection<?> values, String list, String path, List<Ref> found) {
        int at = 0;
        for (Object value : values) references(item, value, list, FieldPath.item(path, at++), found);
    }

    /** The references in the document of a record, also of one that cannot be read: as far as its form can be followed. */
    public static List<Ref> references(Class<?> type, Tree tree) {
        List<Ref> found = new ArrayList<>();
        new RefReader(found).record(RecordShape.of(type), tree, "");
        return found;
    }

    /** Runs the rules of a record that did not come from a document: bounds, and those of {@link Checked} records. */
    public static void check(Object value, Reporter reporter) {
        for (Field field : RecordShape.of(value.getClass()).fields().values()) {
            Object component = field.of(value);
            if (component == null) {
                if (!field.nullable()) reporter.problem(field.name(), "required");
            } else {
                check(field, component, reporter);
            }
        }
        if (value instanceof Checked checked) checked.check(reporter);
    }

    private static void check(Field field, Object value, Reporter reporter) {
        switch (field.shape()) {
            case Shape.Simple _ -> {
                boolean number = value instanceof Integer || value instanceof Long;
                long n = number ? ((Number) value).longValue() : 0;
                if (number && (n < field.min() || n > field.max()))
                    reporter.problem(field.name(), n + " (expected: a whole number" + TreeReader.bounds(field) + ")");
            }
            case Shape.ListOf list -> checkItems(list.item(), (Collection<?>) value, reporter, field.name());
            case Shape.SetOf set -> checkItems(set.item(), (Collection<?>) value, reporter, field.name());
            case Shape.Nested _, Shape.Choice _ -> check(value, reporter.below(field.name()));
            case Shape.MapOf _, Shape.Constants _, Shape.Value _ -> {}
        }
    }

    private static void checkItems(Shape item, Collection<?> values, Reporter reporter, String name) {
        if (!(item instanceof Shape.Nested || item instanceof Shape.Choice)) return;
        int at = 0;
        for (Object value : values) check(value, reporter.below(FieldPath.item(name, at++)));
    }

    /** The fields that two records of a type differ in, secrets redacted. */
    public static List<Difference> differences(Object before, Object after) {
        List<Difference> found = new ArrayList<>();
        differences(before, after, "", found);
        return found;
    }

    private static void differences(Object before, Object after, String path, List<Difference> found) {
        boolean sameType = before.getClass() == after.getClass();
        if (!sameType || !before.getClass().isRecord()) {
            found.add(new Difference(path, brief(before), brief(after)));
            return;
        }
        for (Field field : RecordShape.of(before.getClass()).fields().values()) {
            Object b = field.of(before);
            Object a = field.of(after);
            if (Objects.equals(b, a)) continue;
            String below = FieldPath.key(path, field.name());
            boolean nested = field.shape() instanceof Shape.Nested || field.shape() instanceof Shape.Choice;
            if (nested && !field.kept() && b != null && a != null && b.getClass() == a.getClass())
                differences(b, a, below, found);
            else found.add(new Difference(below, brief(field, b), brief(field, a)));
        }
    }

    private static @Nullable String brief(Field field, @Nullable Object value) {
        if (value == null) return null;
        if (field.kept()) return "[redacted]";
        Tree tree = new TreeWriter(Form.DECLARED).value(field.shape(), value);
        return tree == null ? "[redacted]" : Json.write(tree);
    }

    private static String brief(Object value) {
        return Json.write(write(value, Form.DECLARED));
    }

    /** The kebab-case form of a Java constant's name. */
    public static String kebab(String constant) {
        return constant.toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
