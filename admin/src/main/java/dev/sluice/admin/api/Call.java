package dev.sluice.admin.api;

import dev.sluice.settings.Author;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One request whose operation is known and whose parameters fit the contract.
 *
 * @param author who calls and from where
 * @param path path parameters, decoded
 * @param query query parameters, decoded, in the order sent
 * @param headers by lower-case name, the last one of each
 * @param mediaType of the body, lower case and without parameters; empty without a body
 */
public record Call(
        Author author,
        Map<String, String> path,
        Map<String, List<String>> query,
        Map<String, String> headers,
        String mediaType,
        byte[] body) {
    public Call {
        path = Map.copyOf(path);
        query = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(query));
        headers = Map.copyOf(headers);
    }

    /** A path parameter that the contract declares. */
    public String pathParameter(String name) {
        String value = path.get(name);
        if (value == null) throw new IllegalStateException("the contract declares no path parameter " + name);
        return value;
    }

    /** The single value of a query parameter. */
    public Optional<String> parameter(String name) {
        return Optional.ofNullable(query.get(name)).map(List::getFirst);
    }

    public boolean flag(String name) {
        return parameter(name).map(Boolean::parseBoolean).orElse(false);
    }

    public int number(String name, int otherwise) {
        return parameter(name).map(Integer::parseInt).orElse(otherwise);
    }

    public Optional<Instant> instant(String name) {
        return parameter(name).map(Moments::parse);
    }

    /** All values of a parameter that holds a list: repeated, or separated by commas. */
    public List<String> list(String name) {
        return query.getOrDefault(name, List.of()).stream()
                .flatMap(v -> java.util.Arrays.stream(v.split(",")))
                .map(String::strip)
                .filter(v -> !v.isEmpty())
                .toList();
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }
}
