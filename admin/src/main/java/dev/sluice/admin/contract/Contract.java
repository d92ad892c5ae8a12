package dev.sluice.admin.contract;

import dev.sluice.admin.api.Refusal;
import dev.sluice.settings.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/**
 * The OpenAPI document, unfolded: the paths that every kind of resource has are written once and repeated for each, the
 * schemas of resources come from their settings records.
 */
public final class Contract {
    private static final String RESOURCE = "/dev/sluice/admin/openapi.yaml";
    private static final String FOLDED = "x-every-kind";
    private static final Set<String> METHODS = Set.of("get", "put", "post", "patch", "delete");

    private final Map<String, Object> document;
    private final List<ContractOperation> operations;
    private final String yaml;

    private Contract(Map<String, Object> document) {
        this.document = document;
        this.operations = operations(document);
        this.yaml = new Dump(DumpSettings.builder()
                        .setDefaultFlowStyle(FlowStyle.BLOCK)
                        .setDereferenceAliases(true)
                        .setWidth(140)
                        .build())
                .dumpToString(document);
    }

    /**
     * Reads the document and completes it.
     *
     * @param schemas generated component schemas by name
     * @param filters query parameters that filter a kind's list
     */
    public static Contract load(Map<String, Object> schemas, Map<Kind, List<Object>> filters) {
        Map<String, Object> document = read();
        Map<String, Object> paths = new LinkedHashMap<>();
        Map<String, Object> folded = map(document.remove(FOLDED), FOLDED);
        for (Kind kind : Kind.values()) unfold(folded, kind, filters.getOrDefault(kind, List.of()), paths);
        paths.putAll(map(document.get("paths"), "paths"));
        document.put("paths", paths);
        map(map(document.get("components"), "components").get("schemas"), "components.schemas")
                .putAll(schemas);
        return new Contract(document);
    }

    /** The document as it is served. */
    public String yaml() {
        return yaml;
    }

    /** The document as maps and lists. */
    public Map<String, Object> document() {
        return document;
    }

    public List<ContractOperation> operations() {
        return operations;
    }

    /**
     * The operation behind a method and an encoded path.
     *
     * @throws Refusal 404 for an unknown path, 405 for a method that the path does not have
     */
    public Match match(String method, String path) {
        Set<String> allowed = new TreeSet<>();
        for (ContractOperation operation : operations) {
            Map<String, String> parameters = operation.parametersOf(path);
            if (parameters == null) continue;
            if (operation.method().equals(method)) return new Match(operation, parameters);
            allowed.add(operation.method());
        }
        if (allowed.isEmpty())
            throw Refusal.notFound("nothing is served at " + path + "; /admin/v1/openapi.yaml lists what is");
        throw Refusal.of(
                        405,
                        "method_not_allowed",
                        "method " + method + " is not offered at " + path + " (allowed: " + String.join(", ", allowed)
                                + ")")
                .withHeader("allow", String.join(", ", allowed));
    }

    /** An operation with the path parameters of one request. */
    public record Match(ContractOperation operation, Map<String, String> path) {
        public Match {
            path = Map.copyOf(path);
        }
    }

    /** How operations and schemas call a kind: {@code ModelApi}. */
    public static String type(Kind kind) {
        return kind.type().getSimpleName();
    }

    /** The plural of {@link #type}: {@code ModelApis}. */
    public static String types(Kind kind) {
        return kind.list().substring(0, 1).toUpperCase(Locale.ROOT)
                + kind.list().substring(1);
    }

    private static Map<String, Object> read() {
        try (InputStream in = Contract.class.getResourceAsStream(RESOURCE)) {
            if (in == null) throw new IllegalStateException("the program lacks its resource " + RESOURCE);
            return map(new Load(LoadSettings.builder().build()).loadFromInputStream(in), "the document");
        } catch (IOException e) {
            throw new UncheckedIOException(RESOURCE + " cannot be read", e);
        }
    }

    private static void unfold(Map<String, Object> folded, Kind kind, List<Object> filters, Map<String, Object> paths) {
        Map<String, String> words =
                Map.of("<list>", kind.list(), "<Types>", types(kind), "<Type>", type(kind), "<label>", kind.label());
        Map<String, Object> unfolded = map(replaced(folded, words), FOLDED);
        for (Object item : unfolded.values()) {
            for (Object operation : map(item, "path").values()) {
                if (operation instanceof Map<?, ?>
                        && map(operation, "operation").remove("x-filters") != null) {
                    Map<String, Object> target = map(operation, "operation");
                    List<Object> parameters = new ArrayList<>((List<?>) target.get("parameters"));
                    parameters.addAll(filters);
                    target.put("parameters", parameters);
                }
            }
        }
        paths.putAll(unfolded);
    }

    private static Object replaced(Object node, Map<String, String> words) {
        return switch (node) {
            case Map<?, ?> map -> {
                Map<String, Object> copy = new LinkedHashMap<>();
                map.forEach((k, v) -> copy.put((String) replaced(k, words), replaced(v, words)));
                yield copy;
            }
            case List<?> list ->
                new ArrayList<>(list.stream().map(v -> replaced(v, words)).toList());
            case String text -> {
                String result = text;
                for (Map.Entry<String, String> word : words.entrySet())
                    result = result.replace(word.getKey(), word.getValue());
                yield result;
            }
            default -> node;
        };
    }

    private static List<ContractOperation> operations(Map<String, Object> document) {
        List<ContractOperation> operations = new ArrayList<>();
        Set<String> ids = new LinkedHashSet<>();
        for (Map.Entry<String, Object> path :
                map(document.get("paths"), "paths").entrySet()) {
            Map<String, Object> item = map(path.getValue(), path.getKey());
            List<?> shared = (List<?>) item.getOrDefault("parameters", List.of());
            for (Map.Entry<String, Object> entry : item.entrySet()) {
                if (!METHODS.contains(entry.getKey())) continue;
                ContractOperation operation = ContractOperation.of(
                        entry.getKey().toUpperCase(Locale.ROOT),
                        path.getKey(),
                        shared,
                        map(entry.getValue(), path.getKey()));
                if (!ids.add(operation.id()))
                    throw new IllegalStateException("operationId " + operation.id() + " is used twice in " + RESOURCE);
                operations.add(operation);
            }
        }
        // A literal segment wins over a parameter.
        Map<ContractOperation, Integer> order = new HashMap<>();
        operations.forEach(o -> order.put(o, o.parameterCount()));
        operations.sort((a, b) -> Integer.compare(order.getOrDefault(a, 0), order.getOrDefault(b, 0)));
        return List.copyOf(operations);
    }

    @SuppressWarnings("unchecked") // The keys of the document are texts: it is part of the program.
    static Map<String, Object> map(@org.jspecify.annotations.Nullable Object node, String where) {
        if (node instanceof Map<?, ?> map) return (Map<String, Object>) map;
        throw new IllegalStateException(where + " in " + RESOURCE + " is not a mapping");
    }
}
