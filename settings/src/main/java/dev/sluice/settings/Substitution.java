package dev.sluice.settings;

import dev.sluice.settings.binding.FieldPath;
import dev.sluice.settings.binding.Messages;
import dev.sluice.settings.binding.Problems;
import dev.sluice.settings.binding.Tree;
import dev.sluice.settings.binding.Tree.Entry;
import dev.sluice.settings.binding.Tree.Listing;
import dev.sluice.settings.binding.Tree.Mapping;
import dev.sluice.settings.binding.Tree.Scalar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;

/** Replaces references to environment variables in the scalars of a document: dollar, name in braces; two dollars escape it. */
final class Substitution {
    private static final java.util.regex.Pattern VARIABLE =
            java.util.regex.Pattern.compile("\\$\\$\\{|\\$\\{([^}]*)(\\}?)");
    private static final java.util.regex.Pattern NAME = java.util.regex.Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private final Environment environment;
    private final Problems problems;

    Substitution(Environment environment, Problems problems) {
        this.environment = environment;
        this.problems = problems;
    }

    /** A document in which nothing will be replaced: what {@link #of} reads back as the given one. */
    static Tree escaped(Tree tree) {
        return switch (tree) {
            case Scalar s -> new Scalar(s.at(), s.type(), s.text().replace("${", "$${"));
            case Listing l ->
                new Listing(
                        l.at(), l.items().stream().map(Substitution::escaped).toList());
            case Mapping m -> {
                Map<String, Entry> entries = new LinkedHashMap<>();
                m.entries().forEach((key, e) -> entries.put(key, new Entry(e.at(), escaped(e.value()))));
                yield new Mapping(m.at(), entries);
            }
        };
    }

    Tree of(Tree tree, String path) {
        return switch (tree) {
            case Scalar scalar -> scalar.text().contains("${") ? scalar(scalar, path) : scalar;
            case Listing listing -> {
                List<Tree> items = new ArrayList<>();
                for (Tree item : listing.items()) items.add(of(item, FieldPath.item(path, items.size())));
                yield new Listing(listing.at(), items);
            }
            case Mapping mapping -> {
                Map<String, Entry> entries = new LinkedHashMap<>();
                mapping.entries()
                        .forEach((key, entry) ->
                                entries.put(key, new Entry(entry.at(), of(entry.value(), FieldPath.key(path, key)))));
                yield new Mapping(mapping.at(), entries);
            }
        };
    }

    // A scalar with a problem stays as it is, so that it causes no further one.
    private Scalar scalar(Scalar scalar, String path) {
        int before = problems.count();
        String replaced = VARIABLE.matcher(scalar.text())
                .replaceAll(found -> Matcher.quoteReplacement(value(found, scalar, path)));
        return problems.count() > before ? scalar : Scalar.plain(scalar.at(), replaced);
    }

    private String value(MatchResult found, Scalar scalar, String path) {
        String name = found.group(1);
        if (name == null) return "${";
        if (!"}".equals(found.group(2)) || !NAME.matcher(name).matches()) {
            problems.add(
                    scalar.at(),
                    path,
                    Messages.quote("${" + name) + " is no variable (expected: ${NAME}, or $${ for the text ${)");
            return "";
        }
        String value = environment.get(name);
        if (value == null) problems.add(scalar.at(), path, "environment variable " + name + " is not set");
        return value == null ? "" : value;
    }
}
