package dev.sluice.admin.contract;

import dev.sluice.admin.api.Refusal;
import dev.sluice.settings.binding.Problem;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One operation of the contract.
 *
 * @param open whether it is served without a token
 * @param segments of the path; a parameter is in braces
 * @param mediaTypes that a body may have; empty where there is no body
 */
public record ContractOperation(
        String id,
        String method,
        List<String> segments,
        boolean open,
        List<QueryParameter> query,
        boolean bodyRequired,
        Set<String> mediaTypes) {
    public ContractOperation {
        segments = List.copyOf(segments);
        query = List.copyOf(query);
        mediaTypes = java.util.Collections.unmodifiableSet(new LinkedHashSet<>(mediaTypes));
    }

    static ContractOperation of(String method, String path, List<?> shared, Map<String, Object> operation) {
        String id = String.valueOf(operation.get("operationId"));
        List<QueryParameter> query = new ArrayList<>();
        List<Object> declared = new ArrayList<>(shared);
        declared.addAll((List<?>) operation.getOrDefault("parameters", List.of()));
        for (Object parameter : declared) {
            Map<String, Object> p = Contract.map(parameter, id);
            if ("query".equals(p.get("in"))) query.add(QueryParameter.of(p));
        }
        Map<String, Object> body = Contract.map(operation.getOrDefault("requestBody", Map.of()), id);
        return new ContractOperation(
                id,
                method,
                List.of(path.substring(1).split("/", -1)),
                operation.get("security") instanceof List<?> security && security.isEmpty(),
                query,
                Boolean.TRUE.equals(body.get("required")),
                Contract.map(body.getOrDefault("content", Map.of()), id).keySet());
    }

    int parameterCount() {
        return (int) segments.stream().filter(s -> s.startsWith("{")).count();
    }

    /** The decoded path parameters, or null when the path is another one. */
    @Nullable
    Map<String, String> parametersOf(String path) {
        String[] given = path.substring(1).split("/", -1);
        if (given.length != segments.size()) return null;
        Map<String, String> parameters = new HashMap<>();
        for (int i = 0; i < given.length; i++) {
            String segment = segments.get(i);
            if (segment.startsWith("{")) {
                if (given[i].isEmpty()) return null;
                parameters.put(segment.substring(1, segment.length() - 1), decode(given[i].replace("+", "%2B"), path));
            } else if (!segment.equals(given[i])) return null;
        }
        return parameters;
    }

    /**
     * Reads a raw query and checks it.
     *
     * @throws Refusal 400 that names every parameter which is unknown or has a bad value
     */
    public Map<String, List<String>> query(@Nullable String raw) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        if (raw != null) {
            for (String pair : raw.split("&")) {
                if (pair.isEmpty()) continue;
                int equals = pair.indexOf('=');
                String name = decode(equals < 0 ? pair : pair.substring(0, equals), pair);
                String value = equals < 0 ? "" : decode(pair.substring(equals + 1), pair);
                values.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
            }
        }
        List<Problem> problems = new ArrayList<>();
        values.forEach((name, given) -> problems.addAll(problems(name, given)));
        if (!problems.isEmpty())
            throw Refusal.invalid(
                    problems.size() == 1
                            ? problems.getFirst().message()
                            : problems.size() + " query parameters are wrong",
                    problems);
        return values;
    }

    private List<Problem> problems(String name, List<String> given) {
        for (QueryParameter parameter : query) if (parameter.name().equals(name)) return parameter.problems(given);
        List<String> known = query.stream().map(QueryParameter::name).sorted().toList();
        return List.of(Refusal.problem(
                name,
                "unknown query parameter \"" + name + "\" ("
                        + (known.isEmpty() ? "none is expected here" : "expected: " + String.join(", ", known)) + ")"));
    }

    /**
     * Checks that a body is there and of a type that is understood.
     *
     * @throws Refusal 400 without a required body, 415 for another type
     */
    public void checkBody(String mediaType, int length) {
        if (length == 0) {
            if (bodyRequired)
                throw Refusal.invalid("", "this call needs a body (" + String.join(" or ", mediaTypes) + ")");
            return;
        }
        if (mediaTypes.isEmpty()) throw Refusal.invalid("", "this call takes no body");
        if (!mediaTypes.contains(mediaType))
            throw Refusal.of(
                    415,
                    "unsupported_media_type",
                    (mediaType.isEmpty()
                                    ? "the body has no content-type"
                                    : "content-type " + mediaType + " is not read here")
                            + " (expected: " + String.join(" or ", mediaTypes) + ")");
    }

    private static String decode(String text, String where) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            throw Refusal.invalid("", "bad percent encoding in \"" + where + "\"");
        }
    }
}
