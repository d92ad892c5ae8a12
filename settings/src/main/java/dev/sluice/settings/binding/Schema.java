package dev.sluice.settings.binding;

import dev.sluice.settings.binding.RecordShape.Field;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Derives JSON schemas, as OpenAPI 3.1 takes them, from records. Nested records are written out in place. */
final class Schema {
    private Schema() {}

    static Tree of(Class<?> type) {
        return Tree.mapping(record(RecordShape.of(type), "", ""));
    }

    private static Map<String, Tree> record(RecordShape shape, String key, String option) {
        Map<String, Tree> properties = new LinkedHashMap<>();
        List<Tree> required = new ArrayList<>();
        if (!key.isEmpty()) {
            properties.put(key, Tree.mapping(Map.of("const", Tree.text(option))));
            required.add(Tree.text(key));
        }
        for (Field field : shape.fields().values()) {
            if (field.kept()) continue;
            properties.put(field.name(), field(field));
            if (field.required()) required.add(Tree.text(field.name()));
        }
        Map<String, Tree> schema = new LinkedHashMap<>();
        schema.put("type", Tree.text("object"));
        Doc doc = shape.type().getAnnotation(Doc.class);
        if (doc != null) schema.put("description", Tree.text(doc.value()));
        schema.put("properties", Tree.mapping(properties));
        if (!required.isEmpty()) schema.put("required", Tree.listing(required));
        schema.put("additionalProperties", Tree.flag(false));
        if (shape.shorthand().isEmpty()) return schema;
        Map<String, Tree> either = new LinkedHashMap<>();
        either.put("oneOf", Tree.listing(List.of(type("string"), Tree.mapping(schema))));
        return either;
    }

    private static Tree field(Field field) {
        Map<String, Tree> schema = new LinkedHashMap<>();
        if (!field.doc().isEmpty()) schema.put("description", Tree.text(field.doc()));
        shape(field.shape(), field).forEach(schema::putIfAbsent);
        if (field.fallback() != null && !empty(field.fallback())) {
            Tree fallback = new TreeWriter(Form.SHOWN).value(field.shape(), field.fallback());
            if (fallback != null) schema.put("default", fallback);
        }
        return Tree.mapping(schema);
    }

    private static boolean empty(Object value) {
        return value instanceof Collection<?> c && c.isEmpty() || value instanceof Map<?, ?> m && m.isEmpty();
    }

    private static Map<String, Tree> shape(Shape shape, @Nullable Field field) {
        Map<String, Tree> schema = new LinkedHashMap<>();
        switch (shape) {
            case Shape.Simple simple -> simple(simple, field, schema);
            case Shape.Constants constants -> {
                schema.put("type", Tree.text("string"));
                schema.put(
                        "enum",
                        Tree.listing(constants.byName().keySet().stream()
                                .map(Tree::text)
                                .toList()));
            }
            case Shape.Value value -> {
                schema.put("type", Tree.text("string"));
                if (Confidential.class.isAssignableFrom(value.type())) schema.put("writeOnly", Tree.flag(true));
            }
            case Shape.ListOf list -> array(list.item(), schema);
            case Shape.SetOf set -> {
                array(set.item(), schema);
                schema.put("uniqueItems", Tree.flag(true));
            }
            case Shape.MapOf map -> {
                schema.put("type", Tree.text("object"));
                schema.put("additionalProperties", Tree.mapping(shape(map.value(), null)));
            }
            case Shape.Nested nested -> schema.putAll(record(RecordShape.of(nested.type()), "", ""));
            case Shape.Choice choice -> {
                List<Tree> options = new ArrayList<>();
                choice.options()
                        .forEach((name, type) ->
                                options.add(Tree.mapping(record(RecordShape.of(type), choice.key(), name))));
                schema.put("oneOf", Tree.listing(options));
                schema.put("discriminator", Tree.mapping(Map.of("propertyName", Tree.text(choice.key()))));
            }
        }
        return schema;
    }

    private static void array(Shape item, Map<String, Tree> schema) {
        schema.put("type", Tree.text("array"));
        schema.put("items", Tree.mapping(shape(item, null)));
    }

    private static void simple(Shape.Simple shape, @Nullable Field field, Map<String, Tree> schema) {
        switch (shape) {
            case TEXT -> schema.put("type", Tree.text("string"));
            case FLAG -> schema.put("type", Tree.text("boolean"));
            case DECIMAL -> schema.put("type", Tree.text("number"));
            case MOMENT -> {
                schema.put("type", Tree.text("string"));
                schema.put("format", Tree.text("date-time"));
            }
            case INT, LONG -> {
                schema.put("type", Tree.text("integer"));
                schema.put("format", Tree.text(shape == Shape.Simple.INT ? "int32" : "int64"));
                if (field == null) return;
                if (field.min() > Integer.MIN_VALUE) schema.put("minimum", Tree.number(Long.toString(field.min())));
                if (field.max() < Integer.MAX_VALUE || shape == Shape.Simple.LONG && field.max() < Long.MAX_VALUE)
                    schema.put("maximum", Tree.number(Long.toString(field.max())));
            }
        }
    }

    private static Tree type(String name) {
        return Tree.mapping(Map.of("type", Tree.text(name)));
    }
}
