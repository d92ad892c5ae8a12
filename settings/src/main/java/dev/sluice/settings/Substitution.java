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

    private Scalar scalar(Scalar scalar, String path) {
        StringBuilder out = new StringBuilder();
        Matcher matcher = VARIABLE.matcher(scalar.text());
        while (matcher.find()) {
            String name = matcher.group(1);
            String value = "";
            if (name == null) {
                value = "${";
            } else if (!"}".equals(matcher.group(2)) || !NAME.matcher(name).matches()) {
                problems.add(
                        scalar.at(),
                        path,
                        Messages.quote("${" + name) + " is no variable (expected: ${NAME}, or $${ for the text ${)");
            } else {
                String found = environment.get(name);
                if (found == null) problems.add(scalar.at(), path, "environment variable " + name + " is not set");
                else value = found;
            }
            matcher.appendReplacement(out, Matcher.quoteReplacement(value));
        }
        return Scalar.plain(scalar.at(), matcher.appendTail(out).toString());
    }
}
