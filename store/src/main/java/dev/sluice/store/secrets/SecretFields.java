package dev.sluice.store.secrets;

import dev.sluice.settings.Resource;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Replaces values of some types wherever they occur in a resource. Works on the shape of the records, so a secret in a
 * new field or a new kind of resource is covered without a word about it here.
 */
@SuppressWarnings("ReferenceEquality") // Unchanged means: still the same object.
final class SecretFields {
    private final Set<Class<?>> types;
    private final Map<Class<?>, Boolean> concerned = new ConcurrentHashMap<>();
    private final Map<Class<?>, Shape> shapes = new ConcurrentHashMap<>();

    /** How a record is taken apart and put together. Kept: reflection makes both anew each time that it is asked. */
    private record Shape(List<Method> accessors, Constructor<? extends Record> constructor) {
        static Shape of(Class<? extends Record> type) {
            RecordComponent[] components = type.getRecordComponents();
            try {
                return new Shape(
                        Arrays.stream(components)
                                .map(RecordComponent::getAccessor)
                                .toList(),
                        type.getDeclaredConstructor(Arrays.stream(components)
                                .map(RecordComponent::getType)
                                .toArray(Class<?>[]::new)));
            } catch (NoSuchMethodException e) {
                throw new IllegalStateException("a record has its canonical constructor", e);
            }
        }
    }

    /** @param types the types, or sealed parents of the types, of the values to replace */
    SecretFields(Set<Class<?>> types) {
        this.types = Set.copyOf(types);
    }

    /** The resource with each value of these types replaced; the same object when nothing changes. */
    <R extends Resource> R replace(R resource, UnaryOperator<Object> replacement) {
        Object replaced = visit(resource, replacement);
        @SuppressWarnings("unchecked") // A record is rebuilt as the same record.
        R result = (R) Objects.requireNonNull(replaced);
        return result;
    }

    private @Nullable Object visit(@Nullable Object value, UnaryOperator<Object> replacement) {
        if (value == null) return null;
        if (types.stream().anyMatch(t -> t.isInstance(value))) return replacement.apply(value);
        return switch (value) {
            case List<?> list -> visitList(list, replacement);
            case Set<?> set -> visitSet(set, replacement);
            case Map<?, ?> map -> visitMap(map, replacement);
            case Record record when concerns(record.getClass()) -> visitRecord(record, replacement);
            default -> value;
        };
    }

    private List<?> visitList(List<?> list, UnaryOperator<Object> replacement) {
        boolean changed = false;
        List<@Nullable Object> copy = new ArrayList<>(list.size());
        for (Object item : list) {
            Object replaced = visit(item, replacement);
            changed |= replaced != item;
            copy.add(replaced);
        }
        return changed ? copy : list;
    }

    private Set<?> visitSet(Set<?> set, UnaryOperator<Object> replacement) {
        boolean changed = false;
        Set<@Nullable Object> copy = new LinkedHashSet<>();
        for (Object item : set) {
            Object replaced = visit(item, replacement);
            changed |= replaced != item;
            copy.add(replaced);
        }
        return changed ? copy : set;
    }

    private Map<?, ?> visitMap(Map<?, ?> map, UnaryOperator<Object> replacement) {
        boolean changed = false;
        Map<Object, @Nullable Object> copy = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            Object replaced = visit(entry.getValue(), replacement);
            changed |= replaced != entry.getValue();
            copy.put(entry.getKey(), replaced);
        }
        return changed ? copy : map;
    }

    private Record visitRecord(Record record, UnaryOperator<Object> replacement) {
        Shape shape = shapes.get(record.getClass());
        if (shape == null) {
            shape = Shape.of(record.getClass());
            shapes.put(record.getClass(), shape);
        }
        @Nullable Object[] values = new @Nullable Object[shape.accessors().size()];
        boolean changed = false;
        try {
            for (int i = 0; i < values.length; i++) {
                Object value = shape.accessors().get(i).invoke(record);
                values[i] = visit(value, replacement);
                changed |= values[i] != value;
            }
            return changed ? shape.constructor().newInstance(values) : record;
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(
                    "a " + record.getClass().getSimpleName() + " refuses its secret in another form", e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a " + record.getClass().getSimpleName() + " is not a public record", e);
        }
    }

    /** Whether such a value can occur inside a record of this class; most resources are passed over by this. */
    private boolean concerns(Class<?> record) {
        Boolean known = concerned.get(record);
        if (known != null) return known;
        boolean found = reaches(record, new HashSet<>());
        concerned.put(record, found);
        return found;
    }

    private boolean reaches(Type type, Set<Type> seen) {
        if (!seen.add(type)) return false;
        if (type instanceof ParameterizedType parameterized) {
            return Arrays.stream(parameterized.getActualTypeArguments()).anyMatch(t -> reaches(t, seen));
        }
        if (!(type instanceof Class<?> raw)) return true; // A variable or wildcard may stand for anything.
        if (types.stream().anyMatch(t -> t.isAssignableFrom(raw))) return true;
        if (raw.isRecord()) {
            return Arrays.stream(raw.getRecordComponents()).anyMatch(c -> reaches(c.getGenericType(), seen));
        }
        return raw.isSealed() && Arrays.stream(raw.getPermittedSubclasses()).anyMatch(c -> reaches(c, seen));
    }
}
