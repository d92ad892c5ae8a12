package dev.sluice.simulator.voice;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes one valid instance of a JSON Schema, always the same one. Understands types and lists of types, {@code const},
 * {@code enum}, {@code default}, {@code examples}, {@code properties}, {@code required}, {@code additionalProperties}, {@code minProperties},
 * {@code items}, {@code prefixItems}, {@code minItems}, {@code uniqueItems} of simple types, the limits of numbers and texts, the usual
 * {@code format}s, simple {@code pattern}s, {@code anyOf}, {@code oneOf}, {@code allOf}, {@code $ref} inside the document, and recursion.
 * {@code not}, {@code if} and dependent schemas are not looked at.
 */
final class SchemaInstance {
    /** Below this depth only what is required is made, and alternatives that end soon are preferred. */
    private static final int DEPTH = 5;

    /** Below this depth a schema that requires itself is given up with null. */
    private static final int HARD_DEPTH = 40;

    private static final List<String> OBJECT_WORDS =
            List.of("properties", "required", "additionalProperties", "patternProperties", "minProperties");
    private static final List<String> ARRAY_WORDS =
            List.of("items", "prefixItems", "minItems", "uniqueItems", "contains");
    private static final List<String> NUMBER_WORDS =
            List.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf");

    private final JsonObject root;

    private SchemaInstance(JsonObject root) {
        this.root = root;
    }

    /** A JsonObject, JsonArray, String, Number, Boolean or null. An empty schema gives an empty object. */
    static @Nullable Object of(JsonObject schema) {
        return new SchemaInstance(schema).make(schema.isEmpty() ? typed("object") : schema, "value", 0);
    }

    private static JsonObject typed(String type) {
        return new JsonObject().put("type", type);
    }

    private @Nullable Object make(@Nullable Object node, String name, int depth) {
        if (!(node instanceof JsonObject written)) {
            return name;
        }
        if (depth > HARD_DEPTH) {
            return null;
        }
        JsonObject schema = flatten(written, depth);
        if (schema.containsKey("const")) {
            return schema.getValue("const");
        }
        if (schema.getValue("enum") instanceof JsonArray values && !values.isEmpty()) {
            return values.getValue(0);
        }
        if (schema.containsKey("default") && fits(schema.getValue("default"), type(schema, depth))) {
            return schema.getValue("default");
        }
        if (schema.getValue("examples") instanceof JsonArray examples
                && !examples.isEmpty()
                && fits(examples.getValue(0), type(schema, depth))) {
            return examples.getValue(0);
        }
        return switch (type(schema, depth)) {
            case "object" -> object(schema, depth);
            case "array" -> array(schema, name, depth);
            case "integer" -> SampleNumber.integer(schema);
            case "number" -> SampleNumber.number(schema);
            case "boolean" -> true;
            case "null" -> null;
            default -> SampleText.of(schema, name);
        };
    }

    /** References followed, allOf merged, and one of anyOf and oneOf chosen. */
    private JsonObject flatten(JsonObject schema, int depth) {
        JsonObject flat = schema.copy();
        for (int round = 0; round < HARD_DEPTH; round++) {
            if (flat.remove("$ref") instanceof String reference) {
                merge(flat, resolve(reference));
            } else if (flat.remove("allOf") instanceof JsonArray parts) {
                parts.forEach(part -> merge(flat, part));
            } else if (flat.remove("anyOf") instanceof JsonArray choices) {
                merge(flat, choose(choices, depth));
            } else if (flat.remove("oneOf") instanceof JsonArray choices) {
                merge(flat, choose(choices, depth));
            } else {
                return flat;
            }
        }
        return flat;
    }

    private @Nullable Object choose(JsonArray choices, int depth) {
        if (choices.isEmpty()) {
            return null;
        }
        if (depth >= DEPTH) {
            for (Object choice : choices) {
                if (choice instanceof JsonObject object && endsHere(object)) {
                    return choice;
                }
            }
        }
        for (Object choice : choices) {
            if (!(choice instanceof JsonObject object && "null".equals(object.getValue("type")))) {
                return choice;
            }
        }
        return choices.getValue(0);
    }

    private static boolean endsHere(JsonObject schema) {
        Object type = schema.getValue("type");
        boolean simple = type instanceof String && !"object".equals(type) && !"array".equals(type);
        return simple || schema.containsKey("const") || schema.containsKey("enum");
    }

    private static void merge(JsonObject target, @Nullable Object part) {
        if (!(part instanceof JsonObject addition)) {
            return;
        }
        for (String key : addition.fieldNames()) {
            Object value = addition.getValue(key);
            Object present = target.getValue(key);
            if (value instanceof JsonObject more && present instanceof JsonObject some && "properties".equals(key)) {
                target.put(key, some.copy().mergeIn(more));
            } else if (value instanceof JsonArray more && present instanceof JsonArray some && "required".equals(key)) {
                JsonArray both = some.copy();
                more.stream().filter(name -> !both.contains(name)).forEach(both::add);
                target.put(key, both);
            } else if (present == null) {
                target.put(key, value instanceof JsonObject object ? object.copy() : value);
            }
        }
    }

    private @Nullable Object resolve(String reference) {
        if (!reference.startsWith("#")) {
            return null;
        }
        Object node = root;
        for (String step : reference.substring(1).split("/")) {
            if (step.isEmpty()) {
                continue;
            }
            String key = step.replace("~1", "/").replace("~0", "~");
            if (node instanceof JsonObject object) {
                node = object.getValue(key);
            } else if (node instanceof JsonArray array
                    && key.matches("\\d{1,6}")
                    && Integer.parseInt(key) < array.size()) {
                node = array.getValue(Integer.parseInt(key));
            } else {
                return null;
            }
        }
        return node;
    }

    private static String type(JsonObject schema, int depth) {
        Object type = schema.getValue("type");
        if (type instanceof String one) {
            return one;
        }
        if (type instanceof JsonArray several && !several.isEmpty()) {
            if (depth >= DEPTH && several.contains("null")) {
                return "null";
            }
            return several.stream()
                    .map(String::valueOf)
                    .filter(name -> !name.equals("null"))
                    .findFirst()
                    .orElse("null");
        }
        if (OBJECT_WORDS.stream().anyMatch(schema::containsKey)) {
            return "object";
        }
        if (ARRAY_WORDS.stream().anyMatch(schema::containsKey)) {
            return "array";
        }
        return NUMBER_WORDS.stream().anyMatch(schema::containsKey) ? "number" : "string";
    }

    private static boolean fits(@Nullable Object value, String type) {
        return switch (type) {
            case "object" -> value instanceof JsonObject;
            case "array" -> value instanceof JsonArray;
            case "integer" -> value instanceof Integer || value instanceof Long;
            case "number" -> value instanceof Number;
            case "boolean" -> value instanceof Boolean;
            case "null" -> value == null;
            default -> value instanceof String;
        };
    }

    private JsonObject object(JsonObject schema, int depth) {
        JsonObject made = new JsonObject();
        JsonObject properties = schema.getValue("properties") instanceof JsonObject object ? object : new JsonObject();
        List<String> required = new ArrayList<>();
        if (schema.getValue("required") instanceof JsonArray names) {
            names.forEach(name -> required.add(String.valueOf(name)));
        }
        for (String name : properties.fieldNames()) {
            boolean forbidden = Boolean.FALSE.equals(properties.getValue(name));
            if (!forbidden && (depth < DEPTH || required.contains(name))) {
                made.put(name, make(properties.getValue(name), name, depth + 1));
            }
        }
        Object others = schema.getValue("additionalProperties");
        for (String name : required) {
            if (!made.containsKey(name)) {
                made.put(name, make(others, name, depth + 1));
            }
        }
        int least = Math.min(schema.getValue("minProperties") instanceof Number number ? number.intValue() : 0, 1_000);
        for (int extra = 1; made.size() < least && !Boolean.FALSE.equals(others); extra++) {
            made.put("property" + extra, make(others, "property" + extra, depth + 1));
        }
        return made;
    }

    private JsonArray array(JsonObject schema, String name, int depth) {
        JsonArray made = new JsonArray();
        if (schema.getValue("prefixItems") instanceof JsonArray first) {
            first.forEach(item -> made.add(make(item, name, depth + 1)));
        }
        Object items = schema.getValue("items");
        boolean closed = Boolean.FALSE.equals(items) || Integer.valueOf(0).equals(schema.getValue("maxItems"));
        int least = schema.getValue("minItems") instanceof Number number ? number.intValue() : depth < DEPTH ? 1 : 0;
        boolean unique = Boolean.TRUE.equals(schema.getValue("uniqueItems"));
        for (int index = made.size(); index < Math.min(least, 1_000) && !closed; index++) {
            Object item = make(items, name, depth + 1);
            made.add(unique && index > 0 ? distinct(item, items, index) : item);
        }
        return made;
    }

    private static @Nullable Object distinct(@Nullable Object item, @Nullable Object schema, int index) {
        if (schema instanceof JsonObject object
                && object.getValue("enum") instanceof JsonArray values
                && index < values.size()) {
            return values.getValue(index);
        }
        return switch (item) {
            case Integer number -> number + index;
            case Long number -> number + index;
            case Double number -> number + index;
            case String text -> text + (index + 1);
            case Boolean flag -> !flag;
            case null, default -> item;
        };
    }
}
