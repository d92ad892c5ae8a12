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
import java.util.EnumSet;
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
 * @param unread those that could not be read
 * @param unsure kinds of which there may be more resources than could be told, for example in a file that is no YAML
 * @param problems empty if everything could be read; with problems, a declaration must not be applied
 */
public record Declaration(
        Set<String> tenants, List<Declared> resources, List<Unread> unread, Set<Kind> unsure, List<Problem> problems) {
    public Declaration {
        tenants = Set.copyOf(tenants);
        resources = List.copyOf(resources);
        unread = List.copyOf(unread);
        unsure = Set.copyOf(unsure);
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

    /** A resource that could not be read. What it refers to can still be told, and others may refer to it. */
    public record Unread(String tenant, Kind kind, String name, String path, Tree tree) {
        Problem problem(String inner, String message) {
            return new Problem(tree.locate(inner), FieldPath.join(path, inner), message);
        }

        Settings.Key key() {
            return new Settings.Key(tenant, name);
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
        Draft draft = new Draft(problems);
        if (!problems.isEmpty()) draft.unsureOfAll();
        for (Document document : documents) {
            boolean json = document.name().toLowerCase(Locale.ROOT).endsWith(".json");
            Optional<Tree> tree = json
                    ? Json.read(document.name(), document.text(), problems)
                    : Yaml.read(document.name(), document.text(), problems);
            if (tree.isEmpty()) draft.unsureOfAll();
            tree.map(t -> new Substitution(environment, problems).of(t, "")).ifPresent(t -> read(t, draft));
        }
        return draft.declaration();
    }

    /** What has been found so far. */
    private record Draft(
            Set<String> tenants,
            List<Declared> resources,
            List<Unread> unread,
            Set<Kind> unsure,
            Map<Kind, Map<Settings.Key, Location>> names,
            Problems problems) {
        Draft(Problems problems) {
            this(
                    new LinkedHashSet<>(),
                    new ArrayList<>(),
                    new ArrayList<>(),
                    EnumSet.noneOf(Kind.class),
                    new LinkedHashMap<>(),
                    problems);
        }

        void unsureOfAll() {
            unsure.addAll(EnumSet.allOf(Kind.class));
        }

        Declaration declaration() {
            return new Declaration(tenants, resources, unread, unsure, problems.list());
        }
    }

    private static void read(Tree tree, Draft draft) {
        Problems problems = draft.problems();
        if (!(tree instanceof Mapping file)) {
            draft.unsureOfAll();
            problems.add(
                    tree.at(), "", tree.describe() + " (expected: a mapping with " + String.join(", ", known()) + ")");
            return;
        }
        String tenant = tenant(file, draft);
        draft.tenants().add(tenant);
        for (Map.Entry<String, Entry> e : file.entries().entrySet()) {
            String key = e.getKey();
            if (!key.equals("tenant") && Kind.ofList(key).isEmpty()) {
                // It may be a list whose name is misspelt.
                draft.unsureOfAll();
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
                draft.unsure().add(kind);
                continue;
            }
            for (int i = 0; i < listing.items().size(); i++) {
                read(kind, tenant, listing.items().get(i), FieldPath.item(kind.list(), i), draft);
            }
        }
    }

    private static void read(Kind kind, String tenant, Tree item, String path, Draft draft) {
        checkUnique(kind, tenant, item, path, draft.names(), draft.problems());
        Optional<? extends Resource> spec = Binder.read(kind.type(), item, Form.DECLARED, path, draft.problems());
        if (spec.isPresent()) {
            draft.resources().add(new Declared(tenant, spec.get(), path, item));
            return;
        }
        String name = nameOf(kind, item);
        draft.unread().add(new Unread(tenant, kind, name, path, item));
        if (name.isEmpty() || name.contains("${")) draft.unsure().add(kind);
    }

    private static List<String> known() {
        return Stream.concat(Stream.of("tenant"), Arrays.stream(Kind.values()).map(Kind::list))
                .toList();
    }

    private static String tenant(Mapping file, Draft draft) {
        Problems problems = draft.problems();
        Tree tenant = file.get("tenant");
        if (tenant == null) return Settings.DEFAULT_TENANT;
        if (!(tenant instanceof Scalar scalar)) {
            problems.add(tenant.at(), "tenant", tenant.describe() + " (expected: text)");
            draft.unsureOfAll();
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
        String name = nameOf(kind, item);
        if (name.isEmpty()) return;
        Location at = item.locate("name");
        Location first =
                names.computeIfAbsent(kind, k -> new LinkedHashMap<>()).putIfAbsent(new Settings.Key(tenant, name), at);
        if (first != null)
            problems.add(
                    at,
                    kind == Kind.PRICE ? path : path + ".name",
                    kind.label() + " " + Messages.quote(name) + " is declared twice (first at " + first + ")");
    }

    /** The name as it is written; empty if there is none. */
    private static String nameOf(Kind kind, Tree item) {
        if (!(item instanceof Mapping mapping)) return "";
        String name = kind == Kind.PRICE ? priceName(mapping) : textOf(mapping, "name");
        return name == null ? "" : name;
    }

    private static @Nullable String textOf(Mapping mapping, String key) {
        return mapping.get(key) instanceof Scalar scalar ? scalar.text() : null;
    }

    private static @Nullable String priceName(Mapping mapping) {
        String provider = textOf(mapping, "provider");
        String model = textOf(mapping, "model");
        return provider == null || model == null
                ? null
                : Price.name(provider, model, textOf(mapping, "aboveInputTokens"), textOf(mapping, "validFrom"));
    }

    /** One resource from a document of its own, e.g. the body of an admin call. */
    public static Declaration of(String tenant, Kind kind, Tree tree) {
        Draft draft = new Draft(new Problems());
        draft.tenants().add(tenant);
        Name.OTHER.check("tenant", tenant, (path, message) -> draft.problems().add(Location.NONE, path, message));
        read(kind, tenant, tree, "", draft);
        return draft.declaration();
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
        return new Declaration(Set.of(tenant), resources, List.of(), Set.of(), problems.list());
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
