package dev.sluice.settings.binding;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The type of a component, as documents see it. */
sealed interface Shape {
    enum Simple implements Shape {
        TEXT,
        INT,
        LONG,
        FLAG,
        DECIMAL,
        MOMENT
    }

    /** @param byName kebab-case names in declared order */
    record Constants(Map<String, Object> byName) implements Shape {}

    /** A type with a static {@code parse(String)} that {@code toString} (or {@code reveal}) reverses. */
    record Value(Class<?> type, Method parse) implements Shape {}

    record ListOf(Shape item) implements Shape {}

    record SetOf(Shape item) implements Shape {}

    record MapOf(Shape value) implements Shape {}

    record Nested(Class<?> type) implements Shape {}

    /** @param options records by the text under the key, in declared order */
    record Choice(String key, Map<String, Class<?>> options) implements Shape {}

    static Shape of(Type type) {
        if (type instanceof ParameterizedType p) {
            Type[] of = p.getActualTypeArguments();
            if (p.getRawType() == List.class) return new ListOf(of(of[0]));
            if (p.getRawType() == Set.class) return new SetOf(of(of[0]));
            if (p.getRawType() == Map.class && of[0] == String.class) return new MapOf(of(of[1]));
        }
        if (type == String.class) return Simple.TEXT;
        if (type == int.class || type == Integer.class) return Simple.INT;
        if (type == long.class || type == Long.class) return Simple.LONG;
        if (type == boolean.class || type == Boolean.class) return Simple.FLAG;
        if (type == BigDecimal.class) return Simple.DECIMAL;
        if (type == Instant.class) return Simple.MOMENT;
        if (type instanceof Class<?> c) return ofClass(c);
        throw new IllegalArgumentException("no document form for " + type);
    }

    private static Shape ofClass(Class<?> type) {
        if (type.isEnum()) {
            Map<String, Object> byName = new LinkedHashMap<>();
            for (Object constant : type.getEnumConstants())
                byName.put(Binder.kebab(((Enum<?>) constant).name()), constant);
            return new Constants(byName);
        }
        for (Method m : type.getDeclaredMethods()) {
            if (m.getName().equals("parse")
                    && Modifier.isStatic(m.getModifiers())
                    && m.getParameterCount() == 1
                    && m.getParameterTypes()[0] == String.class) {
                m.setAccessible(true);
                return new Value(type, m);
            }
        }
        if (type.isRecord()) return new Nested(type);
        Discriminator discriminator = type.getAnnotation(Discriminator.class);
        if (discriminator != null && type.isSealed()) {
            Map<String, Class<?>> options = new LinkedHashMap<>();
            for (Class<?> option : type.getPermittedSubclasses()) options.put(kebabOf(option), option);
            return new Choice(discriminator.value(), options);
        }
        throw new IllegalArgumentException("no document form for " + type);
    }

    /** {@code ByModelName} as {@code by-model-name}. */
    static String kebabOf(Class<?> type) {
        return Binder.kebab(type.getSimpleName().replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_"));
    }
}
