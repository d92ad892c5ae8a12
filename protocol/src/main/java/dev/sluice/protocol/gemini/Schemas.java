package dev.sluice.protocol.gemini;

import dev.sluice.protocol.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Google's older schemas, a part of OpenAPI, as JSON schemas. */
final class Schemas {
    private Schemas() {}

    static Json jsonSchema(Json schema) {
        if (!schema.isObject()) return schema;
        Map<String, Json> members = new LinkedHashMap<>();
        schema.fields().forEach((name, value) -> {
            switch (name) {
                case "type" ->
                    members.put(name, type(value, schema.get("nullable").isTrue()));
                case "nullable", "propertyOrdering", "property_ordering" -> {}
                case "properties" -> members.put(name, properties(value));
                case "items" -> members.put(name, jsonSchema(value));
                case "anyOf", "any_of" ->
                    members.put(
                            "anyOf",
                            Json.array(value.items().stream()
                                    .map(Schemas::jsonSchema)
                                    .toList()));
                default -> members.put(name, value);
            }
        });
        return new Json.Obj(members);
    }

    private static Json type(Json type, boolean nullable) {
        String word = type.text();
        if (word == null) return type;
        String lower = word.toLowerCase(Locale.ROOT);
        return nullable ? Json.texts(List.of(lower, "null")) : Json.of(lower);
    }

    private static Json properties(Json properties) {
        if (!properties.isObject()) return properties;
        Map<String, Json> members = new LinkedHashMap<>();
        properties.fields().forEach((name, schema) -> members.put(name, jsonSchema(schema)));
        return new Json.Obj(members);
    }
}
