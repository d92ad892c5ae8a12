package dev.sluice.settings.binding;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A record type as documents see it, read from its components and their annotations once.
 *
 * @param shorthand name of the component that a plain scalar fills, empty if none may stand for the record
 */
record RecordShape(Class<?> type, Constructor<?> constructor, Map<String, Field> fields, String shorthand) {
    private static final ClassValue<RecordShape> SHAPES = new ClassValue<>() {
        @Override
        protected RecordShape computeValue(Class<?> type) {
            return read(type);
        }
    };

    /**
     * One component.
     *
     * @param fallback its value when a document leaves it out; null = none
     * @param required whether a document must give it
     * @param reference key of the list it refers to, empty if it is no reference
     * @param referring whether it, or anything in it, is a reference
     */
    record Field(
            String name,
            Shape shape,
            Method accessor,
            boolean nullable,
            boolean required,
            @Nullable Object fallback,
            long min,
            long max,
            boolean kept,
            String doc,
            String reference,
            boolean referring) {
        @Nullable
        Object of(Object owner) {
            try {
                return accessor.invoke(owner);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("cannot read " + accessor, e);
            }
        }
    }

    static RecordShape of(Class<?> type) {
        return SHAPES.get(type);
    }

    /** Whether values of a shape can hold references. */
    static boolean referring(Shape shape) {
        return switch (shape) {
            case Shape.ListOf l -> referring(l.item());
            case Shape.SetOf s -> referring(s.item());
            case Shape.MapOf m -> referring(m.value());
            case Shape.Nested n -> of(n.type()).referring();
            case Shape.Choice c -> c.options().values().stream().anyMatch(o -> of(o).referring());
            case Shape.Simple _, Shape.Constants _, Shape.Value _ -> false;
        };
    }

    boolean referring() {
        return fields.values().stream().anyMatch(Field::referring);
    }

    /**
     * Makes the record.
     *
     * @throws IllegalArgumentException if the record refuses the values
     */
    Object make(List<@Nullable Object> values) {
        try {
            return constructor.newInstance(values.toArray());
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException refused) throw refused;
            throw new IllegalStateException("cannot make " + type.getSimpleName(), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot make " + type.getSimpleName(), e);
        }
    }

    private static RecordShape read(Class<?> type) {
        if (!type.isRecord()) throw new IllegalArgumentException(type + " is no record");
        Map<String, Field> fields = new LinkedHashMap<>();
        List<Class<?>> types = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            types.add(component.getType());
            fields.put(component.getName(), field(component));
        }
        Shorthand shorthand = type.getAnnotation(Shorthand.class);
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types.toArray(Class<?>[]::new));
            constructor.setAccessible(true);
            return new RecordShape(type, constructor, fields, shorthand == null ? "" : shorthand.value());
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("record without its constructor: " + type, e);
        }
    }

    private static Field field(RecordComponent component) {
        Shape shape = Shape.of(component.getGenericType());
        Method accessor = component.getAccessor();
        accessor.setAccessible(true);
        boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
        Default written = component.getAnnotation(Default.class);
        Range range = component.getAnnotation(Range.class);
        Doc doc = component.getAnnotation(Doc.class);
        Reference reference = component.getAnnotation(Reference.class);
        Object fallback = written != null
                ? fallback(component, shape, written.value())
                : switch (shape) {
                    case Shape.ListOf _ -> List.of();
                    case Shape.SetOf _ -> Set.of();
                    case Shape.MapOf _ -> Map.of();
                    case Shape.Simple _, Shape.Constants _, Shape.Value _, Shape.Nested _, Shape.Choice _ -> null;
                };
        boolean wide = shape == Shape.Simple.LONG;
        return new Field(
                component.getName(),
                shape,
                accessor,
                nullable,
                !nullable && fallback == null,
                fallback,
                range != null ? range.min() : wide ? Long.MIN_VALUE : Integer.MIN_VALUE,
                range == null
                        ? wide ? Long.MAX_VALUE : Integer.MAX_VALUE
                        : wide ? range.max() : Math.min(range.max(), Integer.MAX_VALUE),
                component.isAnnotationPresent(Kept.class),
                doc == null ? "" : doc.value(),
                reference == null ? "" : reference.value(),
                reference != null || referring(shape));
    }

    private static Object fallback(RecordComponent component, Shape shape, String written) {
        Problems problems = new Problems();
        // An empty default is an empty text; YAML would read it as nothing.
        Tree tree = shape == Shape.Simple.TEXT
                ? Tree.text(written)
                : Yaml.read("", written, problems).orElseThrow();
        Object value = new TreeReader(Form.DECLARED, problems).value(shape, tree, "", null);
        if (value == null || !problems.isEmpty())
            throw new IllegalStateException("default of " + component + " cannot be read: " + problems.list());
        return value;
    }
}
