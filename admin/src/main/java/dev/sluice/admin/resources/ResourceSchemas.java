package dev.sluice.admin.resources;

import dev.sluice.admin.contract.Contract;
import dev.sluice.admin.routes.Trial;
import dev.sluice.settings.Kind;
import dev.sluice.settings.binding.Binder;
import dev.sluice.settings.binding.Tree;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The parts of the contract that follow from records: schemas of resources and of request bodies, filters of lists. */
public final class ResourceSchemas {
    private ResourceSchemas() {}

    /** Component schemas by name: {@code Service} as it is written, {@code ServiceItem} as it is answered. */
    public static Map<String, Object> components() {
        Map<String, Object> components = new LinkedHashMap<>();
        for (Kind kind : Kind.values()) {
            components.put(Contract.type(kind), written(kind));
            components.put(Contract.type(kind) + "Item", answered(kind));
        }
        for (Class<? extends Record> body :
                List.of(Rotation.class, Unbinding.class, ConnectionTestRequest.class, Trial.class))
            components.put(body.getSimpleName(), schema(body));
        return components;
    }

    /** A query parameter for every field with one value, or with a list of names. */
    public static Map<Kind, List<Object>> filters() {
        Map<Kind, List<Object>> filters = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            List<Object> parameters = new ArrayList<>();
            fields(kind).forEach((name, schema) -> {
                Map<String, Object> parameter = new LinkedHashMap<>();
                parameter.put("name", name);
                parameter.put("in", "query");
                parameter.put("description", "Only those with this " + name + ".");
                parameter.put("schema", schema);
                parameters.add(parameter);
            });
            filters.put(kind, parameters);
        }
        return filters;
    }

    /** The fields of an item that lists filter and sort by, with the schema of the value to look for. */
    static Map<String, Map<String, Object>> fields(Kind kind) {
        Map<String, Map<String, Object>> fields = new LinkedHashMap<>();
        properties(answered(kind)).forEach((name, value) -> {
            Map<String, Object> property = object(value);
            if (Boolean.TRUE.equals(property.get("writeOnly"))) return;
            switch (String.valueOf(property.get("type"))) {
                case "boolean" -> fields.put(name, map("type", "boolean"));
                case "integer" -> fields.put(name, map("type", "integer"));
                case "string" ->
                    fields.put(
                            name,
                            property.get("enum") instanceof List<?> values
                                    ? map("type", "string", "enum", new ArrayList<>(values))
                                    : map("type", "string"));
                case "number" -> fields.put(name, map("type", "string"));
                case "array" -> {
                    if ("string".equals(object(property.get("items")).get("type")))
                        fields.put(name, map("type", "string"));
                }
                default -> {}
            }
        });
        return fields;
    }

    private static Map<String, Object> written(Kind kind) {
        Map<String, Object> schema = schema(kind.type());
        envelope().forEach((name, property) -> {
            if (!name.equals("version") && !name.equals("tenant")) property.put("readOnly", true);
            properties(schema).putIfAbsent(name, property);
        });
        extras(kind).forEach((name, property) -> {
            property.put("readOnly", true);
            properties(schema).putIfAbsent(name, property);
        });
        return schema;
    }

    private static Map<String, Object> answered(Kind kind) {
        Map<String, Object> schema = schema(kind.type());
        Map<String, Object> properties = new LinkedHashMap<>(envelope());
        properties(schema).forEach(properties::putIfAbsent);
        properties.putAll(extras(kind));
        schema.put("properties", properties);
        schema.put("required", new ArrayList<>(envelope().keySet()));
        return schema;
    }

    private static Map<String, Map<String, Object>> envelope() {
        Map<String, Map<String, Object>> envelope = new LinkedHashMap<>();
        envelope.put("id", map("type", "string"));
        envelope.put("version", map("type", "integer", "minimum", 1));
        envelope.put("tenant", map("type", "string"));
        envelope.put(
                "owner",
                map(
                        "type",
                        "string",
                        "enum",
                        new ArrayList<>(List.of("api", "file")),
                        "description",
                        "file: only the file that declares it changes it."));
        envelope.put("createdAt", map("type", "string", "format", "date-time"));
        envelope.put("updatedAt", map("type", "string", "format", "date-time"));
        return envelope;
    }

    /** What items of a kind show beyond their record. */
    private static Map<String, Map<String, Object>> extras(Kind kind) {
        return switch (kind) {
            case PROVIDER_KEY -> {
                Map<String, Map<String, Object>> extras = new LinkedHashMap<>();
                extras.put(
                        "secretSource",
                        map(
                                "type",
                                "string",
                                "enum",
                                new ArrayList<>(List.of("literal", "env", "file", "vault", "none")),
                                "description",
                                "Where the secret comes from."));
                extras.put("runtime", map("$ref", "#/components/schemas/KeyRuntime"));
                yield extras;
            }
            case API_KEY -> {
                Map<String, Map<String, Object>> extras = new LinkedHashMap<>();
                extras.put(
                        "secret",
                        map("type", "string", "writeOnly", true, "description", "Shown when it is made, never again."));
                extras.put("hint", map("type", "string", "description", "To recognise the key by."));
                extras.put("previousValidUntil", map("type", "string", "format", "date-time"));
                yield extras;
            }
            case PRICE -> {
                Map<String, Map<String, Object>> extras = new LinkedHashMap<>();
                extras.put(
                        "name",
                        map(
                                "type",
                                "string",
                                "description",
                                "Made of provider, model, aboveInputTokens and validFrom."));
                yield extras;
            }
            case SERVICE -> {
                Map<String, Map<String, Object>> extras = new LinkedHashMap<>();
                extras.put("runtime", map("$ref", "#/components/schemas/ServiceRuntime"));
                yield extras;
            }
            case MODEL_API, CONSUMER_GROUP, CONSUMER -> Map.of();
        };
    }

    private static Map<String, Object> schema(Class<?> type) {
        return object(plain(Binder.schema(type)));
    }

    /** A document as maps, lists and values. */
    private static Object plain(Tree tree) {
        return switch (tree) {
            case Tree.Mapping mapping -> {
                Map<String, Object> map = new LinkedHashMap<>();
                mapping.entries().forEach((key, entry) -> map.put(key, plain(entry.value())));
                yield map;
            }
            case Tree.Listing listing ->
                new ArrayList<>(
                        listing.items().stream().map(ResourceSchemas::plain).toList());
            case Tree.Scalar scalar ->
                switch (scalar.type()) {
                    case TEXT -> scalar.text();
                    case NUMBER ->
                        scalar.text().matches("-?[0-9]+")
                                ? (Object) Long.valueOf(scalar.text())
                                : new java.math.BigDecimal(scalar.text()).doubleValue();
                    case FLAG -> Boolean.valueOf(scalar.text());
                    case NULL -> throw new IllegalStateException("a schema holds no null");
                };
        };
    }

    private static Map<String, Object> map(Object... keysAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) map.put((String) keysAndValues[i], keysAndValues[i + 1]);
        return map;
    }

    private static Map<String, Object> properties(Map<String, Object> schema) {
        return object(schema.get("properties"));
    }

    @SuppressWarnings("unchecked") // Schemas are made above, with texts as keys.
    private static Map<String, Object> object(@org.jspecify.annotations.Nullable Object node) {
        if (node instanceof Map<?, ?> map) return (Map<String, Object>) map;
        throw new IllegalStateException("a schema is not a mapping: " + node);
    }
}
