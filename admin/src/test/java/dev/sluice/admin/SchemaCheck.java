package dev.sluice.admin;

import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Checks values against the part of JSON Schema that the contract uses; an unknown keyword fails, so that none is ignored. */
final class SchemaCheck {
    private static final List<String> ANNOTATIONS =
            List.of("description", "default", "readOnly", "writeOnly", "discriminator", "title", "examples");

    private final Map<?, ?> document;
    private final List<String> problems = new ArrayList<>();

    private SchemaCheck(Map<?, ?> document) {
        this.document = document;
    }

    static List<String> problems(Map<?, ?> document, Object schema, Object value) {
        SchemaCheck check = new SchemaCheck(document);
        check.check((Map<?, ?>) schema, value, "$");
        return check.problems;
    }

    static Object resolve(Map<?, ?> document, Object node) {
        if (!(node instanceof Map<?, ?> map) || !(map.get("$ref") instanceof String ref)) return node;
        Object here = document;
        for (String step : ref.substring(2).split("/")) here = ((Map<?, ?>) here).get(step);
        if (here == null) throw new AssertionError("dangling " + ref);
        return resolve(document, here);
    }

    private void check(Map<?, ?> unresolved, Object value, String path) {
        Map<?, ?> schema = (Map<?, ?>) resolve(document, unresolved);
        schema.forEach((keyword, wanted) -> {
            switch ((String) keyword) {
                case "type" -> type(wanted, value, path);
                case "enum" -> {
                    if (!((List<?>) wanted).contains(value)) problem(path, value + " is none of " + wanted);
                }
                case "const" -> {
                    if (!wanted.equals(value)) problem(path, value + " is not " + wanted);
                }
                case "minimum" -> {
                    if (value instanceof Number n && n.longValue() < ((Number) wanted).longValue())
                        problem(path, n + " < " + wanted);
                }
                case "maximum" -> {
                    if (value instanceof Number n && n.longValue() > ((Number) wanted).longValue())
                        problem(path, n + " > " + wanted);
                }
                case "maxLength" -> {
                    if (value instanceof String s && s.length() > ((Number) wanted).intValue())
                        problem(path, "longer than " + wanted);
                }
                case "format" -> format((String) wanted, value, path);
                case "items" -> {
                    if (value instanceof List<?> list)
                        for (int i = 0; i < list.size(); i++)
                            check((Map<?, ?>) wanted, list.get(i), path + "[" + i + "]");
                }
                case "properties" -> {
                    if (value instanceof Map<?, ?> map)
                        ((Map<?, ?>) wanted).forEach((name, property) -> {
                            if (map.containsKey(name)) check((Map<?, ?>) property, map.get(name), path + "." + name);
                        });
                }
                case "required" -> {
                    if (value instanceof Map<?, ?> map)
                        for (Object name : (List<?>) wanted) if (!map.containsKey(name)) problem(path, "lacks " + name);
                }
                case "additionalProperties" -> additional(schema, wanted, value, path);
                case "uniqueItems" -> {
                    if (value instanceof List<?> list
                            && list.stream().distinct().count() < list.size()) problem(path, "repeats items");
                }
                case "oneOf" -> {
                    long fitting = ((List<?>) wanted)
                            .stream()
                                    .filter(option ->
                                            problems(document, option, value).isEmpty())
                                    .count();
                    if (fitting != 1) problem(path, value + " fits " + fitting + " of oneOf");
                }
                default -> {
                    if (!ANNOTATIONS.contains(keyword)) problem(path, "the checker does not know " + keyword);
                }
            }
        });
    }

    private void additional(Map<?, ?> schema, Object wanted, Object value, String path) {
        if (!(value instanceof Map<?, ?> map)) return;
        Map<?, ?> properties = schema.get("properties") instanceof Map<?, ?> p ? p : Map.of();
        map.forEach((name, inner) -> {
            if (properties.containsKey(name)) return;
            if (wanted instanceof Map<?, ?> inside) check(inside, inner, path + "." + name);
            else if (Boolean.FALSE.equals(wanted)) problem(path, "has undeclared " + name);
        });
    }

    private void type(Object wanted, Object value, String path) {
        List<?> types = wanted instanceof List<?> list ? list : List.of(wanted);
        boolean fits = types.stream().anyMatch(type -> switch ((String) type) {
            case "object" -> value instanceof Map;
            case "array" -> value instanceof List;
            case "string" -> value instanceof String;
            case "boolean" -> value instanceof Boolean;
            case "integer" -> value instanceof Number n && !(n instanceof Double) && !(n instanceof BigDecimal);
            case "number" -> value instanceof Number;
            case "null" -> value == null;
            default -> throw new AssertionError("unknown type " + type);
        });
        if (!fits) problem(path, value + " is no " + wanted);
    }

    private void format(String format, Object value, String path) {
        if (!format.equals("date-time") || !(value instanceof String text)) return;
        try {
            OffsetDateTime.parse(text);
        } catch (DateTimeParseException e) {
            problem(path, text + " is no date-time");
        }
    }

    private void problem(String path, String message) {
        problems.add(path + ": " + message);
    }
}
