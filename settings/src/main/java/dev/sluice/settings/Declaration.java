package dev.sluice.settings;

import dev.sluice.settings.binding.Binder;
import dev.sluice.settings.binding.FieldPath;
import dev.sluice.settings.binding.Form;
import dev.sluice.settings.binding.Json;
import dev.sluice.settings.binding.Location;
import dev.sluice.settings.binding.Messages;
import dev.sluice.settings.binding.Problem;
import dev.sluice.settings.binding.Problems;
import dev.sluice.settings.binding.Tree;
import dev.sluice.settings.binding.Tree.Entry;
import dev.sluice.settings.binding.Tree.Listing;
import dev.sluice.settings.binding.Tree.Mapping;
import dev.sluice.settings.binding.Tree.Scalar;
import dev.sluice.settings.binding.Yaml;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What declarative files say: resources with the places they were read from, or everything that is wrong with them.
 *
 * @param tenants the tenants that the files speak of
 * @param resources those that could be read, in the order of the files and of {@link Kind}
 * @param problems empty if everything could be read; with problems, a declaration must not be applied
 */
public record Declaration(Set<String> tenants, List<Declared> resources, List<Problem> problems) {
    public Declaration {
        tenants = Set.copyOf(tenants);
        resources = List.copyOf(resources);
        problems = List.copyOf(problems);
    }

    /**
     * One declared resource.
     *
     * @param path where in the document it stands, e.g. {@code services[0]}; empty if it is the whole document
     */
    public record Declared(String tenant, Resource spec, String path, Tree tree) {
        /** A problem with a field of this resource. */
        Problem problem(String inner, String message) {
            return new Problem(tree.locate(inner), FieldPath.join(path, inner), message);
        }

        Settings.Key key() {
            return new Settings.Key(tenant, spec.name());
        }
    }

    /**
     * A document and how messages name it.
     *
     * @param name ending in .json for JSON; everything else is read as YAML
     */
    public record Document(String name, String text) {}

    /** Reads a file, or all .yaml, .yml and .json files of a folder in alphabetical order. */
    public static Declaration load(Path fileOrFolder, Environment environment) {
        Problems problems = new Problems();
        List<Document> documents = new ArrayList<>();
        for (Path file : files(fileOrFolder, problems)) {
            try {
                documents.add(new Document(file.toString(), Files.readString(file)));
            } catch (CharacterCodingException e) {
                problems.add(new Location(file.toString(), 0, 0), "", "is not UTF-8 text");
            } catch (IOException e) {
                problems.add(
                        new Location(file.toString(), 0, 0),
                        "",
                        "cannot be read: " + e.getClass().getSimpleName());
            }
        }
        return parse(documents, environment, problems);
    }

    private static List<Path> files(Path path, Problems problems) {
        Location at = new Location(path.toString(), 0, 0);
        if (!Files.exists(path)) {
            problems.add(at, "", "does not exist (expected: a declarative file or a folder of them)");
            return List.of();
        }
        if (!Files.isDirectory(path)) return List.of(path);
        try (Stream<Path> entries = Files.list(path)) {
            List<Path> files = entries.filter(Files::isRegularFile)
                    .filter(f ->
                            f.getFileName().toString().toLowerCase(Locale.ROOT).matches(".*\\.(yaml|yml|json)"))
                    .sorted()
                    .toList();
            if (files.isEmpty()) problems.add(at, "", "holds no .yaml, .yml or .json file");
            return files;
        } catch (IOException e) {
            problems.add(at, "", "cannot be read: " + e.getClass().getSimpleName());
            return List.of();
        }
    }

    /** Reads documents as one declaration. */
    public static Declaration parse(List<Document> documents, Environment environment) {
        return parse(documents, environment, new Problems());
    }

    private static Declaration parse(List<Document> documents, Environment environment, Problems problems) {
        Set<String> tenants = new LinkedHashSet<>();
        List<Declared> resources = new ArrayList<>();
        Map<Kind, Map<Settings.Key, Location>> names = new LinkedHashMap<>();
        for (Document document : documents) {
            boolean json = document.name().toLowerCase(Locale.ROOT).endsWith(".json");
            Optional<Tree> tree = json
                    ? Json.read(document.name(), document.text(), problems)
                    : Yaml.read(document.name(), document.text(), problems);
            tree.map(t -> new Substitution(environment, problems).of(t, ""))
                    .ifPresent(t -> read(t, tenants, resources, names, problems));
        }
        return new Declaration(tenants, resources, problems.list());
    }

    private static void read(
            Tree tree,
            Set<String> tenants,
            List<Declared> resources,
            Map<Kind, Map<Settings.Key, Location>> names,
            Problems problems) {
        if (!(tree instanceof Mapping file)) {
            problems.add(
                    tree.at(), "", tree.describe() + " (expected: a mapping with " + String.join(", ", known()) + ")");
            return;
        }
        String tenant = tenant(file, problems);
        tenants.add(tenant);
        for (Map.Entry<String, Entry> e : file.entries().entrySet()) {
            String key = e.getKey();
            if (!key.equals("tenant") && Kind.ofList(key).isEmpty()) {
                String suggestion = Messages.suggestion(key, known());
                problems.add(
                        e.getValue().at(),
                        FieldPath.key("", key),
                        "unknown field"
                                + (suggestion.isEmpty() ? " (known: " + String.join(", ", known()) + ")" : suggestion));
            }
        }
        for (Kind kind : Kind.values()) {
            Tree list = file.get(kind.list());
            if (list == null) continue;
            if (!(list instanceof Listing listing)) {
                problems.add(list.at(), kind.list(), list.describe() + " (expected: a list)");
                continue;
            }
            for (int i = 0; i < listing.items().size(); i++) {
                Tree item = listing.items().get(i);
                String path = FieldPath.item(kind.list(), i);
                checkUnique(kind, tenant, item, path, names, problems);
                Binder.read(kind.type(), item, Form.DECLARED, path, problems)
                        .ifPresent(spec -> resources.add(new Declared(tenant, spec, path, item)));
            }
        }
    }

    private static List<String> known() {
        return Stream.concat(Stream.of("tenant"), Arrays.stream(Kind.values()).map(Kind::list))
                .toList();
    }

    private static String tenant(Mapping file, Problems problems) {
        Tree tenant = file.get("tenant");
        if (tenant == null) return Settings.DEFAULT_TENANT;
        if (!(tenant instanceof Scalar scalar)) {
            problems.add(tenant.at(), "tenant", tenant.describe() + " (expected: text)");
            return Settings.DEFAULT_TENANT;
        }
        Name.OTHER.check("tenant", scalar.text(), (path, message) -> problems.add(tenant.at(), path, message));
        return scalar.text();
    }

    // Looks at the name as written, so that duplicates are told even of resources that are wrong in other ways.
    private static void checkUnique(
            Kind kind,
            String tenant,
            Tree item,
            String path,
            Map<Kind, Map<Settings.Key, Location>> names,
            Problems problems) {
        if (!(item instanceof Mapping mapping)) return;
        String name = kind == Kind.PRICE ? priceName(mapping) : textOf(mapping, "name");
        if (name == null) return;
        Location at = mapping.locate("name");
        Location first =
                names.computeIfAbsent(kind, k -> new LinkedHashMap<>()).putIfAbsent(new Settings.Key(tenant, name), at);
        if (first != null)
            problems.add(
                    at,
                    kind == Kind.PRICE ? path : path + ".name",
                    kind.label() + " " + Messages.quote(name) + " is declared twice (first at " + first + ")");
    }

    private static @Nullable String textOf(Mapping mapping, String key) {
        return mapping.get(key) instanceof Scalar scalar ? scalar.text() : null;
    }

    private static @Nullable String priceName(Mapping mapping) {
        String provider = textOf(mapping, "provider");
        String model = textOf(mapping, "model");
        String from = textOf(mapping, "validFrom");
        return provider == null || model == null ? null : provider + "/" + model + (from == null ? "" : "@" + from);
    }

    /** One resource from a document of its own, e.g. the body of an admin call. */
    public static Declaration of(String tenant, Kind kind, Tree tree) {
        Problems problems = new Problems();
        Name.OTHER.check("tenant", tenant, (path, message) -> problems.add(Location.NONE, path, message));
        List<Declared> resources = Binder.read(kind.type(), tree, Form.DECLARED, "", problems)
                .map(spec -> new Declared(tenant, spec, "", tree))
                .stream()
                .toList();
        return new Declaration(Set.of(tenant), resources, problems.list());
    }

    /** Resources that were made in the program. */
    public static Declaration of(String tenant, Resource... specs) {
        List<Declared> resources = new ArrayList<>();
        Problems problems = new Problems();
        for (Resource spec : specs) {
            String path = Kind.of(spec).list() + "[" + Messages.quote(spec.name()) + "]";
            Binder.check(spec, (inner, message) -> problems.add(Location.NONE, FieldPath.join(path, inner), message));
            resources.add(new Declared(tenant, spec, path, Tree.mapping(Map.of())));
        }
        return new Declaration(Set.of(tenant), resources, problems.list());
    }

    /** A tenant's resources as one declarative document, without secrets, credentials and defaults. */
    public static Tree export(Settings settings, String tenant) {
        Map<String, Tree> file = new LinkedHashMap<>();
        if (!tenant.equals(Settings.DEFAULT_TENANT)) file.put("tenant", Tree.text(tenant));
        for (Kind kind : Kind.values()) {
            List<Tree> items = settings.byKey(kind).values().stream()
                    .filter(s -> s.tenant().equals(tenant))
                    .map(s -> Substitution.escaped(Binder.write(s.spec(), Form.DECLARED)))
                    .toList();
            if (!items.isEmpty()) file.put(kind.list(), Tree.listing(items));
        }
        return Tree.mapping(file);
    }
}
