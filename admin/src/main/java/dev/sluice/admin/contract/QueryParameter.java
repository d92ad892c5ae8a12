package dev.sluice.admin.contract;

import dev.sluice.admin.api.Moments;
import dev.sluice.admin.api.Refusal;
import dev.sluice.settings.binding.Problem;
import java.time.DateTimeException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One query parameter of the contract.
 *
 * @param type string, integer or boolean
 * @param many whether it holds a list, repeated or separated by commas
 * @param allowed the only values; empty = any
 */
record QueryParameter(
        String name,
        String type,
        String format,
        boolean many,
        List<String> allowed,
        long min,
        long max,
        long maxLength) {
    QueryParameter {
        allowed = List.copyOf(allowed);
    }

    static QueryParameter of(Map<String, Object> parameter) {
        String name = String.valueOf(parameter.get("name"));
        Map<String, Object> schema = Contract.map(parameter.get("schema"), name);
        boolean many = "array".equals(schema.get("type"));
        if (many) schema = Contract.map(schema.get("items"), name);
        return new QueryParameter(
                name,
                String.valueOf(schema.getOrDefault("type", "string")),
                String.valueOf(schema.getOrDefault("format", "")),
                many,
                schema.get("enum") instanceof List<?> values
                        ? values.stream().map(String::valueOf).toList()
                        : List.of(),
                number(schema.get("minimum"), Long.MIN_VALUE),
                number(schema.get("maximum"), Long.MAX_VALUE),
                number(schema.get("maxLength"), Long.MAX_VALUE));
    }

    List<Problem> problems(List<String> given) {
        if (many)
            return given.stream()
                    .flatMap(v -> Arrays.stream(v.split(",", -1)))
                    .flatMap(v -> problem(v.strip()).stream())
                    .toList();
        if (given.size() > 1) return List.of(problem("is given " + given.size() + " times (expected: once)", name));
        return problem(given.getFirst()).stream().toList();
    }

    private Optional<Problem> problem(String value) {
        String expected = switch (type) {
            case "boolean" -> value.equals("true") || value.equals("false") ? null : "true or false";
            case "integer" -> integer(value);
            default -> text(value);
        };
        return expected == null
                ? Optional.empty()
                : Optional.of(problem("\"" + abridged(value) + "\" (expected: " + expected + ")", name));
    }

    private @Nullable String integer(String value) {
        String expected = "a whole number"
                + (min == Long.MIN_VALUE ? "" : " from " + min)
                + (max == Long.MAX_VALUE ? "" : " to " + max);
        try {
            long number = Long.parseLong(value);
            return number < min || number > max ? expected : null;
        } catch (NumberFormatException _) {
            return expected;
        }
    }

    private @Nullable String text(String value) {
        if (!allowed.isEmpty() && !allowed.contains(value)) return "one of " + String.join(", ", allowed);
        if (value.length() > maxLength) return "at most " + maxLength + " characters";
        if (!format.equals("date-time")) return null;
        try {
            Moments.parse(value);
            return null;
        } catch (DateTimeException _) {
            return "an instant such as 2026-11-20T14:00:00Z, or a date";
        }
    }

    private static Problem problem(String what, String name) {
        return Refusal.problem(name, "query parameter " + name + ": " + what);
    }

    private static String abridged(String value) {
        return value.length() <= 100 ? value : value.substring(0, 100) + "…";
    }

    private static long number(@Nullable Object value, long otherwise) {
        return value instanceof Number n ? n.longValue() : otherwise;
    }
}
