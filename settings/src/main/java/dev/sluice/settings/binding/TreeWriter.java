package dev.sluice.settings.binding;

import dev.sluice.settings.binding.RecordShape.Field;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes trees of records. */
final class TreeWriter {
    private final Form form;

    TreeWriter(Form form) {
        this.form = form;
    }

    /** @return null for what this form leaves out */
    @Nullable
    Tree value(Shape shape, Object value) {
        return switch (shape) {
            case Shape.Simple simple ->
                switch (simple) {
                    case TEXT, MOMENT -> Tree.text(value.toString());
                    case INT, LONG -> Tree.number(value.toString());
                    case DECIMAL -> Tree.number(((BigDecimal) value).toPlainString());
                    case FLAG -> Tree.flag((Boolean) value);
                };
            case Shape.Constants _ -> Tree.text(Binder.kebab(((Enum<?>) value).name()));
            case Shape.Value _ -> {
                if (!(value instanceof Confidential c)) yield Tree.text(value.toString());
                yield c.hidden() && form != Form.STORED ? null : Tree.text(c.reveal());
            }
            case Shape.ListOf list -> items(list.item(), (Collection<?>) value);
            case Shape.SetOf set -> items(set.item(), ordered(set.item(), (Set<?>) value));
            case Shape.MapOf map -> {
                Map<String, Tree> written = new LinkedHashMap<>();
                ((Map<?, ?>) value).forEach((k, v) -> {
                    Tree tree = value(map.value(), Objects.requireNonNull(v));
                    if (tree != null) written.put((String) k, tree);
                });
                yield Tree.mapping(written);
            }
            case Shape.Nested nested -> record(RecordShape.of(nested.type()), value, Map.of());
            case Shape.Choice choice ->
                record(
                        RecordShape.of(value.getClass()),
                        value,
                        Map.of(choice.key(), Tree.text(Shape.kebabOf(value.getClass()))));
        };
    }

    private Tree items(Shape item, Collection<?> values) {
        List<Tree> items = new ArrayList<>();
        for (Object value : values) {
            Tree tree = value(item, value);
            if (tree != null) items.add(tree);
        }
        return Tree.listing(items);
    }

    /** Sets have no order of their own; written ones always have the same. */
    private static List<?> ordered(Shape item, Set<?> values) {
        if (item instanceof Shape.Constants constants)
            return constants.byName().values().stream().filter(values::contains).toList();
        return values.stream().sorted(Comparator.comparing(Object::toString)).toList();
    }

    Tree record(RecordShape shape, Object value, Map<String, Tree> first) {
        Map<String, Tree> written = new LinkedHashMap<>(first);
        for (Field field : shape.fields().values()) {
            Object component = field.of(value);
            if (component == null) continue;
            if (form != Form.STORED && field.kept()) continue;
            if (form == Form.DECLARED && component.equals(field.fallback())) continue;
            Tree tree = value(field.shape(), component);
            if (tree != null) written.put(field.name(), tree);
        }
        Tree brief = written.get(shape.shorthand());
        return form == Form.DECLARED && brief != null && written.size() == 1 ? brief : Tree.mapping(written);
    }
}
