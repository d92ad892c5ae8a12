package dev.sluice.protocol.gemini;

import dev.sluice.protocol.chat.InexpressibleException;
import dev.sluice.protocol.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON schema in the part of OpenAPI's schemas that models before Gemini 2.5 take. References are replaced by what they name; what
 * only narrows a value and is not known there is left out, as the model cannot be told it.
 *
 * @see <a href="https://ai.google.dev/api/caching#Schema">Google</a>
 */
final class OpenApiSchema {
    private static final int DEEPEST = 32;
    private static final Set<String> KEPT = Set.of(
            "title",
            "description",
            "nullable",
            "maxItems",
            "minItems",
            "minProperties",
            "maxProperties",
            "minLength",
            "maxLength",
            "pattern",
            "example",
            "default",
            "minimum",
            "maximum",
            "required",
            "propertyOrdering");
    private static final Set<String> FORMATS = Set.of("enum", "date-time", "float", "double", "int32", "int64");

    private final Json root;
    private final String field;

    /** @param field the client's field, for a refusal */
    OpenApiSchema(Json root, String field) {
        this.root = root;
        this.field = field;
    }

    Json reduced() {
        return reduced(root, 0);
    }

    private Json reduced(Json schema, int depth) {
        if (depth > DEEPEST)
            throw new InexpressibleException(
                    "models before Gemini 2.5 take no schema that refers to itself or is deeper than " + DEEPEST
                            + " levels",
                    field);
        Json named = schema.get("$ref");
        if (named.isText()) return reduced(definition(named.text("")), depth + 1);
        Map<String, Json> members = new LinkedHashMap<>();
        schema.fields().forEach((name, value) -> member(name, value, members, depth));
        return new Json.Obj(members);
    }

    private void member(String name, Json value, Map<String, Json> to, int depth) {
        switch (name) {
            case "type" -> type(value, to);
            case "format" -> {
                if (FORMATS.contains(value.text(""))) to.put(name, value);
            }
            case "enum" -> choices(value.items(), to);
            case "const" -> choices(List.of(value), to);
            case "properties" -> {
                Map<String, Json> properties = new LinkedHashMap<>();
                value.fields().forEach((property, schema) -> properties.put(property, reduced(schema, depth + 1)));
                to.put(name, new Json.Obj(properties));
            }
            case "items" -> {
                if (value.isObject()) to.put(name, reduced(value, depth + 1));
            }
            case "anyOf", "oneOf" -> alternatives(value.items(), to, depth);
            case "allOf" -> {
                for (Json part : value.items())
                    reduced(part, depth + 1).fields().forEach(to::putIfAbsent);
            }
            default -> {
                if (KEPT.contains(name)) to.put(name, value);
            }
        }
    }

    /** Of several types the one beside null, which has a member of its own. */
    private static void type(Json type, Map<String, Json> to) {
        List<String> types = new ArrayList<>();
        for (Json one : type.items()) types.add(one.text(""));
        if (type.isText()) types.add(type.text(""));
        if (types.remove("null")) to.put("nullable", Json.of(true));
        if (types.size() == 1) {
            to.put("type", Json.of(types.getFirst()));
        } else if (!types.isEmpty()) {
            to.put(
                    "anyOf",
                    Json.array(types.stream()
                            .map(one -> Json.object().put("type", one).build())
                            .toList()));
        }
    }

    /** Only texts can be chosen from. */
    private static void choices(List<Json> values, Map<String, Json> to) {
        List<Json> texts = values.stream().filter(Json::isText).toList();
        if (texts.size() < values.size() && values.stream().anyMatch(value -> !value.isPresent()))
            to.put("nullable", Json.of(true));
        if (!texts.isEmpty()) {
            to.putIfAbsent("type", Json.of("string"));
            to.put("enum", Json.array(texts));
        }
    }

    private void alternatives(List<Json> given, Map<String, Json> to, int depth) {
        List<Json> schemas = new ArrayList<>();
        for (Json schema : given) {
            if (schema.get("type").text("").equals("null")) to.put("nullable", Json.of(true));
            else schemas.add(reduced(schema, depth + 1));
        }
        if (schemas.size() == 1) schemas.getFirst().fields().forEach(to::putIfAbsent);
        else if (!schemas.isEmpty()) to.put("anyOf", Json.array(schemas));
    }

    private Json definition(String reference) {
        @Nullable Json found = reference.startsWith("#") ? root : null;
        if (found != null) {
            for (String step : reference.substring(1).split("/", -1)) {
                if (!step.isEmpty()) found = found.get(step.replace("~1", "/").replace("~0", "~"));
            }
            if (found.isObject()) return found;
        }
        throw new InexpressibleException("the schema refers to a definition that it does not hold", field);
    }
}
